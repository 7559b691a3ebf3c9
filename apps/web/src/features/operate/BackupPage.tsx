import { operate, type Received } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, DataTable, Details, Facts, Page, Section, StateNote, stateOf, StateTag, useUndo } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import { TargetForm } from './TargetForm.tsx';
import { Trial } from './Trial.tsx';
import css from './operate.module.css';

/** Whether backups are made, whether they can be restored, and where they go. */
export default function BackupPage() {
  const t = useTexts().operate.backup;
  const f = useFormat();
  const say = useUndo();
  const read = useApi(operate.backups);
  const now = useAct(operate.backupNow);
  const state = stateOf(read);
  if (state || !read.data) return <Page title={t.title} lead={t.lead} state={state} />;
  const { items, target, lastTrial, running } = read.data;
  const last = items[0];
  const refused = stateOf({ isPending: false, error: now.error });
  const start = () => once(now.mutateAsync({}), ({ started }) => say({ text: started ? t.started : t.already }));
  return (
    <Page title={t.title} lead={t.lead} action={<Button icon="copy" busy={now.isPending || running} onClick={start}>{running ? t.running : t.now}</Button>}>
      <div role="status" className={css.stack}>
        <p className={css.line}><StateTag state={!last ? 'look' : last.ok ? 'done' : 'now'} />{!last ? t.none : last.ok ? t.last(f.when(last.at)) : t.lastBad(f.when(last.at))}</p>
        {target === null ? <p className={css.line}><StateTag state="look" />{t.sameDisk}</p> : null}
      </div>
      {refused ? <StateNote state={refused} /> : null}
      <Trial last={lastTrial} possible={items.some((b) => b.ok)} />
      <Place target={target} />
      <Section title={t.list}>
        <DataTable
          caption={t.list} remember="backups" list={{ rows: items }} rowKey={(b) => b.name} empty={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }}
          columns={[
            { id: 'at', title: t.at, main: true, cell: (b) => f.dateTime(b.at) },
            { id: 'state', title: t.state, cell: (b) => <StateTag state={b.ok ? 'done' : 'now'} word={b.ok ? t.ok : t.bad} /> },
            { id: 'size', title: t.size, align: 'end', cell: (b) => (b.ok ? f.size(b.bytes) : '') },
            { id: 'why', title: t.why, cell: (b) => <span className={css.wrap}>{b.error ?? ''}</span> },
            { id: 'name', title: t.name, hidden: true, cell: (b) => <span className={css.wrap}>{b.name}</span> },
          ]}
        />
      </Section>
      <Back />
    </Page>
  );
}

function Place({ target }: { target: Received<typeof operate.backups>['target'] }) {
  const t = useTexts().operate.backup;
  const f = useFormat();
  const form = <TargetForm key={JSON.stringify(target)} target={target} />;
  if (!target) return <Section title={t.place}>{form}</Section>;
  const where = target.kind === 'folder' ? target.path : [target.endpoint, target.bucket, target.prefix].filter(Boolean).join(' / ');
  return (
    <Section title={t.place}>
      <Facts items={[[target.kind === 'folder' ? t.path : t.s3Short, <span key="where" className={css.wrap}>{where}</span>], [t.keep, f.number(target.keep)], [t.passphrase, target.hasPassphrase ? t.sealed : <span key="open" className={css.line}><StateTag state="look" />{t.passphraseNone}</span>]]} />
      <Details summary={t.change}>{form}</Details>
    </Section>
  );
}
