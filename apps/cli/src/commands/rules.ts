import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { SigmaError } from '@banya/sigma';
import { speaksJapanese, Usage } from '../args.ts';
import { ArchiveError } from '../detect/archives.ts';
import { compileFor } from '../detect/ruleset.ts';
import { type Found, LIMITS, pipelineFile, printable, readRules } from '../detect/rules.ts';

export const RULES_HELP = `
  check: reads Sigma rules, correlations and filters and says file, line and reason of each that cannot be used, and which are slow.
  import: keeps the rule files with their licences in the folder rules of the data folder, in the place of those imported by the
  same name before. Banya uses them from its next start; rules that cannot be used are kept and left out. Files whose
  name, size or encoding does not fit are named and not kept.

  DIR|ARCHIVE    folder, tar, tgz or zip, or one file. Only .yml and .yaml are read, in UTF-8 and up to ${LIMITS.fileBytes / 1e6} MB each; names that begin
                 with a dot, regression_data and tests beside rules are left out
  --name …       import: name of the folder they are kept in (that of the folder or archive)
  --pipeline …   names of fields and values of placeholders, in pySigma’s YAML
  --json         check: a line of JSON for each error (file, line, code, error) and each slow rule (warning), and {"summary":…} last

  The summary counts: files, rules and correlations that can be used, errors (a file may have several), slow (rules without a text to
  be found by, which are tried on every event of their log source), seconds.

  Exit code of check 0: every rule can be used. 1: one cannot, or there is none. Exit code of import 0: they are kept. 1: nothing
  was kept. 2: the command was written wrongly.
`;

/** `rules check|import DIR|ARCHIVE`. Exit code 0 when every rule can be used (check) or the rules were taken (import). */
export async function rules(args: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { data: { type: 'string' }, name: { type: 'string' }, pipeline: { type: 'string' }, json: { type: 'boolean' } } });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
  const [verb, path, ...more] = parsed.positionals;
  if ((verb !== 'check' && verb !== 'import') || path === undefined || more.length > 0) throw new Usage('rules knows check and import, and needs one folder or archive of Sigma rules.');
  const { data, name, pipeline, json = false } = parsed.values;
  const ja = speaksJapanese();
  let found: Found;
  try {
    found = await readRules(path);
  } catch (error) {
    if (error instanceof ArchiveError) throw new Error(ja ? `${path} を読めません。理由：${error.ja}` : `${path} cannot be read: ${error.message}`);
    throw error;
  }
  if (found.rules.length + found.errors.length === 0) process.stderr.write(ja ? `${path}: 読むのは名前が .yml か .yaml で終わるファイルだけです。見つかりませんでした。\n` : `${path}: only files whose names end in .yml or .yaml are read, and there is none.\n`);
  const started = performance.now();
  const ruleset = compileFor(found.rules, null, await pipelineFile(pipeline));
  const errors = [...found.errors, ...ruleset.errors];
  const counts = { files: found.rules.length + found.errors.length, rules: ruleset.size, correlations: ruleset.correlations.length, errors: errors.length, slow: ruleset.slow.length, seconds: Math.round(performance.now() - started) / 1000 };
  if (verb === 'check') {
    for (const error of errors) process.stdout.write(`${json ? JSON.stringify(errorLine(error)) : printable(error.message)}\n`);
    for (const { path: file, line, title } of ruleset.slow) {
      const why = ja ? '探す目印になる文字がないため、すべてのログで試します。こうした規則が多いと遅くなります。' : 'has no text to be found by and is tried on every event of its log source; many such rules are slow.';
      process.stdout.write(`${json ? JSON.stringify({ file, line, warning: 'slow', title }) : printable(`${file}:${line}: ${title} — ${why}`)}\n`);
    }
    const words = ja
      ? `使える規則 ${counts.rules} 件、組み合わせて見る規則（相関） ${counts.correlations} 件、使えない規則 ${counts.errors} 件（${counts.files} ファイル）`
      : `${counts.rules} rules and ${counts.correlations} correlations can be used, ${counts.errors} cannot (${counts.files} files)`;
    process.stdout.write(json ? `${JSON.stringify({ summary: counts })}\n` : `${words}\n`);
    return counts.errors === 0 && counts.rules + counts.correlations > 0 ? 0 : 1;
  }
  for (const error of found.errors) process.stderr.write(`${printable(error.message)}\n`);
  if (counts.rules + counts.correlations === 0) throw new Error(ja ? `${path} に、使える Sigma の規則がありません。` : `${path} holds no Sigma rule that can be used.`);
  const folder = join(resolve(data ?? process.env.BANYA_DATA ?? './data'), 'rules', folderName(name ?? basename(path)));
  await place(folder, found, counts, basename(path));
  const licence = found.licences.length > 0
    ? (ja ? 'ライセンスの文書も一緒に保存しました。' : 'Their licence was kept with them.')
    : (ja ? 'ライセンスの文書は入っていませんでした。配布元で確かめてください。' : 'No licence came with them: look it up where you got them.');
  const words = ja
    ? `${counts.rules + counts.correlations} 件の規則を ${folder} に保存しました（使えなかったもの ${counts.errors} 件）。番屋を起動し直すと、届くログに使われます。${licence}`
    : `${counts.rules + counts.correlations} rules are now in ${folder} (${counts.errors} could not be used). Banya uses them from its next start. ${licence}`;
  process.stdout.write(json ? `${JSON.stringify({ imported: { folder, licences: found.licences.map((l) => l.path), ...counts } })}\n` : `${words}\n`);
  return 0;
}

function errorLine({ code, path, line, detail }: SigmaError): object {
  return { file: path, line, code, error: detail };
}

function folderName(name: string): string {
  const plain = name.replace(/(?:\.tar)?\.(?:gz|tgz|zip|tar)$/i, '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '').slice(0, 80);
  if (plain === '') throw new Usage(`“${printable(name)}” is no name for a folder; give one with --name.`);
  return plain;
}

/** Writes beside the folder and swaps: who reads it sees the old rules or the new ones, never half of them. */
async function place(folder: string, { rules: files, licences }: Found, counts: object, from: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const mark = randomBytes(6).toString('hex');
  const [incoming, old] = [`${dirname(folder)}/.in-${mark}`, `${dirname(folder)}/.out-${mark}`];
  try {
    const hash = createHash('sha256');
    for (const { path, text } of [...files, ...licences]) {
      await write(join(incoming, path), text);
      hash.update(`${path}\0${text}\0`);
    }
    await write(join(incoming, 'import.json'), `${JSON.stringify({ from, sha256: hash.digest('hex'), at: new Date().toISOString(), ...counts }, null, 1)}\n`);
    const existed = await stat(folder).then(() => true, () => false);
    if (existed) await rename(folder, old);
    await rename(incoming, folder).catch(async (error: unknown) => {
      if (existed) await rename(old, folder);
      throw error;
    });
    const parent = await open(dirname(folder));
    await parent.sync().finally(() => parent.close());
  } finally {
    await rm(incoming, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Two names that differ in case alone are one file on some systems: the second is refused, not written over the first.
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
