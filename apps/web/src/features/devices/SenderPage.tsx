import { useState } from 'react';
import { inventory } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useMay, useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, Details, Drawer, Facts, GoLink, Page, Section, StateNote, stateOf, StateTag, useUndo } from '../../ui/index.ts';
import { Arrival } from './Arrival.tsx';
import { Guide } from './Guide.tsx';
import { SenderForm } from './SenderForm.tsx';
import { NewToken } from './NewToken.tsx';
import { useMatchWords, type Source } from './sender.tsx';
import { Waiting } from './Waiting.tsx';
import css from './devices.module.css';

/** One device that sends logs: whether they arrive, how sure the sender is, how it is taken. */
export default function SenderPage() {
  const t = useTexts().devices.sender;
  const f = useFormat();
  const org = useOrg();
  const may = useMay('sources.write');
  const read = useApi(inventory.sources.get, { params: { org, source: useParam('source') } });
  const state = stateOf(read);
  if (state || !read.data) return <Page title={t.loading} state={state} />;
  const s = read.data;
  const lead = s.archivedAt ? t.goneLead : !s.confirmed ? t.unconfirmedLead : s.state === 'waiting' ? t.waitingLead : s.state === 'silent' && s.seenAt ? t.silentLead(f.dateTime(s.seenAt)) : t.flowingLead;
  const open = s.state !== 'flowing' && s.archivedAt === null;
  return (
    <Page title={s.name} lead={lead}>
      <div className={css.columns}>
        <div className={css.column}>
          {(s.state === 'waiting' || !s.confirmed) && !s.archivedAt ? <Waiting source={s.id} /> : null}
          {s.state === 'waiting' ? null : <Arrival source={s} />}
          <Section title={t.guide}>{open ? <Guide source={s} /> : <Details summary={t.showGuide}><Guide source={s} /></Details>}</Section>
        </div>
        <div className={css.column}>
          <Section title={t.trust}><p><StateTag state={s.verified ? 'done' : 'look'} word={s.verified ? t.sureTitle : t.unsureTitle} /></p><p>{s.verified ? t.sureBody : t.unsureBody}</p></Section>
          <Setting source={s} may={may} />
          {s.match.by === 'token' && may && !s.archivedAt ? <NewToken source={s} /> : null}
          {may ? <Archive source={s} /> : null}
        </div>
      </div>
      <p data-screen-only><GoLink to={`/o/${org}/devices?tab=senders`}>{t.toList}</GoLink></p>
    </Page>
  );
}

function Setting({ source: s, may }: { source: Source; may: boolean }) {
  const texts = useTexts().devices;
  const t = texts.sender;
  const org = useOrg();
  const words = useMatchWords();
  const [open, setOpen] = useState(false);
  const device = useApi(inventory.devices.get, { params: { org, device: s.device ?? '' } }, { skip: !s.device });
  return (
    <Section title={t.setting} aside={may && !s.archivedAt ? <Button onClick={() => setOpen(true)} label={t.editTitle}>{t.edit}</Button> : null}>
      <Facts items={[
        [t.family, texts.families[s.family]], [t.how, <span key="how" className={css.code}>{words(s.match)}</span>],
        [t.device, s.device ? <GoLink key="device" to={`/o/${org}/devices/${s.device}`}>{device.data?.name ?? '…'}</GoLink> : t.unset],
        [t.retention, texts.retention[s.retention]], [t.silentAfter, t.hours(s.silentAfterHours)], [t.timeZone, s.timeZone], [t.encoding, s.encoding],
      ]} />
      <Drawer open={open} onClose={() => setOpen(false)} title={t.editTitle}><SenderForm source={s} device={device.data ?? null} onDone={() => setOpen(false)} /></Drawer>
    </Section>
  );
}

function Archive({ source: s }: { source: Source }) {
  const t = useTexts().devices;
  const org = useOrg();
  const say = useUndo();
  const archive = useAct(inventory.sources.archive, { touches: ['home'] });
  const restore = useAct(inventory.sources.restore, { touches: ['home'] });
  const params = { org, source: s.id };
  const refused = stateOf({ isPending: false, error: archive.error ?? restore.error });
  return (
    <Section title={t.sender.archiveTitle}>
      {s.archivedAt ? null : <p>{t.sender.archiveBody}</p>}
      {refused ? <StateNote state={refused} /> : null}
      <Actions>
        {s.archivedAt
          ? <Button kind="main" busy={restore.isPending} onClick={() => once(restore.mutateAsync({ params }), () => say({ text: t.senders.restored(s.name), undo: () => archive.mutateAsync({ params }) }))}>{t.senders.restore}</Button>
          : <Button busy={archive.isPending} onClick={() => once(archive.mutateAsync({ params }), () => say({ text: t.sender.archived(s.name), undo: () => restore.mutateAsync({ params }) }))}>{t.sender.archive}</Button>}
      </Actions>
    </Section>
  );
}
