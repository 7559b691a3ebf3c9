import type { Settings } from './kernel.ts';
import type { Tenancy } from './types.ts';

/** Installation-wide settings in kernel_settings; setting null removes the key. */
export function createSettings(tenancy: Tenancy): Settings {
  return {
    async get<T>(key: string): Promise<T | null> {
      const [row] = await tenancy.asSystem('read a setting', (tx) => tx.query<{ value: T }>('select value from kernel_settings where key = $1', [key]));
      return row?.value ?? null;
    },
    async set(key, value) {
      await tenancy.asSystem('change a setting', (tx) =>
        value === null || value === undefined
          ? tx.query('delete from kernel_settings where key = $1', [key])
          : tx.query('insert into kernel_settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value', [key, JSON.stringify(value)]),
      );
    },
  };
}
