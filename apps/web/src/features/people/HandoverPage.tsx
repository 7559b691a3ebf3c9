import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { orgs, roles, type Role } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { PersonSelect, useMe, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, Facts, Form, Page, Panel, Prose, RadioField, Section, SelectField, StateNote, stateOf, StateTag, StepOf, useForm } from '../../ui/index.ts';
import { CheckAddress, isUnchecked } from './CheckAddress.tsx';
import { rolesGivenAt } from './roles.ts';
import css from './people.module.css';

interface Chosen { role: Role; from: { id: string; name: string }; to: { id: string; name: string } | null }

/** Hands a role over in three steps: which and whose, to whom, what moves. */
export default function HandoverPage() {
  const t = useTexts().people.handover;
  const org = useOrg();
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const here = useApi(orgs.tree.get, { params: { org } }, { staleMs: 300_000 });
  const [at, setAt] = useState(0);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const state = stateOf(here);
  if (state || !here.data) return <Page title={t.title} lead={t.lead} state={state} />;
  const open = rolesGivenAt(here.data.kind);
  const start = open.find((r) => r === search['role']) ?? open[0] ?? 'lead';
  return (
    <Page title={t.title} lead={t.lead}>
      {at < 3 ? <StepOf n={at + 1} all={3} /> : null}
      {at === 0 ? <Whose open={open} start={chosen?.role ?? start} from={chosen?.from.id ?? String(search['from'] ?? '')} onDone={(role, from) => { setChosen({ role, from, to: null }); setAt(1); }} /> : null}
      {at === 1 && chosen ? <Whom from={chosen.from} back={() => setAt(0)} onDone={(to) => { setChosen({ ...chosen, to }); setAt(2); }} /> : null}
      {at >= 2 && chosen?.to ? <Confirm role={chosen.role} from={chosen.from} to={chosen.to} back={() => setAt(1)} onDone={() => setAt(3)} /> : null}
    </Page>
  );
}

function Whose({ open, start, from, onDone }: { open: readonly Role[]; start: Role; from: string; onDone: (role: Role, from: { id: string; name: string }) => void }) {
  const { people, ui } = useTexts();
  const t = people.handover;
  const { aside } = useTexts().common;
  const org = useOrg();
  const [role, setRole] = useState(start);
  const read = useApi(orgs.people.list, { params: { org }, query: { role, limit: 200 } });
  const holders = read.data?.items ?? [];
  const only = holders.length === 1 ? holders[0]?.id ?? '' : '';
  const holder = (id: string) => holders.find((p) => p.id === (id || only));
  const form = useForm({
    initial: { from }, labels: { from: t.from },
    toBody: (v) => ({ from: holder(v.from)?.id ?? '' }), schema: orgs.roles.handover.body.pick({ from: true }),
    send: async (v) => {
      const person = holder(v.from);
      if (person) onDone(role, { id: person.id, name: person.name });
    },
  });
  const state = stateOf(read);
  const field = form.bind('from');
  return (
    <Form form={form} action={t.next}>
      <SelectField label={t.what} value={role} onChange={(value) => setRole(roles.find((r) => r === value) ?? start)} help={people.roleHelp[role]} options={open.map((value) => ({ value, label: ui.roles[value] }))} />
      {state ? <StateNote state={state} /> : holders.length === 0 ? <p>{t.nobody}</p> : (
        <RadioField {...field} value={holder(field.value)?.id ?? ''} options={holders.map((p) => ({ value: p.id, label: p.department ? `${p.name}${aside(p.department)}` : p.name }))} />
      )}
    </Form>
  );
}

function Whom({ from, back, onDone }: { from: { id: string; name: string }; back: () => void; onDone: (to: { id: string; name: string }) => void }) {
  const t = useTexts().people.handover;
  const org = useOrg();
  const form = useForm({
    initial: { to: '' }, labels: { to: t.to }, schema: orgs.roles.handover.body.pick({ to: true }),
    send: async () => {
      if (read.data) onDone({ id: read.data.id, name: read.data.name });
    },
  });
  const read = useApi(orgs.people.get, { params: { org, person: form.values.to } }, { skip: form.values.to === '' });
  return (
    <Form form={{ ...form, busy: form.busy || (form.values.to !== '' && read.isPending) }} action={t.check} beside={<Button kind="quiet" onClick={back}>{t.back}</Button>}>
      <PersonSelect {...form.bind('to')} help={t.toHelp} org={org} without={from.id} />
    </Form>
  );
}

function Confirm({ role, from, to, back, onDone }: { role: Role; from: { id: string; name: string }; to: { id: string; name: string }; back: () => void; onDone: () => void }) {
  const { people, ui } = useTexts();
  const t = people.handover;
  const f = useFormat();
  const org = useOrg();
  const me = useMe();
  const hand = useAct(orgs.roles.handover, { touches: ['people', 'findings', 'tickets', 'home'] });
  const refused = stateOf({ isPending: false, error: hand.error });
  const go = (checked?: readonly string[]) => once(hand.mutateAsync({ params: { org }, body: { role, from: from.id, to: to.id, ...(checked ? { checked: [...checked] } : {}) } }), onDone);
  if (hand.data) {
    const { findings, tickets } = hand.data.moved;
    return (
      <Section title={t.done(to.name, ui.roles[role])}>
        <Prose>
          <p role="status"><StateTag state="done" /> {findings + tickets === 0 ? t.movedNone : t.moved(f.count(findings), f.count(tickets))}</p>
          <p>{t.tell(to.name)}</p>
          <p className={css.soft}>{t.backNote}</p>
        </Prose>
        <Actions><ButtonLink kind="main" to={`/o/${org}/people`}>{t.toList}</ButtonLink></Actions>
      </Section>
    );
  }
  return (
    <>
      <Facts items={[[t.what, ui.roles[role]], [t.from, from.name], [t.to, to.name]]} />
      <Panel>
        <Section title={t.moves}><ul className={css.points}><li>{t.movesRole(ui.roles[role])}</li><li>{t.movesFindings}</li><li>{t.movesTickets}</li></ul></Section>
        <Section title={t.stays}><ul className={css.points}><li>{t.staysKey}</li><li>{t.staysHistory}</li></ul></Section>
      </Panel>
      {me.personId === from.id ? <p><StateTag state="look" /> {t.own}</p> : null}
      {refused ? <StateNote state={refused} /> : null}
      {isUnchecked(hand.error) ? <CheckAddress person={to.id} busy={hand.isPending} onChecked={go} /> : null}
      <Actions>
        <Button kind="main" busy={hand.isPending} onClick={() => go()}>{t.go}</Button>
        <Button kind="quiet" onClick={back}>{t.back}</Button>
      </Actions>
    </>
  );
}
