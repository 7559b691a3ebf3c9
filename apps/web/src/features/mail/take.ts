/** What the page says is what holds; the server takes a little more (30 MiB). */
export const mailBytesMax = 30_000_000;

/** Endings of what is taken as a mail, and the media type it is sent under: browsers name them differently, or not at all. */
const types: Readonly<Record<string, string>> = { '.eml': 'message/rfc822', '.msg': 'application/vnd.ms-outlook', '.zip': 'application/zip' };
export const mailKinds = Object.keys(types);

const endingOf = (name: string): string => /\.[^.]+$/.exec(name.toLowerCase())?.[0] ?? '';
/** What is wrong with a file, or null when it may be a mail. */
export const wrongOf = (file: Pick<File, 'name' | 'size'>): 'kind' | 'size' | null => (!Object.hasOwn(types, endingOf(file.name)) ? 'kind' : file.size > mailBytesMax ? 'size' : null);
/** The bytes as they are, under the type of the mail's form. */
export const mailOf = (file: File): Blob => new Blob([file], { type: types[endingOf(file.name)] ?? 'application/octet-stream' });
export const pastedMail = (text: string): Blob => new Blob([text], { type: 'text/plain;charset=utf-8' });
