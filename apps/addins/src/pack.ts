import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync, type Zippable } from 'fflate';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const langs = ['ja', 'en'] as const;
const read = (...path: string[]): Buffer => readFileSync(join(HERE, ...path));

/** Types are stripped, not compiled: what runs is what stands in the source. `shared` comes to lie beside the other scripts. */
const script = (source: string): string => stripTypeScriptTypes(source).replace(/(from '\.[^']+)\.ts';/g, "$1.js';").replaceAll("from '../shared/", "from './shared/");

/** Every file of a folder that goes along as it is or as a script; sources that hold types alone stay behind. */
function folder(name: string, into: string): [string, Buffer][] {
  return readdirSync(join(HERE, name)).sort().flatMap((file): [string, Buffer][] => {
    if (/\.(html|css|json|svg)$/.test(file)) return [[into + file, read(name, file)]];
    if (!file.endsWith('.ts')) return [];
    const code = script(read(name, file).toString());
    return /[^\s/*]/.test(code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|export \{\s*\};?/gm, '')) ? [[`${into}${file.slice(0, -3)}.js`, Buffer.from(code)]] : [];
  });
}

/** The Thunderbird extension as an .xpi: a zip, equal bytes for equal sources. */
export function thunderbirdXpi(): Uint8Array {
  const files: Zippable = {};
  const add = (name: string, bytes: Uint8Array): void => void (files[name] = [new Uint8Array(bytes), { mtime: new Date(1980, 0, 1), level: 9 }]);
  for (const [name, bytes] of [...folder('thunderbird', ''), ...folder('shared', 'shared/')]) add(name, bytes);
  for (const lang of langs) add(`_locales/${lang}/messages.json`, read('thunderbird/_locales', lang, 'messages.json'));
  add('icon.svg', read('icons/mark.svg'));
  return zipSync(files);
}

/** What Outlook asks the server for below /addins/outlook/: the pane with its scripts and texts, and the pictures of the button. */
export function outlookFiles(): ReadonlyMap<string, Uint8Array> {
  const messages = (lang: string): [string, string][] => Object.entries(JSON.parse(read('thunderbird/_locales', lang, 'messages.json').toString()) as Record<string, { message: string }>).map(([name, { message }]) => [name, message]);
  const texts = `export const texts = ${JSON.stringify(Object.fromEntries(langs.map((lang) => [lang, Object.fromEntries(messages(lang))])))};\n`;
  const pictures = readdirSync(join(HERE, 'icons')).filter((name) => name.endsWith('.png')).map((name): [string, Buffer] => [name, read('icons', name)]);
  return new Map([...folder('outlook', ''), ...folder('shared', 'shared/'), ...pictures, ['texts.js', Buffer.from(texts)]]);
}
