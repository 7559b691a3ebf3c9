/** As much of styles as decides whether a reader sees a text: from attributes and from simple rules of style sheets. */
import { LIMITS } from './limits.ts';

/** What a declaration block says. Colours are 0xRRGGBB; -1 is "cannot be told" (an image, a name we do not know). */
export interface Style {
  readonly hidden?: boolean;
  readonly color?: number;
  readonly background?: number;
}

const NAMED = new Map(Object.entries({ white: 0xffffff, black: 0x000000, red: 0xff0000, blue: 0x0000ff, green: 0x008000, gray: 0x808080, grey: 0x808080, silver: 0xc0c0c0, yellow: 0xffff00, navy: 0x000080, snow: 0xfffafa, ivory: 0xfffff0, whitesmoke: 0xf5f5f5, ghostwhite: 0xf8f8ff, lightgray: 0xd3d3d3, lightgrey: 0xd3d3d3, orange: 0xffa500 }));

/** 0xRRGGBB of a CSS or HTML colour, -1 when it cannot be told, undefined for `transparent`. */
export function parseColor(text: string): number | undefined {
  const value = text.trim().toLowerCase().slice(0, 60);
  const named = NAMED.get(value);
  if (named !== undefined) return named;
  if (value === 'transparent' || value === 'inherit' || value === 'initial' || value === '') return undefined;
  const hex = /^#?([0-9a-f]{3,8})$/.exec(value)?.[1];
  if (hex !== undefined && (hex.length === 3 || hex.length === 4)) return Number.parseInt([...hex.slice(0, 3)].map((c) => c + c).join(''), 16);
  if (hex !== undefined && (hex.length === 6 || hex.length === 8)) return Number.parseInt(hex.slice(0, 6), 16);
  const rgb = /^rgba?\(\s{0,3}(\d{1,3})[\s,]{1,4}(\d{1,3})[\s,]{1,4}(\d{1,3})/.exec(value);
  if (rgb === null) return -1;
  return (Math.min(255, Number(rgb[1])) << 16) | (Math.min(255, Number(rgb[2])) << 8) | Math.min(255, Number(rgb[3]));
}

/** True when no eye tells the two apart. */
export function sameColor(a: number, b: number): boolean {
  if (a < 0 || b < 0) return false;
  return Math.abs((a >> 16) - (b >> 16)) <= 6 && Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)) <= 6 && Math.abs((a & 255) - (b & 255)) <= 6;
}

/** A length in pixels, as far as it can be told; undefined for percentages and words. */
function pixels(value: string): number | undefined {
  const found = /^(-?\d{0,6}(?:\.\d{1,6})?)(px|pt|em|rem|)(?:\s|$)/.exec(value);
  if (found === null || found[1] === '' || found[1] === '-') return undefined;
  return Number(found[1]) * (found[2] === 'pt' ? 1.333 : found[2] === 'em' || found[2] === 'rem' ? 16 : 1);
}

/** What the declarations of a style attribute or of a rule say. */
export function parseStyle(text: string): Style {
  const declared = new Map<string, string>();
  for (const part of text.slice(0, 4_000).split(';', 100)) {
    const colon = part.indexOf(':');
    if (colon <= 0) continue;
    const mark = part.indexOf('!', colon);
    declared.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1, mark < 0 ? undefined : mark).trim().toLowerCase());
  }
  const get = (name: string): string => declared.get(name) ?? '';
  const small = (name: string, limit: number): boolean => {
    const value = pixels(get(name));
    return value !== undefined && value <= limit;
  };
  const clipped = get('overflow').startsWith('hidden');
  const away = ['left', 'top', 'right', 'bottom', 'margin-left', 'margin-top'].some((side) => small(side, -900));
  const hidden =
    get('display').startsWith('none') ||
    /^(?:hidden|collapse)/.test(get('visibility')) ||
    (declared.has('opacity') && Number.parseFloat(get('opacity')) <= 0.05) ||
    small('font-size', 1.4) ||
    /^0(?:%|$)/.test(get('font-size')) ||
    small('text-indent', -900) ||
    (away && /absolute|fixed|relative/.test(get('position') || 'relative')) ||
    (clipped && ['max-height', 'height', 'max-width', 'width'].some((side) => small(side, 1))) ||
    /^rect\(0[^1-9]*\)/.test(get('clip')) ||
    get('mso-hide').startsWith('all');
  const color = declared.has('color') ? parseColor(get('color')) : undefined;
  const ground = backgroundOf(get('background-color') || get('background'), /url\(|gradient/.test(`${get('background')} ${get('background-image')}`));
  return { ...(hidden ? { hidden } : {}), ...(color === undefined ? {} : { color }), ...(ground === undefined ? {} : { background: ground }) };
}

function backgroundOf(value: string, image: boolean): number | undefined {
  if (image) return -1;
  if (value === '') return undefined;
  return parseColor(/^(rgba?\([^)]{0,40}\)|\S{1,40})/.exec(value)?.[1] ?? '');
}

/** Rules of the style sheets of a mail whose selector is one class, id or element; others, and media rules, are left out. */
export class StyleSheet {
  readonly #rules = new Map<string, Style>();
  /** True when colours are set by selectors that are not followed: then nothing is said of text in the colour of its ground. */
  unsure = false;

  add(css: string): void {
    const text = css.slice(0, LIMITS.css);
    let depth = 0;
    let from = 0;
    let skip = false;
    let open = -1;
    for (let i = 0; i < text.length; i++) {
      const char = text[i];
      if (char === '/' && text[i + 1] === '*') {
        const end = text.indexOf('*/', i + 2);
        if (end < 0) break;
        i = end + 1;
        if (depth === 0) from = i + 1;
      } else if (char === '{') {
        if (depth === 0) {
          skip = text.slice(from, Math.min(i, from + 200)).trimStart().startsWith('@');
          open = i;
        }
        depth++;
      } else if (char === '}' && depth > 0) {
        depth--;
        if (depth > 0) continue;
        if (!skip) this.#rule(text.slice(from, Math.min(open, from + 1_000)), text.slice(open + 1, i));
        from = i + 1;
      } else if (char === ';' && depth === 0) from = i + 1;
    }
  }

  #rule(selectors: string, body: string): void {
    if (this.#rules.size >= LIMITS.cssRules) return;
    const style = parseStyle(body);
    if (style.hidden === undefined && style.color === undefined && style.background === undefined) return;
    for (const selector of selectors.split(',', 20)) {
      const simple = /^\s*((?:[a-z][a-z0-9]{0,10})?(?:[.#][\w-]{1,80})?)\s*$/i.exec(selector)?.[1];
      if (simple === undefined || simple === '') {
        if (style.background !== undefined) this.unsure = true;
        continue;
      }
      const key = simple.replace(/^[^.#]*(?=[.#])/, '').toLowerCase();
      this.#rules.set(key, { ...this.#rules.get(key), ...style });
    }
  }

  /** What the sheets say of an element, its own style attribute last. */
  of(tag: string, classes: string, id: string, style: string): Style {
    const own = style === '' ? {} : parseStyle(style);
    if (this.#rules.size === 0) return own;
    let result: Style = this.#rules.get(tag) ?? {};
    for (const name of classes.slice(0, 500).split(/\s+/, 20)) if (name !== '') result = { ...result, ...this.#rules.get(`.${name.toLowerCase()}`) };
    if (id !== '') result = { ...result, ...this.#rules.get(`#${id.slice(0, 80).toLowerCase()}`) };
    // A rule that hides is undone by an element that says it is shown.
    if (result.hidden === true && /display\s{0,3}:\s{0,3}(?!none)/i.test(style.slice(0, 1_000))) result = { ...result, hidden: false };
    return { ...result, ...own };
  }
}
