import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readyFolder } from './house.ts';

/** A checkout as somebody installed it, and the repository it came from with one version more. */
const root = join(import.meta.dirname, '../../..');
const work = mkdtempSync(join(tmpdir(), 'banya-update-'));
const [origin, installed] = [join(work, 'origin'), join(work, 'installed')];
let skip: string | null = null;
let folder: string;
let data: string;

const git = (at: string, ...args: string[]): string => execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false', ...args], { cwd: at, encoding: 'utf8' }).trim();
function banya(...args: string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(installed, 'apps/cli/src/main.ts'), ...args], { cwd: installed, encoding: 'utf8', env: { ...process.env, BANYA_DATABASE_URL: '', BANYA_EVENTS_URL: '' } });
  return { code: status, text: stdout + stderr };
}

before(async () => {
  const marker = join(root, 'node_modules/.banya-installed');
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (!existsSync(join(root, '.git'))) skip = 'this is no checkout of git';
  else if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lock) skip = 'the parts of this checkout were not installed by ./banya';
  if (skip) return;
  // What is tested is what stands in the folder now, not what was committed last.
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', origin]);
  for (const file of execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'apps/cli', 'apps/server', 'packages', 'engines', 'library', 'tools', 'package.json', 'package-lock.json', '.gitignore'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)) {
    if (existsSync(join(root, file))) execFileSync('cp', ['--parents', file, origin], { cwd: root });
  }
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '-m', 'the version before');
  git(work, 'clone', '--quiet', origin, installed);
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  writeFileSync(join(installed, '.git/info/exclude'), 'node_modules\n');
  writeFileSync(join(origin, 'NEWS'), 'new\n');
  git(origin, 'add', 'NEWS');
  git(origin, 'commit', '--quiet', '-m', 'news for everybody');
  folder = await readyFolder();
  data = join(folder, 'data');
});
after(() => {
  rmSync(work, { recursive: true, force: true });
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test('an update without data to back up is refused: the folder was not named', (t) => {
  if (skip) return t.skip(skip);
  const { code, text } = banya('update', '--data', join(work, 'elsewhere'));
  assert.equal(code, 1);
  assert.match(text, /no data in .*elsewhere[^]*--data/);
  assert.ok(!existsSync(join(work, 'elsewhere')) && !existsSync(join(installed, 'NEWS')), 'nothing was done');
});

test('an update backs up first and says how to go back; going back brings the version of before and says what to do with newer data', async (t) => {
  if (skip) return t.skip(skip);
  const updated = banya('update', '--data', data);
  assert.equal(updated.code, 0, updated.text);
  assert.match(updated.text, new RegExp(`news for everybody[^]*update --rollback --data ${data}`));
  assert.ok(existsSync(join(installed, 'NEWS')));
  const [backup] = globSync(join(data, 'backups/before-update-*.backup'));
  assert.ok(backup);

  // A server that runs, and a file that somebody changed, are in the way; the socket of a killed server is not.
  const running = createServer().listen(join(data, 'control.sock'));
  await new Promise((resolve) => running.once('listening', resolve));
  // The command runs while this process waits: the kernel takes the connection by itself.
  assert.match(banya('update', '--rollback', '--data', data).text, /running[^]*Stop it first/);
  await new Promise((resolve) => running.close(resolve));
  writeFileSync(join(installed, 'NEWS'), 'changed by hand\n');
  assert.match(banya('update', '--rollback', '--data', data).text, /changed by hand/);
  assert.equal(readFileSync(join(installed, 'NEWS'), 'utf8'), 'changed by hand\n', 'not lost');
  git(installed, 'checkout', '--quiet', 'NEWS');

  const back = banya('update', '--rollback', '--data', data);
  assert.equal(back.code, 0, back.text);
  assert.ok(!existsSync(join(installed, 'NEWS')));
  for (const step of [`banya start --data ${data}\n`, `cp -a ${data}/spool`, `banya restore ${backup} --data ${data}-before-update`]) assert.ok(back.text.includes(step), `${step}\n${back.text}`);
  assert.match(banya('update', '--rollback', '--data', join(work, 'elsewhere')).text, /no update of .*elsewhere[^]*--data/);
});
