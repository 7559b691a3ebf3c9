import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Bilingual = Readonly<Record<'ja' | 'en', string>>;

/** How a device is told to send its lines. `{host}`, `{port}` and `{ingest}` in what is pasted stand for this Banya's own addresses. */
export interface DeviceGuide {
  /** Family of @banya/logs. */
  readonly id: string;
  /** Versions of the device the menus were written for. */
  readonly for: string;
  readonly minutes: number;
  readonly protocol: 'TCP' | 'UDP' | 'TLS' | 'HTTPS';
  readonly name: Bilingual;
  readonly steps: readonly (Bilingual & { readonly paste?: string })[];
  readonly notes: readonly Bilingual[];
}

/** The guides of `library/devices/guides.yml`, in its order. */
export function deviceGuides(): readonly DeviceGuide[] {
  return parse(readFileSync(new URL('../devices/guides.yml', import.meta.url), 'utf8')) as DeviceGuide[];
}
