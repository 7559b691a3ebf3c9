/** What kind of host one is: short address, storage, form, free mail …, by the lists the caller gives. */

/** Names of hosts by kind, lower case; an entry covers the host itself and everything below it. */
export type HostLists<Kind extends string> = Readonly<Record<Kind, readonly string[]>>;

const made = new WeakMap<object, (host: string) => ReadonlySet<string>>();
const NONE: ReadonlySet<never> = new Set();

/** A lookup over the lists, made once for as long as they live. A list named `suffix` holds endings, which are no hosts themselves. */
export function kindsOf<Kind extends string>(lists: HostLists<Kind>): (host: string) => ReadonlySet<Kind> {
  const known = made.get(lists);
  if (known !== undefined) return known as (host: string) => ReadonlySet<Kind>;
  const byName = new Map<string, Set<Kind>>();
  for (const [kind, names] of Object.entries(lists) as [Kind, readonly string[]][]) {
    for (const name of names) byName.set(name, (byName.get(name) ?? new Set()).add(kind));
  }
  const lookup = (host: string): ReadonlySet<Kind> => {
    let out: Set<Kind> | undefined;
    for (let at = 0; at !== -1 && at < 254; at = host.indexOf('.', at + 1)) {
      const kinds = byName.get(host.slice(at === 0 ? 0 : at + 1));
      if (kinds !== undefined) for (const kind of kinds) if (kind !== 'suffix' || at > 0) (out ??= new Set()).add(kind);
    }
    return out ?? NONE;
  };
  made.set(lists, lookup);
  return lookup;
}
