import { desk } from '@banya/contract';
import { useAct, useApi } from '../../api/index.ts';
import { useOrg, useParam } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Page, stateOf, useUndo } from '../../ui/index.ts';
import { ArticleForm } from './ArticleForm.tsx';

export default function EditArticlePage() {
  const t = useTexts().knowledge;
  const org = useOrg();
  const article = useParam('article');
  const say = useUndo();
  const read = useApi(desk.knowledge.edit, { params: { org, article } });
  const update = useAct(desk.knowledge.update);
  const a = read.data;
  return (
    <Page title={t.editTitle} lead={a?.title.ja} state={stateOf(read)}>
      {a ? (
        <ArticleForm
          key={a.id} org={org}
          initial={{ titleJa: a.title.ja, summaryJa: a.summary.ja, bodyJa: a.body.ja, titleEn: a.title.en ?? '', summaryEn: a.summary.en ?? '', bodyEn: a.body.en ?? '', published: a.published }}
          save={async (body) => {
            await update.mutateAsync({ params: { org, article }, body });
            say({ text: t.saved(body.title.ja) });
          }}
        />
      ) : null}
    </Page>
  );
}
