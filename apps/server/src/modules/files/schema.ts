export interface BlobRow {
  org_id: string;
  id: string;
  digest: string;
  size: number;
  parts: number;
}

export interface FileRow {
  org_id: string;
  id: string;
  blob_id: string;
  purpose: string;
  created_at: Date;
  delete_on: string;
}
