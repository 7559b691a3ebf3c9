/**
 * HTML to what a reader sees, what is hidden from him, and where its links lead. Only parse5's tokenizer is used, with
 * a short stack of our own: building a tree would let a small mail grow without bound (formatting that is reopened).
 */
import { Tokenizer, TokenizerMode, type Token } from 'parse5';
import type { Link } from '../types.ts';
import { parseColor, sameColor, StyleSheet } from './css.ts';
import { LIMITS } from './limits.ts';
import { toLink } from './links.ts';

export interface HtmlFacts {
  /** Visible text: blocks on lines of their own, blanks folded. */
  readonly text: string;
  readonly hiddenText: string;
  /** Each with the place in `text` where its shown text begins. */
  readonly links: readonly { readonly link: Link; readonly at: number }[];
  readonly cut: boolean;
  readonly manyLinks: boolean;
}

interface Open {
  readonly tag: string;
  readonly hidden: boolean;
  readonly color: number;
  readonly background: number;
}

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr', 'frame', 'keygen']);
const BLOCK = new Set(['address', 'article', 'aside', 'blockquote', 'body', 'center', 'dd', 'details', 'div', 'dl', 'dt', 'fieldset', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'html', 'li', 'main', 'nav', 'ol', 'p', 'pre', 'section', 'table', 'tbody', 'tfoot', 'thead', 'tr', 'ul', 'title']);
/** Never shown, and not hidden by anybody either. */
const SILENT = new Set(['head', 'template', 'datalist']);
const IN_HEAD = new Set(['meta', 'base', 'link', 'style', 'script', 'title', 'noscript', 'template', 'head', 'basefont', 'bgsound']);
/** What an opening tag ends when it is left open, up to the element that bounds it. */
const CLOSES = new Map<string, readonly string[]>(Object.entries({ li: ['li'], dt: ['dt', 'dd'], dd: ['dt', 'dd'], tr: ['td', 'th', 'tr'], td: ['td', 'th'], th: ['td', 'th'], tbody: ['td', 'th', 'tr', 'tbody', 'thead', 'tfoot'], tfoot: ['td', 'th', 'tr', 'tbody', 'thead'], body: ['head'], option: ['option'], a: ['a'] }));
const BOUNDS = new Set(['table', 'ul', 'ol', 'dl', 'select', 'body', 'html']);
const PAGE: Open = { tag: '', hidden: false, color: 0x000000, background: 0xffffff };

interface OpenLink {
  readonly url: string;
  readonly at: number;
  readonly text: string[];
  length: number;
  alt: string;
}

class Reader {
  readonly #stack: Open[] = [];
  readonly #sheet = new StyleSheet();
  #deeper = 0;
  #elements = 0;
  #silent = 0;
  #raw = '';
  #css = '';
  #base = '';
  /** Pieces of the visible text: a growing string would be copied whenever its end is looked at. */
  readonly #pieces: string[] = [];
  #length = 0;
  /** Line breaks the text ends in. */
  #breaks = 0;
  readonly #hiddenPieces: string[] = [];
  #hiddenLength = 0;
  #hiddenSpace = true;
  #space = false;
  #link: OpenLink | null = null;
  readonly links: { link: Link; at: number }[] = [];
  readonly #seen = new Set<string>();
  manyLinks = false;
  readonly #tokenizer: Tokenizer;

  constructor() {
    const nothing = (): void => {};
    this.#tokenizer = new Tokenizer({}, {
      onComment: nothing, onDoctype: nothing, onEof: nothing,
      onStartTag: (token) => this.#start(token),
      onEndTag: (token) => this.#end(token),
      onCharacter: (token) => this.#chars(token.chars),
      onWhitespaceCharacter: (token) => this.#chars(token.chars),
      onNullCharacter: nothing,
    });
  }

  get text(): string {
    // Nothing is taken out at the front, so that places of links hold.
    return this.#pieces.join('').trimEnd();
  }

  get hiddenText(): string {
    return this.#hiddenPieces.join('').trim();
  }

  /** Reads on; false when enough was read. */
  write(html: string, last: boolean): boolean {
    this.#tokenizer.write(html, last);
    if (last) this.#closeLink();
    return this.#elements < LIMITS.htmlElements && (this.#length < LIMITS.text * 2 || this.links.length < LIMITS.links);
  }

  get #top(): Open {
    return this.#stack.at(-1) ?? PAGE;
  }

  #start(token: Token.TagToken): void {
    const tag = token.tagName;
    this.#elements++;
    const attrs = new Map<string, string>();
    for (const attr of token.attrs) if (attrs.size < 200) attrs.set(attr.name, attr.value);
    const get = (name: string): string => attrs.get(name) ?? '';
    this.#leadsTo(tag, get);
    if (tag === 'style' || tag === 'script' || tag === 'xmp' || tag === 'iframe' || tag === 'noembed' || tag === 'noframes') {
      if (token.selfClosing && (tag === 'script' || tag === 'style')) return;
      this.#tokenizer.state = tag === 'script' ? TokenizerMode.SCRIPT_DATA : TokenizerMode.RAWTEXT;
      this.#raw = tag;
      this.#css = '';
      return;
    }
    if (tag === 'title' || tag === 'textarea') this.#tokenizer.state = TokenizerMode.RCDATA;
    if (tag === 'br') this.#break();
    else if (BLOCK.has(tag)) this.#block();
    else if (tag === 'td' || tag === 'th') this.#space = true;
    if (VOID.has(tag)) return;
    this.#closeImplied(tag);
    if (this.#stack.length >= LIMITS.htmlDepth) {
      this.#deeper++;
      return;
    }
    const style = this.#sheet.of(tag, get('class'), get('id'), get('style'));
    const under = this.#top;
    const color = style.color ?? (tag === 'font' && get('color') !== '' ? colorOf(get('color')) : undefined) ?? (tag === 'a' && under.background >= 0 ? 0x0000ee : under.color);
    const background = style.background ?? (get('background') === '' ? undefined : -1) ?? (get('bgcolor') === '' ? undefined : colorOf(get('bgcolor'))) ?? under.background;
    const hidden = under.hidden || style.hidden === true || attrs.has('hidden') || tag === 'title';
    if (SILENT.has(tag)) this.#silent++;
    this.#stack.push({ tag, hidden, color, background });
  }

  #leadsTo(tag: string, get: (name: string) => string): void {
    if (tag === 'base' && this.#base === '' && /^https?:/i.test(get('href').trim())) this.#base = get('href').trim().slice(0, LIMITS.url);
    else if (tag === 'a') {
      this.#closeLink();
      if (get('href') !== '') this.#link = { url: get('href'), at: this.#length, text: [], length: 0, alt: '' };
    } else if (tag === 'area') this.#add(get('href'), get('alt'));
    else if (tag === 'form') this.#add(get('action'), '');
    else if (tag === 'button' || tag === 'input') this.#add(get('formaction'), get('value'));
    else if (tag === 'iframe' || tag === 'frame' || tag === 'embed') this.#add(get('src'), '');
    else if (tag === 'object') this.#add(get('data'), '');
    else if (tag === 'meta' && /^\s*refresh/i.test(get('http-equiv'))) this.#add(/url\s{0,5}=\s{0,5}['"]?([^'"]{1,4000})/i.exec(get('content').slice(0, 5_000))?.[1] ?? '', '');
    else if (tag === 'img' && this.#link !== null && this.#link.alt.length < LIMITS.linkText) this.#link.alt += ` ${get('alt').slice(0, LIMITS.linkText)}`;
  }

  #closeImplied(tag: string): void {
    if (!IN_HEAD.has(tag)) this.#leaveHead();
    if (BLOCK.has(tag) && tag !== 'html' && tag !== 'body') this.#popUntil(['p'], BOUNDS);
    const closes = CLOSES.get(tag);
    if (closes !== undefined) for (let i = 0; i < closes.length; i++) this.#popUntil(closes, BOUNDS);
  }

  /** A head that was never closed ends with the first thing that is shown. */
  #leaveHead(): void {
    if (this.#silent === 0) return;
    const head = this.#stack.findIndex((open) => open.tag === 'head');
    if (head >= 0 && head === this.#stack.length - 1) this.#truncate(head);
  }

  /** Ends the nearest open element of these, unless a bounding one stands before it. */
  #popUntil(tags: readonly string[], bounds: ReadonlySet<string>): void {
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const tag = this.#stack[i]!.tag;
      if (tags.includes(tag)) return this.#truncate(i);
      if (bounds.has(tag) || tag === 'td' || tag === 'th' || (tags[0] === 'p' && tag === 'div')) return;
    }
  }

  #truncate(length: number): void {
    while (this.#stack.length > length) if (SILENT.has(this.#stack.pop()!.tag)) this.#silent--;
  }

  #end(token: Token.TagToken): void {
    const tag = token.tagName;
    if (this.#raw !== '') {
      if (tag !== this.#raw) return;
      if (tag === 'style') this.#sheet.add(this.#css);
      this.#raw = '';
      return;
    }
    if (tag === 'a') this.#closeLink();
    if (tag === 'br') this.#break();
    else if (BLOCK.has(tag)) this.#block();
    if (this.#deeper > 0) {
      this.#deeper--;
      return;
    }
    for (let i = this.#stack.length - 1; i >= 0; i--) if (this.#stack[i]!.tag === tag) return this.#truncate(i);
  }

  #chars(chars: string): void {
    if (this.#raw !== '') {
      if (this.#raw === 'style' && this.#css.length < LIMITS.css) this.#css += chars;
      return;
    }
    if (this.#silent > 0 && chars.trim() !== '') this.#leaveHead();
    if (this.#silent > 0) return;
    const top = this.#top;
    const folded = chars.replace(/[\s\u00a0]+/g, ' ');
    if (top.tag === 'title') return;
    if (top.hidden || (!this.#sheet.unsure && sameColor(top.color, top.background))) {
      if (this.#hiddenLength > LIMITS.hiddenText || (folded === ' ' && this.#hiddenSpace)) return;
      this.#hiddenPieces.push(folded.slice(0, LIMITS.hiddenText));
      this.#hiddenLength += folded.length;
      this.#hiddenSpace = folded.endsWith(' ');
      return;
    }
    if (this.#link !== null && this.#link.length < LIMITS.linkText * 2) {
      this.#link.text.push(folded.slice(0, LIMITS.linkText * 2));
      this.#link.length += folded.length;
    }
    const body = folded.trim();
    if (body === '') this.#space = true;
    if (body === '' || this.#length > LIMITS.text * 2) return;
    this.#put((folded.startsWith(' ') || this.#space) && this.#length > 0 && this.#breaks === 0 ? ` ${body}` : body);
    this.#space = folded.endsWith(' ');
  }

  #put(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
    this.#breaks = text === '\n' ? this.#breaks + 1 : 0;
  }

  #break(): void {
    if (this.#breaks < 2) this.#newLine();
    this.#space = false;
  }

  #block(): void {
    if (this.#breaks < 1) this.#newLine();
    this.#space = false;
  }

  #newLine(): void {
    if (this.#silent === 0 && !this.#top.hidden && this.#length > 0 && this.#length <= LIMITS.text * 2) this.#put('\n');
  }

  #closeLink(): void {
    const link = this.#link;
    this.#link = null;
    if (link === null) return;
    const text = link.text.join('');
    this.#add(link.url, text.trim() === '' ? link.alt : text, link.at);
  }

  #add(href: string, text: string, at = this.#length): void {
    const trimmed = href.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    if (this.links.length >= LIMITS.links) {
      this.manyLinks = true;
      return;
    }
    let link = toLink(trimmed, 'html', { text });
    if (link === undefined && this.#base !== '' && !/^[a-z][a-z0-9+.-]{0,30}:/i.test(trimmed)) {
      try {
        link = toLink(new URL(trimmed.slice(0, LIMITS.url), this.#base).href, 'html', { text });
      } catch {
        return;
      }
    }
    if (link === undefined) return;
    const key = `${link.url} ${link.text ?? ''}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.links.push({ link, at });
  }
}

function colorOf(text: string): number {
  return parseColor(text) ?? -1;
}

/** Characters given to the tokenizer at once, so that reading can end early. */
const CHUNK = 64 * 1024;

/** Facts of an HTML text: at most 5 MB of it are read, elements followed 200 deep. Linear; never throws. */
export function readHtml(html: string): HtmlFacts {
  const reader = new Reader();
  const length = Math.min(html.length, LIMITS.html);
  let cut = html.length > length;
  try {
    for (let at = 0; at < length; at += CHUNK) {
      if (reader.write(html.slice(at, Math.min(length, at + CHUNK)), at + CHUNK >= length)) continue;
      cut ||= at + CHUNK < length;
      break;
    }
  } catch {
    cut = true;
  }
  const text = reader.text;
  return { text: text.slice(0, LIMITS.text), hiddenText: reader.hiddenText.slice(0, LIMITS.hiddenText), links: reader.links, cut: cut || text.length > LIMITS.text, manyLinks: reader.manyLinks };
}
