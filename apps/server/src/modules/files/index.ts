import { isoDate } from '@banya/jp';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import { newId } from '../../kernel/ids.ts';
import type { JobHandler, Scope, Tx } from '../../kernel/types.ts';
import * as store from './store.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    /** A file's day has come and it is gone; as system, in the transaction that deletes it. */
    'files.deleted': { orgId: string; fileId: string; purpose: string };
  }
  interface JobPayloads {
    'files.clean': Record<string, never>;
  }
}

/** A part with its nonce and tag; small enough that pages of rows stay small in backups. */
const PART_BYTES = 256 * 1024;
const SEAL_BYTES = 28;
const PLAIN_BYTES = PART_BYTES - SEAL_BYTES;
/** No module keeps more in one piece. */
export const FILE_BYTES_MAX = 40 * 1024 * 1024;
const ROUND = 500;
const ROUNDS_MAX = 200;

export interface NewFile {
  readonly orgId: string;
  readonly bytes: Uint8Array;
  /** What it is kept for, in a word; told again when it is deleted. */
  readonly purpose: string;
  /** YYYY-MM-DD: deleted on that day, unless held. */
  readonly deleteOn: string;
}

/**
 * Stored bytes, sealed with AES-256-GCM under a key of their organisation. They are rows of the state store, so that backups,
 * restores, several processes and leaving carry them like everything else. Equal bytes of an organisation are kept once.
 */
export interface Files extends Module {
  /** Keeps bytes with the caller's transaction. @returns the file's id @throws RangeError over FILE_BYTES_MAX */
  put(tx: Tx, file: NewFile): Promise<string>;
  /** null when it is gone. @throws when what is stored was changed, cut or moved */
  get(tx: Tx, orgId: string, id: string): Promise<Buffer | null>;
  /** Keeps it beyond its day, as long as this reason stands. */
  hold(tx: Tx, orgId: string, id: string, reason: string): Promise<void>;
  release(tx: Tx, orgId: string, id: string, reason: string): Promise<void>;
  /** Another day to be deleted on. */
  setDay(tx: Tx, orgId: string, id: string, deleteOn: string): Promise<void>;
  /** The table whose rows an organisation could not read when it takes its data along, and its rows opened, as JSON lines. */
  readonly archive: { readonly table: string; lines(scope: Scope): AsyncGenerator<string> };
}

/** The key of an organisation: derived from the master key, one for each. */
const keyOf = (orgId: string): string => `files ${orgId}`;
/** Bound to each part: it is this one of so many of that blob, or it does not open. */
const placeOf = (blobId: string, n: number, parts: number): string => `${blobId} ${n}/${parts}`;

export function openFiles(kernel: Kernel): Files {
  const { secrets, tenancy } = kernel;
  const openPart = (orgId: string, blobId: string, n: number, parts: number, sealed: Uint8Array): Buffer => secrets.openBytes(keyOf(orgId), sealed, placeOf(blobId, n, parts));

  const blobFor = async (tx: Tx, orgId: string, bytes: Uint8Array): Promise<string> => {
    const digest = secrets.mac(`files.digest ${orgId}`, bytes);
    const parts = Math.ceil(bytes.length / PLAIN_BYTES);
    // Equal bytes may be removed between the two statements; then they are stored anew.
    for (let again = 0; again < 3; again += 1) {
      const id = newId(tx.now.getTime());
      if (await store.blobs.insert(tx, { org_id: orgId, id, digest, size: bytes.length, parts })) {
        for (let n = 0; n < parts; n += 1) await store.parts.insert(tx, orgId, id, n, secrets.sealBytes(keyOf(orgId), bytes.subarray(n * PLAIN_BYTES, (n + 1) * PLAIN_BYTES), placeOf(id, n, parts)));
        return id;
      }
      const there = await store.blobs.byDigest(tx, orgId, digest);
      if (there) return there.id;
    }
    throw new Error('bytes are being stored and removed at the same time');
  };

  const clean: JobHandler<'files.clean'> = {
    name: 'files.clean',
    cron: { expression: '50 3 * * *', zone: 'Asia/Tokyo', payload: {} },
    run: async () => {
      const today = isoDate(new Date(kernel.clock.now()));
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const gone = await tenancy.asSystem('delete stored files whose day has come', async (tx) => {
          const rows = await store.files.removeDue(tx, today, ROUND);
          for (const { org_id: orgId, id: fileId, purpose } of rows) await tx.emit('files.deleted', { orgId, fileId, purpose });
          return rows.length + (await store.blobs.removeUnused(tx, ROUND));
        });
        if (gone === 0) return;
      }
    },
  };

  return {
    name: 'files',
    jobs: [clean],
    put: async (tx, { orgId, bytes, purpose, deleteOn }) => {
      if (bytes.length > FILE_BYTES_MAX) throw new RangeError(`a file holds at most ${FILE_BYTES_MAX} bytes`);
      const id = newId(tx.now.getTime());
      await store.files.insert(tx, { org_id: orgId, id, blob_id: await blobFor(tx, orgId, bytes), purpose, created_at: tx.now, delete_on: deleteOn });
      return id;
    },
    get: async (tx, orgId, id) => {
      const blob = await store.blobs.of(tx, orgId, id);
      if (!blob) return null;
      const opened: Buffer[] = [];
      for (let n = 0; n < blob.parts; n += 1) {
        const sealed = await store.parts.get(tx, orgId, blob.id, n);
        if (!sealed) throw new Error(`part ${n} of the stored bytes ${blob.id} is missing`);
        opened.push(openPart(orgId, blob.id, n, blob.parts, sealed));
      }
      const bytes = Buffer.concat(opened);
      if (bytes.length !== blob.size) throw new Error(`the stored bytes ${blob.id} have another size`);
      return bytes;
    },
    hold: async (tx, orgId, id, reason) => void (await store.files.hold(tx, orgId, id, reason)),
    release: async (tx, orgId, id, reason) => void (await store.files.release(tx, orgId, id, reason)),
    setDay: async (tx, orgId, id, deleteOn) => void (await store.files.setDay(tx, orgId, id, deleteOn)),
    archive: {
      table: 'files_parts',
      // One part at a time: a member may have many, and they are large.
      async *lines(scope) {
        let after: { blob: string; n: number } | null = null;
        for (;;) {
          const part: { blob_id: string; n: number; parts: number; bytes: Buffer } | undefined = await tenancy.inOrg(scope, (tx) => store.parts.next(tx, scope.orgId, after));
          if (!part) return;
          yield JSON.stringify({ org_id: scope.orgId, blob_id: part.blob_id, n: part.n, base64: openPart(scope.orgId, part.blob_id, part.n, part.parts, part.bytes).toString('base64') });
          after = { blob: part.blob_id, n: part.n };
        }
      },
    },
  };
}
