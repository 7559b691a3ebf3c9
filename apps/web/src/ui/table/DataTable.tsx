import { Link } from '@tanstack/react-router';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ApiProblem } from '../../api/problem.ts';
import { useFormat, useTexts, type Formats } from '../../texts/index.tsx';
import { Button } from '../Button.tsx';
import { KeyHint } from '../Small.tsx';
import { Skeleton } from '../Skeleton.tsx';
import { StateNote, stateOf, type PageState } from '../Page.tsx';
import { TableTools } from './TableTools.tsx';
import { KeysDialog, useListKeys } from './keys.tsx';
import { nextSort, useColumns, type Column, type Sort } from './columns.ts';
import css from './DataTable.module.css';

export type { Column, Sort } from './columns.ts';

/** What `useList` gives; a page with all its rows at hand passes only `rows`. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly total?: { readonly count: number; readonly more: boolean } | undefined;
  readonly more?: { readonly has: boolean; readonly loading: boolean; readonly load: () => void };
  readonly loading?: boolean;
  readonly problem?: ApiProblem | null;
  readonly retry?: () => void;
}

/**
 * A list people work with: sorted, filtered, its columns chosen and remembered, saved as Excel, read page by page
 * (もっと見る), walked by J, K and Enter, searched from /, explained by ?, and a column of cards below 700 px.
 * Sorting and filtering are the caller's (they are part of the query); this only asks for them.
 */
export function DataTable<Row>({ caption, remember, columns, list, rowKey, to, sort = null, onSort, filters, excelHref, empty, unit = 'item' }: {
  /** What the list holds; read by screen readers. */
  caption: string;
  /** Name under which the choice of columns is kept on this device. */
  remember: string;
  columns: readonly Column<Row>[];
  list: Rows<Row>;
  rowKey: (row: Row) => string;
  /** Where a row opens. */
  to?: (row: Row) => string;
  sort?: Sort | null;
  onSort?: (sort: Sort | null) => void;
  /** Fields that narrow the list. */
  filters?: ReactNode;
  excelHref?: string;
  /** Why there is nothing yet and the first step; the plain sentence is for a filter that matched nothing. */
  empty?: Extract<PageState, { kind: 'empty' }>;
  unit?: Parameters<Formats['count']>[1];
}) {
  const t = useTexts().ui.table;
  const common = useTexts().common;
  const f = useFormat();
  const body = useRef<HTMLTableSectionElement>(null);
  const { shown, off, toggle } = useColumns(remember, columns);
  const { rows, total, more, loading, problem, retry } = list;

  const whole = useRef<HTMLDivElement>(null);
  const [help, setHelp] = useState(false);

  const step = (by: 1 | -1): boolean => {
    const links = [...(body.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])];
    const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
    const next = links[at === -1 ? 0 : at + by];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    return next !== undefined;
  };
  const walk = (event: KeyboardEvent) => {
    if ((event.key !== 'j' && event.key !== 'k') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (step(event.key === 'j' ? 1 : -1)) event.preventDefault();
  };
  useListKeys(whole, { walk: step, help: () => setHelp(true) });

  const state = problem && rows.length === 0 ? stateOf({ isPending: false, error: problem, ...(retry ? { refetch: retry } : {}) }) : null;
  if (state) return <StateNote state={state} />;
  if (empty && !loading && rows.length === 0) return <>{filters ? <TableTools {...{ caption, columns, off, toggle, filters, sort, onSort }} /> : null}<StateNote state={empty} /></>;
  return (
    <div ref={whole} className={css.whole} data-list>
      {filters || rows.length > 0 ? <TableTools {...{ caption, columns, off, toggle, filters, sort, onSort, excelHref }} /> : null}
      {loading ? <Skeleton lines={6} /> : rows.length === 0 ? <p className={`${css.scroll} ${css.empty}`}>{t.empty}</p> : (
        <div className={css.scroll} role="region" aria-label={caption} tabIndex={0} onKeyDown={walk} aria-description={to ? t.keys : undefined}>
          {/* Roles are spelled out because the cards of small screens (display: grid) would take them away. */}
          <table className={css.table} role="table">
            <caption className="visuallyHidden">{caption}</caption>
            <thead role="rowgroup">
              <tr role="row">
                {shown.map((c) => (
                  <th key={c.id} scope="col" role="columnheader" className={c.align === 'end' ? css.end : undefined} aria-sort={sort?.by === c.id ? (sort.down ? 'descending' : 'ascending') : undefined}>
                    {c.sort && onSort ? (
                      <button type="button" className={css.sorter} onClick={() => onSort(nextSort(sort, c.id))}>
                        {c.title}<span className={css.arrow} aria-hidden="true">{sort?.by === c.id ? (sort.down ? '▼' : '▲') : '↕'}</span>
                      </button>
                    ) : c.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody ref={body} role="rowgroup">
              {rows.map((row) => (
                <tr key={rowKey(row)} role="row">
                  {shown.map((c) => (
                    <td key={c.id} role="cell" data-label={c.title} className={`${c.align === 'end' ? css.end : ''} ${c.main ? css.main : ''}`}>
                      {c.main && to ? <Link to={to(row)} data-row-link>{c.cell(row)}</Link> : <div>{c.cell(row)}</div>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className={css.foot}>
        {rows.length > 0 ? <p role="status">{total && (more?.has || total.count !== rows.length) ? t.count(f.count(rows.length, unit), f.total(total, unit)) : more?.has ? t.some(f.count(rows.length, unit)) : t.all(f.count(rows.length, unit))}</p> : <span />}
        {to && rows.length > 1 ? <span className={css.keys}><KeyHint keys={['J', 'K']} word={t.keysShort} /><KeyHint keys={['Enter']} word={t.keysOpen} /><Button kind="quiet" onClick={() => setHelp(true)}>{t.keysTitle}</Button></span> : null}
        {more?.has ? <Button onClick={more.load} busy={more.loading}>{common.more}</Button> : null}
      </div>
      <KeysDialog open={help} onClose={() => setHelp(false)} search={Boolean(filters)} />
    </div>
  );
}
