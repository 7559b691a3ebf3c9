import { useState, type KeyboardEvent } from 'react';
import { desk } from '@banya/contract';
import { useAct, useApi } from '../../api/index.ts';
import { useLang, useTexts } from '../../texts/index.tsx';
import { Button, Form, KeyHint, RadioField, SelectField, TextArea, useForm, useUndo } from '../../ui/index.ts';
import { ArticleDialog, type ChosenArticle } from './ArticleDialog.tsx';
import css from './desk.module.css';

type Then = 'waiting' | 'working' | 'solved';

/** The answer to a member: text, template, one article, and what happens then. Ctrl+Enter sends. */
export function ReplyForm({ org, ticket, readers, draft, onDraft }: { org: string; ticket: string; /** How many get it. */ readers: number; draft: string; onDraft: (text: string) => void }) {
  const texts = useTexts().desk;
  const t = texts.ticket;
  const say = useUndo();
  const reply = useAct(desk.queue.reply, { touches: ['tickets'] });
  const [article, setArticle] = useState<ChosenArticle | null>(null);
  const [choosing, setChoosing] = useState(false);
  const form = useForm({
    initial: { text: draft, then: 'waiting' as Then }, labels: { text: t.reply, then: t.then },
    toBody: (v) => ({ ...v, ...(article ? { article: article.id } : {}) }),
    schema: desk.queue.reply.body,
    send: async (body) => {
      await reply.mutateAsync({ params: { org, ticket }, body });
      write('');
      setArticle(null);
      say({ text: texts.act.replied });
    },
  });
  const write = (text: string) => {
    form.set({ text });
    onDraft(text);
  };
  const insert = (text: string) => write(form.values.text.trim() === '' ? text : `${form.values.text.trimEnd()}\n\n${text}`);
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void form.submit();
  };
  return (
    <div onKeyDown={key}>
      <Form form={form} action={t.send} beside={<KeyHint keys={['Ctrl', 'Enter']} word={t.sendKey} />}>
        <TextArea {...form.bind('text')} onChange={write} help={readers > 1 ? t.replyMany(readers) : t.replyHelp} rows={5} />
        <div className={css.inserts}>
          <Templates org={org} onPick={insert} />
          <Button icon="report" onClick={() => setChoosing(true)}>{t.attach}</Button>
        </div>
        {article ? <p className={css.attached}>{t.attached(article.title)}<Button kind="quiet" onClick={() => setArticle(null)} label={t.articleOff(article.title)}>{texts.templates.remove}</Button></p> : null}
        <RadioField
          inline {...form.bind('then')} onChange={(v) => form.set({ then: v as Then })}
          options={[{ value: 'waiting', label: t.thenWaiting, help: t.thenWaitingHelp }, { value: 'working', label: t.thenWorking, help: t.thenWorkingHelp }, { value: 'solved', label: t.thenSolved, help: t.thenSolvedHelp }]}
        />
      </Form>
      <ArticleDialog org={org} open={choosing} onClose={() => setChoosing(false)} onPick={setArticle} />
    </div>
  );
}

function Templates({ org, onPick }: { org: string; onPick: (text: string) => void }) {
  const t = useTexts().desk.ticket;
  const { lang } = useLang();
  const items = useApi(desk.templates.list, { params: { org } }, { staleMs: 300_000 }).data?.items ?? [];
  if (items.length === 0) return null;
  // Those in the reader's language first: most members read the same.
  const sorted = [...items].sort((a, b) => Number(b.lang === lang) - Number(a.lang === lang));
  return (
    <SelectField
      label={t.template} value="" onChange={(id) => { const one = items.find((x) => x.id === id); if (one) onPick(one.text); }}
      options={[{ value: '', label: t.templateNone }, ...sorted.map((one) => ({ value: one.id, label: one.name }))]}
    />
  );
}
