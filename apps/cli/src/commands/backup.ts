import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { words } from '../args.ts';
import { ask } from '../server.ts';

interface Written { readonly bytes: number; readonly tables: number; readonly rows: number; readonly events: number }

/** Asks the running server, or opens the stores itself when none runs. */
export async function backup(args: readonly string[]): Promise<number> {
  const { words: [name], data } = words(args, { min: 1, max: 1 });
  const file = resolve(name!);
  if (existsSync(file)) throw new Error(`${file} exists already.\n→ Choose another name; a backup never overwrites one.`);
  const passphrase = process.env.BANYA_BACKUP_PASSPHRASE || null;
  if (passphrase !== null && passphrase.length < 12) throw new Error('The passphrase in BANYA_BACKUP_PASSPHRASE is shorter than 12 characters.\n→ Use a longer one; four words do well.');
  const written = (await ask<Written>(data, '/backup', { file, passphrase })) ?? (await (await import('../../../server/src/operate/offline.ts')).backupOffline(data, file, passphrase));
  process.stdout.write(`${file}: ${(written.bytes / 1024 / 1024).toFixed(1)} MB, ${written.rows} rows in ${written.tables} tables, ${written.events} log records.\n`);
  process.stdout.write(passphrase ? 'Encrypted; it holds the master key. Keep the passphrase elsewhere.\n' : `Not encrypted, and without the master key: keep ${data}/master.key in another safe place, or set BANYA_BACKUP_PASSPHRASE.\n`);
  return 0;
}
