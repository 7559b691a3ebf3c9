import type { Lang } from '@banya/contract';

/** What fills the slots of a problem's text; several names are joined as the reader's language does. */
export type ProblemParams = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * An answer other than success, for the person who can act on it. `code` is stable and looked up in the text catalogue
 * (kernel/texts.ts) for title, detail and remedy in the caller's language; `params` fill its slots.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly params: ProblemParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: readonly { at: string; message: Record<Lang, string> }[];
  /** The id of what is there already, where the same thing was sent again. */
  readonly existing: string | null;

  constructor(
    status: number,
    code: string,
    params: ProblemParams = {},
    more: { headers?: Readonly<Record<string, string>>; fields?: readonly { at: string; message: Record<Lang, string> }[]; existing?: string; cause?: unknown } = {},
  ) {
    super(`${status} ${code}`, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.params = params;
    this.headers = more.headers ?? {};
    this.fields = more.fields ?? [];
    this.existing = more.existing ?? null;
  }
}

/** What does not exist, and what belongs to somebody else: one answer, so that nobody can tell the two apart. */
export const notFound = (): Problem => new Problem(404, 'not_found');
/** The caller's own organisation, but the role is missing: says who can. */
export const forbidden = (who: readonly string[]): Problem => new Problem(403, 'role_missing', { who: who.length > 0 ? who : '—' });
/** Sign in first. */
export const unauthenticated = (): Problem => new Problem(401, 'sign_in_first');
export const tooMany = (retryAfterSeconds: number): Problem =>
  new Problem(429, 'too_many_requests', { seconds: retryAfterSeconds }, { headers: { 'Retry-After': String(retryAfterSeconds) } });
/** A configuration or start-up error: `key` names the setting, `remedy` says what to do. Printed without a stack. */
export class StartError extends Error {
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'StartError';
    this.remedy = remedy;
  }
}
