import { desk, type Lang } from '@banya/contract';
import { useState } from 'react';
import { useTexts } from '../../texts/index.tsx';
import { ArticleText, Details, FieldSet, Form, GoLink, Heading, Panel, RadioField, Section, SwitchField, TextArea, TextField, useForm } from '../../ui/index.ts';
import css from './knowledge.module.css';

const schema = desk.knowledge.create.body;
export interface ArticleValues { titleJa: string; summaryJa: string; bodyJa: string; titleEn: string; summaryEn: string; bodyEn: string; published: boolean }
export const blankArticle: ArticleValues = { titleJa: '', summaryJa: '', bodyJa: '', titleEn: '', summaryEn: '', bodyEn: '', published: false };

const both = (ja: string, en: string) => ({ ja, ...(en.trim() ? { en } : {}) });
const toBody = (v: ArticleValues) => ({ title: both(v.titleJa, v.titleEn), summary: both(v.summaryJa, v.summaryEn), body: both(v.bodyJa, v.bodyEn), published: v.published });
export type ArticleBody = ReturnType<typeof toBody>;

type Checked = ReturnType<typeof schema.safeParse>;
/** `title.ja` of the body is `titleJa` on the form. */
const named = (result: Checked) =>
  result.success ? { success: true as const } : { success: false as const, error: { issues: result.error.issues.map((i) => ({ ...i, path: [`${String(i.path[0])}${i.path[1] === 'en' ? 'En' : 'Ja'}`] })) } };

/** Writes an article: Japanese, English when wanted, and beside it what members will see. */
export function ArticleForm({ org, initial, save }: { org: string; initial: ArticleValues; save: (body: ArticleBody) => Promise<unknown> }) {
  const t = useTexts().knowledge;
  const form = useForm<ArticleValues, ArticleBody>({
    initial, toBody, send: save, schema: { safeParse: (body) => named(schema.safeParse(body)) },
    labels: { titleJa: t.titleField, summaryJa: t.summary, bodyJa: t.body, titleEn: t.titleField, summaryEn: t.summary, bodyEn: t.body, published: t.show },
  });
  const { label: publishedLabel, value: published, onChange: publish } = form.bind('published');
  return (
    <div className={css.panes}>
      <Form form={form} action={t.save} beside={<GoLink to={`/o/${org}/knowledge`}>{t.back}</GoLink>}>
        <FieldSet legend={t.ja}>
          <TextField {...form.bind('titleJa')} help={t.titleHelp} width="full" />
          <TextArea {...form.bind('summaryJa')} help={t.summaryHelp} rows={2} max={500} />
          <TextArea {...form.bind('bodyJa')} help={t.bodyHelp} rows={10} />
        </FieldSet>
        <Details summary={t.en} open={initial.titleEn !== ''}>
          <FieldSet legend={t.en} help={t.enHelp}>
            <TextField {...form.bind('titleEn')} width="full" optional />
            <TextArea {...form.bind('summaryEn')} rows={2} max={500} optional />
            <TextArea {...form.bind('bodyEn')} rows={10} optional />
          </FieldSet>
        </Details>
        <SwitchField label={publishedLabel} help={t.showHelp} value={published} onChange={publish} />
      </Form>
      <aside className={css.preview} aria-label={t.preview}><Section title={t.preview}><Preview values={form.values} /></Section></aside>
    </div>
  );
}

/** Drawn by the very component that members see it with. */
function Preview({ values: v }: { values: ArticleValues }) {
  const t = useTexts().knowledge;
  const names = useTexts().desk.templates;
  const [lang, setLang] = useState<Lang>('ja');
  const english = v.titleEn.trim() !== '' || v.bodyEn.trim() !== '';
  const shown = lang === 'en' && english ? { lang: 'en', title: v.titleEn || v.titleJa, summary: v.summaryEn || v.summaryJa, body: v.bodyEn || v.bodyJa } : { lang: 'ja', title: v.titleJa, summary: v.summaryJa, body: v.bodyJa };
  return (
    <>
      {english ? <RadioField label={t.previewLang} value={lang} onChange={(value) => setLang(value as Lang)} options={[{ value: 'ja', label: names.ja }, { value: 'en', label: names.en }]} /> : null}
      <Panel>
        {shown.title.trim() === '' && shown.body.trim() === '' ? <p>{t.previewEmpty}</p> : (
          <div lang={shown.lang} className={css.article}>
            <Heading>{shown.title}</Heading>
            <p className={css.summary}>{shown.summary}</p>
            <ArticleText text={shown.body} />
          </div>
        )}
      </Panel>
    </>
  );
}
