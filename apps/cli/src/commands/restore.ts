import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { words } from '../args.ts';

export async function restore(args: readonly string[]): Promise<number> {
  const { words: [name], data } = words(args, { min: 1, max: 1 });
  const file = resolve(name!);
  if (!existsSync(file)) throw new Error(`${file} does not exist.`);
  const { restoreOffline } = await import('../../../server/src/operate/offline.ts');
  const report = await restoreOffline(data, file, process.env.BANYA_BACKUP_PASSPHRASE || null);
  process.stdout.write(`Restored the backup of ${report.manifest.at} (version ${report.manifest.version}) and proved it equal:\n`);
  process.stdout.write(`  ${report.rows} rows in ${report.tables} tables, ${report.events} log records, ${report.ledgers} ledgers verified.\n`);
  if (!report.keyRestored && !existsSync(`${data}/master.key`) && !process.env.BANYA_MASTER_KEY) process.stdout.write(`  The backup holds no master key. Copy the old master.key to ${data}/master.key before the first start: without it passwords and second factors cannot be read.\n`);
  if (report.gone) process.stdout.write('  The spool of this folder begins later than the backup: lines received between the two are lost. Later ones are read at the next start.\n');
  process.stdout.write(report.replay ? `  Lines received after the backup are in the spool and are read at the next start.\n` : '');
  return 0;
}
