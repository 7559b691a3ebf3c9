import { isoDate } from '@banya/jp';
import { operatorExplanations } from './texts.ts';
import type { RaisedFinding } from './types.ts';

/** Something the operator of the installation should know, with what its text needs. */
export type OperatorNotice =
  /** A job that failed for good. */
  | { readonly what: 'dead_letter'; readonly job: string; readonly error: string }
  | { readonly what: 'mail_failed' }
  /** `free`: as people read it, for instance "1.8 GB". */
  | { readonly what: 'disk_floor'; readonly free: string }
  | { readonly what: 'unknown_sender'; readonly address: string; readonly lines: number };

/** The notice as a finding of the federation, folded by what it is about. */
export function operatorNotice(federationId: string, notice: OperatorNotice, now: Date): RaisedFinding {
  const ruleId = `operator.${notice.what}`;
  const { severity, minutes, ja } = operatorExplanations.get(ruleId)!;
  const entity = notice.what === 'dead_letter' ? notice.job : notice.what === 'unknown_sender' ? notice.address : notice.what;
  const count = notice.what === 'unknown_sender' ? Math.max(1, notice.lines) : 1;
  const { what: _what, ...rest } = notice;
  const slots = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, String(value)]));
  return {
    orgId: federationId, kind: 'operator', ruleId, rule: { title: ja.title.replace(/[（(].*$/u, ''), author: 'Banya', license: 'Apache-2.0', references: [] }, severity, direction: 'none', stopped: 'unknown',
    fingerprint: `${ruleId} ${entity}`, entity, slots, asset: null, minutes, count, firstAt: now, lastAt: now, days: { [isoDate(now)]: count }, samples: [], deskTicket: false,
  };
}
