import { desk } from '@banya/contract';
import { z } from 'zod';
import { useTexts } from '../../texts/index.tsx';
import { Details, Form, Page, Panel, RadioField, Steps, TextArea, TextField, useForm } from '../../ui/index.ts';
import { PhoneFirst, Sent } from './QuestionPage.tsx';
import { draftOf, dropDraft, useAsk, useDraft } from './useAsk.ts';

const key = 'banya.draft.mail';
const schema = z.object({ from: z.string().trim().min(1).max(200), subject: z.string().trim().min(1).max(100), text: z.string().trim().min(1).max(9000), did: z.enum(['nothing', 'link', 'file', 'typed', 'unsure']) });

/** A suspicious mail: what to leave alone, and the desk's own eyes on it. */
export default function MailPage() {
  const t = useTexts().ask;
  const { ask, sent, again } = useAsk();
  if (sent !== null) return <Sent number={sent} again={again} />;
  return (
    <Page title={t.mailTitle} lead={t.mailLead}>
      <Panel><Steps plain now={0} steps={t.mailSteps.map((title) => ({ title }))} /></Panel>
      <MailQuestion ask={ask} />
      <Details summary={t.mailForward}><Steps plain now={0} steps={t.mailForwardSteps.map((title) => ({ title }))} /></Details>
    </Page>
  );
}

function MailQuestion({ ask }: { ask: ReturnType<typeof useAsk>['ask'] }) {
  const t = useTexts().ask;
  const did = { nothing: t.mailNothing, link: t.mailLink, file: t.mailFile, typed: t.mailTyped, unsure: t.mailUnsure };
  const form = useForm({
    initial: draftOf(key, { from: '', subject: '', text: '', did: '' }), labels: { from: t.mailFrom, subject: t.mailSubject, text: t.mailText, did: t.mailDid }, schema,
    send: async (values) => {
      const mail = schema.parse(values);
      // Whoever has already opened something must not wait in the ordinary line.
      const urgency = mail.did === 'nothing' ? 'today' : 'now';
      const subject = desk.member.ask.body.shape.subject.parse(t.mailTicket(mail.subject));
      await ask({ subject, message: t.mailMessage({ ...mail, did: did[mail.did] }), urgency });
      dropDraft(key);
    },
  });
  useDraft(key, form.values);
  const touched = form.values.did !== '' && form.values.did !== 'nothing';
  return (
    <Form form={form} action={t.send}>
      <RadioField {...form.bind('did')} options={Object.entries(did).map(([value, label]) => ({ value, label }))} />
      {touched ? <PhoneFirst words={t.mailDanger} /> : null}
      <TextField {...form.bind('from')} help={t.mailFromHelp} width="full" />
      <TextField {...form.bind('subject')} width="full" />
      <TextArea {...form.bind('text')} help={t.mailTextHelp} rows={5} />
    </Form>
  );
}
