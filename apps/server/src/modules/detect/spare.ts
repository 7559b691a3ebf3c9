/** So many batches are under way at once: one is read while the one before it is stored. */
const KEPT = 2;

/**
 * Memory that is used again. A busy intake fills some twenty megabytes a batch and thread; allocated anew each time, the
 * collector of garbage would run for it several times a second (measured: 13 µs of processor time a line).
 */
export class Spare {
  #kept: ArrayBuffer[] = [];

  take(): ArrayBuffer | undefined {
    return this.#kept.pop();
  }

  /** @param needed false lets go of all: an intake that has little to do holds nothing. */
  give(memory: ArrayBuffer, needed: boolean): void {
    if (!needed) this.#kept = [];
    else if (memory.byteLength > 0 && this.#kept.length < KEPT) this.#kept.push(memory);
  }
}
