import { readFile } from 'node:fs/promises';
import type { RuleSource } from '@banya/sigma';
import { Usage } from '../args.ts';
import { ArchiveError, sourcesOf } from './archives.ts';

/** Bounds of a set of rules, unpacked: the public collections have 4,000 files and 10 MB. */
export const LIMITS = { files: 50_000, fileBytes: 4_000_000, allBytes: 256_000_000, depth: 24, nameChars: 300 } as const;

const RULE = /\.ya?ml$/i;
const LICENCE = /^(?:licen[cs]e|copying|notice|authors)(?:[._-].*)?$/i;
/** What stands beside rules in collections of them and is none; the last two in this project's own. */
const BESIDE = /(?:^|\/)(?:regression_data|\.github)\/|\.(?:explain|test)\.yml$|(?:^|\/)slots\.yml$/;

export interface Found {
  readonly rules: readonly RuleSource[];
  readonly licences: readonly RuleSource[];
}

/**
 * Reads the rule files of a folder or archive, and its licences.
 * @throws ArchiveError where it is larger than a set of rules can be, or a name leads out of it
 */
export async function readRules(path: string): Promise<Found> {
  const rules: RuleSource[] = [];
  const licences: RuleSource[] = [];
  let all = 0;
  for await (const source of sourcesOf(path)) {
    if (source.broken !== undefined) throw source.broken;
    const name = safeName(source.name === path ? (path.split(/[\\/]/).at(-1) ?? path) : source.name);
    // A rule may be about licences: licence-ending.yml is one.
    const isLicence = !RULE.test(name) && LICENCE.test(name.split('/').at(-1) as string);
    if ((!RULE.test(name) || BESIDE.test(name)) && !isLicence) continue;
    if (rules.length + licences.length >= LIMITS.files) throw new ArchiveError(`more than ${LIMITS.files} files`, `${LIMITS.files} を超えるファイルが入っています`);
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of source.bytes()) {
      size += part.length;
      all += part.length;
      // What an archive says of its sizes is not believed; what comes out of it is counted.
      if (size > LIMITS.fileBytes) throw new ArchiveError(`${name} is larger than ${LIMITS.fileBytes / 1e6} MB`, `${name} が ${LIMITS.fileBytes / 1e6} MB を超えています`);
      if (all > LIMITS.allBytes) throw new ArchiveError(`more than ${LIMITS.allBytes / 1e6} MB of rules`, `ルールが全部で ${LIMITS.allBytes / 1e6} MB を超えています`);
      parts.push(part);
    }
    (isLicence ? licences : rules).push({ path: name, text: Buffer.concat(parts).toString('utf8') });
  }
  return { rules, licences };
}

/** The file given with --pipeline. */
export async function pipelineFile(path: string | undefined): Promise<RuleSource | null> {
  if (path === undefined) return null;
  return { path, text: await readFile(path, 'utf8').catch((error: Error) => { throw new Usage(`${path} cannot be read: ${error.message}`); }) };
}

/** A name that stays inside the folder it is unpacked to, on every system. */
export function safeName(name: string): string {
  const parts = name.replaceAll('\\', '/').split('/').filter((part) => part !== '' && part !== '.');
  const wrong = /^[\\/]|^[A-Za-z]:/.test(name) || parts.includes('..') || /[\u0000-\u001f\u007f<>:"|?*]/.test(name) || parts.some((part) => /[. ]$/.test(part));
  if (wrong || parts.length === 0 || parts.length > LIMITS.depth || name.length > LIMITS.nameChars) throw new ArchiveError(`the name “${printable(name)}” is not taken`, `「${printable(name)}」という名前は使えません`);
  return parts.join('/');
}

/** Words of a file must not steer the terminal they are printed on. */
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd').slice(0, 500);
