import { samples, type Received } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { DataTable, Details, Facts, GoLink, Heading, Page, Section, stateOf, StateTag } from '../../ui/index.ts';
import { BulletinForm } from './BulletinForm.tsx';
import { WarningText } from './WarningText.tsx';
import css from './mail.module.css';

export type Bulletin = Received<typeof samples.bulletins.get>;
type Receipt = Bulletin['receipts'][number];

/** A warning: written while it is a draft, watched once it is sent. */
export default function BulletinPage() {
  const t = useTexts().mail.bulletins;
  const org = useOrg();
  const read = useApi(samples.bulletins.get, { params: { org, bulletin: useParam('bulletin') } });
  const state = stateOf(read);
  const b = read.data;
  if (state || !b) return <Page title={t.one} state={state ?? { kind: 'loading' }} />;
  return b.state === 'draft' ? <Page title={t.editTitle}><BulletinForm key={b.id} org={org} bulletin={b} /><Traces bulletin={b} /><Back org={org} /></Page> : <Sent org={org} bulletin={b} />;
}

function Back({ org }: { org: string }) {
  return <p data-screen-only><GoLink to={`/o/${org}/desk/warnings`}>{useTexts().mail.bulletins.back}</GoLink></p>;
}

/** What members' mails and logs are searched for. */
function Traces({ bulletin }: { bulletin: Bulletin }) {
  const t = useTexts().mail.bulletins;
  const { indicators } = bulletin;
  return (
    <Details summary={t.indicators}>
      {indicators.length === 0 ? <p>{t.indicatorsNone}</p> : <><p className={css.soft}>{t.indicatorsWhy}</p><Facts items={indicators.map((one, i) => [`${i + 1}. ${t.kinds[one.kind] ?? one.kind}`, <code key={i} className={css.value}>{one.value}</code>] as const)} /></>}
    </Details>
  );
}

function Sent({ org, bulletin: b }: { org: string; bulletin: Bulletin }) {
  const t = useTexts().mail.bulletins;
  const f = useFormat();
  return (
    <Page title={t.sentTitle} lead={`${t.sentLead(f.number(b.sentTo), f.when(b.at), b.by)}${t.sum(f.number(b.read), f.number(b.sentTo), f.number(b.seenAt))}`}>
      <Section title={t.receipts}>
        {b.receipts.some((row) => row.mailedTo === 0) ? <p className={css.soft}>{t.notMailed}</p> : null}
        <DataTable<Receipt>
          caption={t.receipts} remember="receipts" list={{ rows: [...b.receipts].sort((x, y) => Number(x.readAt !== null) - Number(y.readAt !== null)) }} rowKey={(row) => row.member} to={(row) => `/o/${org}/members/${row.member}`} unit="org"
          columns={[
            { id: 'member', title: t.member, main: true, cell: (row) => row.name },
            { id: 'read', title: t.readAt, cell: (row) => (row.readAt ? <>{f.dateTime(row.readAt)}　{row.readBy}</> : <StateTag state="look" word={t.notRead} />) },
            { id: 'mailed', title: t.mailed, align: 'end', cell: (row) => f.count(row.mailedTo, 'person') },
            { id: 'seen', title: t.seenHere, cell: (row) => (row.seen === null ? t.seenUnknown : row.seen ? <StateTag state="now" word={t.seenYes} /> : t.seenNo) },
          ]}
        />
      </Section>
      <Section title={t.sentText}><div className={css.box}><Heading>{b.title}</Heading><WarningText body={b.text.body.ja} tlp={b.tlp} lang="ja" /></div></Section>
      <Traces bulletin={b} />
      <Back org={org} />
    </Page>
  );
}
