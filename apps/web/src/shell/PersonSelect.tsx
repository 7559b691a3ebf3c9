import { useState } from 'react';
import { orgs } from '@banya/contract';
import { useApi, useRested } from '../api/index.ts';
import { useTexts } from '../texts/index.tsx';
import { SearchSelect, type Field } from '../ui/index.ts';

/**
 * One person on an organisation's list, found by typing name, ふりがな, department or address; the server searches, so
 * that a list of thousands is no different.
 * @param chosen the person the field starts with, so that the name is there before anything is read
 * @param without nobody who is out of the question
 */
export function PersonSelect({ org, chosen, without, clearable, ...field }: Field<string> & { org: string; chosen?: { id: string; name: string } | null; without?: string; clearable?: boolean }) {
  const { aside } = useTexts().common;
  const [typed, setTyped] = useState('');
  const [picked, setPicked] = useState(chosen ? { value: chosen.id, label: chosen.name } : null);
  // The field shows the name of who was chosen; that is no search.
  const q = useRested(typed === picked?.label ? '' : typed.trim().slice(0, 100));
  const read = useApi(orgs.people.list, { params: { org }, query: { limit: 50, ...(q ? { q } : {}) } });
  const found = (read.data?.items ?? []).filter((p) => p.id !== without).map((p) => ({ value: p.id, label: p.department ? `${p.name}${aside(p.department)}` : p.name }));
  const options = picked ? [picked, ...found.filter((o) => o.value !== picked.value)] : found;
  return (
    <SearchSelect
      {...field}
      {...(clearable ? { clearable } : {})}
      options={options}
      onSearch={setTyped}
      onChange={(id) => {
        setPicked(options.find((o) => o.value === id) ?? null);
        field.onChange(id);
      }}
    />
  );
}
