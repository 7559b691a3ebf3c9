import { parseArgs } from 'node:util';
import { resolve } from 'node:path';

/** The command was written wrongly; the usage line follows. */
export class Usage extends Error {}

/** Words and options of a command; every command has --data. */
export function words(args: readonly string[], wanted: { min: number; max: number; flags?: readonly string[] }): { words: string[]; data: string; flags: ReadonlySet<string> } {
  const flags = wanted.flags ?? [];
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { data: { type: 'string' }, ...Object.fromEntries(flags.map((f) => [f, { type: 'boolean' as const }])) } });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
  if (parsed.positionals.length < wanted.min || parsed.positionals.length > wanted.max) throw new Usage('This is written differently:');
  const values = parsed.values as Record<string, string | boolean | undefined>;
  return { words: parsed.positionals, data: resolve(typeof values.data === 'string' ? values.data : (process.env.BANYA_DATA ?? './data')), flags: new Set(flags.filter((f) => values[f] === true)) };
}

/** Whether whoever typed the command reads Japanese, by the locale of the shell. */
export const speaksJapanese = (): boolean => /^ja/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
