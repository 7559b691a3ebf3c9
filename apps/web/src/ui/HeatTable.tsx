import { Link } from '@tanstack/react-router';
import { useFormat, useTexts } from '../texts/index.tsx';
import css from './HeatTable.module.css';

/** A cell: a ratio 0–1, or null when it is not known. */
export interface Heat { readonly value: number | null; readonly to?: string }

const bounds = [0.2, 0.4, 0.6, 0.8] as const;
/** Colour step 0–4 of a ratio. */
export const heatStep = (value: number): number => bounds.filter((b) => value >= b).length;

/**
 * Members by measures (or anything by anything) as a table whose cells are tinted from little to much. One hue, so it
 * blames nobody; the number stands in every cell, so colour is never needed to read it.
 * @param summary the picture in one or two sentences, read first
 */
export function HeatTable({ caption, summary, corner, columns, rows }: {
  caption: string;
  summary: string;
  /** What the rows are: 「会員」. */
  corner: string;
  columns: readonly { readonly id: string; readonly title: string }[];
  rows: readonly { readonly id: string; readonly title: string; readonly to?: string; readonly cells: Readonly<Record<string, Heat>> }[];
}) {
  const t = useTexts().ui.heat;
  const { aside } = useTexts().common;
  const f = useFormat();
  return (
    <figure className={css.figure}>
      <figcaption className={css.summary}>{summary}</figcaption>
      <div className={css.scroll} role="region" aria-label={`${caption}${aside(t.scroll)}`} tabIndex={0}>
        <table className={css.table}>
          <caption className="visuallyHidden">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{corner}</th>
              {columns.map((c) => <th key={c.id} scope="col">{c.title}</th>)}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">{row.to ? <Link to={row.to}>{row.title}</Link> : row.title}</th>
                {columns.map((c) => {
                  const cell = row.cells[c.id] ?? { value: null };
                  const said = cell.value === null ? '？' : f.percent(cell.value);
                  return (
                    <td key={c.id} className={css.cell} data-step={cell.value === null ? 'none' : heatStep(cell.value)}>
                      {cell.to ? <Link to={cell.to} aria-label={`${row.title} ${c.title} ${cell.value === null ? t.none : said}`}>{said}</Link> : said}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className={css.scale} aria-label={t.scale}>
        {[0, 1, 2, 3, 4].map((step) => (
          <li key={step}><span className={css.swatch} data-step={step} aria-hidden="true" />{step * 20}–{step === 4 ? 100 : step * 20 + 19}%</li>
        ))}
        <li><span aria-hidden="true">？</span>{t.none}</li>
      </ul>
    </figure>
  );
}
