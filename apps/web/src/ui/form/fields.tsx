import { Checkbox, NativeSelect, Radio, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useId, type HTMLInputAutoCompleteAttribute, type ReactNode } from 'react';
import { useFormat, useTexts } from '../../texts/index.tsx';
import css from './fields.module.css';

/** What every field takes; `useForm().bind(name)` gives name, value, onChange, error and label. */
export interface Field<Value> {
  label: string;
  /** What to write, with an example; stands between label and field. */
  help?: ReactNode;
  error?: string | undefined;
  name?: string;
  value: Value;
  onChange: (value: Value) => void;
  /** Shows （任意） after the label; fields are required unless told. */
  optional?: boolean;
  disabled?: boolean;
}
export interface Option { readonly value: string; readonly label: string; readonly help?: string; readonly disabled?: boolean }

const order: ('label' | 'description' | 'error' | 'input')[] = ['label', 'description', 'error', 'input'];

function useLabel(label: string, optional: boolean | undefined): string {
  const t = useTexts().common;
  return optional ? `${label}${t.aside(t.optional)}` : label;
}

function useCommon<V>({ label, help, error, name, optional, disabled }: Field<V>) {
  return {
    label: useLabel(label, optional),
    description: help,
    error,
    inputWrapperOrder: order,
    ...(name ? { name, id: `field-${name}` } : {}),
    ...(disabled ? { disabled } : {}),
  };
}

/** One line of text. `kind` picks the right keyboard on phones; beyond `max` letters nothing is taken, which is said there. */
export function TextField(props: Field<string> & { max?: number; kind?: 'text' | 'email' | 'tel' | 'url' | 'search' | 'number' | 'password'; autoComplete?: HTMLInputAutoCompleteAttribute; width?: 'full' | 'short' }) {
  const { kind = 'text', autoComplete, value, onChange, width, max } = props;
  const t = useTexts().ui.form;
  const f = useFormat();
  const input = (
    <TextInput
      {...useCommon(props)}
      {...(max ? { maxLength: max } : {})}
      {...(kind === 'number' ? { inputMode: 'numeric' as const } : { type: kind })}
      {...(autoComplete ? { autoComplete } : {})}
      {...(width === 'short' ? { className: css.short } : width === 'full' ? { className: css.full } : {})}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
      spellCheck={false}
    />
  );
  return max ? <div>{input}<p role="status" className={css.letters}>{value.length >= max ? t.atMost(f.number(max)) : null}</p></div> : input;
}

/** Several lines of text; with `max` the letters left are counted. */
export function TextArea(props: Field<string> & { rows?: number; max?: number }) {
  const { rows = 4, max, value, onChange } = props;
  const t = useTexts().ui.form;
  const id = useId();
  return (
    <div>
      <Textarea {...useCommon(props)} className={css.full} autosize minRows={rows} value={value} onChange={(e) => onChange(e.currentTarget.value)} {...(max ? { 'aria-details': id } : {})} />
      {max ? <p id={id} className={css.letters} data-over={value.length > max}>{t.letters(max - value.length)}</p> : null}
    </div>
  );
}

/** One of a few or many: the browser's own list, which every phone and screen reader knows. */
export function SelectField(props: Field<string> & { options: readonly Option[] }) {
  const { options, value, onChange } = props;
  return <NativeSelect {...useCommon(props)} value={value} onChange={(e) => onChange(e.currentTarget.value)} data={options.map(({ value: v, label, disabled }) => ({ value: v, label, disabled: disabled ?? false }))} />;
}

/**
 * One of very many, found by typing. With `onSearch` the caller finds the options for what is typed (too many to have
 * them all at hand); they are then shown as they are.
 */
export function SearchSelect(props: Field<string> & { options: readonly Option[]; onSearch?: (typed: string) => void; clearable?: boolean }) {
  const { options, value, onChange, onSearch, clearable } = props;
  const t = useTexts().ui.form;
  return (
    <Select
      {...useCommon(props)}
      searchable
      allowDeselect={false}
      limit={100}
      {...(clearable ? { clearable: true, clearButtonProps: { 'aria-label': t.clear(props.label), tabIndex: 0 } } : {})}
      {...(onSearch ? { onSearchChange: onSearch, filter: ({ options: all }) => all } : {})}
      nothingFoundMessage={t.noMatch}
      value={value || null}
      onChange={(v) => onChange(v ?? '')}
      data={options.map(({ value: v, label }) => ({ value: v, label }))}
      comboboxProps={{ withinPortal: false, transitionProps: { duration: 0 } }}
    />
  );
}

/** One of a few, all seen at once; `inline` puts them side by side where there is room, `groups` under titles. */
export function RadioField(props: Field<string> & { options?: readonly Option[]; groups?: readonly { readonly title: string; readonly options: readonly Option[] }[]; inline?: boolean }) {
  const { options = [], groups = [], value, onChange, help, error, name, inline } = props;
  const label = useLabel(props.label, props.optional);
  const choices = (of: readonly Option[]) => of.map((o) => <Radio key={o.value} value={o.value} label={o.label} description={o.help} disabled={o.disabled ?? false} />);
  return (
    <Radio.Group label={label} description={help} error={error} inputWrapperOrder={order} value={value} onChange={onChange} {...(inline || groups.length > 0 ? { className: css.full } : {})} {...(name ? { name, id: `field-${name}` } : {})}>
      <div className={inline ? css.inline : css.choices}>
        {choices(options)}
        {groups.map((g) => <div key={g.title} className={css.group} role="group" aria-label={g.title}><p aria-hidden="true">{g.title}</p><div>{choices(g.options)}</div></div>)}
      </div>
    </Radio.Group>
  );
}

/** Any of a few. */
export function CheckGroup(props: Field<readonly string[]> & { options: readonly Option[] }) {
  const { options, value, onChange, help, error, name } = props;
  const label = useLabel(props.label, props.optional);
  return (
    <Checkbox.Group label={label} description={help} error={error} inputWrapperOrder={order} value={[...value]} onChange={onChange} {...(name ? { id: `field-${name}` } : {})}>
      <div className={css.choices}>
        {options.map((o) => <Checkbox key={o.value} value={o.value} label={o.label} description={o.help} disabled={o.disabled ?? false} />)}
      </div>
    </Checkbox.Group>
  );
}

/** One yes or no that is sent with the form. */
export function CheckField({ label, help, error, name, value, onChange, disabled }: Field<boolean>) {
  return <Checkbox label={label} description={help} error={error} checked={value} onChange={(e) => onChange(e.currentTarget.checked)} disabled={disabled ?? false} {...(name ? { name, id: `field-${name}` } : {})} />;
}

/** One yes or no that acts at once. */
export function SwitchField({ label, help, value, onChange, disabled }: Field<boolean>) {
  return <Switch withThumbIndicator={false} label={label} description={help} checked={value} onChange={(e) => onChange(e.currentTarget.checked)} disabled={disabled ?? false} />;
}

/** A calendar day, YYYY-MM-DD, by the browser's own calendar. */
export function DayField(props: Field<string> & { min?: string; max?: string }) {
  const { value, onChange, min, max } = props;
  const f = useFormat();
  return (
    <div>
      <TextInput {...useCommon(props)} className={css.short} type="date" value={value} onChange={(e) => onChange(e.currentTarget.value)} {...(min ? { min } : {})} {...(max ? { max } : {})} />
      {value ? <p className={css.letters}>{f.date(value)}</p> : null}
    </div>
  );
}

/** A six-digit code: digits only (full-width ones too), offered from the phone's messages and code apps. */
export function CodeField(props: Field<string>) {
  const { value, onChange } = props;
  return (
    <TextInput
      {...useCommon(props)}
      className={css.code}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={12}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value.normalize('NFKC').replace(/\D/g, '').slice(0, 6))}
    />
  );
}

/** Fields that belong together under one question. */
export function FieldSet({ legend, help, children }: { legend: string; help?: string; children: ReactNode }) {
  return (
    <fieldset className={css.set}>
      <legend>{legend}</legend>
      {help ? <p className={css.letters}>{help}</p> : null}
      <div className={css.form}>{children}</div>
    </fieldset>
  );
}
