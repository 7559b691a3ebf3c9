import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const src = join(root, 'apps/server/src');

/** Floors of the server, lowest first. Imports go down only, and never sideways between modules. */
const floors: string[][] = [
  ['kernel'],
  ['modules/orgs'],
  ['modules/inventory', 'modules/findings', 'modules/evidence', 'modules/notify', 'modules/files'],
  ['modules/assess', 'modules/plan', 'modules/detect', 'modules/desk', 'modules/train', 'modules/respond', 'modules/access'],
  ['modules/prove', 'modules/federate', 'modules/search'],
  // Doors turn bytes into one call; operation keeps the house (backup, doctor); the demonstration talks to the doors from outside.
  ['doors'],
  ['operate'],
  ['demo'],
];
/** Files that may import anything, with the reason. */
const exempt = new Map([['main.ts', 'opens the house: the only file that imports every module'], ['house.ts', 'the part of main.ts that tests open too']]);

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((m) => m[1]!);

const roomOf = (file: string): string => {
  const path = relative(src, file);
  const parts = path.split('/');
  return parts[0] === 'modules' ? `modules/${parts[1]}` : parts[0]!;
};
const floorOf = (room: string): number => floors.findIndex((floor) => floor.includes(room));
const serverFiles = globSync(join(src, '**/*.ts')).filter((f) => !f.endsWith('.test.ts') && !f.includes('test-helper') && !f.endsWith('.tmp.ts'));

test('imports inside the server go down the floors only', () => {
  const wrong: string[] = [];
  for (const file of serverFiles) {
    if (exempt.has(relative(src, file))) continue;
    const room = roomOf(file);
    const floor = floorOf(room);
    if (floor < 0) {
      wrong.push(`${relative(root, file)} stands in no room of the plan`);
      continue;
    }
    for (const target of importsOf(file)) {
      if (!target.startsWith('.')) continue;
      const other = roomOf(resolve(dirname(file), target));
      if (other === room) continue;
      if (floorOf(other) >= floor) wrong.push(`${relative(root, file)} imports ${target} (${other})`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('a module is entered by its index.ts only', () => {
  const wrong: string[] = [];
  for (const file of serverFiles) {
    for (const target of importsOf(file)) {
      if (!target.startsWith('.')) continue;
      const path = relative(src, resolve(dirname(file), target));
      const room = roomOf(join(src, path));
      if (room.startsWith('modules/') && room !== roomOf(file) && path !== `${room}/index.ts` && path !== `${room}/schema.ts`) wrong.push(`${relative(root, file)} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

/** Files of engines that use one forbidden module, with the reason. */
const engineExceptions = new Map([
  ['engines/mail/src/attach/pdf-text.ts node:worker_threads', 'a PDF that spins ends the thread it is read in, not its caller'],
  ['engines/mail/src/attach/pdf-worker.ts node:worker_threads', 'the other side of that thread'],
  ['engines/mail/src/attach/qr.ts node:fs', 'reads the WebAssembly of the code reader from its own package: it would be fetched from the net otherwise'],
]);

test('engines, library and contract import nothing of the house and touch no files, clock or network', () => {
  const wrong: string[] = [];
  const forbidden = /^(node:(fs|net|http|https|dgram|tls|child_process|worker_threads|dns|os|process)|@banya\/(server|web|cli|relay|contract))/;
  for (const file of globSync(join(root, '{engines/*/src,packages/contract/src}/**/*.ts'))) {
    for (const target of importsOf(file)) if (forbidden.test(target) && !engineExceptions.has(`${relative(root, file)} ${target}`)) wrong.push(`${relative(root, file)} imports ${target}`);
    if (/\bDate\.now\(\)|new Date\(\)/.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''))) wrong.push(`${relative(root, file)} reads the clock`);
  }
  assert.deepEqual(wrong, []);
});

test("each module's tables are named in SQL by that module alone", () => {
  const tables = new Map<string, string>();
  for (const file of globSync(join(root, 'apps/server/migrations/state/*.sql')))
    for (const match of readFileSync(file, 'utf8').matchAll(/create table (?:if not exists )?([a-z]+)_([a-z_]+)\s*\(/g)) tables.set(`${match[1]}_${match[2]}`, match[1]!);
  assert.ok(tables.size > 0);
  const wrong: string[] = [];
  for (const file of serverFiles) {
    const room = roomOf(file);
    if (!room.startsWith('modules/')) continue;
    const own = room.slice('modules/'.length);
    const text = readFileSync(file, 'utf8');
    for (const [table, owner] of tables) {
      // Reading another module's table through a type import is a breach too: ask its index.ts.
      if (owner !== own && new RegExp(`\\b${table}\\b`).test(text)) wrong.push(`${relative(root, file)} names ${table}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('only web/src/ui imports the component kit', () => {
  const wrong = globSync(join(root, 'apps/web/src/**/*.{ts,tsx}'))
    .filter((file) => !file.includes('/src/ui/') && importsOf(file).some((t) => t.startsWith('@mantine/')))
    .map((file) => relative(root, file));
  assert.deepEqual(wrong, []);
});
