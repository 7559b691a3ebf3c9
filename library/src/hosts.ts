import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Kinds of hosts that say something about a link or a sender, read from `library/hosts/hosts.yml`. */

export const HOST_KINDS = ['shortener', 'storage', 'form', 'translate', 'freemail', 'tracker', 'suffix'] as const;
export type HostKind = (typeof HOST_KINDS)[number];
/** Domains or host names in lower case by kind; an entry covers everything below it. Fits the `hosts` that @banya/mail takes. */
export type HostKinds = Readonly<Record<HostKind, readonly string[]>>;

let loaded: HostKinds | undefined;

/** The lists; read once. @throws when the file is not what it should be. */
export function loadHosts(): HostKinds {
  return (loaded ??= readHosts());
}

function readHosts(): HostKinds {
  const value = parse(readFileSync(new URL('../hosts/hosts.yml', import.meta.url), 'utf8')) as Record<string, unknown>;
  return Object.fromEntries(HOST_KINDS.map((kind) => {
    const list = value[kind];
    if (!Array.isArray(list) || list.length === 0 || list.some((entry) => typeof entry !== 'string' || !/^[a-z0-9.-]+$/.test(entry))) throw new Error(`hosts/hosts.yml: ${kind} holds a list of host names`);
    return [kind, [...new Set(list as string[])]];
  })) as Record<HostKind, string[]>;
}
