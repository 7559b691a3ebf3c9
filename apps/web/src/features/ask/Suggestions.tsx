import { desk, type Received } from '@banya/contract';
import { useState } from 'react';
import { once, useAct, useApi, useRested } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, ArticleText, Button, Drawer, Heading, Icon, Skeleton, StateNote, stateOf, useUndo } from '../../ui/index.ts';
import { keywords } from '../../texts/keywords.ts';
import css from './ask.module.css';

type Article = Received<typeof desk.knowledge.list>['items'][number];
const shownMax = 3;

/** Those that most of the searches found stand first. */
export function ranked(found: readonly (readonly Article[])[]): readonly Article[] {
  const hits = new Map<string, { article: Article; times: number }>();
  for (const article of found.flat()) hits.set(article.id, { article, times: (hits.get(article.id)?.times ?? 0) + 1 });
  return [...hits.values()].sort((a, b) => b.times - a.times).slice(0, shownMax).map((hit) => hit.article);
}

/** Knowledge pages that may answer what is being typed, read beside the form so that nothing written is lost. */
export function Suggestions({ text, org }: { text: string; org: string }) {
  const t = useTexts().ask;
  const [one = '', two = '', three = ''] = keywords(useRested(text, 500));
  const first = useApi(desk.knowledge.list, { params: { org }, query: { q: one, limit: shownMax } }, { skip: !one });
  const second = useApi(desk.knowledge.list, { params: { org }, query: { q: two, limit: shownMax } }, { skip: !two });
  const third = useApi(desk.knowledge.list, { params: { org }, query: { q: three, limit: shownMax } }, { skip: !three });
  const [open, setOpen] = useState<Article | null>(null);
  const articles = ranked([first, second, third].map((read, i) => ([one, two, three][i] ? (read.data?.items ?? []) : [])));
  return (
    <>
      <div role="status" className={css.still}>
        {articles.length > 0 ? (
          <div className={css.suggest}>
            <Heading small>{t.suggest}</Heading>
            <ul>{articles.map((article) => <li key={article.id}><button type="button" className={css.hit} onClick={() => setOpen(article)}><Icon name="right" size={1} />{article.title}</button></li>)}</ul>
          </div>
        ) : null}
      </div>
      <Drawer open={open !== null} onClose={() => setOpen(null)} title={open?.title ?? ''}>{open ? <Beside id={open.id} org={org} onDone={() => setOpen(null)} /> : null}</Drawer>
    </>
  );
}

function Beside({ id, org, onDone }: { id: string; org: string; onDone: () => void }) {
  const t = useTexts().ask;
  const { common } = useTexts();
  const say = useUndo();
  const read = useApi(desk.knowledge.get, { params: { org, article: id } });
  const helped = useAct(desk.knowledge.helped);
  const state = stateOf(read);
  if (state) return state.kind === 'loading' ? <Skeleton /> : <StateNote state={state} />;
  const done = () => once(helped.mutateAsync({ params: { org, article: id } }), () => {
    onDone();
    say({ text: t.helpedDone });
  });
  return (
    <div className={css.beside}>
      <ArticleText text={read.data?.body ?? ''} />
      <Actions><Button kind="main" busy={helped.isPending} onClick={done}>{t.helpedHere}</Button><Button kind="quiet" onClick={onDone}>{common.close}</Button></Actions>
    </div>
  );
}
