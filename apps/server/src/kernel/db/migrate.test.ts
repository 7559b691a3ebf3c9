import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eachGate, temporaryFolder } from '../../../test/gates.ts';
import { MigrationRefused } from './errors.ts';
import type { Migration } from './migrate.ts';
import { migrate, readMigrations } from './migrate.ts';

function folderOf(files: Record<string, string>): Migration[] {
  const folder = temporaryFolder();
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return readMigrations(folder);
}

const refusal = (pattern: RegExp) => (error: Error) => error instanceof MigrationRefused && pattern.test(error.message);

test('all migrations run from empty, once, without superuser rights', async (t) => {
  await eachGate(t, 'from empty', async (gate) => {
    const all = readMigrations();
    assert.deepEqual(await migrate(gate, all), all.map(({ name }) => name));
    assert.deepEqual(await migrate(gate, all), []);
    if (gate.engine === 'postgres') {
      const { rows } = await gate.query('select rolsuper from pg_roles where rolname = current_user');
      assert.deepEqual(rows, [{ rolsuper: false }]);
    }
  });
});

test('an edited, missing or late migration is refused by name', async (t) => {
  await eachGate(t, 'refused', async (gate) => {
    await migrate(gate, folderOf({ '0001_a.sql': 'create table a ()', '0003_c.sql': 'create table c ()' }));
    await assert.rejects(migrate(gate, folderOf({ '0001_a.sql': 'create table a (n int)', '0003_c.sql': 'create table c ()' })), refusal(/0001_a\.sql was edited/));
    await assert.rejects(migrate(gate, folderOf({ '0001_a.sql': 'create table a ()' })), refusal(/0003_c\.sql.*newer version/));
    const late = { '0001_a.sql': 'create table a ()', '0002_b.sql': 'create table b ()', '0003_c.sql': 'create table c ()' };
    await assert.rejects(migrate(gate, folderOf(late)), refusal(/0002_b\.sql sorts before 0003_c\.sql/));
  });
});

test('a migration that fails leaves nothing behind, and what ran before it stays', async (t) => {
  await eachGate(t, 'failing', async (gate) => {
    const broken = folderOf({ '0001_a.sql': 'create table a ()', '0002_b.sql': 'create table b (); create table b ()' });
    await assert.rejects(migrate(gate, broken), refusal(/0002_b\.sql failed and was rolled back: relation "b" already exists/));
    assert.deepEqual((await gate.query("select to_regclass('a')::text as a, to_regclass('b')::text as b")).rows, [{ a: 'a', b: null }]);
    const mended = folderOf({ '0001_a.sql': 'create table a ()', '0002_b.sql': 'create table b ()' });
    assert.deepEqual(await migrate(gate, mended), ['0002_b.sql']);
  });
});

test('line ends of the checkout do not count as an edit', () => {
  const [unix] = folderOf({ '0001_a.sql': 'select 1;\nselect 2;\n' });
  const [windows] = folderOf({ '0001_a.sql': 'select 1;\r\nselect 2;\r\n' });
  assert.equal(windows!.sha256, unix!.sha256);
});

test('a stray name and a number used twice are refused', () => {
  assert.throws(() => folderOf({ '1_a.sql': '' }), refusal(/1_a\.sql/));
  assert.throws(() => folderOf({ '0001_a.sql': '', '0001_b.sql': '' }), refusal(/0001_b\.sql/));
});
