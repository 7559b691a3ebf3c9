import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../ids.ts';
import { replaceFile } from './files.ts';

/** The name of the intake that reads the spool of this data folder: made once, lost with the spool. */
export async function intakeId(data: string): Promise<string> {
  const file = join(data, 'spool', 'intake-id');
  if (!existsSync(file)) await replaceFile(file, newId());
  return readFileSync(file, 'utf8').trim();
}
