import { useNavigate, useSearch } from '@tanstack/react-router';
import { inventory } from '@banya/contract';
import { useList } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, ButtonLink, Page, StateTag, Tabs } from '../../ui/index.ts';
import { Inventory } from './Inventory.tsx';
import { Senders } from './Senders.tsx';
import css from './devices.module.css';

/** The devices of an organisation, and those of them that send logs. */
export default function DevicesPage() {
  const t = useTexts().devices;
  const f = useFormat();
  const org = useOrg();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const tab = search['tab'] === 'senders' ? 'senders' : 'devices';
  const senders = useList(inventory.sources.list, { params: { org }, query: { limit: 200 } });
  const mayDevices = useMay('inventory.write');
  const maySenders = useMay('sources.write');
  const live = senders.rows.filter((s) => s.archivedAt === null);
  const silent = live.filter((s) => s.state === 'silent').length;
  const go = (id: string) => void navigate({ to: '.', search: (id === 'senders' ? { tab: id } : {}) as never, replace: true, resetScroll: false });
  const words = tab === 'senders' ? t.senders : t.list;
  const action = tab === 'senders'
    ? maySenders ? <ButtonLink kind="main" icon="device" to={`/o/${org}/devices/senders/new`}>{t.senders.add}</ButtonLink> : null
    : mayDevices ? <ButtonLink kind="main" icon="device" to={`/o/${org}/devices/new`}>{t.list.add}</ButtonLink> : null;
  return (
    <Page title={words.title} lead={words.lead} action={action}>
      {tab === 'devices' && silent > 0 ? <p className={css.stand} role="status"><StateTag state="now" />{t.list.silentNote(f.count(silent, 'device'))}<Button kind="quiet" onClick={() => go('senders')}>{t.list.silentGo}</Button></p> : null}
      <Tabs
        label={t.tabs} value={tab} onChange={go}
        tabs={[
          { id: 'devices', title: t.list.tab, content: <Inventory /> },
          { id: 'senders', title: t.senders.tab, ...(senders.loading || senders.problem ? {} : { count: live.length }), content: <Senders list={senders} /> },
        ]}
      />
    </Page>
  );
}
