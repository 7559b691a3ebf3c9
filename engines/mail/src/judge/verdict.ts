/** Signals to score and verdict: an additive model, explainable line by line. Pure. */
import type { MailVerdict, Signal } from '../types.ts';
import { DANGEROUS_FROM, GROUPS, HEAVY, SUSPICIOUS_FROM, WEIGHTS, type SignalCode } from './weights.ts';

export interface Weighed {
  readonly signal: Signal;
  /** Points this signal really added, after the cap of its group. */
  readonly points: number;
}

export interface Judged {
  readonly verdict: MailVerdict;
  /** 0 to 100. */
  readonly score: number;
  /** Sum of points, without bounds. */
  readonly sum: number;
  /** Weightiest first. */
  readonly weighed: readonly Weighed[];
}

const groupOf = new Map<string, number>(GROUPS.flatMap(({ codes }, i) => codes.map((code) => [code, i] as const)));
/** What lacks so much that silence would be no answer. */
const LACKS: ReadonlySet<string> = new Set(['too_little_text', 'picture_only', 'unreadable', 'more_mails']);

/** Weighs each signal once (the strongest of its code), caps groups, adds up. */
export function judge(signals: readonly Signal[]): Judged {
  const byCode = new Map<string, Signal>();
  for (const one of signals) if ((byCode.get(one.code)?.value ?? 0) < one.value) byCode.set(one.code, one);
  const raw = [...byCode.values()].map((signal) => ({ signal, points: WEIGHTS[signal.code as SignalCode] * signal.value })).sort((a, b) => b.points - a.points);
  const used = GROUPS.map(() => 0);
  const weighed = raw.map(({ signal, points }): Weighed => {
    const group = groupOf.get(signal.code);
    if (group === undefined || points <= 0) return { signal, points };
    const left = Math.max(0, Math.min(points, GROUPS[group]!.most - used[group]!));
    used[group]! += left;
    return { signal, points: left };
  });
  const bad = weighed.reduce((sum, { points }) => sum + Math.max(0, points), 0);
  const good = weighed.reduce((sum, { points }) => sum + Math.min(0, points), 0);
  // What speaks for a mail lowers the sum, but never clears one that holds a heavy fact: a stolen account passes every check.
  const heavy = weighed.some(({ points }) => points >= HEAVY);
  const sum = heavy ? Math.max(bad + good, Math.min(bad, SUSPICIOUS_FROM)) : bad + good;
  const verdict = sum >= DANGEROUS_FROM ? 'dangerous' : sum >= SUSPICIOUS_FROM ? 'suspicious' : weighed.some(({ signal }) => LACKS.has(signal.code)) ? 'insufficient' : 'clear';
  return { verdict, score: Math.round(Math.max(0, Math.min(100, (sum * 100) / (DANGEROUS_FROM * 2)))), sum, weighed };
}
