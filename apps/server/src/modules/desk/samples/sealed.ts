import type { Analysis } from '@banya/mail';
import type { Secrets } from '../../../kernel/secrets.ts';

/** What is kept of a judged mail, sealed in its row: it holds words of the mail. */
export interface StoredAnalysis {
  readonly analysis: Analysis;
  /** Which of several mails in what was sent in. */
  readonly index: number;
  readonly count: number;
  /** What the employee wrote above the forward. */
  readonly note: string;
  readonly mailer: string | null;
  readonly engine: string | null;
  readonly hint: 'eml' | 'msg' | 'text' | null;
}

const purposeOf = (orgId: string): string => `samples.analysis ${orgId}`;

export const sealAnalysis = (secrets: Secrets, orgId: string, id: string, stored: StoredAnalysis): string => secrets.seal(purposeOf(orgId), JSON.stringify(stored), id);

export function openAnalysis(secrets: Secrets, orgId: string, id: string, sealed: string | null): StoredAnalysis | null {
  return sealed === null ? null : (JSON.parse(secrets.open(purposeOf(orgId), sealed, id).toString('utf8')) as StoredAnalysis);
}
