import { desk } from '@banya/contract';
import { once, useAct, useApi } from '../../api/index.ts';
import { useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, ArticleText, Button, ButtonLink, GoLink, Page, Section, StateNote, stateOf, useUndo } from '../../ui/index.ts';
import css from './ask.module.css';

/** One knowledge page, and whether it helped. */
export default function ArticlePage() {
  const t = useTexts().ask;
  const f = useFormat();
  const org = useOrg();
  const article = useParam('article');
  const say = useUndo();
  const read = useApi(desk.knowledge.get, { params: { org, article } });
  const helped = useAct(desk.knowledge.helped);
  const state = stateOf(read);
  const data = read.data;
  if (state || !data) return <Page title={t.article} state={state ?? { kind: 'loading' }} />;
  return (
    <Page title={data.title} lead={data.summary} action={<GoLink to={`/o/${org}/articles`}>{t.toArticles}</GoLink>}>
      <ArticleText text={data.body} />
      <p className={css.why}>{t.articleBy(data.by, f.date(data.updatedAt))}</p>
      {helped.error ? <StateNote state={{ kind: 'error', problem: helped.error }} /> : null}
      {helped.isSuccess ? null : <div><Button kind="main" icon="done" busy={helped.isPending} onClick={() => once(helped.mutateAsync({ params: { org, article } }), () => say({ text: t.helpedThanks }))}>{t.helped}</Button></div>}
      <Section title={t.still}><Actions><ButtonLink icon="ticket" to={`/o/${org}/ask/question`}>{t.toAsk}</ButtonLink></Actions></Section>
    </Page>
  );
}
