import { Usage, words } from '../args.ts';
import { ask, notRunning } from '../server.ts';

interface Result {
  readonly org: string;
  readonly ok: boolean;
  readonly count?: number;
  readonly head?: { readonly hash: string };
  readonly atSeq?: number;
  readonly reason?: string;
}

/** Exit code 0 when every ledger is whole, 1 when one is not. */
export async function ledger(args: readonly string[]): Promise<number> {
  const { words: [verb], data } = words(args, { min: 1, max: 1 });
  if (verb !== 'verify') throw new Usage('ledger knows one word: verify.');
  const results = await ask<Result[]>(data, '/ledger/verify');
  if (!results) throw notRunning(data);
  for (const r of results) process.stdout.write(r.ok ? `${r.org}  ok  ${r.count} entries  head ${r.head?.hash.slice(0, 16)}\n` : `${r.org}  BROKEN at entry ${r.atSeq}: ${r.reason}\n`);
  const broken = results.filter((r) => !r.ok).length;
  process.stdout.write(broken === 0 ? `${results.length} ledgers are whole.\n` : `${broken} of ${results.length} ledgers were changed.\n`);
  return broken === 0 ? 0 : 1;
}
