import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pack } from '../pack.ts';

test('the packed folder runs alone: it imports nothing but Node and itself', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-relay-pack-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  pack(folder);
  const names = readdirSync(folder);
  for (const name of names.filter((file) => file.endsWith('.js'))) {
    for (const [, specifier] of readFileSync(join(folder, name), 'utf8').matchAll(/^(?:import|export)\b[^'"\n]* from '([^']+)';$/gm)) {
      assert.ok(specifier?.startsWith('node:') || (specifier?.startsWith('./') && names.includes(specifier.slice(2))), `${name} imports ${specifier}`);
    }
  }
  const help = spawnSync(process.execPath, [join(folder, 'main.js'), '--help'], { cwd: folder, encoding: 'utf8' });
  assert.equal(help.status, 0, help.stderr);
  assert.match(help.stdout, /banya-relay --server/);
  const wrong = spawnSync(process.execPath, [join(folder, 'main.js')], { cwd: folder, encoding: 'utf8' });
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /--server is missing/);
});

test('everything a site needs to install the relay is in the packed folder', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-relay-pack-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  pack(folder);
  const names = readdirSync(folder);
  for (const name of ['Dockerfile', 'banya-relay.service', 'install-windows.ps1', 'README.md', 'README.ja.md', 'LICENSE', 'package.json']) assert.ok(names.includes(name), name);
  // Windows PowerShell 5 reads a script without this mark in the local code page and garbles its Japanese.
  assert.deepEqual([...readFileSync(join(folder, 'install-windows.ps1')).subarray(0, 3)], [0xef, 0xbb, 0xbf]);
});
