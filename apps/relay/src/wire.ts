/** What the relay sends: one JSON object per line, media type `application/x-banya-relay+ndjson`. */
import { isUtf8 } from 'node:buffer';

export const RELAY_MEDIA_TYPE = 'application/x-banya-relay+ndjson';

export interface RelayLine {
  /** Arrival at the relay, epoch milliseconds. */
  readonly at: number;
  /** Address of the device on the site's network. */
  readonly from: string;
  readonly by: 'udp' | 'tcp';
  /** The line was longer than 64 KiB and its end was thrown away. */
  readonly cut: boolean;
  readonly bytes: Uint8Array;
}

/** One line of the body, LF included. Text that is UTF-8 stands in `line`, other bytes as base64 in `line64`: nothing is re-encoded. */
export function encodeLine({ at, from, by, cut, bytes }: RelayLine): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const line = isUtf8(buffer) ? { line: buffer.toString('utf8') } : { line64: buffer.toString('base64') };
  return `${JSON.stringify({ at, from, by, ...(cut ? { cut } : {}), ...line })}\n`;
}

/** Reads one line of the body; null when it is not one. For receivers. */
export function decodeLine(text: string): RelayLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { at, from, by, cut, line, line64 } = value as Record<string, unknown>;
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || typeof from !== 'string' || (by !== 'udp' && by !== 'tcp')) return null;
  const bytes = typeof line === 'string' ? Buffer.from(line, 'utf8') : typeof line64 === 'string' ? Buffer.from(line64, 'base64') : null;
  return bytes === null ? null : { at, from, by, cut: cut === true, bytes };
}
