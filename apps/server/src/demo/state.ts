import type { Kernel } from '../kernel/kernel.ts';
import { StartError } from '../kernel/errors.ts';

/** Setting `demo`: how far the demonstration has come. Absent in every other installation. */
export interface DemoState {
  readonly seed: string;
  /** First opening, epoch milliseconds. */
  readonly anchor: number;
  /** Steps done, each once. */
  readonly done: readonly string[];
}

export class DemoProgress {
  readonly #kernel: Kernel;
  #state: DemoState;
  /** Steps of two feeders end at the same moment; what is stored must be the newest. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(kernel: Kernel, state: DemoState) {
    this.#kernel = kernel;
    this.#state = state;
  }

  /** @throws StartError where the data folder holds a federation that is not the demonstration's */
  static async open(kernel: Kernel, seed: string): Promise<DemoProgress> {
    const found = await kernel.settings.get<DemoState>('demo');
    if (found) return new DemoProgress(kernel, found);
    if (await kernel.settings.get('federation')) throw new StartError('This data folder holds a real federation; the demonstration would be mixed into it.', 'Start the demonstration with a folder of its own: --demo --data ./demo');
    const state: DemoState = { seed, anchor: Math.floor(kernel.clock.now() / 1000) * 1000, done: [] };
    await kernel.settings.set('demo', state);
    return new DemoProgress(kernel, state);
  }

  get seed(): string {
    return this.#state.seed;
  }

  get anchor(): number {
    return this.#state.anchor;
  }

  /** Does a step unless it was done before; a step that is cut off is done again, so it must bear that. */
  async once(step: string, fn: () => Promise<void>): Promise<boolean> {
    if (this.#state.done.includes(step)) return false;
    await fn();
    this.#state = { ...this.#state, done: [...this.#state.done, step] };
    const write = this.#writing.then(() => this.#kernel.settings.set('demo', this.#state));
    this.#writing = write.catch(() => undefined);
    await write;
    return true;
  }
}
