import { join } from 'node:path';
import { cacheOf } from '../../kernel/config.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Ways } from './addresses.ts';
import { deliver, type DeliverParts } from './deliver.ts';
import { MailFolder } from './folder.ts';
import { Pump, type PumpParts } from './pump.ts';
import type { RateLimits } from './rate.ts';
import { openReader } from './read.ts';
import { listenSmtp } from './server.ts';

export type { KeepRaw, PeoplePort, ReportedMail, SamplesPort, TicketMail, TicketsPort, Touched } from './types.ts';

export interface SmtpDoorParts {
  readonly kernel: Pick<Kernel, 'config' | 'clock' | 'log' | 'metrics' | 'settings'>;
  readonly ways: Ways;
  readonly delivered: PumpParts['delivered'];
  readonly loopMark: string;
  readonly floorBytes: number;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly read?: DeliverParts['read'];
  readonly rate?: RateLimits;
  readonly sessionMs?: number;
  readonly waitingMax?: number;
}

export interface SmtpDoor {
  readonly port: number;
  /** Mails on disk that are not delivered yet. */
  waiting(): number;
  /** Resolves when everything on disk has been tried and nothing waits. For tests. */
  settled(): Promise<void>;
  /** Forgets delivered mails that a verified backup holds; also once a minute by itself. */
  clean(): Promise<void>;
  close(): Promise<void>;
}

/** A backup counts for what was delivered this long before it began: clocks of two machines differ. */
const SKEW_MS = 60_000;

/** The mail door: takes mails onto disk, answers 250, and hands them on from there. */
export async function openSmtpDoor(parts: SmtpDoorParts): Promise<SmtpDoor> {
  const { kernel, ways, delivered } = parts;
  const { config, clock, log, metrics, settings } = kernel;
  const folder = await MailFolder.open(join(config.data, 'mail'));
  const reader = parts.read ? null : openReader(cacheOf(config));
  const read = parts.read ?? reader!.read;
  const pump = new Pump({
    folder, delivered, log,
    deliver: (id, head, raw) => deliver({ ...ways, read, authserv: config.mailAuthserv ?? null }, id, head, raw),
    savedUntil: async () => {
      const good = ((await settings.get<{ at: string; ok: boolean }[]>('backup.records')) ?? []).find((r) => r.ok);
      return good ? Date.parse(good.at) - SKEW_MS : null;
    },
  });
  const taken = metrics.counter('banya_mail_taken_total', 'Mails on disk, by whether they were there already', ['again']);
  const refused = metrics.counter('banya_mail_refused_total', 'Mails, recipients and connections the mail door refused', ['reason']);
  metrics.gauge('banya_mail_waiting', 'Mails on disk that are not delivered yet', () => folder.waiting.length);
  await pump.start();
  const listener = await listenSmtp({
    host: config.smtpHost, port: config.smtpPort, ways, folder, data: config.data, floorBytes: parts.floorBytes, relays: config.mailRelays, authserv: config.mailAuthserv ?? null, loopMark: parts.loopMark, tls: parts.tls, now: () => clock.now(), log,
    onTaken: () => pump.wake(),
    onComing: (targets) => {
      reader?.warm();
      if (targets.some((t) => t.kind === 'report')) ways.samples?.warm?.();
    },
    count: (what, reason) => (what === 'refused' ? refused.inc({ reason: reason ?? '' }) : taken.inc({ again: String(what === 'again') })),
    ...(parts.rate ? { rate: parts.rate } : {}), ...(parts.sessionMs ? { sessionMs: parts.sessionMs } : {}), ...(parts.waitingMax ? { waitingMax: parts.waitingMax } : {}),
  }).catch(async (error: unknown) => {
    await pump.stop();
    reader?.close();
    throw error;
  });
  return {
    port: listener.port,
    waiting: () => folder.waiting.length,
    settled: async () => {
      while (folder.waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    clean: () => pump.clean(),
    async close() {
      await listener.close();
      // What is being read is given up and delivered after the next start.
      reader?.close();
      await pump.stop();
    },
  };
}
