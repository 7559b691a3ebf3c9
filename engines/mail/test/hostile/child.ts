/** Runs in a watched child: one hostile mail from bytes to verdict, as the desk would have it judged. */
import { loadMailKnowledge } from '../../../../library/src/index.ts';
import { judgeBytes, type Knowledge } from '../../src/index.ts';

const own = { ownDomains: ['example.jp'], ownName: '例示水産株式会社', officers: [{ name: '例 太郎', addresses: ['taro@example.jp'] }], partners: [{ domain: 'example.co.jp', name: '株式会社例示商会' }], authservIds: ['mx.example.jp'], dns: {}, now: '2026-11-01T00:00:00Z' };

export interface Said {
  readonly verdicts: readonly string[];
  /** Reasons of the first mail. */
  readonly reasons: number;
  readonly troubles: readonly string[];
  readonly ms: number;
  readonly networks: number;
}

export const warm = (): void => void loadMailKnowledge();

export default async function work(bytes: Uint8Array): Promise<Said> {
  const start = performance.now();
  const knowledge: Knowledge = { ...own, ...loadMailKnowledge() };
  const { judged } = await judgeBytes(bytes, knowledge, { sent: 'file' });
  // Sockets that this process holds beside its pipe to the parent: none may be.
  const networks = process.getActiveResourcesInfo().filter((name) => /TCP|UDP|GetAddrInfo|DNS/i.test(name)).length;
  return { verdicts: judged.map(({ analysis }) => analysis.verdict), reasons: judged[0]?.analysis.reasons.length ?? 0, troubles: [...new Set(judged.flatMap(({ analysis }) => analysis.troubles.map(({ code }) => code)))], ms: performance.now() - start, networks };
}
