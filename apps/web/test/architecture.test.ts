import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));
const imports = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((found) => {
    const to = found[1] ?? '';
    return { from: relative(src, file), to: to.startsWith('.') ? relative(src, join(dirname(file), to)) : to };
  }),
);
const breaches = (test: (i: { from: string; to: string }) => boolean, allowed: readonly string[] = []) =>
  imports.filter(test).map((i) => `${i.from} → ${i.to}`).filter((line) => !allowed.includes(line));
const floor = (path: string) => path.split('/')[0] ?? '';
const feature = (path: string) => (path.startsWith('features/') ? path.split('/')[1] : undefined);

describe('floors of the web application', () => {
  it('only ui/ knows the kit, so that the kit can be changed in one place', () => {
    assert.deepEqual(breaches((i) => i.to.startsWith('@mantine/') && floor(i.from) !== 'ui'), []);
  });
  it('only the lazily loaded chart knows the chart library, so that other pages stay light', () => {
    assert.deepEqual(breaches((i) => i.to.startsWith('echarts') && i.from !== 'ui/trendChart.ts'), []);
    assert.deepEqual(breaches((i) => i.to === 'ui/trendChart.ts' && i.from !== 'ui/TrendLine.tsx'), []);
  });
  it('texts, api and ui stand below the shell, and nothing below imports a feature', () => {
    assert.deepEqual(breaches((i) => ['texts', 'api', 'ui'].includes(floor(i.from)) && ['shell', 'features'].includes(floor(i.to))), []);
    assert.deepEqual(breaches((i) => floor(i.from) === 'shell' && floor(i.to) === 'features'), []);
  });
  it('features take building blocks from ui/index.ts and do not import one another', () => {
    assert.deepEqual(breaches((i) => feature(i.from) !== undefined && floor(i.to) === 'ui' && i.to !== 'ui/index.ts'), []);
    assert.deepEqual(breaches((i) => feature(i.from) !== undefined && feature(i.to) !== undefined && feature(i.from) !== feature(i.to), [
      // The first set-up ends in the middle of the first sign-in and goes on as sign-in does.
      'features/setup/SetupPage.tsx → features/signin/flow.ts',
    ]), []);
  });
  it('no component writes words of its own: Japanese stands in texts/ only', () => {
    const spoken = files
      .filter((file) => !/\/texts\/|features\/gallery\//.test(file))
      .flatMap((file) => readFileSync(file, 'utf8').split('\n')
        .map((line, i) => ({ line: line.replace(/\/\/.*$|^\s*\*.*$|\/\*.*$/g, ''), at: `${relative(src, file)}:${i + 1}` }))
        .filter(({ line }) => /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(line))
        .map(({ at }) => at.replace(/:\d+$/, '')));
    // The names of the languages are written in themselves, whatever language is on screen; fonts have Japanese names.
    assert.deepEqual([...new Set(spoken)], ['shell/Frame.tsx']);
  });
});
