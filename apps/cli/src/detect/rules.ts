import { readFile } from 'node:fs/promises';
import { type RuleSource, SigmaError } from '@banya/sigma';
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
  /** Files that were not taken; the others were. */
  readonly errors: readonly SigmaError[];
}

/**
 * Reads the rule files of a folder or archive, and its licences. A file that cannot be taken is an error of its own.
 * @throws ArchiveError where all are larger than a set of rules can be, or a name leads out of it
 */
export async function readRules(path: string): Promise<Found> {
  const rules: RuleSource[] = [];
  const licences: RuleSource[] = [];
  const errors: SigmaError[] = [];
  let all = 0;
  for await (const source of sourcesOf(path)) {
    if (source.broken !== undefined) throw source.broken;
    const said = source.name === path ? (path.split(/[\\/]/).at(-1) ?? path) : source.name;
    refuseOutside(said);
    const name = said.replaceAll('\\', '/').split('/').filter((part) => part !== '' && part !== '.').join('/');
    // A rule may be about licences: licence-ending.yml is one.
    const isLicence = !RULE.test(name) && LICENCE.test(name.split('/').at(-1) as string);
    if ((!RULE.test(name) || BESIDE.test(name)) && !isLicence) continue;
    if (rules.length + licences.length + errors.length >= LIMITS.files) throw new ArchiveError(`more than ${LIMITS.files} files`, `${LIMITS.files} を超えるファイルが入っています`);
    if (!isPortable(name)) {
      errors.push(new SigmaError('unsupported', printable(name), 1, 'this name cannot be kept on every system: rename the file'));
      continue;
    }
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of source.bytes()) {
      size += part.length;
      all += part.length;
      // What an archive says of its sizes is not believed; what comes out of it is counted.
      if (size > LIMITS.fileBytes) break;
      if (all > LIMITS.allBytes) throw new ArchiveError(`more than ${LIMITS.allBytes / 1e6} MB of rules`, `ルールが全部で ${LIMITS.allBytes / 1e6} MB を超えています`);
      parts.push(part);
    }
    const text = size > LIMITS.fileBytes ? null : textOf(Buffer.concat(parts), isLicence);
    if (text !== null) (isLicence ? licences : rules).push({ path: name, text });
    else if (size > LIMITS.fileBytes) errors.push(new SigmaError('too_large', name, 1, `the file is larger than ${LIMITS.fileBytes / 1e6} MB`));
    else errors.push(new SigmaError('yaml', name, 1, 'the file is not UTF-8'));
  }
  return { rules, licences, errors };
}

/** Null for a rule that is not UTF-8: a character that was guessed would never be found in a log. Of licences every word is kept. */
function textOf(bytes: Buffer, isLicence: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return isLicence ? new TextDecoder('windows-1252').decode(bytes) : null;
  }
}

/** The file given with --pipeline. */
export async function pipelineFile(path: string | undefined): Promise<RuleSource | null> {
  if (path === undefined) return null;
  return { path, text: await readFile(path, 'utf8').catch((error: Error) => { throw new Usage(`${path} cannot be read: ${error.message}`); }) };
}

/** @throws ArchiveError where a name would lead out of the folder it is unpacked to, on any system */
function refuseOutside(name: string): void {
  if (/^[\\/]|^[A-Za-z]:[\\/]/.test(name) || name.split(/[\\/]/).includes('..') || name.includes('\0')) throw new ArchiveError(`the name “${printable(name)}” is not taken`, `「${printable(name)}」という名前は使えません`);
}

/** A name that every system can keep a file by. */
function isPortable(name: string): boolean {
  const parts = name.split('/');
  return name !== '' && parts.length <= LIMITS.depth && name.length <= LIMITS.nameChars && !/[\u0000-\u001f\u007f<>:"|?*]/.test(name) && !parts.some((part) => /[. ]$/.test(part));
}

/** Words of a file must not steer the terminal they are printed on. */
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd').slice(0, 500);
