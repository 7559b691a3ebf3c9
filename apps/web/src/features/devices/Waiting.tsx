import { inventory } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, ButtonLink, Details, Panel, StateTag } from '../../ui/index.ts';
import css from './devices.module.css';

/** Waits for a sender's first line: turns green by itself when the live news tells of it, and says what to look at when it does not. */
export function Waiting({ source }: { source: string }) {
  const t = useTexts().devices;
  const c = t.connect;
  const f = useFormat();
  const read = useApi(inventory.sources.get, { params: { org: useOrg(), source } });
  const { refetch } = read;
  const arrived = read.data?.seenAt ?? null;
  if (read.data && !read.data.confirmed) return <Unconfirmed />;
  return (
    <>
      <div className={css.wait} data-arrived={arrived !== null} role="status">
        {arrived
          ? <><StateTag state="done" word={c.arrived} /><p>{f.when(arrived)}</p><p>{c.arrivedBody}</p></>
          : <p><span className={css.dot} aria-hidden="true" />{c.waiting}</p>}
      </div>
      {arrived ? null : (
        <>
          <div><Button onClick={() => void refetch()}>{c.check}</Button></div>
          <Details summary={c.stuck}><ul className={css.points}>{c.stuckItems.map((item) => <li key={item}>{item}</li>)}</ul><p>{c.stuckAsk}</p></Details>
        </>
      )}
    </>
  );
}

/** Nothing to do but to wait for the desk; whoever cannot wait connects the device in a way that proves itself. */
function Unconfirmed() {
  const t = useTexts().devices.unconfirmed;
  const org = useOrg();
  return (
    <div role="status">
      <Panel>
        <p><StateTag state="look" word={t.title} /></p>
        <p>{t.why}</p>
        <p>{t.meanwhile}</p>
        <ButtonLink to={`/o/${org}/devices/senders/new`}>{t.other}</ButtonLink>
      </Panel>
    </div>
  );
}
