import { orgs, roles, type Role } from '@banya/contract';
import { urlOf, useList, useSteady } from '../../api/index.ts';
import { useFilters, useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, ButtonLink, DataTable, Page, SelectField, TextField } from '../../ui/index.ts';
import { heldBy, type Person } from './roles.ts';
import css from './people.module.css';

/** Everybody on an organisation's list, found by name, reading, department or role. */
export default function PeoplePage() {
  const { people: texts, ui } = useTexts();
  const t = texts.list;
  const org = useOrg();
  const mayWrite = useMay('people.write');
  const mayRoles = useMay('roles.write');
  const { values, settled, set, any } = useFilters('q', 'role', 'show');
  const q = settled.q.trim().slice(0, 100);
  const gone = settled.show === 'gone';
  const role = roles.find((r) => r === settled.role);
  const query = { ...(q ? { q } : {}), ...(role ? { role } : {}), ...(gone ? { archived: 'true' } : {}) };
  const list = useSteady(useList(orgs.people.list, { params: { org }, query }), org);
  const add = <ButtonLink kind="main" icon="person" to={`/o/${org}/people/new`}>{t.add}</ButtonLink>;
  const bring = <ButtonLink icon="upload" to={`/o/${org}/people/import`}>{t.import}</ButtonLink>;
  return (
    <Page title={t.title} lead={t.lead} action={<>{mayWrite ? <>{add}{bring}</> : null}{mayRoles ? <ButtonLink icon="right" to={`/o/${org}/people/handover`}>{t.handover}</ButtonLink> : null}</>}>
      <DataTable
        caption={t.caption} remember="people" list={list} rowKey={(p) => p.id} to={(p) => `/o/${org}/people/${p.id}`} unit="person"
        excelHref={urlOf(orgs.people.export, { params: { org }, query: {} })}
        filters={
          <>
            <TextField label={t.search} kind="search" value={values.q} onChange={(word) => set('q', word)} />
            <SelectField label={t.role} value={values.role} onChange={(word) => set('role', word)} options={[{ value: '', label: t.everyRole }, ...roles.filter((r) => r !== 'staff').map((r) => ({ value: r, label: ui.roles[r] }))]} />
            <SelectField label={t.shown} value={values.show} onChange={(word) => set('show', word)} options={[{ value: '', label: t.here }, { value: 'gone', label: t.gone }]} />
          </>
        }
        {...(any ? {} : { empty: { kind: 'empty' as const, title: t.emptyTitle, why: mayWrite ? t.emptyWhy : t.emptyOther, ...(mayWrite ? { action: <Actions>{add}{bring}</Actions> } : {}) } })}
        columns={[
          { id: 'name', title: t.name, main: true, cell: (p) => <span className={css.name}>{p.name}</span> },
          { id: 'reading', title: t.reading, hidden: true, cell: (p) => p.reading ?? '' },
          { id: 'department', title: t.department, cell: (p) => <span className={css.name}>{p.department ?? ''}</span> },
          { id: 'roles', title: t.roles, cell: (p) => <Held person={p} /> },
          { id: 'email', title: t.email, cell: (p) => <span className={css.mail}>{p.emails[0] ?? ''}</span> },
          { id: 'phone', title: t.phone, cell: (p) => <span className={css.phone}>{p.phone ?? ''}</span> },
          { id: 'signIn', title: t.signIn, hidden: true, cell: (p) => (p.canSignIn ? t.able : p.emails.length > 0 ? t.notYet : t.noMail) },
        ]}
      />
    </Page>
  );
}

function Held({ person }: { person: Person }) {
  const { people, ui } = useTexts();
  const f = useFormat();
  const word = (role: Role, until: string | null) => (until ? people.list.until(ui.roles[role], f.date(until)) : ui.roles[role]);
  const held = heldBy(person);
  return held.length === 0 ? <span className={css.soft}>{people.list.noRole}</span> : <>{f.list(held.map((r) => word(r.role, r.until)))}</>;
}
