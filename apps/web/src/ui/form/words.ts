import type { Texts } from '../../texts/index.tsx';

/** The part of a zod issue that becomes words. */
export interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly format?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly origin?: string;
  readonly expected?: string;
}
/** Anything with zod's `safeParse`; a route's `body` fits. */
export interface Schema {
  safeParse(value: unknown): { success: true } | { success: false; error: { issues: readonly unknown[] } };
}

/** `/manager/email` (JSON pointer of a problem document) or a zod path as the form's name `manager.email`. */
export const nameOf = (at: string | readonly PropertyKey[]): string =>
  typeof at === 'string'
    ? at.split('/').filter(Boolean).map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~')).join('.')
    : at.map(String).join('.');

/** One plain sentence for an issue, naming the field by its label. */
export function wordsOf(issue: Issue, label: string, value: unknown, t: Texts['ui']['form']): string {
  const nothing = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (nothing) return issue.code === 'invalid_value' || Array.isArray(value) ? t.choose(label) : t.required(label);
  switch (issue.code) {
    case 'invalid_value': return t.choose(label);
    case 'too_big': return issue.origin === 'string' ? t.tooLong(label, Number(issue.maximum)) : t.tooBig(label, Number(issue.maximum));
    case 'too_small': return issue.origin === 'string' ? t.tooShort(label, Number(issue.minimum)) : t.tooSmall(label, Number(issue.minimum));
    case 'invalid_format': return issue.format === 'email' ? t.email(label) : issue.format === 'url' ? t.url(label) : t.other(label);
    case 'invalid_type': return issue.expected === 'number' || issue.expected === 'int' ? t.number(label) : t.other(label);
    default: return t.other(label);
  }
}
