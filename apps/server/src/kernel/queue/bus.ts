import type { Bus, BusEventName, BusEvents, Tx } from '../types.ts';

/** The bus as the kernel's transactions drive it. */
export interface KernelBus extends Bus {
  /** Runs the handlers of `on`, in the order they were added, inside the transaction. An error rolls it back. */
  run<N extends BusEventName>(tx: Tx, name: N, payload: BusEvents[N]): Promise<void>;
  /** Runs the handlers of `after`, all of them; throws an AggregateError when some failed. */
  runAfter<N extends BusEventName>(name: N, payload: BusEvents[N]): Promise<void>;
}

type Inside = (tx: Tx, payload: never) => Promise<void>;
type Afterwards = (payload: never) => void | Promise<void>;

export function createBus(): KernelBus {
  const inside = new Map<string, Inside[]>();
  const afterwards = new Map<string, Afterwards[]>();
  return {
    on(name, handler) {
      inside.set(name, [...(inside.get(name) ?? []), handler as Inside]);
    },
    after(name, handler) {
      afterwards.set(name, [...(afterwards.get(name) ?? []), handler as Afterwards]);
    },
    async run(tx, name, payload) {
      for (const handler of inside.get(name) ?? []) await handler(tx, payload as never);
    },
    async runAfter(name, payload) {
      const failures: unknown[] = [];
      for (const handler of afterwards.get(name) ?? []) {
        try {
          await handler(payload as never);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, `handlers after ${name} failed`);
    },
  };
}
