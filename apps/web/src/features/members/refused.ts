import { ApiProblem } from '../../api/index.ts';
import type { Texts } from '../../texts/index.tsx';

/** Why an act was refused, in one sentence; anything that is no refusal goes on as it is. */
export function whyRefused(error: unknown, t: Texts['members']): string {
  if (!(error instanceof ApiProblem)) throw error;
  return error.status === 0 ? t.failedOffline : error.title || error.detail;
}
