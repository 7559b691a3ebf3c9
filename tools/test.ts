/**
 * `npm test`: type checks, then every *.test.ts of the house. Arguments narrow it down to paths that contain them.
 * Tests that lack something on this machine skip with a reason; BANYA_TEST_REQUIRE=all turns skips into failures, but for the
 * development corpora, which no package brings.
 */
import { spawn } from 'node:child_process';
import { globSync, mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
process.env.PATH = `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`;
const requireAll = process.env.BANYA_TEST_REQUIRE === 'all';
const wanted = process.argv.slice(2);

let passed = 0;
let failed = 0;
const skipped: { name: string; file: string; reason: string }[] = [];
const failures: string[] = [];
/** The last words of each test file. */
const said = new Map<string, string>();
/** Test files that were done and did not end by themselves, with what was left. */
const heldUp = new Map<string, string>();
/** When each file began, and the seconds it took. */
const begun = new Map<string, number>();
const took = new Map<string, number>();

function command(name: string, args: string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(name, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('exit', (code) => {
      if (code === 0) passed++;
      else {
        failed++;
        failures.push(`${name} ${args.join(' ')}`);
      }
      resolve();
    });
  });
}

async function tests(files: string[], concurrency: number): Promise<void> {
  if (files.length === 0) return;
  const stream = run({ files, concurrency, timeout: 10 * 60_000, execArgv: ['--disable-warning=ExperimentalWarning', '--import', join(root, 'tools/test-file.ts')], ...(process.env.CI ? { forceExit: false } : {}) });
  for await (const event of stream) {
    if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      if (process.env.BANYA_TEST_VERBOSE) process.stderr.write(event.data.message);
      const name = resolve(event.data.file ?? '');
      const left = /keeps the process alive: (.*)/.exec(event.data.message)?.[1];
      if (left !== undefined) heldUp.set(relative(root, name), left);
      said.set(name, ((said.get(name) ?? '') + event.data.message).slice(-3000));
      continue;
    }
    if ((event.type === 'test:dequeue' || event.type === 'test:complete') && event.data.name.endsWith('.test.ts')) {
      if (event.type === 'test:dequeue') begun.set(event.data.name, Date.now());
      else took.set(event.data.name, Math.round((Date.now() - begun.get(event.data.name)!) / 1000));
    }
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { data } = event;
    if (data.details.type === 'suite') continue;
    const file = relative(root, data.file ?? '');
    if (data.skip !== undefined && data.skip !== false) {
      skipped.push({ name: data.name, file, reason: typeof data.skip === 'string' ? data.skip : '' });
      continue;
    }
    if (event.type === 'test:pass') {
      passed++;
      continue;
    }
    failed++;
    const error = (data.details as { error?: Error & { exitCode?: number; signal?: string } }).error;
    const end = error?.signal ? `\nended by ${error.signal}` : error?.exitCode ? `\nended with code ${error.exitCode}` : '';
    const cause = (error?.cause ?? error) as Error | undefined;
    const deeper = cause?.cause as (Error & { code?: string }) | undefined;
    const text = `${cause?.stack ?? cause}${deeper === undefined ? '' : `\ncaused by ${deeper.code ?? ''} ${deeper.stack ?? deeper}`}`;
    failures.push(`${file}: ${data.name}`);
    // A file that failed as a whole, without a failed test, says why on its own output.
    const own = data.name.endsWith('.test.ts') ? `\n${said.get(resolve(data.file ?? '')) ?? ''}` : '';
    process.stderr.write(`\nFAILED ${file}: ${data.name}\n${text.slice(0, 4000)}${end}${own}\n`);
  }
}

const all = globSync('{apps,packages,engines,library,e2e,tools,bench}/**/*.test.ts', { exclude: (path) => path.includes('node_modules') || path.includes('dist') })
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
// Real browsers run at the end, two at a time: much of their time is waiting, and servers under test beside them would make them wait longer.
const browsers = all.filter((file) => file.startsWith('e2e/') || file.includes('/web/'));
// The longest walks begin with e2e and stand first, so that none is left alone at the end.
browsers.reverse();
const others = all.filter((file) => !browsers.includes(file));
mkdirSync('artifacts', { recursive: true });

const started = Date.now();
if (wanted.length === 0) {
  await Promise.all([command('tsc', ['-p', '.']), command('tsc', ['-p', 'apps/web']).then(() => command('tsc', ['-p', 'apps/addins'])).then(() => command('tsc', ['-p', 'e2e']))]);
}
await tests(others, 2);
await tests(browsers, 2);

if (skipped.length > 0) {
  process.stdout.write(`\nSkipped here (${skipped.length}):\n`);
  for (const reason of new Set(skipped.map((s) => s.reason))) {
    const names = skipped.filter((s) => s.reason === reason);
    process.stdout.write(`  ${reason || 'no reason given'}\n${names.map((s) => `    - ${s.file}: ${s.name}\n`).join('')}`);
  }
}
const required = requireAll ? skipped.filter(({ reason }) => !reason.includes('development corpus')) : [];
failed += required.length;
if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((f) => `  - ${f}\n`).join('')}`);
if (heldUp.size > 0) process.stdout.write(`\nDone, but did not end by themselves:\n${[...heldUp].map(([file, left]) => `  - ${file}: ${left}\n`).join('')}`);
if (wanted.length === 0) {
  const slowest = [...took].sort((a, b) => b[1] - a[1]).slice(0, 25);
  process.stdout.write(`\nLongest:\n${slowest.map(([file, seconds]) => `  ${String(seconds).padStart(4)} s  ${file}\n`).join('')}`);
}
process.stdout.write(`\n${all.length} files in ${Math.round((Date.now() - started) / 1000)} s${required.length > 0 ? '; skips count as failures (BANYA_TEST_REQUIRE=all)' : ''}\n`);
process.stdout.write(`${passed} passed, ${failed} failed${skipped.length === required.length ? '' : `, ${skipped.length - required.length} skipped`}\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
