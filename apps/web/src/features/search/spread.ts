/**
 * The picture of a spread: what is drawn, and where. Pure; widths of words are estimated, so that it needs no browser. From
 * one thing to those it led to, in columns by hop where there is room, else as rows under one another: those of one origin
 * together, and of them the earlier higher.
 */

export type Shape = 'wide' | 'narrow';
export type Kind = 'indicator' | 'machine' | 'account' | 'person' | 'member';
/** As states elsewhere; plain: nothing is said of it. */
export type Look = 'now' | 'look' | 'plain' | 'quiet' | 'done';

export interface Thing {
  readonly key: string;
  readonly kind: Kind;
  readonly name: string;
  /** Steps from the root, which is 0. */
  readonly hop: number;
  readonly look: Look;
  /** Lines under the name. */
  readonly notes: readonly string[];
  readonly at: number;
  /** It stands for so many that nothing was followed beyond it. */
  readonly common: boolean;
  /** Nobody knows whether it is concerned; no way leads to it. */
  readonly unknown?: boolean;
}
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly sure: boolean;
}
/** A thing of the picture, or several that share a place. */
export interface Item extends Thing {
  /** Names of those that it stands for. */
  readonly names: readonly string[];
  readonly guess: boolean;
}
export interface Box {
  readonly item: Item;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The name, in one or two lines that fit. */
  readonly title: readonly string[];
  readonly notes: readonly string[];
}
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly sure: boolean;
  readonly path: string;
}
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}
/** What a place of several says: 「ほかに12台・3人」. */
export type More = (counts: Readonly<Partial<Record<Kind, number>>>) => string;

const HOPS = 3;
/** Places in a column, so that a picture has forty at most: root, three columns, and those of which nothing is known. */
export const COLUMN_MAX = 12;
export const UNKNOWN_MAX = 3;
export const PLACES_MAX = 1 + HOPS * COLUMN_MAX + UNKNOWN_MAX;
/** The gravest first. */
const LOOKS: readonly Look[] = ['now', 'look', 'plain', 'quiet', 'done'];

const NAME_SIZE = 14;
const NOTE_SIZE = 12.5;
export const NAME_LINE = 20;
export const NOTE_LINE = 18;
/** Between a box's frame and its words. */
export const PAD = 10;
/** At least so far from the picture's edge, so that no border is cut. */
const EDGE = 2;
const WIDE = { width: 1_000, box: 280, gap: 40, between: 12 } as const;
const NARROW = { width: 340, step: 20, between: 10 } as const;

const byTime = (a: Thing, b: Thing): number => a.at - b.at || (a.key < b.key ? -1 : 1);

/** The same ways in one order, each pair once: as sure as its surest. */
function joined(ways: readonly Way[]): Way[] {
  const known = new Map<string, Way>();
  for (const way of ways) {
    const key = `${way.from}\n${way.to}`;
    known.set(key, { ...way, sure: way.sure || (known.get(key)?.sure ?? false) });
  }
  return [...known.values()].sort((a, b) => (a.from === b.from ? (a.to < b.to ? -1 : 1) : a.from < b.from ? -1 : 1));
}

/** At most PLACES_MAX places: of a full column those that lead on, and the gravest, keep places of their own; the others share one. */
export function bounded(given: readonly Thing[], ways: readonly Way[], more: More): { items: Item[]; ways: Way[] } {
  const leads = new Set(ways.map((way) => way.from));
  const places = new Map<string, string>();
  const shown: (Thing & { readonly names: readonly string[] })[] = [];
  const settle = (things: readonly Thing[], most: number, key: string): void => {
    const few = things.length <= most;
    const kept = few ? things : [...things].sort((a, b) => Number(leads.has(b.key)) - Number(leads.has(a.key)) || LOOKS.indexOf(a.look) - LOOKS.indexOf(b.look) || byTime(a, b)).slice(0, most - 1);
    for (const thing of kept) {
      places.set(thing.key, thing.key);
      shown.push({ ...thing, names: [thing.name] });
    }
    if (few) return;
    const own = new Set(kept.map((thing) => thing.key));
    const rest = things.filter((thing) => !own.has(thing.key)).sort(byTime);
    for (const thing of rest) places.set(thing.key, key);
    const counts: Partial<Record<Kind, number>> = {};
    for (const { kind } of rest) counts[kind] = (counts[kind] ?? 0) + 1;
    const [first] = rest as [Thing];
    shown.push({
      key, kind: first.kind, name: more(counts), hop: first.hop, look: LOOKS[Math.min(...rest.map((thing) => LOOKS.indexOf(thing.look)))]!, notes: [], at: first.at, common: false,
      ...(first.unknown ? { unknown: true } : {}), names: rest.map((thing) => thing.name),
    });
  };
  const near = given.filter((thing) => thing.hop <= HOPS);
  for (const [hop, column] of [...Map.groupBy(near.filter((thing) => !thing.unknown), (thing) => thing.hop)].sort(([a], [b]) => a - b)) settle([...column].sort(byTime), hop === 0 ? 1 : COLUMN_MAX, `more ${hop}`);
  settle(near.filter((thing) => thing.unknown).sort(byTime), UNKNOWN_MAX, 'more unknown');
  const kept = joined(ways.flatMap(({ from, to, sure }) => {
    const [a, b] = [places.get(from), places.get(to)];
    return a === undefined || b === undefined || a === b ? [] : [{ from: a, to: b, sure }];
  }));
  const into = Map.groupBy(kept, (way) => way.to);
  return { items: shown.map((thing) => ({ ...thing, guess: into.get(thing.key)?.every((way) => !way.sure) ?? false })), ways: kept };
}

/** A character's width in em, rather too much than too little. */
const wide = (char: string): number => (/[mwMW@%]/.test(char) ? 0.95 : /[A-Z&_]/.test(char) ? 0.72 : /[0-9]/.test(char) ? 0.64 : /[\x20-\x7e]/.test(char) ? 0.58 : 1);

const widthOf = (text: Iterable<string>): number => [...text].reduce((sum, char) => sum + wide(char), 0);

/** A text in at most so many lines of a width; what does not fit is cut with an ellipsis. */
export function fitted(text: string, width: number, size: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const char of text.replace(/\s+/gu, ' ').trim()) {
    const next = wide(char) * size;
    if (used + next <= width) {
      line += char;
      used += next;
      continue;
    }
    if (lines.length === most - 1) {
      const kept = [...line];
      while (kept.length > 0 && (widthOf(kept) + 1) * size > width) kept.pop();
      return [...lines, `${kept.join('')}…`];
    }
    // Addresses are parted where they are made of parts, if that does not leave half a line empty.
    const part = /^.*(?:[\]@/_-]|\.(?!\]))/u.exec(line)?.[0] ?? '';
    const cut = part.length * 2 > line.length && part.length < line.length ? part.length : line.length;
    lines.push(line.slice(0, cut));
    line = line.slice(cut) + char;
    used = widthOf(line) * size;
  }
  return [...lines, line];
}

function boxed(item: Item, width: number): Omit<Box, 'x' | 'y'> {
  const title = fitted(item.name, width - 2 * PAD, NAME_SIZE, 2);
  const notes = item.notes.map((note) => fitted(note, width - 2 * PAD, NOTE_SIZE, 1)[0]!);
  return { item, width, height: 2 * PAD + title.length * NAME_LINE + notes.length * NOTE_LINE, title, notes };
}

/** Whom each comes from in the picture: of those before it, the earliest. */
function parents(items: readonly Item[], ways: readonly Way[]): Map<string, string> {
  const byKey = new Map(items.map((item) => [item.key, item]));
  const found = new Map<string, Item>();
  for (const { from, to } of ways) {
    const [a, b] = [byKey.get(from)!, byKey.get(to)!];
    const before = found.get(to);
    if (a.hop < b.hop && (!before || a.hop > before.hop || (a.hop === before.hop && byTime(a, before) < 0))) found.set(to, a);
  }
  return new Map([...found].map(([key, item]) => [key, item.key]));
}

/** Places what `bounded` gave: no box lies on another, and the same things make the same picture in whatever order they come. */
export function placed(items: readonly Item[], ways: readonly Way[], shape: Shape): Drawing {
  return shape === 'wide' ? inColumns(items, ways) : inRows(items, ways);
}

/** Places of several after those of one, and the unknown after both. */
const last = (item: Item): number => (item.unknown ? 2 : 0) + (item.names.length > 1 ? 1 : 0);

function inColumns(items: readonly Item[], ways: readonly Way[]): Drawing {
  const hops = [...new Set(items.map((item) => item.hop))].sort((a, b) => a - b);
  const width = Math.min(WIDE.box, (WIDE.width - (hops.length - 1) * WIDE.gap) / Math.max(1, hops.length));
  const from = parents(items, ways);
  const order = new Map<string, number>();
  const columns = hops.map((hop) => {
    const row = (item: Item): number => {
      const above = from.get(item.key);
      return above === undefined ? -1 : (order.get(above) ?? -1);
    };
    const column = items.filter((item) => item.hop === hop).sort((a, b) => last(a) - last(b) || row(a) - row(b) || byTime(a, b)).map((item) => boxed(item, width));
    for (const [i, { item }] of column.entries()) order.set(item.key, i);
    return { column, tall: column.reduce((sum, box) => sum + box.height, 0) + (column.length - 1) * WIDE.between };
  });
  const tall = Math.max(0, ...columns.map((c) => c.tall));
  const boxes = columns.flatMap(({ column, tall: own }, i) => {
    let y = EDGE + (tall - own) / 2;
    return column.map((box): Box => {
      const at = { ...box, x: EDGE + i * (width + WIDE.gap), y };
      y += box.height + WIDE.between;
      return at;
    });
  });
  const byKey = new Map(boxes.map((box) => [box.item.key, box]));
  const lines = ways.map(({ from: a, to: b, sure }): Line => {
    const [p, q] = [byKey.get(a)!, byKey.get(b)!];
    const [left, right] = p.x <= q.x ? [p, q] : [q, p];
    const [y1, y2] = [left.y + left.height / 2, right.y + right.height / 2];
    const x1 = left.x + left.width;
    // Within one column the way goes round on the right.
    const [x2, bend] = left.x === right.x ? [x1, WIDE.gap * 0.6] : [right.x, Math.max(24, (right.x - x1) / 2)];
    const end = left.x === right.x ? x2 + bend : x2 - bend;
    return { from: a, to: b, sure, path: `M${point(x1, y1)}C${point(x1 + bend, y1)} ${point(end, y2)} ${point(x2, y2)}` };
  });
  // A way round needs room beside the last column, too.
  const round = boxes.length > 0 && ways.some(({ from: a, to: b }) => byKey.get(a)!.x === byKey.get(b)!.x);
  return { width: 2 * EDGE + hops.length * width + Math.max(0, hops.length - 1) * WIDE.gap + (round ? WIDE.gap / 2 : 0), height: tall + 2 * EDGE, boxes, lines };
}

function inRows(items: readonly Item[], ways: readonly Way[]): Drawing {
  const from = parents(items, ways);
  const children = Map.groupBy([...items].sort((a, b) => last(a) - last(b) || byTime(a, b)), (item) => from.get(item.key));
  const sure = new Map(ways.map((way) => [`${way.from}\n${way.to}`, way.sure]));
  const boxes: Box[] = [];
  const lines: Line[] = [];
  let y: number = EDGE;
  const put = (item: Item, depth: number, above: Box | null): void => {
    const x = EDGE + depth * NARROW.step;
    const box: Box = { ...boxed(item, NARROW.width - 2 * EDGE - depth * NARROW.step), x, y };
    boxes.push(box);
    y += box.height + NARROW.between;
    if (above) lines.push({ from: above.item.key, to: item.key, sure: sure.get(`${above.item.key}\n${item.key}`) ?? false, path: `M${point(above.x + NARROW.step / 2, above.y + above.height)}V${round1(box.y + box.height / 2)}H${round1(x)}` });
    for (const child of children.get(item.key) ?? []) put(child, depth + 1, box);
  };
  for (const top of [...(children.get(undefined) ?? [])].sort((a, b) => last(a) - last(b) || a.hop - b.hop || byTime(a, b))) put(top, 0, null);
  return { width: NARROW.width, height: Math.max(0, y - NARROW.between + EDGE), boxes, lines };
}

const round1 = (n: number): string => String(Math.round(n * 10) / 10);
const point = (x: number, y: number): string => `${round1(x)},${round1(y)}`;
