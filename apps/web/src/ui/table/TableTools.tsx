import { Checkbox, Popover } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../../texts/index.tsx';
import { Button, FileLink } from '../Button.tsx';
import { SelectField } from '../form/fields.tsx';
import type { Column, Sort } from './columns.ts';
import css from './DataTable.module.css';

/** The row above a DataTable: filters, choice of columns, Excel, and on phones the sorting that has no headings there. */
export function TableTools<Row>({ caption, columns, off, toggle, filters, sort, onSort, excelHref }: {
  caption: string;
  columns: readonly Column<Row>[];
  off: ReadonlySet<string>;
  toggle: (id: string) => void;
  filters?: ReactNode;
  sort: Sort | null;
  onSort?: ((sort: Sort | null) => void) | undefined;
  excelHref?: string | undefined;
}) {
  const t = useTexts().ui.table;
  const [open, setOpen] = useState(false);
  const sortable = onSort ? columns.filter((c) => c.sort) : [];
  const optional = columns.filter((c) => !c.main);
  return (
    <div className={css.tools} data-screen-only>
      {filters ? <div className={css.filters} role="search" aria-label={`${t.filter}: ${caption}`}>{filters}</div> : <span className={css.filters} />}
      {sortable.length > 0 ? (
        <div className={css.phoneSort}>
          <SelectField
            label={t.sortBy}
            value={sort ? `${sort.by}:${sort.down ? 'down' : 'up'}` : ''}
            onChange={(value) => {
              const [by, way] = value.split(':');
              onSort?.(by ? { by, down: way === 'down' } : null);
            }}
            options={[{ value: '', label: t.sortNone }, ...sortable.flatMap((c) => [{ value: `${c.id}:up`, label: t.ascending(c.title) }, { value: `${c.id}:down`, label: t.descending(c.title) }])]}
          />
        </div>
      ) : null}
      <Popover opened={open} onChange={setOpen} position="bottom-end" withinPortal={false} trapFocus returnFocus withRoles={false} transitionProps={{ duration: 0 }}>
        <Popover.Target><Button icon="columns" expanded={open} onClick={() => setOpen(!open)}>{t.columns}</Button></Popover.Target>
        <Popover.Dropdown>
          <div className={css.choices} role="group" aria-label={t.columns}>
            {optional.map((c) => <Checkbox key={c.id} label={c.title} checked={!off.has(c.id)} onChange={() => toggle(c.id)} />)}
          </div>
        </Popover.Dropdown>
      </Popover>
      {excelHref ? <FileLink href={excelHref} icon="sheet" download>{t.excel}</FileLink> : null}
    </div>
  );
}
