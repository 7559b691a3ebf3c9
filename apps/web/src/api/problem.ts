import type { ProblemDocument } from '@banya/contract';

/** A refused or failed call, in the words of the server's problem document (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | undefined;
  readonly requestId: string | undefined;
  readonly fields: readonly { readonly at: string; readonly message: string }[];

  constructor(document: ProblemDocument) {
    super(`${document.code}: ${document.title}`);
    this.code = document.code;
    this.status = document.status;
    this.title = document.title;
    this.detail = document.detail;
    this.remedy = document.remedy;
    this.requestId = document.requestId;
    this.fields = document.fields ?? [];
  }
}

/** What was written needs correction: nothing broke, and trying the same again helps nobody. */
export const isMistake = ({ status, title }: ApiProblem): boolean => (status === 400 || status === 422) && title !== '';

/** The server could not be reached at all. */
export const unreachable = () =>
  new ApiProblem({ type: 'about:blank', code: 'unreachable', status: 0, title: '', detail: '' });

const isText = (v: unknown): v is string => typeof v === 'string';

/**
 * Reads the problem document of an answer; an answer that carries none (a proxy's page) becomes code `unreadable`.
 */
export async function problemOf(answer: Response): Promise<ApiProblem> {
  const requestId = answer.headers.get('x-request-id') ?? undefined;
  const bare: ProblemDocument = { type: 'about:blank', code: 'unreadable', status: answer.status, title: '', detail: '', ...(requestId ? { requestId } : {}) };
  if (!/^application\/(problem\+)?json/.test(answer.headers.get('content-type') ?? '')) return new ApiProblem(bare);
  const body: unknown = await answer.json().catch(() => null);
  if (typeof body !== 'object' || body === null) return new ApiProblem(bare);
  const read = body as Partial<Record<keyof ProblemDocument, unknown>>;
  const fields = Array.isArray(read.fields)
    ? read.fields.filter((f: unknown): f is { at: string; message: string } =>
        typeof f === 'object' && f !== null && isText((f as { at?: unknown }).at) && isText((f as { message?: unknown }).message))
    : [];
  return new ApiProblem({
    ...bare,
    ...(isText(read.code) ? { code: read.code } : {}),
    ...(isText(read.title) ? { title: read.title } : {}),
    ...(isText(read.detail) ? { detail: read.detail } : {}),
    ...(isText(read.remedy) ? { remedy: read.remedy } : {}),
    ...(isText(read.requestId) ? { requestId: read.requestId } : {}),
    fields,
  });
}
