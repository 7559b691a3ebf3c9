import { latin1 } from './bytes.ts';
import type { Probe } from './probe.ts';
import { urlsIn } from './url.ts';
import { scanTags } from './xml.ts';
import type { Tag } from './xml.ts';

/** Characters of one HTML file that are looked at; a page that a person fills in is far smaller. */
const MAX_HTML = 4_000_000;
/** Hidden pages inside pages that are unpacked, and how deep. */
const MAX_LAYERS = 12;
const MAX_DEPTH = 3;

interface Page {
  passwords: number;
  fields: number;
  /** Actions of forms, as written. */
  actions: string[];
  scripts: string[];
  handlers: boolean;
  remoteScript: boolean;
  foreign: boolean;
  data: string[];
  text: string[];
}

/**
 * Inspects HTML or SVG without building or running it: forms that ask for a password, scripts, what they hide, where
 * they lead. Pages packed into scripts or `data:` links are unpacked and inspected, too.
 */
export function judgeMarkup(source: string, probe: Probe, kind: 'html' | 'svg', layers = { left: MAX_LAYERS }, depth = 0): void {
  if (source.length > MAX_HTML) probe.trouble('too_large');
  const page = scan(source.slice(0, MAX_HTML), probe, kind);
  if (page.passwords > 0 || (page.fields > 0 && page.actions.some((action) => /^\s{0,20}https?:/i.test(action)))) {
    probe.flag('html_form');
    if (page.passwords > 0) probe.word('password field');
  }
  const scripts = page.scripts.join('\n').slice(0, MAX_HTML);
  if (scripts.trim() !== '' || page.handlers || page.remoteScript) probe.flag(kind === 'svg' ? 'svg_script' : 'html_script');
  if (kind === 'svg' && page.foreign && (page.passwords > 0 || page.fields > 0)) probe.flag('svg_script');
  if (/\b(?:window|document|self|top|parent)?\.?location(?:\.href)?\s{0,4}=[^=]|location\.(?:replace|assign)\s{0,4}\(/i.test(scripts)) {
    probe.flag('html_redirect');
    probe.word('location');
  }
  for (const url of urlsIn(scripts, 100)) probe.link(url);
  judgeHiding(scripts, probe);
  probe.read(page.text.join(''));
  if (depth >= MAX_DEPTH) return;
  for (const layer of hiddenPages(scripts, page.data)) {
    if (layers.left-- <= 0 || probe.late()) return;
    if (/<[a-z!]/i.test(layer)) judgeMarkup(layer, probe, /^\s{0,20}<svg/i.test(layer) ? 'svg' : kind, layers, depth + 1);
    else for (const url of urlsIn(layer, 20)) probe.link(url);
  }
}

function scan(source: string, probe: Probe, kind: 'html' | 'svg'): Page {
  const page: Page = { passwords: 0, fields: 0, actions: [], scripts: [], handlers: false, remoteScript: false, foreign: false, data: [], text: [] };
  let hidden = '';
  let ignored = false;
  scanTags(source, {
    stop: () => probe.late(),
    tag: (tag) => {
      if (tag.closing) {
        if (/^(?:p|div|tr|li|h\d|td|text|section|article)$/.test(tag.name)) page.text.push('\n');
        return;
      }
      ignored = tag.name === 'script' && /^(?:application\/(?:ld\+)?json|text\/(?:template|x-template|html))$/i.test(tag.attributes.get('type') ?? '');
      judgeTag(tag, page, probe);
      hidden = tag.name;
    },
    text: (text, inside) => {
      if (inside === 'script' || (kind === 'svg' && hidden === 'script')) {
        if (!ignored) page.scripts.push(text);
      } else if (inside === '') page.text.push(text);
      else if (inside === 'textarea' || inside === 'title') page.text.push(text, '\n');
    },
  }, true);
  return page;
}

function judgeTag({ name, attributes }: Tag, page: Page, probe: Probe): void {
  for (const [key, value] of attributes) {
    if (/^on[a-z]{3,30}$/.test(key) && value !== '') {
      page.handlers = true;
      page.scripts.push(value);
    }
    if (/^(?:href|src|action|formaction|xlink:href|data|srcdoc|content|value|poster)$/.test(key)) judgeTarget(name, key, value, page, probe);
  }
  const local = name.slice(name.indexOf(':') + 1);
  if (local === 'input') {
    const type = (attributes.get('type') ?? 'text').toLowerCase();
    if (type === 'password' || /pass(?:word|wd)?|暗証|パスワード/i.test(`${attributes.get('name') ?? ''} ${attributes.get('placeholder') ?? ''}`)) page.passwords++;
    if (/^(?:text|email|tel|password|number)$/.test(type)) page.fields++;
  }
  if (local === 'form') page.actions.push(attributes.get('action') ?? '');
  if (local === 'foreignobject') page.foreign = true;
  if (local === 'iframe' && isHidden(attributes)) probe.word('hidden iframe');
  if (local === 'meta' && attributes.get('http-equiv')?.toLowerCase() === 'refresh') {
    const target = /url\s{0,8}=\s{0,8}['"]?([^'"]{3,4096})/i.exec(attributes.get('content') ?? '')?.[1];
    if (target !== undefined) {
      probe.flag('html_redirect');
      probe.word('meta refresh');
      probe.link(target);
      if (/^data:/i.test(target)) page.data.push(target);
    }
  }
  if (local === 'br') page.text.push('\n');
}

function isHidden(attributes: ReadonlyMap<string, string>): boolean {
  const small = (value: string | undefined): boolean => value !== undefined && /^[01](?:px)?$/.test(value.trim());
  return attributes.has('hidden') || small(attributes.get('width')) || small(attributes.get('height')) || /display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden/i.test(attributes.get('style') ?? '');
}

/** Elements whose address is opened or loaded as a page or a program; pictures and style sheets lead nobody anywhere. */
const LEADS = /^(?:a|area|form|iframe|frame|script|embed|object|base|button|input|use|image)$/;

function judgeTarget(element: string, key: string, value: string, page: Page, probe: Probe): void {
  const target = value.replace(/[\t\r\n]/g, '').trimStart();
  const local = element.slice(element.indexOf(':') + 1);
  if (key === 'srcdoc') return void page.data.push(`data:text/html,${encodeURIComponent(value.slice(0, 500_000))}`);
  if (/^(?:java|vb)script:/i.test(target)) {
    page.handlers = true;
    page.scripts.push(target.slice(target.indexOf(':') + 1));
    return;
  }
  if (/^data:(?:text\/html|image\/svg|application\/(?:xhtml|x?html|javascript)|text\/javascript)/i.test(target)) {
    page.data.push(target);
    probe.word('data: link');
    if (local !== 'img' && local !== 'image') probe.flag('html_obfuscated');
    return;
  }
  // A file that writes itself to disk when the page is opened: the page is the parcel.
  if (/^data:application\/(?:octet-stream|zip|x-[a-z0-9-]{1,40}|vnd\.[a-z0-9.-]{1,60})/i.test(target) && (local === 'a' || local === 'iframe')) {
    probe.word('file inside the page');
    probe.flag('html_obfuscated');
    return;
  }
  if (key === 'content' || key === 'value' || !LEADS.test(local) || (local === 'image' && key !== 'xlink:href')) return;
  if (local === 'script') page.remoteScript = true;
  if (local !== 'image' && local !== 'use') probe.link(target);
}

const DECODERS: readonly (readonly [string, RegExp])[] = [
  ['atob', /\batob\s{0,4}[(\]'"]|\batob\b/], ['unescape', /\bunescape\b/], ['decodeURIComponent', /\bdecodeuri(?:component)?\b/], ['fromCharCode', /fromcharcode|fromcodepoint/],
  ['eval', /\beval\b/], ['document.write', /document\s{0,4}(?:\.|\[['"])\s{0,4}write(?:ln)?\b/], ['Function', /\bnew\s{1,4}function\s{0,4}\(|\bfunction\s{0,4}\(\s{0,4}atob/],
  ['innerHTML', /\.(?:inner|outer)html\s{0,4}=|insertadjacenthtml|createcontextualfragment/], ['Blob', /new\s{1,4}blob\s{0,4}\(|createobjecturl|mssaveoropenblob/], ['charCodeAt', /charcodeat/],
];

/** Measures of hiding in a script: what decodes, what runs the decoded, and how much of the script is no program but a parcel. */
function judgeHiding(scripts: string, probe: Probe): void {
  if (scripts === '') return;
  const lower = scripts.toLowerCase();
  const words = new Set(DECODERS.filter(([, pattern]) => pattern.test(lower)).map(([word]) => word));
  const decodes = ['atob', 'unescape', 'decodeURIComponent', 'fromCharCode', 'charCodeAt'].some((word) => words.has(word));
  const runs = ['eval', 'document.write', 'Function', 'innerHTML', 'Blob'].some((word) => words.has(word));
  const parcel = longest(scripts, /[a-z0-9+/=_-]{200,}/gi, 40);
  const escapes = count(scripts, /\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|%[0-9a-f]{2}/gi, 400);
  const numbers = /(?:\d{2,3}\s{0,2},\s{0,2}){40}/.test(scripts);
  const renamed = count(scripts, /\b_0x[0-9a-f]{2,8}\b/g, 100);
  const hidden = (decodes && runs && (parcel >= 200 || escapes >= 60 || numbers)) || renamed >= 20 || (words.has('eval') && (parcel >= 500 || escapes >= 100)) || (words.has('atob') && runs) || (words.has('Blob') && parcel >= 2_000);
  if (!hidden) return;
  probe.flag('html_obfuscated');
  for (const word of words) probe.word(word);
}

function longest(text: string, pattern: RegExp, most: number): number {
  let length = 0;
  let n = 0;
  for (const match of text.matchAll(pattern)) {
    length = Math.max(length, match[0].length);
    if (++n >= most) break;
  }
  return length;
}

function count(text: string, pattern: RegExp, most: number): number {
  let n = 0;
  for (const _ of text.matchAll(pattern)) if (++n >= most) break;
  return n;
}

/** What long strings of a script and `data:` links hold when they are decoded the plain way. */
function hiddenPages(scripts: string, data: readonly string[]): string[] {
  const pages: string[] = [];
  for (const match of scripts.matchAll(/["'`]([A-Za-z0-9+/]{24,}={0,2})["'`]/g)) {
    const decoded = Buffer.from(match[1]!.slice(0, MAX_HTML), 'base64');
    const text = decoded.toString('utf8');
    if (/<[a-z!][^<>]{0,400}>|https?:\/\//i.test(text)) pages.push(text);
    else if (/<[a-z!][^<>]{0,400}>/i.test(latin1(decoded))) pages.push(latin1(decoded));
    if (pages.length >= MAX_LAYERS) break;
  }
  for (const match of scripts.matchAll(/["'`]([^"'`\\]{24,})["'`]/g)) {
    if (pages.length >= MAX_LAYERS) break;
    if (count(match[1]!, /%[0-9a-fu]/gi, 8) >= 8) pages.push(unescaped(match[1]!.slice(0, MAX_HTML)));
  }
  if (/\\x[0-9a-f]{2}/i.test(scripts)) {
    const text = scripts.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/gi, (_, x?: string, u?: string) => String.fromCharCode(Number.parseInt(x ?? u!, 16)));
    if (/<(?:form|input|iframe|script|a)\b/i.test(text) || /https?:\/\//.test(text)) pages.push(text);
  }
  const numbers = [...scripts.slice(0, 1_000_000).matchAll(/(?:\d{2,3}\s{0,2},\s{0,2}){24,}\d{2,3}/g)].slice(0, 4);
  for (const match of numbers) pages.push(match[0].split(',').map((code) => String.fromCharCode(Number(code))).join(''));
  for (const link of data.slice(0, MAX_LAYERS)) {
    const comma = link.indexOf(',');
    const body = link.slice(comma + 1, comma + 1 + MAX_HTML);
    pages.push(/;\s{0,4}base64$/i.test(link.slice(0, Math.max(0, comma))) ? Buffer.from(unescaped(body), 'base64').toString('utf8') : unescaped(body));
  }
  return pages.slice(0, MAX_LAYERS);
}

/** As `unescape`, and UTF-8 where the bytes are such. */
function unescaped(text: string): string {
  const bytes = text.replace(/%u([0-9a-f]{4})|%([0-9a-f]{2})/gi, (_, wide?: string, narrow?: string) => String.fromCharCode(Number.parseInt(wide ?? narrow!, 16)));
  return /^[\u0000-\u00ff]*$/.test(bytes) && /[\u0080-\u00ff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
