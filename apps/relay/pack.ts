/**
 * Makes the folder that is carried to a site: plain JavaScript that needs Node and nothing else.
 *
 *   node apps/relay/pack.ts OUT_FOLDER
 *
 * Types are stripped, not compiled, so every line stands where it stands in the source. The one thing taken from
 * elsewhere is the framer of @banya/logs, which imports nothing.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FRAMER = fileURLToPath(new URL('../../engines/logs/src/syslog/framing.ts', import.meta.url));

/** Writes the relay into `out`, which is made if need be. */
export function pack(out: string): void {
  mkdirSync(out, { recursive: true });
  const { version, license } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')) as { version: string; license: string };
  const sources = readdirSync(join(HERE, 'src')).filter((name) => name.endsWith('.ts')).map((name) => join(HERE, 'src', name));
  for (const source of [...sources, FRAMER]) {
    const name = source.slice(source.search(/[^\\/]+$/)).replace(/\.ts$/, '.js');
    writeFileSync(join(out, name), toJavaScript(readFileSync(source, 'utf8')));
  }
  writeFileSync(join(out, 'package.json'), `${JSON.stringify({ name: 'banya-relay', version, license, private: true, type: 'module', engines: { node: '>=22.2' }, bin: { 'banya-relay': './main.js' } }, null, 2)}\n`);
  cpSync(join(HERE, 'deploy'), out, { recursive: true });
  for (const text of ['README.md', 'README.ja.md']) cpSync(join(HERE, text), join(out, text));
  cpSync(join(HERE, '../../LICENSE'), join(out, 'LICENSE'));
}

function toJavaScript(source: string): string {
  return stripTypeScriptTypes(source)
    .replace(/(from ')(\.\/[^']+)\.ts(')/g, '$1$2.js$3')
    .replaceAll("from '@banya/logs'", "from './framing.js'");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = process.argv[2];
  if (out === undefined) {
    console.error('Say where to: node apps/relay/pack.ts OUT_FOLDER');
    process.exit(2);
  }
  pack(out);
  console.log(`The relay stands in ${out}.`);
}
