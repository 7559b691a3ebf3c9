import { writeWorkbook, type WriteColumn, type WriteRow } from '@banya/xlsx';
import { download } from './call.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** One table as an Excel file to download. `timeZone`: where instants are shown; Tokyo's when left out. */
export function excel(name: string, sheet: string, columns: readonly WriteColumn[], rows: Iterable<WriteRow>, timeZone?: string): Response {
  return download(writeWorkbook({ ...(timeZone === undefined ? {} : { timeZone }), sheets: [{ name: sheet, columns: [...columns], rows }] }), XLSX, `${name}.xlsx`);
}
