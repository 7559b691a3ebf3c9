/** Places of a mail where its writer names himself. */

const LINE = /^[\s>]{0,4}(?:--\s?|[-=_*~#+━─—―＝‐＿＊◆◇■□●○☆★∞:：･・.\s]{4,200})$/u;
const MAX_LINES = 20;

/**
 * Where the signature begins: behind the last ruled line (`-- `, `━━━`) that is followed by text, within the last 20
 * lines. The length of the text when there is none.
 */
export function signatureStart(text: string): number {
  let end = text.length;
  let written = false;
  for (let lines = 0; lines < MAX_LINES && end > 0; lines++) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, Math.min(end, start + 400)).replace(/\r$/, '');
    if (line.trim() !== '' && LINE.test(line)) {
      if (written) return end + 1;
    } else if (line.trim() !== '') written = true;
    end = start - 1;
  }
  return text.length;
}

const MAX_IMAGES = 100;
const MAX_HTML = 400_000;

/** Texts that stand for images (`alt`), decoded for reading and as they are written. Of the first 100 images, each at most 200 characters. */
export function imageTexts(html: string): { readonly text: string; readonly raw: string }[] {
  const out: { text: string; raw: string }[] = [];
  const page = html.slice(0, MAX_HTML);
  const opening = /<img[\s/]/gi;
  for (let found = opening.exec(page), seen = 0; found !== null && seen < MAX_IMAGES; found = opening.exec(page), seen++) {
    const alt = /\salt\s{0,5}=\s{0,5}(?:"([^"]{1,200})|'([^']{1,200})|([^\s"'>]{1,200}))/i.exec(tagAt(page, found.index));
    if (alt === null) continue;
    const raw = alt[1] ?? alt[2] ?? alt[3]!;
    out.push({ text: unescape(raw), raw });
  }
  return out;
}

/** The tag that begins at `from`, up to the first > outside quotes, at most 2,000 characters. */
function tagAt(page: string, from: number): string {
  let quote = '';
  let at = from;
  for (; at < Math.min(page.length, from + 2_000); at++) {
    const char = page[at]!;
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '>') break;
    else if (char === '"' || char === "'") quote = char;
  }
  return page.slice(from, at);
}

function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|nbsp|quot|lt|gt|apos));/gi, (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (name !== undefined) return { amp: '&', nbsp: ' ', quot: '"', lt: '<', gt: '>', apos: "'" }[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
