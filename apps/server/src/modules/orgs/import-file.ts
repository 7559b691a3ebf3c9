import { parseText, readTable } from '@banya/xlsx';

/** What a list of people is read into; runs in a process of its own (kernel/hostile). */
export interface ImportedRow {
  readonly row: number;
  readonly name: string | null;
  readonly reading: string | null;
  readonly department: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly errors: readonly { readonly column: string; readonly code: string; readonly params: Readonly<Record<string, string | number>> }[];
}
export interface ImportedFile {
  readonly headerRow: number;
  readonly columns: readonly { readonly header: string; readonly field: string | null }[];
  readonly rows: readonly ImportedRow[];
}

const columns = [
  { key: 'name', names: { ja: ['氏名', '名前', '社員名', '職員名', 'お名前', '漢字氏名'], en: ['name', 'full name', 'employee'] }, required: true, parse: parseText({ max: 80 }) },
  { key: 'reading', names: { ja: ['ふりがな', 'フリガナ', 'よみ', 'カナ氏名', '氏名カナ'], en: ['reading', 'kana', 'furigana'] }, parse: parseText({ max: 120 }) },
  { key: 'department', names: { ja: ['部署', '所属', '部門', '課', '部署名', '店舗'], en: ['department', 'section', 'team', 'office'] }, parse: parseText({ max: 80 }) },
  { key: 'email', names: { ja: ['メールアドレス', 'メール', 'Eメール', '電子メール', 'アドレス'], en: ['email', 'e-mail', 'mail', 'mail address'] }, parse: parseText({ max: 254 }) },
  { key: 'phone', names: { ja: ['電話番号', '電話', '携帯', '携帯電話', '内線', 'TEL'], en: ['phone', 'telephone', 'mobile', 'tel'] }, parse: parseText({ max: 30 }) },
] as const;

export const ROWS_MAX = 10_000;

export default function readPeople(bytes: Uint8Array): ImportedFile {
  const table = readTable(bytes, { columns, limits: { maxRows: ROWS_MAX + 100, maxCells: 300_000 } });
  const known = table.mapping.map((m) => ({ header: m.header, field: m.key as string | null, column: m.column }));
  const unknown = table.unknownColumns.map((u) => ({ header: u.header, field: null, column: u.column }));
  return {
    headerRow: table.headerRow,
    columns: [...known, ...unknown].sort((a, b) => a.column - b.column).map(({ header, field }) => ({ header, field })),
    rows: table.rows.map((r) => ({ row: r.rowNumber, ...r.values, errors: r.errors.map((e) => ({ column: e.column, code: e.code, params: { ...e.params } as Record<string, string | number> })) })),
  };
}
