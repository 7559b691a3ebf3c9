import type { MailFolder, Taken } from './folder.ts';
import type { Head } from './types.ts';

/** Waits after the first, second, … failure of one mail; the last one repeats. */
const WAITS_MS = [1_000, 5_000, 30_000, 120_000, 600_000] as const;
const IDLE_MS = 60_000;
/** A delivered mail is not kept in the clear for longer than this, whether or not there is a backup. */
const DONE_DAYS_MAX = 30;

export interface PumpParts {
  readonly folder: MailFolder;
  readonly deliver: (id: string, head: Head, raw: Uint8Array) => Promise<{ readonly keep: boolean }>;
  /** Ids that stand in the state store as delivered. */
  readonly delivered: { has(ids: readonly string[]): Promise<ReadonlySet<string>>; add(id: string): Promise<void>; remove(ids: readonly string[]): Promise<void> };
  /** Up to when (epoch milliseconds) a verified backup holds what was delivered; null: no backup yet. */
  readonly savedUntil: () => Promise<number | null>;
  readonly log: { warn(facts: object, text: string): void; error(facts: object, text: string): void };
}

/**
 * Hands on what the door has on disk, in order, one at a time; what fails waits and lets the next one pass. A delivered mail
 * stays in `done` until a verified backup holds what came of it, thirty days at most: a restored Banya has forgotten it and
 * takes it once more. Mails not tried yet go before those that failed, every other time, so that neither holds up the rest.
 */
export class Pump {
  readonly #parts: PumpParts;
  readonly #failures = new Map<string, { times: number; next: number }>();
  #wake: () => void = () => {};
  #woken = false;
  #stopped = false;
  #freshFirst = true;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#replay();
    this.#running = this.#run();
    this.#timer = setInterval(() => void this.clean().catch((error: unknown) => this.#parts.log.warn({ err: error }, 'delivered mails could not be put away')), IDLE_MS).unref();
  }

  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#wake();
    await this.#running;
  }

  /** Delivered ones of which the store knows nothing: it was put back to a moment before them. */
  async #replay(): Promise<void> {
    const done = await this.#parts.folder.done();
    const known = await this.#parts.delivered.has(done.map((t) => t.id));
    for (const taken of done) if (!known.has(taken.id)) await this.#parts.folder.replay(taken);
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      const next = this.#due();
      if (next) await this.#one(next);
      else await this.#sleep();
    }
  }

  #due(): Taken | undefined {
    const now = Date.now();
    const { waiting } = this.#parts.folder;
    const fresh = (): Taken | undefined => waiting.find((t) => !this.#failures.has(t.id));
    const again = (): Taken | undefined => (this.#failures.size === 0 ? undefined : waiting.find((t) => (this.#failures.get(t.id)?.next ?? Infinity) <= now));
    this.#freshFirst = !this.#freshFirst;
    return this.#freshFirst ? (again() ?? fresh()) : (fresh() ?? again());
  }

  async #one(taken: Taken): Promise<void> {
    const { folder, deliver, delivered, log } = this.#parts;
    try {
      const { head, raw } = await folder.read(taken);
      const { keep } = await deliver(taken.id, head, raw);
      await delivered.add(taken.id);
      await folder.finish(taken, keep);
      this.#failures.delete(taken.id);
    } catch (error) {
      const times = (this.#failures.get(taken.id)?.times ?? 0) + 1;
      this.#failures.set(taken.id, { times, next: Date.now() + WAITS_MS[Math.min(times, WAITS_MS.length) - 1]! });
      log[times === 1 ? 'warn' : 'error']({ err: error, file: taken.name, times }, 'a mail could not be handed on; it is tried again');
    }
  }

  async #sleep(): Promise<void> {
    if (this.#woken || this.#stopped) return;
    const next = Math.min(...[...this.#failures.values()].map((f) => f.next), Date.now() + IDLE_MS);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(10, next - Date.now())).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }

  /** Forgets what a verified backup holds. */
  async clean(): Promise<void> {
    const until = Math.max((await this.#parts.savedUntil()) ?? 0, Date.now() - DONE_DAYS_MAX * 86_400_000);
    const saved: Taken[] = [];
    for (const taken of await this.#parts.folder.done()) if ((await this.#parts.folder.movedAt(taken)) < until) saved.push(taken);
    for (const taken of saved) await this.#parts.folder.forget(taken);
    if (saved.length > 0) await this.#parts.delivered.remove(saved.map((t) => t.id));
  }
}
