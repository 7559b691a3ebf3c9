import { useEffect } from 'react';
import { inventory } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Details, StateTag } from '../../ui/index.ts';
import css from './devices.module.css';

const everyMs = 5_000;

/** Waits for a sender's first line: turns green by itself when it arrives, and says what to look at when it does not. */
export function Waiting({ source }: { source: string }) {
  const t = useTexts().devices;
  const c = t.connect;
  const f = useFormat();
  const read = useApi(inventory.sources.get, { params: { org: useOrg(), source } });
  const { refetch } = read;
  const arrived = read.data?.seenAt ?? null;
  // Somebody sits here and waits for this one thing: asked for every few seconds, whatever becomes of the live news.
  useEffect(() => {
    if (arrived) return;
    const timer = setInterval(() => {
      if (!document.hidden) void refetch();
    }, everyMs);
    return () => clearInterval(timer);
  }, [arrived, refetch]);
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
