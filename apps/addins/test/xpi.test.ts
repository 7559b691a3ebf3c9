import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { thunderbirdXpi } from '../src/index.ts';

const xpi = thunderbirdXpi();
const files = Object.fromEntries(Object.entries(unzipSync(xpi)).map(([name, bytes]) => [name, strFromU8(bytes)]));
const manifest = JSON.parse(files['manifest.json']!) as Record<string, any>;
const messages = (lang: string) => JSON.parse(files[`_locales/${lang}/messages.json`]!) as Record<string, { message: string }>;

test('the .xpi is a zip that other programs open, and the same bytes each time', { skip: spawnSync('unzip', ['-v']).error ? 'unzip is not installed' : false }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-xpi-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'a.xpi'), xpi);
  assert.equal(spawnSync('unzip', ['-tq', join(folder, 'a.xpi')]).status, 0);
  assert.equal(Buffer.from(thunderbirdXpi()).equals(Buffer.from(xpi)), true);
});

test('every file that is named is there, and none that nobody names', () => {
  const named = new Set<string>(['manifest.json', `_locales/${manifest.default_locale}/messages.json`, '_locales/en/messages.json']);
  const add = (from: string, name: string): void => {
    const path = new URL(name, `file:///${from}`).pathname.slice(1);
    if (named.has(path)) return;
    named.add(path);
    const text = files[path];
    assert.ok(text !== undefined, `${from} names ${name}`);
    if (path.endsWith('.html')) for (const [, other] of text.matchAll(/(?:src|href)="([^"]+)"/g)) add(path, other!);
    if (path.endsWith('.js')) for (const [, other] of text.matchAll(/^(?:import|export)\b[^'"\n]* from '([^']+)';$/gm)) add(path, other!);
  };
  for (const name of [...Object.values(manifest.icons as Record<string, string>), ...manifest.background.scripts, manifest.action.default_icon, manifest.message_display_action.default_icon, manifest.options_ui.page, 'report.html']) add('manifest.json', name);
  assert.deepEqual([...named].sort(), Object.keys(files).sort());
});

test('nothing in it runs code from elsewhere, from text or from within a page', () => {
  for (const [name, text] of Object.entries(files)) {
    if (name.endsWith('.html')) {
      assert.doesNotMatch(text, /<script(?![^>]*\bsrc=")|<script[^>]*>\s*[^<\s]|\son\w+=|<style|style=|javascript:/i, name);
      assert.doesNotMatch(text, /(?:src|href)="(?:[a-z]+:)?\/\//i, name);
    }
    if (name.endsWith('.js')) assert.doesNotMatch(text, /\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|import\(|importScripts|https?:\/\/(?!banya\.example\.jp\/o\/…')/, name);
  }
  const policy = manifest.content_security_policy.extension_pages as string;
  assert.match(policy, /^default-src 'none'; script-src 'self';/);
  // That word would turn a trial Banya at http://localhost into one that cannot be reached.
  assert.doesNotMatch(policy, /unsafe|upgrade-insecure/);
});

test('it asks for no more than reading the chosen mail, knowing whose account it lies in, and keeping its setting; a place to speak to is granted by the reader', () => {
  assert.deepEqual([manifest.manifest_version, manifest.permissions, manifest.host_permissions, manifest.content_scripts], [3, ['accountsRead', 'messagesRead', 'storage'], undefined, undefined]);
  assert.ok((manifest.optional_host_permissions as string[]).every((p) => p.startsWith('https://') || /^http:\/\/(localhost|127\.0\.0\.1)\/\*$/.test(p)));
});

test('every text is there in both languages, with the same places, and each is used', () => {
  const [ja, en] = [messages('ja'), messages('en')];
  assert.deepEqual(Object.keys(ja), Object.keys(en));
  for (const name of Object.keys(ja)) {
    assert.deepEqual(ja[name]!.message.match(/\$\d/g), en[name]!.message.match(/\$\d/g), name);
    assert.match(name, /^\w+$/);
  }
  const code = Object.entries(files).filter(([name]) => /\.js$|^manifest/.test(name)).map(([, text]) => text).join('\n');
  for (const [, name] of code.matchAll(/\bsay\('(\w+)'|__MSG_(\w+)__/g)) if (name) assert.ok(ja[name], name);
  // Those whose names are put together, and those of Outlook's pane.
  const others = /^(did_|first_|stand_|wrong_|no_office$|old_outlook$|setup_elsewhere$)/;
  for (const name of Object.keys(ja)) assert.ok(others.test(name) || new RegExp(`['(]${name}'|__MSG_${name}__`).test(code), `nobody says ${name}`);
});
