import { useState, type Ref } from 'react';
import { desk, orgs } from '@banya/contract';
import { urlOf, useApi } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, CheckField, FileLink, SearchSelect, SelectField, TextField } from '../../ui/index.ts';
import { everything, narrowed, type Filter } from './filter.ts';
import css from './desk.module.css';

/** Search always at hand, the other filters folded until somebody wants them. */
export function Filters({ org, filter, onFilter, place }: { org: string; filter: Filter; onFilter: (change: Partial<Filter>) => void; place: Ref<HTMLDivElement> }) {
  const t = useTexts().desk;
  const q = t.queue;
  const [open, setOpen] = useState(narrowed(filter));
  return (
    <div className={css.tools} data-screen-only role="search" aria-label={q.filter}>
      <div className={css.toolRow}>
        <div ref={place} className={css.search}><TextField label={q.search} kind="search" value={filter.q} onChange={(word) => onFilter({ q: word })} /></div>
        <Button expanded={open} onClick={() => setOpen(!open)} icon="settings">{open ? q.filterLess : q.filter}</Button>
        {narrowed(filter) ? <Button kind="quiet" onClick={() => onFilter({ ...everything, q: filter.q })}>{q.clear}</Button> : null}
        <FileLink icon="sheet" href={urlOf(desk.queue.export, { params: { org } })} download>{q.excel}</FileLink>
      </div>
      {open ? <More org={org} filter={filter} onFilter={onFilter} /> : null}
    </div>
  );
}

function More({ org, filter, onFilter }: { org: string; filter: Filter; onFilter: (change: Partial<Filter>) => void }) {
  const t = useTexts().desk;
  const q = t.queue;
  const members = useApi(orgs.tree.children, { params: { org }, query: { limit: 200 } }, { staleMs: 300_000 });
  return (
    <div className={css.toolRow}>
      <SelectField label={q.state} value={filter.state} onChange={(v) => onFilter({ state: v as Filter['state'] })} options={[{ value: 'open', label: q.open }, ...(['new', 'working', 'waiting', 'solved'] as const).map((value) => ({ value, label: t.states[value] }))]} />
      <SearchSelect label={q.member} value={filter.member || 'all'} onChange={(v) => onFilter({ member: v === 'all' ? '' : v })} options={[{ value: 'all', label: q.anyMember }, ...(members.data?.items ?? []).map((m) => ({ value: m.id, label: m.name }))]} />
      <SelectField label={q.assignee} value={filter.assignee} onChange={(v) => onFilter({ assignee: v })} options={[{ value: '', label: q.anybody }, { value: 'me', label: q.me }, { value: 'none', label: q.nobody }]} />
      <SelectField label={q.urgency} value={filter.urgency} onChange={(v) => onFilter({ urgency: v as Filter['urgency'] })} options={[{ value: '', label: q.anyUrgency }, ...(['now', 'today', 'normal'] as const).map((value) => ({ value, label: t.urgencies[value] }))]} />
      <CheckField label={q.onlyLate} value={filter.late} onChange={(v) => onFilter({ late: v })} />
    </div>
  );
}
