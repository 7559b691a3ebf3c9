/**
 * Encoded words of headers (RFC 2047, with the language tags of RFC 2231, section 5), in the forms that mails really
 * have: without spaces around, split inside a character or inside a base64 group, with question marks left in, cut off.
 */
import { decode } from './charset.ts';
import { base64, quotedPrintable } from './transfer.ts';

interface Word {
  readonly start: number;
  readonly end: number;
  readonly charset: string;
  readonly encoding: 'b' | 'q';
  readonly payload: string;
}

const OPEN = /=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]{0,20})?\?([bBqQ])\?/y;
/** Longest word that is read, far above the 75 of the standard: some programs write a whole subject as one. */
const LONGEST = 16_384;

function wordAt(text: string, at: number): Word | null {
  OPEN.lastIndex = at;
  const open = OPEN.exec(text);
  if (open === null) return null;
  const from = at + open[0].length;
  const close = text.indexOf('?=', from);
  const cut = close < 0 || close - from > LONGEST;
  // Without an end the word was cut off: what is there up to the next blank is still its text.
  let end = close;
  if (cut) {
    end = from;
    while (end < text.length && end - from < LONGEST && text.charCodeAt(end) > 0x20) end++;
  }
  return { start: at, end: cut ? end : end + 2, charset: open[1]!, encoding: open[2]!.toLowerCase() as 'b' | 'q', payload: text.slice(from, end) };
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Text of words that follow one another: those of one charset are put together as bytes first. */
function decodeRun(words: readonly Word[]): string {
  let text = '';
  for (let i = 0; i < words.length; ) {
    const charset = words[i]!.charset.toLowerCase();
    const pieces: Uint8Array[] = [];
    let open = '';
    const close = (): void => {
      if (open !== '') pieces.push(base64(latin1(open)).bytes);
      open = '';
    };
    for (; i < words.length && words[i]!.charset.toLowerCase() === charset; i++) {
      const word = words[i]!;
      if (word.encoding === 'q') {
        close();
        pieces.push(quotedPrintable(latin1(word.payload), true).bytes);
        continue;
      }
      const clean = word.payload.replace(/[^A-Za-z0-9+/=_-]/g, '');
      open += clean;
      // A group that is neither whole nor padded goes on in the next word.
      if (open.length % 4 === 0 || clean.endsWith('=')) close();
    }
    close();
    text += decode(Buffer.concat(pieces), charset).text;
  }
  return text;
}

/** `text` in pieces: plain text as it stands, and the decoded text of each run of encoded words. */
function pieces(text: string): { readonly text: string; readonly decoded: boolean }[] {
  const out: { text: string; decoded: boolean }[] = [];
  let plain = 0;
  let run: Word[] = [];
  const close = (): void => {
    if (run.length > 0) out.push({ text: decodeRun(run), decoded: true });
    run = [];
  };
  for (let at = text.indexOf('=?'); at >= 0; at = text.indexOf('=?', at)) {
    const word = wordAt(text, at);
    if (word === null) {
      at += 2;
      continue;
    }
    const between = text.slice(plain, word.start);
    // Blanks between two words only separate them.
    if (!(run.length > 0 && between.trim() === '')) {
      close();
      if (between !== '') out.push({ text: between, decoded: false });
    }
    run.push(word);
    plain = word.end;
    at = word.end;
  }
  close();
  if (plain < text.length) out.push({ text: text.slice(plain), decoded: false });
  return out;
}

/** `text` with its encoded words decoded. Linear in its length; never throws. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  return pieces(text)
    .map((piece) => piece.text)
    .join('');
}

/**
 * `text` with a private mark for each run of encoded words, and the way back. An address is taken apart while its words
 * are still closed: commas, quotes and brackets inside a word are part of a name, never of an address.
 */
export function maskWords(text: string): { readonly masked: string; readonly restore: (text: string) => string } {
  // Marks of our own kind in the mail would be taken for ours.
  const clean = text.replace(/[\ue000-\ue0ff]/g, '\ufffd');
  if (!clean.includes('=?')) return { masked: clean, restore: (part) => part };
  const kept: string[] = [];
  const masked = pieces(clean)
    .map((piece) => (piece.decoded ? `\ue000${kept.push(piece.text) - 1}\ue001` : piece.text))
    .join('');
  return { masked, restore: (part) => part.replace(/\ue000(\d{1,6})\ue001/g, (_, index: string) => kept[Number(index)] ?? '') };
}
