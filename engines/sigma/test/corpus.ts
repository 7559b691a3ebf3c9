import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuleSource } from '../src/index.ts';

/** The development corpus stands beside the repository and never in it. */
export const CORPUS = join(import.meta.dirname, '../../../../shared/corpus');
const ARCHIVES = ['sigmahq-rules-8eaafff.tar.gz', 'regression-dev.tar.gz'];

export const CORPUS_MISSING = 'needs the SigmaHQ archives of the development corpus in ../shared/corpus/sigma (see its README)';

/** Unpacks the archives to a temporary folder, or null where they are not there. Call `remove` at the end. */
export function unpackCorpus(from = join(CORPUS, 'sigma')): { folder: string; remove(): void } | null {
  if (!ARCHIVES.every((name) => existsSync(join(from, name)))) return null;
  const folder = mkdtempSync(join(tmpdir(), 'banya-sigma-'));
  for (const name of ARCHIVES) execFileSync('tar', ['xzf', join(from, name), '-C', folder]);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function filesUnder(folder: string, end: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export function readRules(folder: string): RuleSource[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('rules'))
    .flatMap((name) => filesUnder(join(folder, name), '.yml'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** Splits JSON values that stand one after another in a file. */
export function readJsonStream(text: string): unknown[] {
  const out: unknown[] = [];
  let depth = 0;
  let inText = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inText) {
      if (character === '\\') at++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') depth++ === 0 && (start = at);
    else if ((character === '}' || character === ']') && --depth === 0) out.push(JSON.parse(text.slice(start, at + 1)));
  }
  return out.flat();
}
