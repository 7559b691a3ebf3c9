import { useEffect, useRef, type ReactNode } from 'react';
import { useTexts } from '../../texts/index.tsx';
import { Button } from '../Button.tsx';
import { Heading } from '../Heading.tsx';
import { StateNote } from '../Page.tsx';
import type { FormState } from './useForm.ts';
import css from './fields.module.css';

/** Focuses a field by name; of a group of choices, its first one. */
function focusField(name: string): void {
  const place = document.getElementById(`field-${name}`);
  const control = place?.matches('input, textarea, select') ? place : place?.querySelector<HTMLElement>('input, textarea, select');
  control?.focus();
}

/**
 * A form with its error summary above (each error a link to its field, focus goes there when refused) and one
 * primary button below.
 */
export function Form<Values extends object>({ form, action, beside, children }: {
  form: Pick<FormState<Values>, 'errors' | 'problem' | 'busy' | 'refused' | 'submit'>;
  /** Words of the primary button. */
  action: string;
  /** Quieter ways out, beside the button. */
  beside?: ReactNode;
  children: ReactNode;
}) {
  const t = useTexts().ui.form;
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (form.refused > 0) summary.current?.focus();
  }, [form.refused]);
  return (
    <form
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      {form.errors.length > 0 ? (
        <div ref={summary} className={css.summary} tabIndex={-1} role="alert">
          <Heading>{t.errorTitle}</Heading>
          <ul>
            {form.errors.map((e) => <li key={e.name}><a href={`#field-${e.name}`} onClick={(event) => { event.preventDefault(); focusField(e.name); }}>{e.message}</a></li>)}
          </ul>
        </div>
      ) : null}
      {form.problem ? <div ref={summary} tabIndex={-1}><StateNote state={form.problem.status === 0 ? { kind: 'offline' } : { kind: 'error', problem: form.problem }} /></div> : null}
      {children}
      <div className={css.foot}><Button kind="main" submit busy={form.busy}>{action}</Button>{beside}</div>
    </form>
  );
}
