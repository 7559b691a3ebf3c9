import { z } from 'zod';

/** RFC 9457 problem document with a stable code, a plain message and the remedy in the caller's language. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  remedy: z.string().optional(),
  requestId: z.string().optional(),
  /** The id of what is there already, where the same thing was sent again. */
  existing: z.string().optional(),
  /** Field errors of a refused body or query: where (JSON pointer) and what, in plain words. */
  fields: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
});
export type ProblemDocument = z.output<typeof problem>;
