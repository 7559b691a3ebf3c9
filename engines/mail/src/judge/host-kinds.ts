/** What kind of host one is: short address, storage, form, free mail …, by the lists the caller gives. */
import type { HostKinds } from '../types.ts';

export type KindsOfHost = ReadonlySet<keyof HostKinds>;

const made = new WeakMap<HostKinds, (host: string) => KindsOfHost>();
const NONE: KindsOfHost = new Set();

/** A lookup over the lists, made once for as long as they live. An entry covers the host itself and everything below it. */
export function kindsOf(lists: HostKinds): (host: string) => KindsOfHost {
  const known = made.get(lists);
  if (known !== undefined) return known;
  const byName = new Map<string, Set<keyof HostKinds>>();
  for (const [kind, names] of Object.entries(lists) as [keyof HostKinds, readonly string[]][]) {
    for (const name of names) byName.set(name, (byName.get(name) ?? new Set()).add(kind));
  }
  const lookup = (host: string): KindsOfHost => {
    let out: Set<keyof HostKinds> | undefined;
    for (let at = 0; at !== -1 && at < 254; at = host.indexOf('.', at + 1)) {
      const kinds = byName.get(host.slice(at === 0 ? 0 : at + 1));
      if (kinds !== undefined) for (const kind of kinds) if (kind !== 'suffix' || at > 0) (out ??= new Set()).add(kind);
    }
    return out ?? NONE;
  };
  made.set(lists, lookup);
  return lookup;
}
