export type Span = '1h' | '24h' | '7d' | '30d' | '90d';

export interface SavedRow {
  org_id: string;
  id: string;
  person_id: string;
  person_name: string;
  name: string;
  q: string;
  span: Span;
  shared: boolean;
  created_at: Date;
  updated_at: Date;
}

export interface SearchSchema {
  search_saved: SavedRow;
}
