export { FileSpool } from './spool.ts';
export type { SpoolOptions } from './spool.ts';
export { SpoolError } from './errors.ts';
export type { SpoolErrorCode } from './errors.ts';
export type * from './types.ts';
