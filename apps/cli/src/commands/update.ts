import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { words } from '../args.ts';
import { ask, runs } from '../server.ts';

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
  if (flags.has('rollback')) return await rollback(marker, data);
  const [here, branch] = [git('rev-parse', 'HEAD'), git('rev-parse', '--abbrev-ref', 'HEAD')];
  refuseChanged();
  git('fetch', '--quiet', 'origin', branch);
  const there = git('rev-parse', `origin/${branch}`);
  if (here === there) {
    process.stdout.write('This is the newest version.\n');
    return 0;
  }
  const changes = git('log', '--oneline', `${here}..${there}`);
  process.stdout.write(`New since this version:\n${changes.split('\n').slice(0, 20).map((l) => `  ${l}`).join('\n')}\n`);
  if (flags.has('check')) return 0;
  if (!existsSync(join(data, 'state')) && !process.env.BANYA_DATABASE_URL) throw new Error(`There is no data in ${data} to back up before the update.\n→ Name the data folder with --data (for servers set BANYA_DATABASE_URL and BANYA_EVENTS_URL).`);
  mkdirSync(join(data, 'backups'), { recursive: true, mode: 0o700 });
  const file = join(data, 'backups', `before-update-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}.backup`);
  const passphrase = process.env.BANYA_BACKUP_PASSPHRASE || null;
  if (!(await ask(data, '/backup', { file, passphrase }))) await (await import('../../../server/src/operate/offline.ts')).backupOffline(data, file, passphrase);
  process.stdout.write(`Backed up to ${file}\n`);
  git('merge', '--ff-only', '--quiet', there);
  writeFileSync(marker, JSON.stringify({ from: here, to: there, backup: file, at: new Date().toISOString() }));
  if (!install()) {
    git('reset', '--hard', '--quiet', here);
    install();
    throw new Error('The new version could not be installed. This Banya is as it was before.');
  }
  process.stdout.write(`Updated. Start Banya again to use it (systemctl restart banya).\nTo go back: banya update --rollback --data ${data}\n`);
  return 0;
}

function refuseChanged(): void {
  if (git('status', '--porcelain', '--untracked-files=no') !== '') throw new Error('Files of this installation were changed by hand, and would be lost.\n→ Put them aside (git stash), then try again.');
}

function install(): boolean {
  return spawnSync('node', [join(house, 'tools', 'run.mjs')], { cwd: house, stdio: 'inherit' }).status === 0;
}

async function rollback(marker: string, data: string): Promise<number> {
  if (!existsSync(marker)) throw new Error(`There was no update of ${data} to go back from.\n→ Name the data folder that was updated with --data.`);
  const { from, backup, at } = JSON.parse(readFileSync(marker, 'utf8')) as { from: string; backup: string; at: string };
  if (await runs(data)) throw new Error('Banya is running.\n→ Stop it first (systemctl stop banya), then go back.');
  refuseChanged();
  git('reset', '--hard', '--quiet', from);
  if (!install()) throw new Error('The earlier version is back, but its parts could not be installed.\n→ Check the network, then run: banya update --rollback');
  const fresh = `${data}-before-update`;
  process.stdout.write(`The version from before the update of ${at.slice(0, 10)} is back (${from.slice(0, 8)}).

Start it: banya start --data ${data}
If it says that the data was written by a newer version, restore the backup made before the update into a new folder. Lines received since then are read again; what people did since then is not in it:
  mkdir ${fresh} && cp -a ${data}/spool ${data}/master.key ${fresh}/
  banya restore ${backup} --data ${fresh}
  banya start --data ${fresh}
`);
  return 0;
}
