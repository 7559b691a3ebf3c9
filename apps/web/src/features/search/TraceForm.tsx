import { useEffect, useState, type ReactNode } from 'react';
import { useTexts } from '../../texts/index.tsx';
import { Button, SelectField, TextField } from '../../ui/index.ts';
import { INDICATOR_MAX, spans, type Asked, type Span } from './asked.ts';
import css from './search.module.css';

/** What to trace, and over which time. */
export function TraceForm({ asked, busy, onAsk, children }: { asked: Asked; busy: boolean; onAsk: (next: { q: string; span?: Span }) => void; children?: ReactNode }) {
  const t = useTexts().search.trace;
  const words = useTexts().search;
  const [typed, setTyped] = useState(asked.q);
  useEffect(() => setTyped(asked.q), [asked.q]);
  return (
    <form
      role="search" className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) onAsk({ q: typed.trim() });
      }}
    >
      <TextField label={t.indicator} help={t.indicatorHelp} max={INDICATOR_MAX} width="full" value={typed} onChange={setTyped} />
      <div className={css.ask}>
        <SelectField label={words.span} value={asked.span} onChange={(span) => onAsk({ q: typed.trim(), span: span as Span })} options={spans.map((value) => ({ value, label: words.spans[value] }))} />
        <Button kind="main" icon="group" submit busy={busy}>{t.go}</Button>
      </div>
      {children}
    </form>
  );
}
