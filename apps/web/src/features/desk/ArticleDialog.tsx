import { useState } from 'react';
import { desk } from '@banya/contract';
import { useList, useRested, useSteady } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, Dialog, Skeleton, TextField } from '../../ui/index.ts';
import css from './desk.module.css';

export interface ChosenArticle { readonly id: string; readonly title: string }

/** Finds a knowledge article to go with an answer; only published ones, since the member must be able to open it. */
export function ArticleDialog({ org, open, onClose, onPick }: { org: string; open: boolean; onClose: () => void; onPick: (article: ChosenArticle) => void }) {
  const t = useTexts().desk.ticket;
  return <Dialog open={open} onClose={onClose} title={t.attach}>{open ? <Choice org={org} onPick={(article) => { onPick(article); onClose(); }} /> : null}</Dialog>;
}

function Choice({ org, onPick }: { org: string; onPick: (article: ChosenArticle) => void }) {
  const t = useTexts().desk.ticket;
  const [word, setWord] = useState('');
  const q = useRested(word.trim());
  const list = useSteady(useList(desk.knowledge.list, { params: { org }, query: { limit: 20, ...(q ? { q } : {}) } }), org);
  const rows = list.rows.filter((a) => a.published);
  return (
    <div className={css.choice}>
      <TextField label={t.articleSearch} kind="search" value={word} onChange={setWord} />
      {list.loading ? <Skeleton lines={3} /> : rows.length === 0 ? <p>{t.articleNone}</p> : (
        <ul className={css.choices}>
          {rows.map((a) => (
            <li key={a.id}><div><strong>{a.title}</strong><p>{a.summary}</p></div><Button onClick={() => onPick(a)} label={`${t.articleAdd}: ${a.title}`}>{t.articleAdd}</Button></li>
          ))}
        </ul>
      )}
    </div>
  );
}
