import { bordered, enlarge, luma, type Gray } from './gray.ts';
import { readCodes } from './qr.ts';

const HTML_MAX = 4_000_000;
const CELLS_MAX = 150_000;
const TABLES_MAX = 3;
const DEEP_MAX = 50;
/** A code has 21 to 177 modules a side; with a quiet zone a few more. */
const FEWEST = 21;
const MOST = 200;
const PAPER = 255;
const NAMED: Readonly<Record<string, number>> = { black: 0, navy: 14, maroon: 38, darkblue: 16, darkgreen: 59, purple: 53, gray: 128, silver: 192, white: 255 };

interface Table {
  readonly shade: number | null;
  readonly rows: number[][];
  rowShade: number | null;
}

/** Codes drawn by the cells of tables in an HTML mail, which no reader of pictures would meet. Texts of the codes, each once. Colours of style sheets are not read. */
export async function tableQr(html: string): Promise<string[]> {
  const found = new Set<string>();
  for (const rows of drawings(html.slice(0, HTML_MAX))) for (const code of await readCodes(bordered(enlarge(draw(rows), 4), 24))) found.add(code);
  return [...found];
}

/** Tables that are large enough and have two shades. One pass; tables in tables are looked at by themselves. */
function drawings(html: string): number[][][] {
  const out: number[][][] = [];
  const open: Table[] = [];
  let cells = 0;
  for (const [, close, name, attributes] of html.matchAll(/<(\/?)(table|tr|td|th)\b([^<>]{0,2000})>/gi)) {
    const tag = name!.toLowerCase();
    const table = open.at(-1);
    if (tag === 'table') {
      if (close === '') {
        if (open.length < DEEP_MAX) open.push({ shade: shadeOf(attributes!), rows: [], rowShade: null });
      } else if (open.pop() !== undefined && isDrawing(table!.rows)) {
        out.push(table!.rows);
        if (out.length >= TABLES_MAX) return out;
      }
    } else if (table === undefined || close !== '') continue;
    else if (tag === 'tr') {
      if (table.rows.length < MOST * 2) table.rows.push([]);
      table.rowShade = shadeOf(attributes!);
    } else {
      const span = Math.min(MOST, Math.max(1, Number(/\bcolspan\s{0,5}=\s{0,5}["']?(\d{1,3})/i.exec(attributes!)?.[1] ?? 1)));
      cells += span;
      if (cells > CELLS_MAX) return out;
      const row = table.rows.at(-1);
      const shade = shadeOf(attributes!) ?? table.rowShade ?? table.shade ?? PAPER;
      for (let n = 0; n < span && row !== undefined && row.length < MOST; n += 1) row.push(shade);
    }
  }
  return out;
}

function isDrawing(rows: readonly number[][]): boolean {
  const wide = rows.filter((row) => row.length >= FEWEST);
  return wide.length >= FEWEST && wide.length <= MOST && wide.some((row) => row.some((shade) => shade < 128)) && wide.some((row) => row.some((shade) => shade >= 128));
}

function shadeOf(attributes: string): number | null {
  const colour = /\bbgcolor\s{0,5}=\s{0,5}["']?\s{0,5}([#a-z0-9]{3,20})/i.exec(attributes)?.[1] ?? /\bbackground(?:-color)?\s{0,5}:\s{0,5}(#[0-9a-f]{3,8}|rgba?\([\d\s,.%]{5,40}\)|[a-z]{3,20})/i.exec(attributes)?.[1];
  if (colour === undefined) return null;
  const plain = colour.toLowerCase();
  const hex = /^#?([0-9a-f]{6}|[0-9a-f]{3})(?:[0-9a-f]{2})?$/.exec(plain)?.[1];
  if (hex !== undefined) {
    const whole = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const [r, g, b] = [0, 2, 4].map((at) => Number.parseInt(whole.slice(at, at + 2), 16));
    return luma(r!, g!, b!);
  }
  if (plain.startsWith('rgb')) {
    const [r = 0, g = 0, b = 0] = (plain.match(/\d{1,3}/g) ?? []).map(Number);
    return luma(Math.min(255, r), Math.min(255, g), Math.min(255, b));
  }
  return NAMED[plain] ?? null;
}

/** One pixel a cell; rows of spacing between are left out. */
function draw(rows: readonly (readonly number[])[]): Gray {
  const wide = rows.filter((row) => row.length >= FEWEST);
  const width = Math.max(...wide.map((row) => row.length));
  const data = new Uint8Array(width * wide.length).fill(PAPER);
  wide.forEach((row, y) => data.set(row, y * width));
  return { width, height: wide.length, data };
}
