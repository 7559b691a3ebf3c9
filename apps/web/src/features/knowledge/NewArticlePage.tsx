import { useNavigate } from '@tanstack/react-router';
import { desk } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Page, useUndo } from '../../ui/index.ts';
import { ArticleForm, blankArticle } from './ArticleForm.tsx';

export default function NewArticlePage() {
  const t = useTexts().knowledge;
  const org = useOrg();
  const navigate = useNavigate();
  const say = useUndo();
  const create = useAct(desk.knowledge.create);
  return (
    <Page title={t.newTitle} lead={t.lead}>
      <ArticleForm
        org={org} initial={blankArticle}
        save={async (body) => {
          const made = await create.mutateAsync({ params: { org }, body });
          say({ text: t.saved(body.title.ja) });
          void navigate({ to: `/o/${org}/knowledge/${made.id}`, replace: true });
        }}
      />
    </Page>
  );
}
