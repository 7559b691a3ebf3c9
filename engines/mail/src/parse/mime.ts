/**
 * The parts of a mail (RFC 2045, 2046), each within the bytes of its parent, so that an attached mail keeps its own
 * bytes unchanged and no part can be counted, nested or inflated beyond the limits. Damage is told and read around.
 */
import type { Trouble } from '../types.ts';
import { openRaw, readBlock, structured, type RawField, type Structured } from './headers.ts';
import { LIMITS } from './limits.ts';
import { base64, quotedPrintable, uudecode } from './transfer.ts';
import { decodeWords } from './words.ts';

export interface Part {
  readonly fields: readonly RawField[];
  readonly type: Structured;
  /** `attachment`, `inline` or ''. */
  readonly disposition: string;
  /** Decoded file name, '' when none is given. */
  readonly name: string;
  readonly contentId: string;
  /** Bytes of a leaf after its transfer encoding; empty for a multipart. */
  readonly bytes: Uint8Array;
  readonly children: readonly Part[];
}

/** What is shared by the parts of one mail. */
export interface Budget {
  parts: number;
  headers: number;
  readonly troubles: Map<string, Trouble>;
}

export function newBudget(): Budget {
  return { parts: 0, headers: 0, troubles: new Map() };
}

export function tell(budget: Budget, code: Trouble['code'], where?: string): void {
  const key = `${code} ${where ?? ''}`;
  if (budget.troubles.size < 50 && !budget.troubles.has(key)) budget.troubles.set(key, where === undefined ? { code } : { code, where: where.slice(0, 200) });
}

const EMPTY = new Uint8Array(0);
const NONE: Structured = { value: '', params: new Map() };

export function field(fields: readonly RawField[], name: string): string | undefined {
  return fields.find((entry) => entry.name === name)?.raw;
}

/** A file name without folders and control characters; direction marks stay, since a reader must be told of them. */
function fileName(name: string): string {
  const clean = name.replace(/[\0-\x1f\x7f]/g, '').trim();
  return clean.slice(Math.max(clean.lastIndexOf('/'), clean.lastIndexOf('\\')) + 1).slice(0, 500);
}

/** The part in bytes `start`…`end` of a mail, `depth` multiparts deep. `fallback`: its type when it states none. */
export function readPart(bytes: Buffer, start: number, end: number, depth: number, budget: Budget, fallback = 'text/plain'): Part {
  budget.parts++;
  const block = readBlock(bytes, start, end, Math.max(0, LIMITS.headers - budget.headers));
  budget.headers += block.size;
  if (block.cut) tell(budget, 'headers_too_large');
  // A part may begin with its text at once; only the mail itself needs a header block.
  if (block.broken && depth === 0 && block.body < end) tell(budget, 'broken_mime', 'header');
  return readBody(bytes, block.fields, block.body, end, depth, budget, fallback);
}

/** The body in bytes `start`…`end` that belongs to these fields. */
export function readBody(bytes: Buffer, fields: readonly RawField[], start: number, end: number, depth: number, budget: Budget, fallback = 'text/plain'): Part {
  const typeRaw = field(fields, 'content-type');
  const stated = typeRaw === undefined ? NONE : structured(typeRaw);
  const type: Structured = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(stated.value) ? stated : { value: /^text\b/.test(stated.value) ? 'text/plain' : fallback, params: stated.params };
  const dispositionRaw = field(fields, 'content-disposition');
  const disposition = dispositionRaw === undefined ? NONE : structured(dispositionRaw, type.params.get('charset'));
  const name = fileName(disposition.params.get('filename') ?? type.params.get('name') ?? '');
  const common = { fields, disposition: disposition.value, name, contentId: openRaw(field(fields, 'content-id') ?? '').replace(/[<>\s]/g, '').slice(0, 300) };
  if (type.value.startsWith('multipart/')) {
    if (depth >= LIMITS.depth) tell(budget, 'too_deep');
    else {
      const children = split(bytes, start, end, type, depth, budget);
      if (children.length > 0) return { ...common, type, bytes: EMPTY, children };
      tell(budget, 'broken_mime', type.value);
      // The parts cannot be found: the body is read as what it then is, text.
      return { ...common, type: { value: 'text/plain', params: type.params }, bytes: bytes.subarray(start, end), children: [] };
    }
  }
  return { ...common, type, ...leaf(bytes.subarray(start, end), fields, type, name, budget), children: [] };
}

function leaf(body: Buffer, fields: readonly RawField[], type: Structured, name: string, budget: Budget): { bytes: Uint8Array; name: string } {
  const encoding = (decodeWords(field(fields, 'content-transfer-encoding') ?? '').replace(/\([^()]*\)/g, '').match(/[\w-]{1,40}/)?.[0] ?? '').toLowerCase();
  const where = name === '' ? type.value : name;
  if (encoding === 'base64' || encoding === 'b') {
    const result = base64(body);
    if (result.broken) tell(budget, 'broken_mime', where);
    return { bytes: result.bytes, name };
  }
  if (encoding === 'quoted-printable' || encoding === 'q') {
    const result = quotedPrintable(body);
    if (result.broken) tell(budget, 'broken_mime', where);
    return { bytes: result.bytes, name };
  }
  if (encoding.includes('uu')) {
    const result = uudecode(body);
    if (result !== null) return { bytes: result.bytes, name: name === '' ? fileName(result.name) : name };
    tell(budget, 'broken_mime', where);
  }
  return { bytes: body, name };
}

/** Bytes between the delimiter lines of a multipart become its parts. */
function split(bytes: Buffer, start: number, end: number, type: Structured, depth: number, budget: Budget): Part[] {
  const stated = (type.params.get('boundary') ?? '').slice(0, 500).trimEnd();
  let ranges = stated === '' ? [] : between(bytes, start, end, Buffer.from(stated, 'utf8'));
  if (ranges.length === 0) {
    const found = likelyBoundary(bytes, start, end);
    if (found === null) return [];
    tell(budget, 'broken_mime', type.value);
    ranges = between(bytes, start, end, found);
  }
  const parts: Part[] = [];
  for (const range of ranges) {
    if (budget.parts >= LIMITS.parts) {
      tell(budget, 'too_many_parts');
      break;
    }
    parts.push(readPart(bytes, range.start, range.end, depth + 1, budget, type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain'));
  }
  return parts;
}

/** Ranges between lines that are `--boundary`, up to `--boundary--` or the end, at most one more than parts are allowed. */
function between(bytes: Buffer, start: number, end: number, boundary: Buffer): { start: number; end: number }[] {
  const mark = Buffer.concat([Buffer.from('--'), boundary]);
  const out: { start: number; end: number }[] = [];
  let open = -1;
  for (let at = bytes.indexOf(mark, start); at >= 0 && at < end; at = bytes.indexOf(mark, at + 1)) {
    if (at > start && bytes[at - 1] !== 0x0a) continue;
    let tail = at + mark.length;
    const closing = bytes[tail] === 0x2d && bytes[tail + 1] === 0x2d;
    if (closing) tail += 2;
    while (tail < end && (bytes[tail] === 0x20 || bytes[tail] === 0x09 || bytes[tail] === 0x0d)) tail++;
    if (tail < end && bytes[tail] !== 0x0a) continue;
    // The line break before a delimiter belongs to the delimiter.
    if (open >= 0) out.push({ start: open, end: Math.max(open, at - (bytes[at - 2] === 0x0d ? 2 : 1)) });
    open = closing ? -1 : Math.min(end, tail + 1);
    if (closing || out.length > LIMITS.parts) break;
  }
  if (open >= 0 && open < end && out.length <= LIMITS.parts) out.push({ start: open, end });
  return out;
}

/** The boundary that a body seems to use when the stated one is missing or wrong: `--x` with a Content- header below. */
function likelyBoundary(bytes: Buffer, start: number, end: number): Buffer | null {
  let at = start;
  for (let lines = 0; lines < 200 && at < end; lines++) {
    let stop = bytes.indexOf(0x0a, at);
    if (stop < 0 || stop > end) stop = end;
    if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d && stop - at > 3 && stop - at < 300 && /^content-/i.test(bytes.toString('latin1', stop + 1, stop + 10))) {
      return Buffer.from(bytes.toString('latin1', at + 2, stop).trimEnd(), 'latin1');
    }
    at = stop + 1;
  }
  return null;
}
