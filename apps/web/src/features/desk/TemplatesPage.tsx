import { useState } from 'react';
import { desk, type Received } from '@banya/contract';
import { useAct, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useLang, useTexts } from '../../texts/index.tsx';
import { Actions, Button, Card, CardList, Dialog, Form, GoLink, Page, SelectField, StateNote, stateOf, TextArea, TextField, useForm, useUndo } from '../../ui/index.ts';
import { useRefused } from './acts.ts';
import { newId } from './uuid.ts';
import css from './desk.module.css';

type Template = Received<typeof desk.templates.list>['items'][number];

/** Answers that are written often; removing one can be undone. */
export default function TemplatesPage() {
  const t = useTexts().desk.templates;
  const org = useOrg();
  const { lang } = useLang();
  const say = useUndo();
  const refused = useRefused();
  const read = useApi(desk.templates.list, { params: { org } });
  const save = useAct(desk.templates.save);
  const remove = useAct(desk.templates.remove);
  const [writing, setWriting] = useState<Template | null>(null);
  const put = ({ id, ...body }: Template) => save.mutateAsync({ params: { org, template: id }, body });
  const drop = (one: Template) => remove.mutateAsync({ params: { org, template: one.id } }).then(() => say({ text: t.removed(one.name), undo: () => put(one) }), refused);
  const add = () => setWriting({ id: newId(), name: '', text: '', lang });
  const items = read.data?.items ?? [];
  return (
    <Page title={t.title} lead={t.lead} action={<Button kind="main" onClick={add}>{t.add}</Button>} state={stateOf(read)}>
      {items.length === 0 ? <StateNote state={{ kind: 'empty', title: t.emptyTitle, why: t.emptyWhy }} /> : (
        <CardList>
          {items.map((one) => (
            <Card
              key={one.id} title={one.name}
              action={<Actions><Button onClick={() => setWriting(one)} label={`${t.edit}: ${one.name}`}>{t.edit}</Button><Button kind="quiet" onClick={() => void drop(one)} label={`${t.remove}: ${one.name}`}>{t.remove}</Button></Actions>}
              more={<span className={css.soft}>{t[one.lang]}</span>}
            >
              <p className={css.preview} lang={one.lang}>{one.text}</p>
            </Card>
          ))}
        </CardList>
      )}
      <p data-screen-only><GoLink to={`/o/${org}/desk`}>{t.back}</GoLink></p>
      <Dialog open={writing !== null} onClose={() => setWriting(null)} title={writing?.name || t.add}>
        {writing ? <Write key={writing.id} template={writing} put={put} onDone={() => setWriting(null)} /> : null}
      </Dialog>
    </Page>
  );
}

function Write({ template, put, onDone }: { template: Template; put: (template: Template) => Promise<unknown>; onDone: () => void }) {
  const texts = useTexts();
  const t = texts.desk.templates;
  const say = useUndo();
  const { id, ...initial } = template;
  const form = useForm({
    initial, labels: { name: t.name, text: t.text, lang: t.lang }, schema: desk.templates.save.body,
    send: async (body) => {
      await put({ id, ...body });
      onDone();
      say({ text: t.saved(body.name) });
    },
  });
  return (
    <Form form={form} action={texts.common.save}>
      <TextField {...form.bind('name')} help={t.nameHelp} />
      <TextArea {...form.bind('text')} rows={8} />
      <SelectField {...form.bind('lang')} onChange={(v) => form.set({ lang: v as Template['lang'] })} options={[{ value: 'ja', label: t.ja }, { value: 'en', label: t.en }]} />
    </Form>
  );
}
