import { orgs } from '@banya/contract';
import { ApiProblem, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, Panel } from '../../ui/index.ts';
import css from './people.module.css';

/** Whether a role was refused because nobody who could give it has checked where the sign-in link goes. */
export const isUnchecked = (error: unknown): boolean => error instanceof ApiProblem && error.code === 'address_unchecked';

/** The addresses as they are now, and one press that says they were checked with the person. */
export function CheckAddress({ person, busy, onChecked }: { person: string; busy: boolean; onChecked: (addresses: readonly string[]) => void }) {
  const t = useTexts().people.person;
  const read = useApi(orgs.people.get, { params: { org: useOrg(), person } }, { staleMs: 0 });
  if (!read.data) return null;
  const { name, emails } = read.data;
  return (
    <Panel>
      <p>{t.goesTo(name)}</p>
      <ul className={css.points}>{emails.map((e) => <li key={e}><strong>{e}</strong></li>)}</ul>
      <Actions><Button busy={busy} onClick={() => onChecked(emails)}>{t.checked(name)}</Button></Actions>
    </Panel>
  );
}
