import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { words } from '../args.ts';
import { ask } from '../server.ts';

const house = dirname(fileURLToPath(new URL('../../../../package.json', import.meta.url)));

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: house, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args[0]} did not succeed: ${stderr.trim()}`);
  return stdout.trim();
}

/**
 * Moves this checkout to the newest commit of its branch. Before: a backup; after: the parts are installed. The version
 * before is remembered, and --rollback goes back to it. Migrations only go forward, so a rollback after the new version has
 * run restores the backup too, and says how.
 */
export async function update(args: readonly string[]): Promise<number> {
  const { data, flags } = words(args, { min: 0, max: 0, flags: ['check', 'rollback'] });
  if (!existsSync(join(house, '.git'))) throw new Error('This Banya was not installed with git.\n→ Use the container image of the new version, or download it and start it on the same data folder.');
  const marker = join(data, 'update.json');
  if (flags.has('rollback')) return rollback(marker, data);
  const [here, branch] = [git('rev-parse', 'HEAD'), git('rev-parse', '--abbrev-ref', 'HEAD')];
  if (git('status', '--porcelain', '--untracked-files=no') !== '') throw new Error('Files of this installation were changed by hand.\n→ Undo the changes (git stash), then update again.');
  git('fetch', '--quiet', 'origin', branch);
  const there = git('rev-parse', `origin/${branch}`);
  if (here === there) {
    process.stdout.write('This is the newest version.\n');
    return 0;
  }
  const changes = git('log', '--oneline', `${here}..${there}`);
  process.stdout.write(`New since this version:\n${changes.split('\n').slice(0, 20).map((l) => `  ${l}`).join('\n')}\n`);
  if (flags.has('check')) return 0;
  mkdirSync(join(data, 'backups'), { recursive: true, mode: 0o700 });
  const file = join(data, 'backups', `before-update-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}.backup`);
  const passphrase = process.env.BANYA_BACKUP_PASSPHRASE || null;
  if (existsSync(join(data, 'state'))) {
    if (!(await ask(data, '/backup', { file, passphrase }))) await (await import('../../../server/src/operate/offline.ts')).backupOffline(data, file, passphrase);
    process.stdout.write(`Backed up to ${file}\n`);
  }
  git('merge', '--ff-only', '--quiet', there);
  writeFileSync(marker, JSON.stringify({ from: here, to: there, backup: file, at: new Date().toISOString() }));
  if (!install()) {
    git('reset', '--hard', '--quiet', here);
    install();
    throw new Error('The new version could not be installed. This Banya is as it was before.');
  }
  process.stdout.write('Updated. Start Banya again to use it (systemctl restart banya).\nTo go back: banya update --rollback\n');
  return 0;
}

function install(): boolean {
  return spawnSync('node', [join(house, 'tools', 'run.mjs')], { cwd: house, stdio: 'inherit' }).status === 0;
}

function rollback(marker: string, data: string): number {
  if (!existsSync(marker)) throw new Error('There was no update to go back from.');
  const { from, backup } = JSON.parse(readFileSync(marker, 'utf8')) as { from: string; backup: string };
  if (existsSync(join(data, 'control.sock')) && existsSync(join(data, 'state', 'lock'))) throw new Error('Banya is running.\n→ Stop it first (systemctl stop banya).');
  git('reset', '--hard', '--quiet', from);
  if (!install()) throw new Error('The version before could not be installed. Check the network and try again.');
  process.stdout.write(`This is the version before the update again.\nIf the new version has run in the meantime, its data is newer than this version: restore the backup into a new folder:\n  banya restore ${backup} --data ${data}-restored\n`);
  return 0;
}
