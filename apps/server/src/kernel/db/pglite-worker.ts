/**
 * The thread that holds PGlite. It speaks PostgreSQL's wire protocol in whole messages, so that the main thread's client is
 * node-postgres itself and both engines answer alike. Started by pglite-stream.ts only.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { handedOver } from './handed-over.ts';

export interface WorkerOptions {
  readonly dataDir: string;
}

export type ToWorker = { readonly kind: 'wire'; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly kind: 'close' };
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  /** `diskFull`: the answer holds SQLSTATE 53100, after which this PGlite must not be used. */
  | { readonly kind: 'wire'; readonly bytes: Uint8Array<ArrayBuffer>; readonly diskFull: boolean }
  | { readonly kind: 'closed' };

// The defaults of a server (128 MB of buffers, 100 connections) are memory never used by one session.
const SMALL = ['-c', 'shared_buffers=32MB', '-c', 'wal_buffers=1MB', '-c', 'max_connections=5', '-c', 'TimeZone=UTC'];

const port = parentPort;
if (!port) throw new Error('pglite-worker.ts runs as a worker thread');
const post = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const { dataDir } = workerData as WorkerOptions;

let store: PGlite | undefined;
try {
  // initdb leaves hundreds of megabytes of WebAssembly memory behind, so a new folder is made by one instance and used by the next.
  if (!existsSync(join(dataDir, 'PG_VERSION'))) await (await PGlite.create(dataDir)).close();
  store = await PGlite.create({ dataDir, startParams: [...PGlite.defaultStartParams, ...SMALL] });
  post({ kind: 'ready' });
} catch (error) {
  post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}

port.on('message', async (message: ToWorker) => {
  if (!store) return;
  if (message.kind === 'close') {
    store.close().then(
      () => post({ kind: 'closed' }),
      () => post({ kind: 'closed' }),
    );
    return;
  }
  const bytes = await answerOf(store, message.bytes);
  post({ kind: 'wire', bytes, diskFull: hasDiskFull(bytes) }, handedOver(bytes));
});

/**
 * One answer of the wire protocol, in memory of its own. The plain call would parse each answer a second time and keep what
 * it parsed for good (pull request 1025 of PGlite). Only the greeting of a connection (its first byte is 0) is not streamed.
 */
async function answerOf(pglite: PGlite, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] === 0) return new Uint8Array(pglite.execProtocolRawSync(bytes));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  // A part is PGlite's own memory and written over by the next.
  await pglite.execProtocolRawStream(bytes, { syncToFs: false, onRawData: (part) => void parts.push(new Uint8Array(part)) });
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Looks for an ErrorResponse with SQLSTATE 53100 (PostgreSQL manual, "Message Formats": Byte1 type, Int32 length). */
function hasDiskFull(bytes: Uint8Array<ArrayBuffer>): boolean {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 5 <= bytes.length; at += 1 + view.getInt32(at + 1)) {
    if (bytes[at] === 0x45 && Buffer.from(bytes.buffer, at, 1 + view.getInt32(at + 1)).includes('\0C53100\0')) return true;
  }
  return false;
}
