const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', colon: ':', sol: '/', period: '.', comma: ',', Tab: '\t', NewLine: '\n', lpar: '(', rpar: ')', equals: '=', excl: '!', num: '#', commat: '@', semi: ';', quest: '?', lowbar: '_', hyphen: '-', copy: '©', reg: '®', yen: '¥', hellip: '…', middot: '·', times: '×', ensp: ' ', emsp: ' ', thinsp: ' ', zwnj: '\u200c', zwj: '\u200d', shy: '\u00ad', percnt: '%', dollar: '$', lbrace: '{', rbrace: '}', lsqb: '[', rsqb: ']', bsol: '\\', grave: '`', plus: '+', ast: '*' };

/** Entities as browsers read them: numbers with or without a semicolon, and the names that URLs and text need. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,12})|#([0-9]{1,12})|([a-z]{2,8})(?=;));?/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? NAMED[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number.parseInt(decimal!, 10) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}

export interface Tag {
  /** Lower case, with its prefix: `w:t`. */
  readonly name: string;
  readonly closing: boolean;
  readonly selfClosing: boolean;
  /** Lower-case names; the first of two alike counts, as in browsers. Entities decoded. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface Handler {
  tag?(tag: Tag): void;
  /** Text between tags, entities decoded; for raw elements (`script`, `style`) as it stands. */
  text?(text: string, inside: string): void;
  /** Asked at every thousandth tag; true stops. */
  stop?(): boolean;
}

/** Elements whose content holds no tags for a browser (HTML Living Standard, 13.2.5: RCDATA and RAWTEXT, script data). */
const RAW = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'noembed', 'noframes', 'iframe']);
const MAX_ATTRIBUTES = 60;

/**
 * One pass over HTML or XML, in time that grows with its length alone: no tree is built, because the tree of hostile
 * HTML grows with the square of its text (formatting elements are opened again in each paragraph), and a tag keeps only
 * its first 60 attributes.
 */
export function scanTags(text: string, handler: Handler, html: boolean): void {
  let at = 0;
  let tags = 0;
  let raw = '';
  while (at < text.length) {
    if (raw !== '') {
      const end = closingOf(text, raw, at);
      if (end > at) handler.text?.(text.slice(at, end), raw);
      raw = '';
      at = end;
      continue;
    }
    const open = text.indexOf('<', at);
    if (open !== at) handler.text?.(decodeEntities(text.slice(at, open < 0 ? text.length : open)), '');
    if (open < 0) return;
    if (text.startsWith('<!--', open)) {
      const end = text.indexOf('-->', open + 2);
      at = end < 0 ? text.length : end + 3;
    } else if (text.startsWith('<![CDATA[', open) && !html) {
      const end = text.indexOf(']]>', open);
      handler.text?.(text.slice(open + 9, end < 0 ? text.length : end), '');
      at = end < 0 ? text.length : end + 3;
    } else if (/[a-z/]/i.test(text[open + 1] ?? '')) {
      const { tag, end } = readTag(text, open + 1);
      handler.tag?.(tag);
      at = end;
      if (html && !tag.closing && RAW.has(tag.name)) raw = tag.name;
      if (++tags % 1000 === 0 && handler.stop?.() === true) return;
    } else if (/[!?]/.test(text[open + 1] ?? '')) {
      const end = text.indexOf('>', open);
      at = end < 0 ? text.length : end + 1;
    } else {
      handler.text?.('<', '');
      at = open + 1;
    }
  }
}

function closingOf(text: string, name: string, from: number): number {
  for (let at = text.indexOf('</', from); at >= 0; at = text.indexOf('</', at + 2)) if (text.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return at;
  return text.length;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Blank as HTML knows it: tab, line feed, form feed, carriage return, space. */
function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function readTag(text: string, start: number): { tag: Tag; end: number } {
  const closing = text.charCodeAt(start) === 47;
  let at = closing ? start + 1 : start;
  const nameStart = at;
  for (let code = text.charCodeAt(at); at < text.length && code !== 62 && code !== 47 && !isBlank(code);) code = text.charCodeAt(++at);
  const name = text.slice(nameStart, Math.min(at, nameStart + 80)).toLowerCase();
  if (text.charCodeAt(at) === 62) return { tag: { name, closing, selfClosing: false, attributes: NONE }, end: at + 1 };
  const attributes = new Map<string, string>();
  let selfClosing = false;
  while (at < text.length) {
    let code = text.charCodeAt(at);
    while (at < text.length && (code === 47 || isBlank(code))) {
      selfClosing = code === 47;
      code = text.charCodeAt(++at);
    }
    if (at >= text.length || code === 62) break;
    selfClosing = false;
    const keyStart = at++;
    for (code = text.charCodeAt(at); at < text.length && code !== 61 && code !== 62 && code !== 47 && !isBlank(code);) code = text.charCodeAt(++at);
    const key = text.slice(keyStart, Math.min(at, keyStart + 80)).toLowerCase();
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
    let value = '';
    if (text.charCodeAt(at) === 61) {
      at++;
      while (at < text.length && isBlank(text.charCodeAt(at))) at++;
      const quote = text[at];
      if (quote === '"' || quote === "'") {
        const end = text.indexOf(quote, at + 1);
        value = text.slice(at + 1, end < 0 ? text.length : end);
        at = end < 0 ? text.length : end + 1;
      } else {
        const valueStart = at;
        for (code = text.charCodeAt(at); at < text.length && code !== 62 && !isBlank(code);) code = text.charCodeAt(++at);
        value = text.slice(valueStart, at);
      }
    }
    if (attributes.size < MAX_ATTRIBUTES && !attributes.has(key)) attributes.set(key, decodeEntities(value));
  }
  return { tag: { name, closing, selfClosing, attributes }, end: Math.min(text.length, at + 1) };
}
