/**
 * Frames between the server and the chDB child over one pipe:
 * `u32 length of the rest, u32 id, u8 kind, u32 length of the head, head (JSON), body (bytes)`, little endian.
 * Answers travel as body, untouched; rows to be inserted go by a file.
 */
export interface Frame {
  readonly id: number;
  readonly kind: number;
  readonly head: unknown;
  readonly body: Buffer;
}

export const KIND = { run: 1, insert: 2, memory: 3, close: 4, ok: 10, error: 11, ready: 12 } as const;

const FIXED = 13;
/** A frame longer than this is a fault, not data. */
export const FRAME_MAX = 512 * 1024 * 1024;

/** The pieces of a frame, to be written in order. */
export function encodeFrame(id: number, kind: number, head: unknown, body?: Uint8Array): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(head ?? null), 'utf8');
  const fixed = Buffer.allocUnsafe(FIXED);
  fixed.writeUInt32LE(FIXED - 4 + json.length + (body?.length ?? 0), 0);
  fixed.writeUInt32LE(id, 4);
  fixed.writeUInt8(kind, 8);
  fixed.writeUInt32LE(json.length, 9);
  return body === undefined || body.length === 0 ? [Buffer.concat([fixed, json])] : [Buffer.concat([fixed, json]), body];
}

/** Cuts a byte stream into frames. @throws RangeError on a length no honest peer sends. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #need = 4;

  /** Takes bytes in, gives every frame that is complete. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    while (this.#size >= this.#need) {
      // Joined only when a whole frame is there, so a large body is copied once.
      const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size);
      const length = all.readUInt32LE(0) + 4;
      if (length < FIXED || length > FRAME_MAX) throw new RangeError(`frame of ${length} bytes`);
      if (all.length < length) {
        this.#chunks = [all];
        this.#need = length;
        break;
      }
      const headLength = all.readUInt32LE(9);
      if (FIXED + headLength > length) throw new RangeError('frame head longer than its frame');
      frames.push({
        id: all.readUInt32LE(4),
        kind: all.readUInt8(8),
        head: JSON.parse(all.toString('utf8', FIXED, FIXED + headLength)) as unknown,
        body: all.subarray(FIXED + headLength, length),
      });
      const rest = all.subarray(length);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#size = rest.length;
      this.#need = 4;
    }
    return frames;
  }
}
