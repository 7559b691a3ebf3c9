/** LIKE's own signs in what people type are plain characters. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (c) => `\\${c}`);

/** Text from outside as PostgreSQL takes it: neither U+0000 nor half a surrogate pair. */
export const pgText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** A value as jsonb takes it; see `pgText`. */
export const pgJson = (value: unknown): string => JSON.stringify(value, (_name, part: unknown) => (typeof part === 'string' ? pgText(part) : part));
