import { latin1, slice, startsWith, u16, u32, utf16, u64 } from './bytes.ts';

export interface Stream {
  /** Names from the root downwards, without the root itself. */
  readonly path: readonly string[];
  readonly storage: boolean;
  readonly size: number;
  /** As it is written in class tables: 00020906-0000-0000-C000-000000000046. '' for none. */
  readonly clsid: string;
  /** At most `max` bytes; shorter when the chain is broken. */
  readonly read: (max?: number) => Uint8Array;
}

const FREE = 0xfffffffa;
/** Streams beyond this many are not looked at. */
const MAX_ENTRIES = 4_000;

/**
 * A reader for compound files that cannot be led in circles: every chain is at most as long as the file has sectors.
 * undefined when the header is none. Source: [MS-CFB] 12.0, sections 2.2 to 2.6.
 */
export function readCompound(bytes: Uint8Array): Stream[] | undefined {
  if (!startsWith(bytes, 'd0cf11e0a1b11ae1') || bytes.length < 512) return undefined;
  const shift = u16(bytes, 30) === 12 ? 12 : 9;
  const size = 1 << shift;
  const sectors = Math.ceil(bytes.length / size);
  const fat = fatOf(bytes, shift, sectors);
  const next = (sector: number): number => (sector < fat.length ? fat[sector]! : FREE);
  const chain = (start: number, most: number): Uint8Array => follow(start, most, sectors, next, (sector) => slice(bytes, (sector + 1) << shift, (sector + 2) << shift));
  const directory = chain(u32(bytes, 48), MAX_ENTRIES * 128);
  const root = entryAt(directory, 0);
  if (root === undefined) return undefined;
  const miniCutoff = u32(bytes, 56) || 4096;
  const miniFat = chain(u32(bytes, 60), Math.min(bytes.length, u32(bytes, 64) * size));
  let mini: Uint8Array | undefined;
  const readMini = (start: number, most: number): Uint8Array => {
    mini ??= chain(root.start, Math.min(root.size, bytes.length));
    const store = mini;
    return follow(start, most, Math.ceil(store.length / 64), (sector) => (sector * 4 + 4 <= miniFat.length ? u32(miniFat, sector * 4) : FREE), (sector) => slice(store, sector * 64, sector * 64 + 64));
  };

  const streams: Stream[] = [];
  const seen = new Set<number>([0]);
  const open: { id: number; path: readonly string[] }[] = [{ id: root.child, path: [] }];
  while (open.length > 0 && streams.length < MAX_ENTRIES) {
    const { id, path } = open.pop()!;
    if (seen.has(id)) continue;
    seen.add(id);
    const entry = entryAt(directory, id);
    if (entry === undefined) continue;
    open.push({ id: entry.left, path }, { id: entry.right, path });
    const own = [...path, entry.name];
    const storage = entry.type === 1;
    if (storage && own.length < 12) open.push({ id: entry.child, path: own });
    streams.push({ path: own, storage, size: entry.size, clsid: entry.clsid, read: (max = bytes.length) => {
      if (storage) return new Uint8Array(0);
      const most = Math.min(max, entry.size, bytes.length);
      return entry.size < miniCutoff ? readMini(entry.start, most) : chain(entry.start, most);
    } });
  }
  streams.push({ path: [], storage: true, size: 0, clsid: root.clsid, read: () => new Uint8Array(0) });
  return streams;
}

function follow(start: number, most: number, sectors: number, next: (sector: number) => number, at: (sector: number) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let sector = start, steps = 0; sector < FREE && sector < sectors && steps < sectors && length < most; steps++, sector = next(sector)) {
    const part = at(sector);
    parts.push(part);
    length += part.length;
  }
  return slice(Buffer.concat(parts), 0, most);
}

function fatOf(bytes: Uint8Array, shift: number, sectors: number): Uint32Array {
  const size = 1 << shift;
  const perSector = size / 4;
  const count = Math.min(u32(bytes, 44), Math.ceil(sectors / perSector) + 1);
  const places: number[] = [];
  for (let i = 0; i < 109 && places.length < count; i++) places.push(u32(bytes, 76 + i * 4));
  for (let sector = u32(bytes, 68), steps = 0; sector < FREE && sector < sectors && steps < sectors && places.length < count; steps++) {
    const at = (sector + 1) << shift;
    for (let i = 0; i < perSector - 1 && places.length < count; i++) places.push(u32(bytes, at + i * 4));
    sector = u32(bytes, at + size - 4);
  }
  const fat = new Uint32Array(places.length * perSector).fill(0xffffffff);
  places.forEach((sector, i) => {
    if (sector >= sectors) return;
    const at = (sector + 1) << shift;
    for (let k = 0; k < perSector; k++) fat[i * perSector + k] = u32(bytes, at + k * 4);
  });
  return fat;
}

function entryAt(directory: Uint8Array, id: number): { name: string; type: number; left: number; right: number; child: number; start: number; size: number; clsid: string } | undefined {
  const at = id * 128;
  if (id < 0 || at + 128 > directory.length) return undefined;
  const type = directory[at + 66] ?? 0;
  if (type !== 1 && type !== 2 && type !== 5) return undefined;
  const name = utf16(directory, at, at + Math.min(64, Math.max(0, u16(directory, at + 64) - 2)));
  return { name, type, left: u32(directory, at + 68), right: u32(directory, at + 72), child: u32(directory, at + 76), start: u32(directory, at + 116), size: Math.min(u64(directory, at + 120), 0xffffffff), clsid: guid(directory, at + 80) };
}

/** A GUID in its usual writing, upper case; '' when it is all zero. */
export function guid(bytes: Uint8Array, at: number): string {
  const hex = (n: number, digits: number): string => n.toString(16).toUpperCase().padStart(digits, '0');
  const tail = [...latin1(bytes, at + 8, at + 16)].map((c) => hex(c.charCodeAt(0), 2)).join('');
  const text = `${hex(u32(bytes, at), 8)}-${hex(u16(bytes, at + 4), 4)}-${hex(u16(bytes, at + 6), 4)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  return /^[0-]+$/.test(text) ? '' : text;
}
