import { samples, touches } from '@banya/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { moduleOf, upload } from '../../api/index.ts';
import { useMe, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, FileDrop, Form, GoLink, Page, Panel, RadioField, TextArea, useForm } from '../../ui/index.ts';
import { HowTo } from './HowTo.tsx';
import type { Touch } from './kinds.ts';
import { PhoneFirst } from './Phone.tsx';
import { mailBytesMax, mailKinds, mailOf, pastedMail, wrongOf } from './take.ts';
import { useCatch } from './useCatch.ts';

interface Values { did: string; way: string; file: File | null; text: string }
const textMax = 200_000;

/** このメールは本物ですか: what was done with it, then the mail itself; the answer has a page of its own. */
export default function MailPage() {
  const t = useTexts().mail.ask;
  const org = useOrg();
  return (
    <Page title={t.title} lead={t.lead}>
      <Question />
      <HowTo />
      <p><GoLink to={`/o/${org}/mails`}>{t.mine}</GoLink></p>
    </Page>
  );
}

function check(v: Values) {
  const issues = [
    ...(touches.some((one) => one === v.did) ? [] : [{ code: 'invalid_value', path: ['did'] }]),
    ...(v.way === 'file' && !v.file ? [{ code: 'invalid_value', path: ['file'] }] : []),
    ...(v.way === 'paste' && !v.text.trim() ? [{ code: 'too_small', path: ['text'], origin: 'string', minimum: 1 }] : []),
    ...(v.way === 'paste' && v.text.length > textMax ? [{ code: 'too_big', path: ['text'], origin: 'string', maximum: textMax }] : []),
  ];
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

function Question() {
  const { ask: t, did } = useTexts().mail;
  const f = useFormat();
  const org = useOrg();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { demo } = useMe();
  const [wrong, setWrong] = useState('');
  const form = useForm<Values, Values>({
    initial: { did: '', way: 'file', file: null, text: '' }, labels: { did: t.did, way: t.way, file: t.file, text: t.text }, schema: { safeParse: (v) => check(v as Values) }, toBody: (v) => v,
    send: async (v) => {
      const mail = v.way === 'file' && v.file ? mailOf(v.file) : pastedMail(v.text);
      const made = await upload(samples.member.report, { params: { org }, query: { touched: v.did as Touch } }, mail);
      void client.invalidateQueries({ queryKey: [moduleOf(samples.member.list)] });
      void navigate({ to: `/o/${org}/mails/${made.id}` });
    },
  });
  const take = (file: File) => {
    const bad = wrongOf(file);
    setWrong(bad === 'kind' ? t.wrongKind(file.name) : bad === 'size' ? t.tooBig(file.name, f.size(mailBytesMax)) : '');
    if (bad) return form.set({ way: 'file' });
    form.set({ way: 'file', file });
  };
  useCatch({
    file: take, text: (text) => form.set({ way: 'paste', text: text.slice(0, textMax) }),
    nothing: () => {
      setWrong(t.noFile);
      form.set({ way: 'file' });
    },
  });
  const { value: file, error } = form.bind('file');
  const way = form.bind('way');
  // The general sentence would be about a choice in a list; these say what to bring.
  const errors = form.errors.map((e) => (e.name === 'file' ? { ...e, message: t.fileMissing } : e.name === 'text' && !form.values.text.trim() ? { ...e, message: t.textMissing } : e));
  const touch = touches.find((one) => one === form.values.did) ?? null;
  return (
    <Form form={{ ...form, errors }} action={t.send}>
      {demo && way.value !== 'paste' ? <Panel><p>{t.try}</p><div><Button icon="mail" onClick={() => form.set({ way: 'paste', text: t.tryMail })}>{t.tryGo}</Button></div></Panel> : null}
      <RadioField {...form.bind('did')} options={touches.map((value) => ({ value, label: did[value] }))} />
      {touch !== null && touch !== 'nothing' ? <PhoneFirst words={t.first} /> : null}
      <RadioField {...way} options={[{ value: 'file', label: t.wayFile, help: t.wayFileHelp }, { value: 'paste', label: t.wayPaste, help: t.wayPasteHelp }]} />
      {way.value === 'file' ? (
        <div id="field-file">
          <FileDrop
            label={t.file} help={t.fileHelp} kinds={mailKinds} bytesMax={mailBytesMax} files={file ? [file] : []} error={wrong || (error ? t.fileMissing : undefined)}
            onFiles={([chosen]) => { setWrong(''); form.set({ file: chosen ?? null }); }}
          />
          <p role="status" className="visuallyHidden">{file ? t.taken(file.name) : ''}</p>
        </div>
      ) : <TextArea {...form.bind('text')} error={form.bind('text').error && !form.values.text.trim() ? t.textMissing : form.bind('text').error} help={t.textHelp} rows={8} />}
    </Form>
  );
}
