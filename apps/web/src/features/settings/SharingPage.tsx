import { orgs, type ConsentKind, type Received } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, Details, GoLink, Heading, Page, Section, StateNote, stateOf, StateTag, SwitchField, useUndo } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import { ForTickets } from './ForTickets.tsx';
import css from './settings.module.css';

type Consents = Received<typeof orgs.consents.get>;
type Consent = Consents['items'][number];
/** Kinds by which something is shown today; the others can be chosen ahead. */
const used: readonly ConsentKind[] = ['tickets', 'alerts', 'indicators', 'scores', 'inventory', 'logs', 'samples'];
/** Who gave a consent when the member was registered. */
const registration = 'setup';

/** What the federation sees of this organisation: one sentence and one switch each. */
export default function SharingPage() {
  const t = useTexts().settings.share;
  const org = useOrg();
  const read = useApi(orgs.consents.get, { params: { org } });
  const here = useApi(orgs.tree.get, { params: { org } }, { staleMs: 300_000 });
  const state = stateOf(read) ?? stateOf(here);
  const top = read.data?.federation;
  const alone = here.data?.kind === 'federation';
  const title = top && !alone ? t.title(top.name) : t.titlePlain;
  if (alone) return <Page title={title} state={{ kind: 'empty', title: t.noneTitle, why: t.none }} />;
  return (
    <Page title={title} lead={t.lead} state={state}>
      {read.data ? <Choices consents={read.data} /> : null}
      <Back />
    </Page>
  );
}

function Choices({ consents }: { consents: Consents }) {
  const t = useTexts().settings.share;
  const org = useOrg();
  const may = useMay('consent.write');
  const of = (kinds: (kind: ConsentKind) => boolean) => consents.items.filter((c) => kinds(c.kind));
  const now = used.flatMap((kind) => of((k) => k === kind));
  const later = of((kind) => !used.includes(kind));
  return (
    <>
      {may ? null : <p className={css.soft}>{t.readOnly}</p>}
      <ul className={css.kinds}>{now.map((c) => <li key={c.kind}><Kind consent={c} may={may} /></li>)}</ul>
      <p><GoLink to={`/o/${org}/settings/audit?only=outsiders`}>{t.see}</GoLink></p>
      <ForTickets org={org} tickets={consents.tickets} may={may} />
      {later.length > 0 ? <Details summary={t.later}><p className={css.soft}>{t.laterLead}</p><ul className={css.kinds}>{later.map((c) => <li key={c.kind}><Kind consent={c} may={may} /></li>)}</ul></Details> : null}
      <History history={consents.history} />
    </>
  );
}

function Kind({ consent: c, may }: { consent: Consent; may: boolean }) {
  const texts = useTexts().settings;
  const t = texts.share;
  const words = texts.sharing[c.kind];
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const set = useAct(orgs.consents.set, { touches: ['overview'] });
  const put = (given: boolean, until: string | null) => set.mutateAsync({ params: { org, kind: c.kind }, body: { given, ...(given && until ? { until } : {}) } });
  const choose = (given: boolean) => once(put(given, null), () => say({ text: given ? t.given(words.name) : t.withdrawn(words.name), undo: () => put(!given, c.until) }));
  const refused = stateOf({ isPending: false, error: set.error });
  const since = c.given && c.since && !c.fixed ? (c.by === null || c.by === registration ? t.sinceSetup(f.date(c.since)) : t.since(f.date(c.since), c.by)) : '';
  return (
    <div className={css.kind}>
      <div className={css.kindTop}>
        <Heading small>{words.name}</Heading>
        <StateTag state={c.given ? 'done' : 'quiet'} word={c.fixed ? t.fixed : c.given ? (c.until ? `${t.on}　${t.until(f.date(c.until))}` : t.on) : t.off} />
      </div>
      <p>{words.sees}{words.hides ? ` ${words.hides}` : ''}</p>
      {c.fixed ? <p className={css.soft}>{t.fixedWhy}</p> : (
        <SwitchField label={t.choose(words.name)} help={c.given ? [words.stop, t.gone].filter(Boolean).join(' ') : undefined} value={c.given} disabled={!may || set.isPending} onChange={choose} />
      )}
      {since ? <p className={css.soft}>{since}</p> : null}
      {refused ? <StateNote state={refused} /> : null}
    </div>
  );
}

function History({ history }: { history: Consents['history'] }) {
  const texts = useTexts().settings;
  const t = texts.share;
  const f = useFormat();
  return (
    <Section title={t.history}>
      {history.length === 0 ? <p>{t.historyNone}</p> : (
        <DataTable
          caption={t.history} remember="consents.history" list={{ rows: history.map((h, i) => ({ ...h, key: String(i) })) }} rowKey={(h) => h.key}
          columns={[
            { id: 'what', title: t.what, main: true, cell: (h) => texts.sharing[h.kind].name },
            { id: 'choice', title: t.choice, cell: (h) => (h.given ? t.gave : t.took) },
            { id: 'when', title: t.when, cell: (h) => f.when(h.at) },
            { id: 'who', title: t.who, cell: (h) => (h.by === registration ? t.setup : h.by) },
          ]}
        />
      )}
    </Section>
  );
}
