import { desk } from '@banya/contract';
import { useMe, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, FileLink, Form, GoLink, Page, Panel, RadioField, telephone, TextArea, TextField, useForm } from '../../ui/index.ts';
import { Suggestions } from './Suggestions.tsx';
import { draftOf, dropDraft, useAsk, useDraft } from './useAsk.ts';

const key = 'banya.draft.question';
type Urgency = 'now' | 'today' | 'normal';

/** A question to the desk; what is already written may answer it while one types. */
export default function QuestionPage() {
  const t = useTexts().ask;
  const { ask, sent, again } = useAsk();
  if (sent !== null) return <Sent number={sent} again={again} />;
  return <Page title={t.askTitle} lead={t.askLead}><Question ask={ask} /></Page>;
}

function Question({ ask }: { ask: ReturnType<typeof useAsk>['ask'] }) {
  const t = useTexts().ask;
  const org = useOrg();
  const form = useForm({
    initial: draftOf(key, { subject: '', message: '', urgency: 'normal', callback: '' }),
    labels: { subject: t.subject, message: t.message, urgency: t.urgency, callback: t.callback },
    schema: desk.member.ask.body,
    toBody: ({ subject, message, urgency, callback }) => ({ subject, message, urgency: urgency as Urgency, ...(callback.trim() ? { callback: callback.trim() } : {}) }),
    send: async (body) => {
      await ask(body);
      dropDraft(key);
    },
  });
  useDraft(key, form.values);
  return (
    <Form form={form} action={t.send}>
      <TextField {...form.bind('subject')} help={t.subjectHelp} width="full" />
      <TextArea {...form.bind('message')} help={t.messageHelp} rows={5} />
      <Suggestions text={`${form.values.subject}\n${form.values.message}`} org={org} />
      <RadioField {...form.bind('urgency')} options={[{ value: 'normal', label: t.normal, help: t.normalHelp }, { value: 'today', label: t.today, help: t.todayHelp }, { value: 'now', label: t.now, help: t.nowHelp }]} />
      {form.values.urgency === 'now' ? <PhoneFirst words={t.phoneFirst} /> : null}
      <TextField {...form.bind('callback')} help={t.callbackHelp} kind="tel" width="short" optional />
    </Form>
  );
}

/** The telephone, where waiting for a page would be wrong. */
export function PhoneFirst({ words }: { words: string }) {
  const { deskPhone } = useMe();
  return <div role="status"><Panel><p>{words}</p>{deskPhone ? <div><FileLink icon="phone" href={telephone(deskPhone)}>{deskPhone}</FileLink></div> : null}</Panel></div>;
}

/** For those who cannot read conversations here: the number, and how the answer comes. */
export function Sent({ number, again }: { number: number; again: () => void }) {
  const t = useTexts().ask;
  const org = useOrg();
  return (
    <Page title={t.sentTitle} lead={t.sentWhy(number)}>
      <div><Button onClick={again}>{t.another}</Button></div>
      <p><GoLink to={`/o/${org}/articles`}>{t.articles}</GoLink></p>
    </Page>
  );
}
