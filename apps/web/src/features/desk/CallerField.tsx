import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { desk, type Received } from '@banya/contract';
import { useApi, useRested } from '../../api/index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Icon } from '../../ui/index.ts';
import css from './desk.module.css';

/** Who is on the phone: a member, and the person when he or she is on its list. */
export interface Caller { readonly member: string; readonly name: string; readonly person: { readonly id: string; readonly name: string } | null; readonly phone: string | null }

type Found = Received<typeof desk.queue.members>['items'][number];
/** Fewer letters find half the federation, and every look at people stands in a member's ledger. */
const lettersMin = 2;

const callersOf = (found: Found): readonly Caller[] => [
  ...found.people.map((p): Caller => ({ member: found.org, name: found.name, person: { id: p.id, name: p.name }, phone: p.phone ?? found.phone })),
  { member: found.org, name: found.name, person: null, phone: found.phone },
];

/** Finds the caller while the call goes on: type, choose with the arrows, Enter. A combobox after the ARIA pattern. */
export function CallerField({ org, label, error, value, onChange }: { org: string; label: string; error?: string | undefined; value: Caller | null; onChange: (caller: Caller | null) => void }) {
  const t = useTexts().desk.phone;
  if (value) {
    return (
      <div className={css.caller}>
        <p className={css.callerLabel}>{label}</p>
        <p className={css.callerName}><strong>{value.person?.name ?? value.name}</strong>{value.person ? <span>{value.name}</span> : null}</p>
        <Button onClick={() => onChange(null)}>{t.again}</Button>
        {value.person ? null : <PeopleOf org={org} member={value} onChange={onChange} />}
      </div>
    );
  }
  return <Search org={org} label={label} error={error} onChange={onChange} />;
}

function Search({ org, label, error, onChange }: { org: string; label: string; error?: string | undefined; onChange: (caller: Caller) => void }) {
  const t = useTexts().desk.phone;
  const f = useFormat();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const q = useRested(typed.trim(), 180);
  const asking = q.length >= lettersMin;
  const read = useApi(desk.queue.members, { params: { org }, query: { q } }, { skip: !asking });
  const options = asking ? (read.data?.items ?? []).flatMap(callersOf) : [];
  const settled = q === typed.trim() && !read.isFetching;
  const open = asking && options.length > 0;
  // Enter pressed before the answer came takes its first line, so that a quick hand need not wait.
  const waiting = useRef(false);
  const first = options[0];
  useEffect(() => {
    if (!waiting.current || !settled) return;
    waiting.current = false;
    if (first) onChange(first);
  });
  useEffect(() => setAt(0), [q]);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' }), [id, at]);
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((now) => Math.max(0, Math.min(options.length - 1, now + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter') {
      // Never sends the form: the next field is the subject.
      event.preventDefault();
      const chosen = options[at];
      if (settled && chosen) onChange(chosen);
      else waiting.current = asking || typed.trim().length >= lettersMin;
    }
  };
  return (
    <div className={css.caller}>
      <label htmlFor="field-caller" className={css.callerLabel}>{label}</label>
      <p id={`${id}-help`} className={css.help}>{t.whoHelp}</p>
      {error ? <p id={`${id}-error`} className={css.error}>{error}</p> : null}
      <input
        ref={input} id="field-caller" className={css.callerInput} data-autofocus type="text" role="combobox" autoComplete="off" spellCheck={false} enterKeyHint="next"
        aria-expanded={open} aria-controls={`${id}-list`} aria-autocomplete="list" aria-activedescendant={open ? `${id}-${at}` : undefined}
        aria-describedby={error ? `${id}-help ${id}-error` : `${id}-help`} aria-invalid={error ? true : undefined}
        value={typed} onChange={(event) => { waiting.current = false; setTyped(event.currentTarget.value); }} onKeyDown={key}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={t.results} className={css.results} hidden={!open}>
        {options.map((caller, i) => (
          <li key={`${caller.member} ${caller.person?.id ?? ''}`} id={`${id}-${i}`} role="option" aria-selected={i === at} className={css.result} onMouseDown={(event) => event.preventDefault()} onClick={() => onChange(caller)}>
            {caller.person ? <><strong>{caller.person.name}</strong><span>{caller.name}</span></> : <><strong>{caller.name}</strong>{options.length > 1 && options.some((o) => o.member === caller.member && o.person) ? <span>{t.other}</span> : null}</>}
            {caller.phone ? <span className={css.resultPhone}><Icon name="phone" size={1} />{caller.phone}</span> : null}
          </li>
        ))}
      </ul>
      <p role="status" className={css.help}>{!asking ? '' : !settled ? t.searching : options.length === 0 ? t.none : t.found(f.count(options.length))}</p>
    </div>
  );
}

/** The people of a chosen member, to press one; the call may also be from somebody who is not listed. */
function PeopleOf({ org, member, onChange }: { org: string; member: Caller; onChange: (caller: Caller) => void }) {
  const t = useTexts().desk.phone;
  const read = useApi(desk.queue.members, { params: { org }, query: { q: member.name } });
  const people = read.data?.items.find((item) => item.org === member.member)?.people ?? [];
  if (people.length === 0) return null;
  return (
    <div role="group" aria-label={t.people} className={css.people}>
      {people.map((p) => <Button key={p.id} icon="person" onClick={() => onChange({ ...member, person: { id: p.id, name: p.name }, phone: p.phone ?? member.phone })}>{p.name}</Button>)}
    </div>
  );
}
