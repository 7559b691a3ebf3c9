import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MailKnowledge } from './mail-knowledge.ts';

export type { MailKnowledge } from './mail-knowledge.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKS = ['brands', 'lures', 'hosts', 'words'] as const;
/** What reads them: another reader may make something else of the same files. */
const READERS = ['mail-knowledge.ts', 'brands.ts', 'lures.ts', 'hosts.ts', 'words.ts'] as const;
const NAME = /^mail-knowledge-[0-9a-f]{32}\.json$/;

/**
 * What `loadMailKnowledge` gives. Reading the packs costs about 0.3 s of the processor; in the folder `cache` what came of it
 * is kept as one file, under a hash of all it was made from, and costs some milliseconds. A cache that cannot be read or
 * written costs time and nothing else. What is prepared from the lists lives as long as these very lists: call it once.
 */
export async function preparedMailKnowledge(cache?: string): Promise<MailKnowledge> {
  const read = async (): Promise<MailKnowledge> => (await import('./mail-knowledge.ts')).loadMailKnowledge();
  if (cache === undefined) return read();
  const path = join(cache, `mail-knowledge-${hashOfPacks()}.json`);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as MailKnowledge;
  } catch {
    const knowledge = await read();
    keep(path, JSON.stringify(knowledge), cache);
    return knowledge;
  }
}

function keep(path: string, text: string, cache: string): void {
  const part = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    writeFileSync(part, text, { mode: 0o600 });
    renameSync(part, path);
    for (const name of readdirSync(cache)) if (NAME.test(name) && name !== basename(path)) rmSync(join(cache, name), { force: true });
  } catch {
    try {
      rmSync(part, { force: true });
    } catch {
      // There is no such folder.
    }
  }
}

function hashOfPacks(): string {
  const hash = createHash('sha256');
  const add = (...path: string[]): void => void hash.update(`${path.join('/')}\0`).update(readFileSync(join(HERE, '..', ...path))).update('\0');
  for (const pack of PACKS) for (const name of readdirSync(join(HERE, '..', pack)).sort()) add(pack, name);
  for (const name of READERS) add('src', name);
  return hash.digest('hex').slice(0, 32);
}
