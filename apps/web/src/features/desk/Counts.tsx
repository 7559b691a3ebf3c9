import type { ReactNode } from 'react';
import { desk } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Icon, type IconName } from '../../ui/index.ts';
import { everything, type Filter } from './filter.ts';
import css from './desk.module.css';

const narrows = {
  new: { state: 'new' }, mine: { assignee: 'me' }, late: { late: true }, waiting: { state: 'waiting' },
} as const satisfies Record<string, Partial<Filter>>;

/** How many wait; pressing a number shows only those, pressing it again shows everything. */
export function Counts({ org, filter, onFilter }: { org: string; filter: Filter; onFilter: (change: Partial<Filter>) => void }) {
  const t = useTexts().desk.queue;
  const f = useFormat();
  const { data } = useApi(desk.queue.counts, { params: { org } });
  const one = (name: 'new' | 'mine' | 'late' | 'waiting', word: string, icon: IconName) => {
    const only: Partial<Filter> = narrows[name];
    const on = Object.entries(only).every(([key, value]) => filter[key as keyof Filter] === value);
    return (
      <li key={name}>
        <button type="button" className={css.count} data-name={name} data-some={(data?.[name] ?? 0) > 0} aria-pressed={on} onClick={() => onFilter(on ? { ...everything, q: filter.q } : { ...everything, q: filter.q, ...only })}>
          <Figure icon={icon} word={word}>{data ? f.count(data[name]) : '…'}</Figure>
        </button>
      </li>
    );
  };
  return (
    <ul className={css.counts} aria-label={t.counts}>
      {one('new', t.new, 'ticket')}
      {one('mine', t.mine, 'person')}
      {one('late', t.lateCount, 'now')}
      <li className={css.count} data-name="soon"><Figure icon="clock" word={t.soon}>{data ? f.count(data.soon) : '…'}</Figure></li>
      {one('waiting', t.waiting, 'quiet')}
    </ul>
  );
}

const Figure = ({ icon, word, children }: { icon: IconName; word: string; children: ReactNode }) => (
  <><span className={css.countWord}><Icon name={icon} size={1} />{word}</span><strong>{children}</strong></>
);
