import { bordered, enlarge } from './gray.ts';
import type { Gray } from './gray.ts';
import { readCodes } from './qr.ts';

/** Upper and lower half of a character cell: true is ink. Full blocks, half blocks, shades, and square signs. */
const CELLS: Readonly<Record<string, readonly [boolean, boolean]>> = {
  '█': [true, true], '▀': [true, false], '▄': [false, true], '■': [true, true], '⬛': [true, true], '▓': [true, true], '▒': [true, true], '◼': [true, true], '🟥': [true, true],
};
const EMPTY = new Set([' ', '\u00a0', '\u3000', '░', '□', '⬜', '◻', '\u2002', '\u2003', '\u2007']);
/** A code has at least 21 modules a side; with half blocks that is 11 lines. The largest has 177. */
const FEWEST_LINES = 11;
const FEWEST_COLUMNS = 21;
const MOST = 380;
const MOST_BLOCKS = 3;

/** Codes drawn in a text with blocks (█ ▀ ▄ and their like), which no reader of pictures would meet. Texts of the codes, each once. */
export async function asciiQr(text: string): Promise<string[]> {
  if (!/[█▀▄■⬛▓▒◼🟥]/u.test(text.slice(0, 400_000))) return [];
  const found = new Set<string>();
  for (const block of blocks(text.slice(0, 400_000))) {
    for (const aspect of [2, 1] as const) {
      const codes = await readCodes(bordered(scaled(draw(block, aspect)), 24));
      for (const code of codes) found.add(code);
      if (codes.length > 0) break;
    }
  }
  return [...found];
}

/** Three pixels a half cell, fewer for large drawings, whose cells are read without. */
function scaled(gray: Gray): Gray {
  return enlarge(gray, gray.width * gray.height > 60_000 ? 2 : 3);
}

/** Runs of lines that are made of such signs for the most part. */
function blocks(text: string): string[][] {
  const out: string[][] = [];
  let run: string[] = [];
  const close = (): void => {
    if (run.length >= FEWEST_LINES && out.length < MOST_BLOCKS) out.push(run.slice(0, MOST));
    run = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const signs = [...line.slice(0, MOST * 4).replace(/\ufe0f/g, '').replace(/^[>|] ?/, '')].slice(0, MOST);
    const drawn = signs.filter((sign) => CELLS[sign] !== undefined).length;
    const other = signs.filter((sign) => CELLS[sign] === undefined && !EMPTY.has(sign)).length;
    // A line of quiet zone inside a code cannot be; an empty line ends the drawing.
    if (drawn >= 3 && other <= 2 && signs.length >= FEWEST_COLUMNS - 2) run.push(signs.join(''));
    else close();
  }
  close();
  return out;
}

/** One pixel a half cell high; two lines of pixels for a whole cell when cells are twice as high as wide, one when square. */
function draw(lines: readonly string[], aspect: 1 | 2): Gray {
  const rows = lines.map((line) => [...line]);
  const width = Math.max(...rows.map((row) => row.length));
  const height = rows.length * aspect;
  const data = new Uint8Array(width * height).fill(255);
  rows.forEach((row, y) => row.forEach((sign, x) => {
    const cell = CELLS[sign];
    if (cell === undefined) return;
    if (aspect === 1) data[y * width + x] = cell[0] || cell[1] ? 0 : 255;
    else {
      if (cell[0]) data[y * 2 * width + x] = 0;
      if (cell[1]) data[(y * 2 + 1) * width + x] = 0;
    }
  }));
  return { width, height, data };
}
