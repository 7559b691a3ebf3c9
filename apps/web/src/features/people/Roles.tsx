import { useState } from 'react';
import { orgs, type Role } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { PersonSelect, useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, DayField, Dialog, Form, Panel, Section, SelectField, StateNote, stateOf, useForm, useUndo } from '../../ui/index.ts';
import { CheckAddress, isUnchecked } from './CheckAddress.tsx';
import { heldBy, rolesGivenAt, type Person } from './roles.ts';
import css from './people.module.css';

/** What somebody is responsible for: given, taken back, stood in for. */
export function Roles({ person }: { person: Person }) {
  const { people, ui } = useTexts();
  const t = people.person;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const may = useMay('roles.write');
  const revoke = useAct(orgs.roles.revoke, { touches: ['people'] });
  const grant = useAct(orgs.roles.grant, { touches: ['people'] });
  const deputy = useAct(orgs.roles.deputy, { touches: ['people'] });
  const [naming, setNaming] = useState(false);
  const held = heldBy(person);
  const refused = stateOf({ isPending: false, error: revoke.error });
  const take = (role: Role, deputyOf: string | null, until: string | null) => {
    const giveAgain = () => (role === 'deputy' && deputyOf && until ? deputy.mutateAsync({ params: { org }, body: { person: person.id, of: deputyOf, until } }) : grant.mutateAsync({ params: { org }, body: { person: person.id, role } }));
    once(revoke.mutateAsync({ params: { org, person: person.id, role } }), () => say({ text: t.taken(person.name, ui.roles[role]), undo: giveAgain }));
  };
  return (
    <Section title={t.roles}>
      {held.length === 0 ? <p>{t.noRoles}</p> : (
        <Panel>
          <ul className={css.roles}>
            {held.map((r) => (
              <li key={r.role}>
                <div>
                  <p><strong>{ui.roles[r.role]}</strong>{r.until ? `　${t.until(f.date(r.until))}` : ''}</p>
                  <p className={css.soft}>{people.roleHelp[r.role]}{r.deputyOf ? <DeputyOf id={r.deputyOf} /> : null}</p>
                </div>
                {may ? (
                  <Actions>
                    {r.role === 'lead' ? <Button onClick={() => setNaming(true)}>{t.deputy}</Button> : null}
                    {r.role === 'deputy' ? null : <ButtonLink to={`/o/${org}/people/handover?role=${r.role}&from=${person.id}`}>{t.handover}</ButtonLink>}
                    <Button kind="quiet" busy={revoke.isPending} onClick={() => take(r.role, r.deputyOf, r.until)} label={t.takeOf(ui.roles[r.role])}>{t.take}</Button>
                  </Actions>
                ) : null}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {refused ? <StateNote state={refused} /> : null}
      {may ? <Give person={person} /> : null}
      <Dialog open={naming} onClose={() => setNaming(false)} title={t.deputyTitle(person.name)}><NameDeputy person={person} onDone={() => setNaming(false)} /></Dialog>
    </Section>
  );
}

function DeputyOf({ id }: { id: string }) {
  const t = useTexts().people.person;
  const read = useApi(orgs.people.get, { params: { org: useOrg(), person: id } }, { staleMs: 300_000 });
  return read.data ? <> {t.deputyOf(read.data.name)}</> : null;
}

function Give({ person }: { person: Person }) {
  const { people, ui } = useTexts();
  const t = people.person;
  const org = useOrg();
  const say = useUndo();
  const here = useApi(orgs.tree.get, { params: { org } }, { staleMs: 300_000 });
  const grant = useAct(orgs.roles.grant, { touches: ['people'] });
  const revoke = useAct(orgs.roles.revoke, { touches: ['people'] });
  const open = here.data ? rolesGivenAt(here.data.kind).filter((role) => !person.roles.some((r) => r.role === role)) : [];
  const [chosen, setChosen] = useState<Role | null>(null);
  const role = chosen && open.includes(chosen) ? chosen : open[0];
  const refused = stateOf({ isPending: false, error: grant.error });
  if (!here.data) return null;
  if (person.emails.length === 0) return <p className={css.soft}>{t.giveNoMail}</p>;
  if (!role) return <p className={css.soft}>{t.allGiven}</p>;
  const give = (checked?: readonly string[]) =>
    once(grant.mutateAsync({ params: { org }, body: { person: person.id, role, ...(checked ? { checked: [...checked] } : {}) } }), () => say({ text: t.given(person.name, ui.roles[role]), undo: () => revoke.mutateAsync({ params: { org, person: person.id, role } }) }));
  return (
    <>
      <div className={css.row}>
        <SelectField label={t.giveTitle} value={role} onChange={(value) => setChosen(open.find((r) => r === value) ?? null)} options={open.map((value) => ({ value, label: ui.roles[value] }))} />
        <Button busy={grant.isPending} onClick={() => give()}>{t.give}</Button>
      </div>
      <p className={css.soft}>{people.roleHelp[role]}</p>
      {refused ? <StateNote state={refused} /> : null}
      {isUnchecked(grant.error) ? <CheckAddress person={person.id} busy={grant.isPending} onChecked={give} /> : null}
    </>
  );
}

function NameDeputy({ person, onDone }: { person: Person; onDone: () => void }) {
  const t = useTexts().people.person;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const deputy = useAct(orgs.roles.deputy, { touches: ['people'] });
  const revoke = useAct(orgs.roles.revoke, { touches: ['people'] });
  const today = new Date().toISOString().slice(0, 10);
  const appoint = async (body: { person: string; of: string; until: string; checked?: string[] | undefined }) => {
    await deputy.mutateAsync({ params: { org }, body });
    onDone();
    say({ text: t.deputyDone(name, f.date(body.until)), undo: () => revoke.mutateAsync({ params: { org, person: body.person, role: 'deputy' } }) });
  };
  const form = useForm({
    initial: { person: '', until: '' }, labels: { person: t.who, until: t.day },
    toBody: (v) => ({ ...v, of: person.id }), schema: orgs.roles.deputy.body,
    send: appoint,
  });
  const chosen = useApi(orgs.people.get, { params: { org, person: form.values.person } }, { skip: form.values.person === '' });
  const name = chosen.data?.name ?? '';
  return (
    <Form form={form} action={t.deputyGo}>
      <p>{t.deputyLead}</p>
      <PersonSelect {...form.bind('person')} org={org} without={person.id} />
      <DayField {...form.bind('until')} min={today} />
      {isUnchecked(form.problem) ? <CheckAddress person={form.values.person} busy={deputy.isPending} onChecked={(checked) => once(appoint({ ...form.values, of: person.id, checked: [...checked] }), () => {})} /> : null}
    </Form>
  );
}
