import { useState } from 'react';
import { formatSetting } from '@banya/addins/setting';
import { identity, tokenScopes, type Received } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, CheckGroup, CopyBox, DataTable, Dialog, FileLink, Form, GoLink, Page, Prose, RadioField, StateNote, stateOf, TextField, useForm, useUndo } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import css from './settings.module.css';

type Token = Received<typeof identity.tokens.list>['items'][number];
type Made = Received<typeof identity.tokens.create>;
const lives = ['90', '365', 'never'] as const;
const dayMs = 86_400_000;

/** Secrets by which other systems read or write here. */
export default function TokensPage() {
  const texts = useTexts().settings;
  const t = texts.tokens;
  const f = useFormat();
  const org = useOrg();
  const read = useApi(identity.tokens.list, { params: { org } });
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const [going, setGoing] = useState<Token | null>(null);
  const close = () => {
    setMaking(false);
    setMade(null);
  };
  const make = <Button kind="main" icon="key" onClick={() => setMaking(true)}>{t.make}</Button>;
  return (
    <Page title={t.title} lead={t.lead} action={make} state={stateOf(read)}>
      <DataTable
        caption={t.caption} remember="tokens" list={{ rows: read.data?.items ?? [] }} rowKey={(x) => x.id} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
        columns={[
          { id: 'name', title: t.name, main: true, cell: (x) => x.name },
          { id: 'scopes', title: t.scopes, cell: (x) => f.list(x.scopes.map((s) => texts.scopes[s].name)) },
          { id: 'used', title: t.used, cell: (x) => (x.usedAt ? f.when(x.usedAt) : t.never) },
          { id: 'until', title: t.until, cell: (x) => (x.expiresAt ? f.date(x.expiresAt) : t.noEnd) },
          { id: 'created', title: t.created, hidden: true, cell: (x) => f.date(x.createdAt) },
          { id: 'revoke', title: t.revoke, cell: (x) => (x.source ? <GoLink to={`/o/${org}/devices/senders/${x.source}`}>{t.forSender}</GoLink> : <span className={css.keep}><Button onClick={() => setGoing(x)} label={`${t.revoke}: ${x.name}`}>{t.revoke}</Button></span>) },
        ]}
      />
      <div><FileLink icon="sheet" href="/api/v1/openapi.json">{t.doc}</FileLink></div>
      <Back />
      <Dialog open={making || made !== null} onClose={close} title={made ? t.secretTitle : t.makeTitle}>
        {made ? <Prose><p>{t.once}</p><CopyBox label={t.secret} text={made.secret} /><ButtonSetting org={org} made={made} /><Actions><Button kind="main" onClick={close}>{t.kept}</Button></Actions></Prose> : <Make onMade={setMade} />}
      </Dialog>
      <Dialog open={going !== null} onClose={() => setGoing(null)} title={t.revokeTitle}>{going ? <Revoke token={going} onDone={() => setGoing(null)} /> : null}</Dialog>
    </Page>
  );
}

/** What is pasted into the report buttons. Everybody of the organisation gets it, so it must open nothing else. */
function ButtonSetting({ org, made }: { org: string; made: Made }) {
  const t = useTexts().settings.tokens;
  if (!made.scopes.includes('samples:write')) return null;
  if (made.scopes.length > 1) return <p>{t.settingWide}</p>;
  return <><p>{t.settingWhy}</p><CopyBox label={t.setting} text={formatSetting({ url: location.origin, org, token: made.secret })} /></>;
}

interface Values { name: string; scopes: readonly string[]; expires: string }
const toBody = (v: Values) => ({
  name: v.name, scopes: tokenScopes.filter((s) => v.scopes.includes(s)),
  ...(v.expires === 'never' ? {} : { expiresAt: new Date(Date.now() + Number(v.expires) * dayMs).toISOString() }),
});

function Make({ onMade }: { onMade: (made: Made) => void }) {
  const texts = useTexts().settings;
  const t = texts.tokens;
  const org = useOrg();
  const create = useAct(identity.tokens.create);
  const form = useForm<Values, ReturnType<typeof toBody>>({
    initial: { name: '', scopes: [], expires: '90' }, labels: { name: t.name, scopes: t.scopes, expires: t.expires }, toBody, schema: identity.tokens.create.body,
    send: async (body) => onMade(await create.mutateAsync({ params: { org }, body })),
  });
  return (
    <Form form={form} action={t.go}>
      <TextField {...form.bind('name')} help={t.nameHelp} autoComplete="off" />
      <CheckGroup {...form.bind('scopes')} options={tokenScopes.map((value) => ({ value, label: texts.scopes[value].name, help: texts.scopes[value].help }))} />
      <RadioField {...form.bind('expires')} options={lives.map((value) => ({ value, label: t.for[value] }))} />
    </Form>
  );
}

function Revoke({ token, onDone }: { token: Token; onDone: () => void }) {
  const t = useTexts().settings.tokens;
  const { cancel } = useTexts().common;
  const org = useOrg();
  const say = useUndo();
  const revoke = useAct(identity.tokens.revoke);
  const refused = stateOf({ isPending: false, error: revoke.error });
  return (
    <Prose>
      <p>{t.revokeBody(token.name)}</p>
      {refused ? <StateNote state={refused} /> : null}
      <Actions>
        <Button kind="grave" busy={revoke.isPending} onClick={() => once(revoke.mutateAsync({ params: { org, token: token.id } }), () => { onDone(); say({ text: t.revoked(token.name) }); })}>{t.revoke}</Button>
        <Button kind="quiet" onClick={onDone}>{cancel}</Button>
      </Actions>
    </Prose>
  );
}
