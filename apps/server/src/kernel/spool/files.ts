import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SpoolPosition } from './types.ts';

/** Makes names in a folder (new, renamed, deleted files) survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file in one step: readers see the old or the new text, also after a power cut. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
  await syncFolder(dirname(file));
}

export interface SpoolState {
  /** Made once per folder; part of every token, so that a new spool never repeats the tokens of a lost one. */
  readonly id: string;
  readonly committed: SpoolPosition;
  readonly keepUntil: SpoolPosition;
}

const STATE = 'state.json';

function isPosition(value: unknown): value is SpoolPosition {
  const position = value as SpoolPosition | null;
  return typeof position === 'object' && position !== null && Number.isSafeInteger(position.segment) && Number.isSafeInteger(position.offset);
}

/** The state of a spool folder, null when it has none. @throws Error when the file is not what we wrote. */
export async function readState(folder: string): Promise<SpoolState | null> {
  let text: string;
  try {
    text = await readFile(join(folder, STATE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const state = JSON.parse(text) as SpoolState;
  if (!/^[0-9a-f]{8}$/.test(state.id) || !isPosition(state.committed) || !isPosition(state.keepUntil)) throw new Error(`${join(folder, STATE)} is damaged`);
  return state;
}

export function writeState(folder: string, state: SpoolState): Promise<void> {
  return replaceFile(join(folder, STATE), JSON.stringify(state));
}

export function segmentFile(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(10, '0')}.spool`);
}

export function edgesFile(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(10, '0')}.edges`);
}

/** Number of the segment a file name stands for, or null. */
export function segmentOf(name: string): number | null {
  const found = /^(\d{10})\.spool$/.exec(name);
  return found === null ? null : Number(found[1]);
}

const EDGE = 12;

export interface SegmentEdges {
  /** from → to, offsets in the segment. */
  readonly edges: Map<number, number>;
  /** Entries in the file, up to the last whole one. */
  count: number;
}

/** The batch edges of a segment. A torn last entry was never handed out and is left out. */
export async function readEdges(folder: string, segment: number): Promise<SegmentEdges> {
  const found: SegmentEdges = { edges: new Map(), count: 0 };
  let bytes: Buffer;
  try {
    bytes = await readFile(edgesFile(folder, segment));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return found;
    throw error;
  }
  for (let at = 0; at + EDGE <= bytes.length; at += EDGE) {
    if (crc32(bytes.subarray(at, at + 8)) !== bytes.readUInt32LE(at + 8)) continue;
    found.edges.set(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4));
    found.count = at / EDGE + 1;
  }
  return found;
}

/** Adds an edge, on disk when it resolves. */
export async function addEdge(folder: string, segment: number, count: number, from: number, to: number): Promise<void> {
  const entry = Buffer.allocUnsafe(EDGE);
  entry.writeUInt32LE(from, 0);
  entry.writeUInt32LE(to, 4);
  entry.writeUInt32LE(crc32(entry.subarray(0, 8)), 8);
  const handle = await open(edgesFile(folder, segment), count === 0 ? 'w' : 'r+', 0o600);
  try {
    // At its place by count, not appended: a torn entry of an earlier crash is written over.
    await handle.write(entry, 0, EDGE, count * EDGE);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  if (count === 0) await syncFolder(folder);
}
