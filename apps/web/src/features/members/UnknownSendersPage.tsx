import { useState } from 'react';
import { families, inventory, orgs, type Received } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, DataTable, Dialog, Form, GoLink, Page, Panel, SearchSelect, Section, SelectField, StateNote, stateOf, TextField, useForm, useUndo } from '../../ui/index.ts';

type Sender = Received<typeof inventory.unknownSenders.list>['items'][number];
type Claim = Received<typeof inventory.unknownSenders.list>['waiting'][number];
type Family = Received<typeof inventory.sources.get>['family'];

/** Senders nobody has registered: whose are they? One press registers one for a member. */
export default function UnknownSendersPage() {
  const t = useTexts().members.unknown;
  const { aside } = useTexts().common;
  const { said } = useTexts().devices.match;
  const f = useFormat();
  const org = useOrg();
  const read = useApi(inventory.unknownSenders.list, { params: { org } });
  const [chosen, setChosen] = useState<Sender | null>(null);
  const items = read.data?.items ?? [];
  return (
    <Page title={t.title} lead={t.lead} state={stateOf(read)}>
      {(read.data?.waiting.length ?? 0) > 0 ? <Claims org={org} claims={read.data?.waiting ?? []} /> : null}
      <DataTable
        caption={t.caption} remember="unknown-senders" list={{ rows: items }} rowKey={(s) => s.key} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
        columns={[
          { id: 'address', title: t.address, main: true, cell: (s) => <><strong>{s.address}{aside(s.listener.toUpperCase())}</strong>{s.fingerprint ? <><br />{said.certificate}<br /><code>{s.fingerprint}</code></> : null}</> },
          { id: 'host', title: t.host, cell: (s) => s.headerHost ?? t.noHost },
          { id: 'lines', title: t.lines, align: 'end', cell: (s) => f.number(s.lines) },
          { id: 'last', title: t.last, cell: (s) => f.when(s.lastAt) },
          { id: 'first', title: t.first, hidden: true, cell: (s) => f.when(s.firstAt) },
          { id: 'register', title: t.register, cell: (s) => <Button onClick={() => setChosen(s)} label={t.registerOf(s.address)}>{t.register}</Button> },
        ]}
      />
      {(read.data?.overflow ?? 0) > 0 ? <Panel><p>{t.more(f.count(read.data?.overflow ?? 0))}</p></Panel> : null}
      <p data-screen-only><GoLink to={`/o/${org}/members`}>{t.back}</GoLink></p>
      <Dialog open={chosen !== null} onClose={() => setChosen(null)} title={t.dialogTitle}>
        {chosen ? <Register key={chosen.key} org={org} sender={chosen} onDone={() => setChosen(null)} /> : null}
      </Dialog>
    </Page>
  );
}

/** Senders that members registered themselves: the desk says whether each is the member's. */
function Claims({ org, claims }: { org: string; claims: readonly Claim[] }) {
  const t = useTexts().members.unknown.waiting;
  const { aside } = useTexts().common;
  const { said } = useTexts().devices.match;
  /** Only what is known by an address or a certificate waits. */
  const words = ({ match }: Claim) => (match.by === 'address' ? said.address(match.address, match.listener.toUpperCase()) + (match.headerHost ? aside(said.host(match.headerHost)) : '') : match.by === 'certificate' ? <>{said.certificate}<br /><code>{match.fingerprint}</code></> : null);
  const f = useFormat();
  const say = useUndo();
  const confirm = useAct(inventory.unknownSenders.confirm, { touches: ['sources', 'overview'] });
  const archive = useAct(inventory.sources.archive, { touches: ['unknownSenders', 'overview'] });
  const restore = useAct(inventory.sources.restore, { touches: ['unknownSenders', 'overview'] });
  const of = (c: Claim) => ({ org: c.member.id, source: c.source });
  const take = (c: Claim) => once(confirm.mutateAsync({ params: { org, source: c.source }, body: { member: c.member.id, match: c.match } }), () => say({ text: t.confirmed(c.name, c.member.name), undo: () => archive.mutateAsync({ params: of(c) }) }));
  const refuse = (c: Claim) => once(archive.mutateAsync({ params: of(c) }), () => say({ text: t.refused(c.name, c.member.name), undo: () => restore.mutateAsync({ params: of(c) }) }));
  const refused = stateOf({ isPending: false, error: confirm.error ?? archive.error ?? restore.error });
  const came = (c: Claim) => (c.firstAt === null ? t.none : t.spanned(f.number(c.lines), f.when(c.firstAt)));
  return (
    <Section title={t.title}>
      <p>{t.body}</p>
      {refused ? <StateNote state={refused} /> : null}
      <DataTable
        caption={t.title} remember="waiting-senders" list={{ rows: claims }} rowKey={(c) => c.source} unit="device"
        columns={[
          { id: 'name', title: t.name, main: true, cell: (c) => <strong>{c.name}</strong> },
          { id: 'member', title: t.member, cell: (c) => c.member.name },
          { id: 'how', title: t.how, cell: words },
          { id: 'lines', title: t.lines, cell: came },
          { id: 'since', title: t.since, cell: (c) => f.when(c.since) },
          { id: 'acts', title: t.confirm, cell: (c) => <Actions><Button kind="main" onClick={() => take(c)} label={t.confirmOf(c.name)}>{t.confirm}</Button><Button onClick={() => refuse(c)} label={t.refuseOf(c.name)}>{t.refuse}</Button></Actions> },
        ]}
      />
    </Section>
  );
}

function Register({ org, sender, onDone }: { org: string; sender: Sender; onDone: () => void }) {
  const t = useTexts().members.unknown;
  const say = useUndo();
  const members = useApi(orgs.tree.children, { params: { org }, query: { limit: 200 } }, { staleMs: 300_000 });
  const kinds = useTexts().devices.families;
  const register = useAct(inventory.unknownSenders.register, { touches: ['sources', 'overview'] });
  const archive = useAct(inventory.sources.archive, { touches: ['unknownSenders', 'overview'] });
  const form = useForm({
    initial: { member: '', name: sender.headerHost ?? '', family: 'generic' as Family }, labels: { member: t.member, name: t.name, family: t.family },
    schema: inventory.unknownSenders.register.body,
    send: async (body) => {
      const made = await register.mutateAsync({ params: { org, key: sender.key }, body });
      onDone();
      say({
        text: t.registered(body.name, members.data?.items.find((m) => m.id === body.member)?.name ?? ''),
        undo: () => archive.mutateAsync({ params: { org: body.member, source: made.id } }),
      });
    },
  });
  return (
    <Form form={form} action={t.save}>
      <p><strong>{sender.address}</strong>{sender.headerHost ? `　${sender.headerHost}` : ''}{sender.fingerprint ? <><br /><code>{sender.fingerprint}</code></> : null}</p>
      <SearchSelect {...form.bind('member')} options={(members.data?.items ?? []).map((m) => ({ value: m.id, label: m.name }))} />
      <TextField {...form.bind('name')} help={t.nameHelp} />
      <SelectField {...form.bind('family')} onChange={(v) => form.set({ family: v as Family })} options={families.map((value) => ({ value, label: kinds[value] }))} />
    </Form>
  );
}
