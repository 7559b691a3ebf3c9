// Runs one of the house's programs on the Node that npm brings, after setting up what is missing.
// Plain JavaScript without dependencies, for any Node from 20 up: it is the first thing a newcomer starts.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(root, 'node_modules', '.banya-installed');
const node = join(root, 'node_modules', '.bin', 'node');

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

function installIfNeeded() {
  const wanted = lockHash();
  if (existsSync(node) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  if (process.platform === 'win32') fail('Banya runs on Linux; on Windows use WSL2 (docs/en/operate.md).');
  process.stderr.write('Banya: installing its parts (about 1.3 GB on disk, once)…\n');
  const started = Date.now();
  const ticker = setInterval(() => process.stderr.write(`  … ${Math.round((Date.now() - started) / 1000)} s\n`), 10_000);
  return new Promise((resolve) => {
    const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    npm.on('error', () => fail('npm was not found. Install Node.js 20 or newer with npm, then start again.'));
    npm.on('exit', (code) => {
      clearInterval(ticker);
      if (code !== 0) fail('Installing did not succeed (see above). Check the network connection and free disk space, then start again.');
      if (!existsSync(node)) fail('npm installed no Node 24 for this machine. Supported: Linux on x64 or arm64.');
      writeFileSync(marker, wanted);
      process.stderr.write(`Banya: installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
      resolve();
    });
  });
}

const [program, ...args] = process.argv.slice(2);
await installIfNeeded();
if (!program) process.exit(0);
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, program), ...args], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
