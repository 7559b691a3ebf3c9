import { samples, type Received } from '@banya/contract';
import { useNavigate } from '@tanstack/react-router';
import { useAct, useList } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, DataTable, GoLink, Page, StateNote, StateTag } from '../../ui/index.ts';
import { useGuard } from './useGuard.ts';
import css from './mail.module.css';

type Head = Received<typeof samples.bulletins.list>['items'][number];

/** The desk's warnings: drafts and those sent, with how many have read them. */
export default function BulletinsPage() {
  const { bulletins: t, sample, tlpShort } = useTexts().mail;
  const f = useFormat();
  const org = useOrg();
  const navigate = useNavigate();
  const list = useList(samples.bulletins.list, { params: { org } });
  const guard = useGuard();
  const draft = useAct(samples.bulletins.draft);
  const write = <Button kind="main" icon="bell" busy={draft.isPending} onClick={() => guard(() => draft.mutateAsync({ params: { org }, body: {} }), ({ id }) => navigate({ to: `/o/${org}/desk/warnings/${id}` }))}>{t.write}</Button>;
  return (
    <Page title={t.title} lead={t.lead} action={write}>
      {draft.error ? <StateNote state={{ kind: 'error', problem: draft.error }} /> : null}
      <DataTable<Head>
        caption={t.caption} remember="bulletins" list={list} rowKey={(row) => row.id} to={(row) => `/o/${org}/desk/warnings/${row.id}`} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
        columns={[
          { id: 'state', title: t.state, cell: (row) => <StateTag state={row.state === 'sent' ? 'done' : 'quiet'} word={row.state === 'sent' ? t.sent : t.draft} /> },
          { id: 'title', title: t.subject, main: true, cell: (row) => <span className={css.subject}>{row.title || t.untitled}</span> },
          { id: 'tlp', title: t.howFar, cell: (row) => <span className={css.name}>{tlpShort[row.tlp]}</span> },
          { id: 'to', title: t.to, align: 'end', cell: (row) => (row.state === 'sent' ? f.number(row.sentTo) : t.notYet) },
          { id: 'read', title: t.read, align: 'end', cell: (row) => (row.state === 'sent' ? f.number(row.read) : t.notYet) },
          { id: 'seen', title: t.seen, align: 'end', cell: (row) => (row.state === 'sent' ? f.number(row.seenAt) : t.notYet) },
          { id: 'at', title: t.at, cell: (row) => <span className={css.name}>{f.date(row.at)}</span> },
          { id: 'by', title: t.by, hidden: true, cell: (row) => row.by },
        ]}
      />
      <p data-screen-only><GoLink to={`/o/${org}/desk/mails`}>{sample.back}</GoLink></p>
    </Page>
  );
}
