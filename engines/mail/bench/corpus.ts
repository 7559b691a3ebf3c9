/**
 * How well mails are judged: `node engines/mail/bench/corpus.ts [--errors] [--signals] [--own]`. Reads the development corpora beside
 * the repository (shared/corpus/mail; measured only, nothing of them is kept) and our own Japanese mails. Prints recall of
 * dangerous and suspicious, false positives, abstentions with 95 % Wilson intervals, and time a mail.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMailKnowledge } from '../../../library/src/mail-knowledge.ts';
import { analyse, open, type Analysis, type Knowledge } from '../src/index.ts';
import { buildMail, knowledgeOf, loadMails } from '../test/mails/build.ts';

export interface Case {
  readonly set: string;
  readonly name: string;
  readonly bad: boolean;
  readonly bytes: Uint8Array;
  readonly knowledge: Knowledge;
}

const library = loadMailKnowledge();
export const { lures } = library;
const { hosts, words } = library;
const general: Knowledge = { ownDomains: ['example.jp'], officers: [], partners: [], authservIds: [], ...library, now: '2025-11-04T00:00:00Z' };

/** The corpora beside the repository, null where there are none. */
export function corpusFolder(): string | null {
  for (let folder = import.meta.dirname; folder !== '/'; folder = join(folder, '..')) {
    const found = join(folder, '..', 'shared', 'corpus', 'mail');
    if (existsSync(found)) return found;
  }
  return null;
}

export function corpusCases(): Case[] {
  const folder = corpusFolder();
  if (folder === null) return [];
  const into = mkdtempSync(join(tmpdir(), 'banya-mails-'));
  return ['phish-dev', 'ham-dev'].flatMap((set) => {
    execFileSync('tar', ['xzf', join(folder, `${set}.tar.gz`), '-C', into]);
    return readdirSync(join(into, set)).sort().map((name): Case => ({ set, name, bad: set === 'phish-dev', bytes: readFileSync(join(into, set, name)), knowledge: general }));
  });
}

/** The library beside what the invented world of our mails knows of its own hosts. */
function together(knowledge: Knowledge): Knowledge {
  const merged = Object.fromEntries(Object.entries(hosts).map(([kind, list]) => [kind, [...list, ...(knowledge.hosts?.[kind as keyof typeof hosts] ?? [])]])) as unknown as typeof hosts;
  return { ...knowledge, hosts: merged, words };
}

export async function ownCases(half: 'tune' | 'blind'): Promise<Case[]> {
  return Promise.all(loadMails().filter((mail) => mail.half === half).map(async (mail): Promise<Case> => ({ set: `own-${half}`, name: mail.id, bad: mail.truth === 'bad', bytes: await buildMail(mail), knowledge: together(knowledgeOf(mail, lures)) })));
}

export interface Result extends Case {
  readonly analysis: Analysis;
  readonly ms: number;
}

export async function judgeAll(cases: readonly Case[]): Promise<Result[]> {
  const out: Result[] = [];
  for (const one of cases) {
    const start = performance.now();
    const { suspects } = await open(one.bytes, { forwards: false });
    const analysis = await analyse(suspects[0]!.mail, suspects[0]!.passage, one.knowledge);
    out.push({ ...one, analysis, ms: performance.now() - start });
  }
  return out;
}

export const flagged = ({ analysis }: Result): boolean => analysis.verdict === 'dangerous' || analysis.verdict === 'suspicious';

/** 95 % Wilson interval of k among n, in percent. */
export function wilson(k: number, n: number): string {
  if (n === 0) return '—';
  const z = 1.96, p = k / n, d = 1 + (z * z) / n, m = p + (z * z) / (2 * n), w = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return `${((100 * k) / n).toFixed(1)} % [${((100 * (m - w)) / d).toFixed(1)}–${((100 * (m + w)) / d).toFixed(1)}]`;
}

function report(title: string, results: readonly Result[]): object {
  const bad = results.filter((one) => one.bad);
  const good = results.filter((one) => !one.bad);
  const abstained = results.filter(({ analysis }) => analysis.verdict === 'insufficient').length;
  const ms = results.map((one) => one.ms).sort((a, b) => a - b);
  const at = (q: number): number => Math.round(10 * (ms[Math.floor(ms.length * q)] ?? 0)) / 10;
  process.stdout.write(`${title}: recall ${wilson(bad.filter(flagged).length, bad.length)} of ${bad.length}; false positives ${wilson(good.filter(flagged).length, good.length)} of ${good.length}; good ones called dangerous ${good.filter(({ analysis }) => analysis.verdict === 'dangerous').length}; abstained ${wilson(abstained, results.length)}; p50 ${at(0.5)} ms, p95 ${at(0.95)} ms\n`);
  return { set: title, bad: bad.length, found: bad.filter(flagged).length, good: good.length, falsePositives: good.filter(flagged).length, abstained, p50Ms: at(0.5), p95Ms: at(0.95) };
}

if (import.meta.main) {
  const wants = (flag: string): boolean => process.argv.includes(flag);
  const sets: [string, Case[]][] = [];
  if (!wants('--own')) sets.push(['foreign mails (development corpora)', corpusCases()]);
  sets.push(['our Japanese mails, tuned half', await ownCases('tune')]);
  if (wants('--blind')) sets.push(['our Japanese mails, blind half', await ownCases('blind')]);
  const all: object[] = [];
  for (const [title, cases] of sets) {
    if (cases.length === 0) continue;
    const results = await judgeAll(cases);
    all.push(report(title, results));
    if (wants('--errors')) {
      for (const one of results.filter((r) => r.bad !== flagged(r))) {
        const { facts, signals } = one.analysis;
        process.stdout.write(`  ${one.bad ? 'MISSED' : 'FALSE '} ${one.name} ${one.analysis.verdict} ${one.analysis.score} | ${facts.from?.name} <${facts.from?.address}> | ${facts.subject.slice(0, 70)} | ${signals.map((s) => s.code).join(' ')}\n`);
      }
    }
    if (wants('--signals')) {
      const codes = new Map<string, [number, number]>();
      const bad = results.filter((r) => r.bad).length;
      for (const one of results) for (const { code } of one.analysis.signals) { const row = codes.get(code) ?? [0, 0]; row[one.bad ? 0 : 1]++; codes.set(code, row); }
      for (const [code, [b, g]] of [...codes].sort((a, b) => b[1][0] - a[1][0])) process.stdout.write(`  ${code.padEnd(26)} bad ${((100 * b) / bad).toFixed(1).padStart(5)} %  good ${((100 * g) / (results.length - bad)).toFixed(1).padStart(5)} %\n`);
    }
  }
  process.stdout.write(`${JSON.stringify({ bench: 'mail', results: all })}\n`);
}
