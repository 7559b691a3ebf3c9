import type { Tx } from '../../kernel/types.ts';
import type { BlobRow, FileRow } from './schema.ts';

export const blobs = {
  /** Makes the row; false where equal bytes are there already. Waits for whoever is just adding or removing them. */
  insert: async (tx: Tx, row: BlobRow): Promise<boolean> =>
    (await tx.query('insert into files_blobs (org_id, id, digest, size, parts) values ($1, $2, $3, $4, $5) on conflict (org_id, digest) do nothing returning id', [row.org_id, row.id, row.digest, row.size, row.parts])).length > 0,
  /** Locked against removal until the transaction ends. */
  byDigest: async (tx: Tx, orgId: string, digest: string): Promise<BlobRow | undefined> => (await tx.query<BlobRow>('select * from files_blobs where org_id = $1 and digest = $2 for key share', [orgId, digest]))[0],
  of: async (tx: Tx, orgId: string, fileId: string): Promise<BlobRow | undefined> => (await tx.query<BlobRow>('select b.* from files_files f join files_blobs b on b.org_id = f.org_id and b.id = f.blob_id where f.org_id = $1 and f.id = $2', [orgId, fileId]))[0],
  /** Those nobody keeps any more; a row that somebody is just taking up is left for the next time. */
  removeUnused: async (tx: Tx, limit: number): Promise<number> =>
    (await tx.query(
      `delete from files_blobs where (org_id, id) in (
         select b.org_id, b.id from files_blobs b where not exists (select 1 from files_files f where f.org_id = b.org_id and f.blob_id = b.id) limit $1 for update skip locked) returning id`,
      [limit],
    )).length,
};

export const parts = {
  insert: (tx: Tx, orgId: string, blobId: string, n: number, bytes: Uint8Array) => tx.query('insert into files_parts (org_id, blob_id, n, bytes) values ($1, $2, $3, $4)', [orgId, blobId, n, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)]),
  get: async (tx: Tx, orgId: string, blobId: string, n: number): Promise<Buffer | undefined> => (await tx.query<{ bytes: Buffer }>('select bytes from files_parts where org_id = $1 and blob_id = $2 and n = $3', [orgId, blobId, n]))[0]?.bytes,
  /** The next one after another, in order of the primary key. */
  next: async (tx: Tx, orgId: string, after: { blob: string; n: number } | null): Promise<{ blob_id: string; n: number; parts: number; bytes: Buffer } | undefined> =>
    (await tx.query<{ blob_id: string; n: number; parts: number; bytes: Buffer }>(
      `select p.blob_id, p.n, b.parts, p.bytes from files_parts p join files_blobs b on b.org_id = p.org_id and b.id = p.blob_id
        where p.org_id = $1 ${after ? 'and (p.blob_id, p.n) > ($2::uuid, $3::int)' : ''} order by p.blob_id, p.n limit 1`,
      after ? [orgId, after.blob, after.n] : [orgId],
    ))[0],
};

export const files = {
  insert: (tx: Tx, row: FileRow) => tx.query('insert into files_files (org_id, id, blob_id, purpose, created_at, delete_on) values ($1, $2, $3, $4, $5, $6)', [row.org_id, row.id, row.blob_id, row.purpose, row.created_at, row.delete_on]),
  setDay: (tx: Tx, orgId: string, id: string, deleteOn: string) => tx.query('update files_files set delete_on = $3 where org_id = $1 and id = $2', [orgId, id, deleteOn]),
  hold: (tx: Tx, orgId: string, id: string, reason: string) =>
    tx.query('insert into files_holds (org_id, file_id, reason, at) select org_id, id, $3, $4 from files_files where org_id = $1 and id = $2 on conflict do nothing', [orgId, id, reason, tx.now]),
  release: (tx: Tx, orgId: string, id: string, reason: string) => tx.query('delete from files_holds where org_id = $1 and file_id = $2 and reason = $3', [orgId, id, reason]),
  /** Deletes those whose day has come and that nothing holds. @returns how many, and of which organisations */
  removeDue: (tx: Tx, today: string, limit: number) =>
    tx.query<{ org_id: string; id: string; purpose: string }>(
      `delete from files_files where (org_id, id) in (
         select f.org_id, f.id from files_files f where f.delete_on <= $1::date and not exists (select 1 from files_holds h where h.org_id = f.org_id and h.file_id = f.id) order by f.delete_on limit $2 for update skip locked)
       returning org_id, id, purpose`,
      [today, limit],
    ),
};
