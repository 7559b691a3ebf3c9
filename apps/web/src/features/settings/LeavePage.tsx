import { useState } from 'react';
import { orgs, type Received } from '@banya/contract';
import { ApiProblem, call, fetchFile, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, Dialog, Page, Panel, Prose, Section, StateNote, stateOf, StateTag } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import css from './settings.module.css';

type Org = Received<typeof orgs.tree.get>;
/** The server erases this many days after leaving. */
const eraseAfterDays = 30;

/** Taking all data along, and leaving. */
export default function LeavePage() {
  const t = useTexts().settings.leave;
  const f = useFormat();
  const org = useOrg();
  const [erasedOn, setErasedOn] = useState<string | null>(null);
  const here = useApi(orgs.tree.get, { params: { org } }, { staleMs: 300_000 });
  if (erasedOn) return <Page title={t.done}><p className={css.who} role="status"><StateTag state="done" />{t.doneBody(f.date(erasedOn))}</p></Page>;
  return (
    <Page title={t.title} lead={t.lead} state={stateOf(here)}>
      <Archive />
      {here.data?.kind === 'federation' ? <Section title={t.federation}><p>{t.federationWhy}</p></Section> : null}
      {here.data && here.data.kind !== 'federation' ? <Leave org={here.data} onLeft={setErasedOn} /> : null}
      <Back />
    </Page>
  );
}

function Archive() {
  const t = useTexts().settings.leave;
  const org = useOrg();
  const [at, setAt] = useState<'idle' | 'busy' | 'done'>('idle');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const receive = async () => {
    setAt('busy');
    setProblem(null);
    try {
      const url = URL.createObjectURL(await fetchFile(orgs.tree.archive, { params: { org } }));
      const link = document.createElement('a');
      link.href = url;
      link.download = `banya-${new Date().toISOString().slice(0, 10)}.zip`;
      link.click();
      URL.revokeObjectURL(url);
      setAt('done');
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
      setAt('idle');
    }
  };
  const refused = stateOf({ isPending: false, error: problem });
  return (
    <Section title={t.archive}>
      <Prose><p>{t.archiveBody}</p></Prose>
      <Actions><Button kind="main" busy={at === 'busy'} onClick={() => void receive()}>{t.archiveGo}</Button></Actions>
      <p role="status">{at === 'busy' ? t.archiveBusy : at === 'done' ? <><StateTag state="done" /> {t.archived}</> : null}</p>
      {refused ? <StateNote state={refused} /> : null}
    </Section>
  );
}

function Leave({ org, onLeft }: { org: Org; onLeft: (erasedOn: string) => void }) {
  const t = useTexts().settings.leave;
  const { cancel } = useTexts().common;
  const f = useFormat();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const day = f.date(new Date(Date.now() + eraseAfterDays * 86_400_000));
  const leave = async () => {
    setBusy(true);
    setProblem(null);
    try {
      // Called without the cache: afterwards nothing of this organisation may be read any more, and the answer must stay.
      const { erasedOn } = await call(orgs.tree.leave, { params: { org: org.id }, body: { name: org.name } });
      setOpen(false);
      onLeft(erasedOn);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const refused = stateOf({ isPending: false, error: problem });
  return (
    <Section title={t.end}>
      <Panel><Prose><p>{t.endBody(day)}</p><p>{t.first}</p></Prose><Actions><Button onClick={() => setOpen(true)}>{t.ask}</Button></Actions></Panel>
      <Dialog open={open} onClose={() => setOpen(false)} title={t.askTitle(org.name)}>
        <Prose>
          <p>{t.askBody(day)}</p>
          {refused ? <StateNote state={refused} /> : null}
          <Actions><Button kind="grave" busy={busy} onClick={() => void leave()}>{t.go}</Button><Button kind="quiet" onClick={() => setOpen(false)}>{cancel}</Button></Actions>
        </Prose>
      </Dialog>
    </Section>
  );
}
