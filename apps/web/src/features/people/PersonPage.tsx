import { useState } from 'react';
import { identity, orgs } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { RiskList, useMay, useMe, useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, Dialog, Drawer, Facts, GoLink, Page, Prose, Section, StateNote, stateOf, telephone, useUndo } from '../../ui/index.ts';
import { PersonForm } from './PersonForm.tsx';
import { Roles } from './Roles.tsx';
import type { Person } from './roles.ts';
import css from './people.module.css';

/** One person: how to reach, responsible for what, what to do when the phone is lost or the person leaves. */
export default function PersonPage() {
  const t = useTexts().people;
  const org = useOrg();
  const read = useApi(orgs.people.get, { params: { org, person: useParam('person') } });
  const state = stateOf(read);
  if (state || !read.data) return <Page title={t.person.loading} state={state} />;
  const person = read.data;
  return (
    <Page title={person.name} lead={person.archivedAt ? t.person.goneLead : t.person.lead}>
      <div className={css.columns}>
        <div className={css.column}>
          <Contact person={person} />
          {person.archivedAt ? null : <Roles key={person.id} person={person} />}
        </div>
        <div className={css.column}>
          {person.archivedAt ? null : <SignIn person={person} />}
          <Leaving person={person} />
        </div>
      </div>
      <RiskList of={{ person: person.id }} />
      <p data-screen-only><GoLink to={`/o/${org}/people`}>{t.form.toList}</GoLink></p>
    </Page>
  );
}

function Contact({ person }: { person: Person }) {
  const { people } = useTexts();
  const t = people.person;
  const l = people.form;
  const org = useOrg();
  const say = useUndo();
  const mayWrite = useMay('people.write');
  const update = useAct(orgs.people.update);
  const [open, setOpen] = useState(false);
  const or = (value: string | null) => value ?? <span className={css.soft}>{t.unset}</span>;
  const before = { name: person.name, reading: person.reading, department: person.department, emails: person.emails, phone: person.phone };
  return (
    <Section title={t.contact} aside={mayWrite && !person.archivedAt ? <Button onClick={() => setOpen(true)} label={l.edit}>{t.edit}</Button> : null}>
      <Facts items={[
        [l.reading, or(person.reading)], [l.department, or(person.department)],
        [l.emails, person.emails.length === 0 ? or(null) : <>{person.emails.map((mail) => <div key={mail}><a className={css.mail} href={`mailto:${mail}`}>{mail}</a></div>)}</>],
        [l.phone, person.phone ? <a href={telephone(person.phone)}>{person.phone}</a> : or(null)],
      ]} />
      <Drawer open={open} onClose={() => setOpen(false)} title={l.edit}>
        <PersonForm
          person={person} action={l.save}
          send={async (body) => {
            await update.mutateAsync({ params: { org, person: person.id }, body });
            setOpen(false);
            say({ text: l.saved(body.name), undo: () => update.mutateAsync({ params: { org, person: person.id }, body: before }) });
          }}
        />
      </Drawer>
    </Section>
  );
}

function SignIn({ person }: { person: Person }) {
  const { people, common } = useTexts();
  const t = people.person;
  const org = useOrg();
  const me = useMe();
  const say = useUndo();
  const mayReset = useMay('roles.write');
  const lost = useAct(identity.lostPhone);
  const [open, setOpen] = useState(false);
  const mail = person.emails[0];
  const refused = stateOf({ isPending: false, error: lost.error });
  return (
    <Section title={t.signIn}>
      <p>{person.canSignIn ? t.able : mail ? t.notYet : t.noMail}</p>
      {!mayReset || !mail ? null : me.personId === person.id ? <p className={css.soft}>{t.lostOwn}</p> : <Actions><Button icon="phone" onClick={() => setOpen(true)}>{t.lost}</Button></Actions>}
      <Dialog open={open} onClose={() => setOpen(false)} title={t.lostTitle}>
        <Prose>
          <p>{t.lostBody(person.name, mail ?? '')}</p>
          <p>{t.lostNext}</p>
          {refused ? <StateNote state={refused} /> : null}
          <Actions>
            <Button kind="grave" busy={lost.isPending} onClick={() => once(lost.mutateAsync({ params: { org, person: person.id } }), () => { setOpen(false); say({ text: t.lostDone(person.name) }); })}>{t.lostGo}</Button>
            <Button kind="quiet" onClick={() => setOpen(false)}>{common.cancel}</Button>
          </Actions>
        </Prose>
      </Dialog>
    </Section>
  );
}

function Leaving({ person }: { person: Person }) {
  const t = useTexts().people.person;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const mayWrite = useMay('people.write');
  const archive = useAct(orgs.people.archive, { touches: ['roles'] });
  const restore = useAct(orgs.people.restore);
  const grant = useAct(orgs.roles.grant, { touches: ['people'] });
  const deputy = useAct(orgs.roles.deputy, { touches: ['people'] });
  if (!mayWrite) return null;
  const params = { org, person: person.id };
  const refused = stateOf({ isPending: false, error: archive.error ?? restore.error });
  /** Leaving ends the roles; taking it back gives them again. */
  const takeBack = async () => {
    await restore.mutateAsync({ params });
    for (const { role, deputyOf, until } of person.roles) {
      if (role === 'deputy' && deputyOf && until) await deputy.mutateAsync({ params: { org }, body: { person: person.id, of: deputyOf, until } });
      else await grant.mutateAsync({ params: { org }, body: { person: person.id, role } });
    }
  };
  return (
    <Section title={t.archive}>
      <p>{person.archivedAt ? t.goneOn(f.date(person.archivedAt)) : t.archiveBody}</p>
      {refused ? <StateNote state={refused} /> : null}
      <Actions>
        {person.archivedAt
          ? <Button kind="main" busy={restore.isPending} onClick={() => once(restore.mutateAsync({ params }), () => say({ text: t.restored(person.name), undo: () => archive.mutateAsync({ params }) }))}>{t.restore}</Button>
          : <Button busy={archive.isPending} onClick={() => once(archive.mutateAsync({ params }), () => say({ text: t.archived(person.name), undo: takeBack }))}>{t.archiveGo}</Button>}
      </Actions>
    </Section>
  );
}
