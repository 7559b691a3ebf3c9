/** What was wrong with a rule. The codes are stable; the message is for the person who wrote the rule. */
export type SigmaErrorCode =
  | 'yaml'
  | 'too_large'
  | 'missing'
  | 'type'
  | 'duplicate'
  | 'unknown_modifier'
  | 'modifier_use'
  | 'bad_value'
  | 'bad_regex'
  | 'bad_cidr'
  | 'placeholder'
  | 'condition'
  | 'reference'
  | 'unsupported';

/** A rule that cannot be used, with the place it came from. Lines count from 1. */
export class SigmaError extends Error {
  readonly code: SigmaErrorCode;
  readonly path: string;
  readonly line: number;
  /** The part of the message without the place. */
  readonly detail: string;

  constructor(code: SigmaErrorCode, path: string, line: number, detail: string) {
    super(`${path}:${line}: ${detail}`);
    this.name = 'SigmaError';
    this.code = code;
    this.path = path;
    this.line = line;
    this.detail = detail;
  }
}
