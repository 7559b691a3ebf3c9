/** Whether evidence is true: the quote stands in the mail, literally, at the place it names. */
import type { Evidence, FileFacts, Link, ParsedMail } from '../types.ts';

export interface Place {
  readonly mail: ParsedMail;
  readonly links: readonly Link[];
  readonly files: readonly FileFacts[];
  readonly fileTexts: readonly { readonly file: string; readonly text: string }[];
}

/** True when the quote is found there; an empty quote says nothing and is false. */
export function holds({ where, name, quote }: Evidence, { mail, links, files, fileTexts }: Place): boolean {
  if (quote === '') return false;
  switch (where) {
    case 'header':
      return mail.headers.some((header) => (name === undefined || header.name === name) && (header.value.includes(quote) || header.raw.includes(quote)));
    case 'text':
      return mail.text.includes(quote) || mail.hiddenText.includes(quote);
    case 'html':
      return (mail.html ?? '').includes(quote) || mail.hiddenText.includes(quote) || mail.text.includes(quote);
    case 'link':
      return links.some((link) => link.url.includes(quote) || (link.text ?? '').includes(quote));
    case 'attachment':
      return files.some((file) => (name === undefined || file.name === name) && (file.name.includes(quote) || file.entries.some((entry) => entry.includes(quote)) || file.words.includes(quote))) || fileTexts.some(({ file, text }) => file === name && text.includes(quote));
    case 'envelope':
      return false;
  }
}
