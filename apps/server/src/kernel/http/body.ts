import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { Problem } from '../errors.ts';

const MB = 1024 ** 2;
const tooLarge = (limit: number): Problem => new Problem(413, 'too_large', { limit: limit >= MB ? `${Math.floor(limit / MB)} MB` : `${Math.floor(limit / 1024)} KB` });

/** Reads a request body of at most `limit` bytes, counted after inflating gzip; the bound holds for chunked bodies too. */
export async function readBounded(request: Request, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limit) throw tooLarge(limit);
  if (!request.body) return new Uint8Array();
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') throw new Problem(415, 'encoding_unknown', { encoding: encoding.slice(0, 20) });
  const chunks: Uint8Array[] = [];
  let size = 0;
  const source = Readable.fromWeb(request.body as import('node:stream/web').ReadableStream);
  const stream = encoding === 'gzip' ? source.pipe(createGunzip()) : source;
  source.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      size += (chunk as Uint8Array).length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk as Uint8Array);
    }
  } catch (error) {
    // The rest is read and thrown away, so that the sender gets the answer instead of a closed connection; the server's own time limit ends it.
    if (stream !== source) {
      source.unpipe();
      stream.destroy();
    }
    source.resume();
    if (error instanceof Problem) throw error;
    throw new Problem(400, 'body_broken', {}, { cause: error });
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}
