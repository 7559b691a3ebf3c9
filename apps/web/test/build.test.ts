import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ensureBuilt } from '../build.ts';

describe('the built application', () => {
  let dist: string;
  let files: { name: string; text: string }[];
  before(async () => {
    dist = await ensureBuilt({ log: () => {} });
    files = readdirSync(join(dist, 'assets')).filter((name) => /\.(js|css)$/.test(name)).map((name) => ({ name, text: readFileSync(join(dist, 'assets', name), 'utf8') }));
  });

  it('is built once: a second start only looks', async () => {
    const said: string[] = [];
    assert.equal(await ensureBuilt({ log: (line) => said.push(line) }), dist);
    assert.deepEqual(said, []);
  });
  it('has no inline script or style, so that the content policy needs no exception', () => {
    const page = readFileSync(join(dist, 'index.html'), 'utf8');
    assert.doesNotMatch(page, /<style|style=|<script(?![^>]*\bsrc=)|\son\w+=|data:/);
    for (const { name, text } of files.filter((f) => f.name.endsWith('.css'))) assert.doesNotMatch(text, /url\(["']?(data|https?):/, name);
  });
  it('fetches nothing from elsewhere: fonts are its own, in slices', () => {
    const fonts = readdirSync(join(dist, 'assets')).filter((name) => /\.(woff2?|ttf|otf)$/.test(name));
    assert.ok(fonts.length > 100 && fonts.every((name) => name.endsWith('.woff2')), `${fonts.length} fonts`);
  });
  it('holds no gallery and none of its invented names', () => {
    for (const { name, text } of files) assert.doesNotMatch(text, /南浜信用|青葉会計事務所/, name);
  });
  it('loads the chart library and English only where they are used', () => {
    const page = readFileSync(join(dist, 'index.html'), 'utf8');
    const first = files.filter((f) => page.includes(f.name));
    for (const { name, text } of first) assert.doesNotMatch(text, /zrender|Nothing to do this week/, name);
  });
});
