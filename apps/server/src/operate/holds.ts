import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../kernel/ids.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { intakeId } from '../kernel/spool/intake-id.ts';
import type { SpoolPosition } from '../kernel/spool/types.ts';
import type { Standstill } from './backup/backup.ts';

const NAME = 'backup';
/** A backup that dies lets the intakes go on after this long. */
const LEASE_SECONDS = 30;
const RENEW_MS = 5_000;
const BEAT_MS = 1_000;
/** An intake that cannot reach the database stands still by itself after this long … */
const FENCE_MS = 10_000;
/** … so that one which has said nothing for this long is surely not at work between the stores. */
const SILENT_SECONDS = 45;
/** An intake answers when its batch is done; batches take seconds. */
const ANSWER_MS = 90_000;
/** How long a backup waits for another one to be done with the stores. */
const TURN_MS = 10 * 60_000;

/** The hold as an error speaks of it: a backup that is not of one moment is none. */
export class HoldError extends Error {}

export interface HoldsParts {
  readonly kernel: Kernel;
  /** Holds this process's own intake between two batches. */
  readonly pause: () => Promise<() => void>;
  /** Milliseconds and seconds, shorter in tests. */
  readonly leaseSeconds?: number;
  readonly silentSeconds?: number;
  readonly fenceMs?: number;
}

/**
 * A stand-still across processes, over the database. A backup writes a hold that runs out by itself; each intake reads it
 * every second, stops between two batches, and answers with the position up to which its lines are in both stores. The
 * backup goes on when every intake has answered or has been silent for so long that it has stopped by itself. A hold is
 * renewed only while it has not run out, and intakes go on only when they have read that it is gone, so both cannot be true.
 */
export class Holds {
  readonly #kernel: Kernel;
  readonly #pause: () => Promise<() => void>;
  readonly #lease: number;
  readonly #silent: number;
  readonly #fenceMs: number;
  #id: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | null = null;
  #beatenAt = 0;
  #resume: (() => void) | null = null;
  #pausing: Promise<void> | null = null;
  #answered: string | null = null;
  #kept = '';

  constructor({ kernel, pause, leaseSeconds = LEASE_SECONDS, silentSeconds = SILENT_SECONDS, fenceMs = FENCE_MS }: HoldsParts) {
    this.#kernel = kernel;
    this.#pause = pause;
    this.#lease = leaseSeconds;
    this.#silent = silentSeconds;
    this.#fenceMs = fenceMs;
  }

  /** Makes this process's intake known; before it takes its first batch. */
  async join(): Promise<void> {
    this.#id = await intakeId(this.#kernel.config.data);
    const position = await this.#enter();
    if (position) await this.#rewind(position);
    await this.#beat();
    this.#timer = setInterval(() => {
      // Errors are told once the fence is reached; a beat that hangs is one as well.
      this.#beating ??= this.#beat().catch(() => {}).finally(() => (this.#beating = null));
      if (performance.now() - this.#beatenAt >= this.#fenceMs) void this.#fence();
    }, BEAT_MS).unref();
  }

  /** After the intake has stopped: no backup waits for this process any more. */
  async leave(): Promise<void> {
    if (this.#id === null) return;
    clearInterval(this.#timer);
    await this.#beating;
    this.#resume?.();
    await this.#kernel.tenancy.asSystem('tell backups that this process takes no lines now', (tx) => tx.query(`update operate_intakes set seen_at = 'epoch', held = null where id = $1`, [this.#id]));
  }

  /** @returns where to begin again, when a restore has put the stores back to an earlier moment */
  async #enter(): Promise<SpoolPosition | null> {
    const [row] = await this.#kernel.tenancy.asSystem('make a process that takes lines known to backups', (tx) =>
      tx.query<{ rewind: boolean; position: SpoolPosition | null }>(
        `insert into operate_intakes (id, name, seen_at) values ($1, $2, clock_timestamp())
         on conflict (id) do update set seen_at = excluded.seen_at, name = excluded.name, held = null returning rewind, position`,
        [this.#id, `${hostname()}:${this.#kernel.config.data}`]));
    return row?.rewind ? row.position : null;
  }

  async #rewind(position: SpoolPosition): Promise<void> {
    try {
      await this.#kernel.spool.rewind(position);
    } catch (error) {
      // The lines between are gone with their segments; what the spool still holds is read on.
      this.#kernel.log.error({ err: error }, 'lines between the restored backup and now are not in the spool any more');
    }
    await this.#kernel.tenancy.asSystem('make a process that takes lines known to backups', (tx) => tx.query('update operate_intakes set rewind = false where id = $1', [this.#id]));
  }

  async #fence(): Promise<void> {
    if (this.#resume || this.#pausing) return;
    this.#kernel.log.warn({}, 'the database does not answer; this process stores no further lines until it does');
    await this.#standStill();
  }

  /** Once, whoever asks for it: a second pause would wait for the end of the first. */
  #standStill(): Promise<void> {
    if (this.#resume) return Promise.resolve();
    return (this.#pausing ??= this.#pause().then((resume) => void (this.#resume = resume)).finally(() => (this.#pausing = null)));
  }

  async #beat(): Promise<void> {
    const [row] = await this.#kernel.tenancy.asSystem('see whether a backup wants the intakes to stand still', (tx) =>
      tx.query<{ keep: SpoolPosition | null; hold: string | null }>(
        `update operate_intakes set seen_at = clock_timestamp() where id = $1
         returning keep, (select hold from operate_holds where name = $2 and expires_at > clock_timestamp()) as hold`, [this.#id, NAME]));
    this.#beatenAt = performance.now();
    if (!row) {
      await this.#enter();
      return;
    }
    if (row.hold === null) {
      this.#resume?.();
      this.#resume = null;
      this.#answered = null;
    } else if (this.#answered !== row.hold) {
      await this.#standStill();
      await this.#kernel.tenancy.asSystem('answer a backup that this process stands still', (tx) =>
        tx.query('update operate_intakes set held = $2, position = $3 where id = $1', [this.#id, row.hold, JSON.stringify(this.#kernel.spool.position().committed)]));
      this.#answered = row.hold;
    }
    const keep = JSON.stringify(row.keep);
    if (row.keep && keep !== this.#kept) {
      await this.#kernel.spool.keepUntil(row.keep);
      this.#kept = keep;
    }
  }

  /** Makes every intake stand still. @throws HoldError when one does not, or another backup takes too long */
  async hold(): Promise<Standstill> {
    const id = newId();
    await this.#takeTurn(id);
    let lost = false;
    const renew = async (): Promise<void> => {
      const rows = await this.#kernel.tenancy.asSystem('keep the intakes standing still', (tx) =>
        tx.query(`update operate_holds set expires_at = clock_timestamp() + make_interval(secs => $3) where name = $1 and hold = $2 and expires_at > clock_timestamp() returning 1 as one`, [NAME, id, this.#lease]));
      if (rows.length === 0) lost = true;
    };
    const timer = setInterval(() => void renew().catch((error: unknown) => this.#kernel.log.warn({ err: error }, 'the stand-still for a backup could not be renewed')), Math.min(RENEW_MS, this.#lease * 250)).unref();
    let open = true;
    const resume = (): void => {
      if (!open) return;
      open = false;
      clearInterval(timer);
      // Should this fail, the hold runs out by itself.
      void this.#kernel.tenancy.asSystem('let the intakes go on', (tx) => tx.query('delete from operate_holds where hold = $1', [id])).catch((error: unknown) => this.#kernel.log.warn({ err: error }, 'the stand-still for a backup runs out by itself'));
    };
    const stillHeld = async (): Promise<void> => {
      await renew();
      if (lost) throw new HoldError('Lines were stored while the backup was made, since the database did not answer for a while. Nothing was kept of it; the next backup tries again.');
    };
    try {
      const positions = await this.#answers(id, stillHeld);
      return { positions, stillHeld, resume };
    } catch (error) {
      resume();
      throw error;
    }
  }

  async #takeTurn(id: string): Promise<void> {
    for (const until = performance.now() + TURN_MS; ; await sleep(500)) {
      const rows = await this.#kernel.tenancy.asSystem('ask every intake to stand still for a backup', (tx) =>
        tx.query(
          `insert into operate_holds (name, hold, expires_at) values ($1, $2, clock_timestamp() + make_interval(secs => $3))
           on conflict (name) do update set hold = excluded.hold, expires_at = excluded.expires_at where operate_holds.expires_at <= clock_timestamp() returning 1 as one`,
          [NAME, id, this.#lease]));
      if (rows.length > 0) return;
      if (performance.now() > until) throw new HoldError('Another process is making a backup and does not come to an end. Stop it, then try again.');
    }
  }

  async #answers(id: string, stillHeld: () => Promise<void>): Promise<Record<string, SpoolPosition>> {
    for (const until = performance.now() + ANSWER_MS; ; await sleep(200)) {
      const rows = await this.#kernel.tenancy.asSystem('see which intakes stand still', (tx) =>
        tx.query<{ id: string; name: string; held: boolean; silent: boolean; position: SpoolPosition | null }>(
          `select id, name, held is not distinct from $1 as held, seen_at < clock_timestamp() - make_interval(secs => $2) as silent, position from operate_intakes order by id`, [id, this.#silent]));
      const waiting = rows.filter((r) => !r.held && !r.silent);
      if (waiting.length === 0) return Object.fromEntries(rows.filter((r) => r.held && r.position).map((r) => [r.id, r.position!]));
      if (performance.now() > until) throw new HoldError(`The process that takes lines at ${waiting[0]!.name} does not stand still. Look at its messages; the next backup tries again.`);
      await stillHeld();
    }
  }

  /** What is in a verified backup up to here, the intakes' spools need not keep. */
  async keep(positions: Readonly<Record<string, SpoolPosition>>): Promise<void> {
    await this.#kernel.tenancy.asSystem('tell spools what a verified backup holds', (tx) =>
      tx.query('update operate_intakes i set keep = p.value from jsonb_each($1::jsonb) p where i.id = p.key::uuid', [JSON.stringify(positions)]));
  }

  /** Whether any process makes a backup now and holds the intakes. */
  async held(): Promise<boolean> {
    return (await this.#kernel.tenancy.asSystem('is a backup being made', (tx) => tx.query('select 1 from operate_holds where name = $1 and expires_at > clock_timestamp()', [NAME]))).length > 0;
  }
}
