import { samples, tlps } from '@banya/contract';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { useAct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, Details, Dialog, FieldSet, Form, Heading, Prose, RadioField, Section, StateNote, TextArea, TextField, useForm, useUndo } from '../../ui/index.ts';
import type { Bulletin } from './BulletinPage.tsx';
import { SendDialog } from './SendDialog.tsx';
import { WarningText } from './WarningText.tsx';
import { useGuard } from './useGuard.ts';
import css from './mail.module.css';

const schema = samples.bulletins.save.body;
interface Values { titleJa: string; bodyJa: string; titleEn: string; bodyEn: string; tlp: string }
type Body = z.input<typeof schema>;
const toBody = (v: Values): Body => ({ title: { ja: v.titleJa, en: v.titleEn }, body: { ja: v.bodyJa, en: v.bodyEn }, tlp: v.tlp as Body['tlp'] });

/** `title.ja` of the body is `titleJa` on the form; a warning that says nothing is no warning. */
function check(body: Body) {
  const result = schema.safeParse(body);
  const issues = result.success ? [] : result.error.issues.map((i) => ({ ...i, path: i.path[0] === 'tlp' ? ['tlp'] : [`${String(i.path[0])}${i.path[1] === 'en' ? 'En' : 'Ja'}`] }));
  const empty = body.body.ja.trim() === '' ? [{ code: 'too_small', path: ['bodyJa'], origin: 'string', minimum: 1 }] : [];
  return issues.length + empty.length === 0 ? { success: true as const } : { success: false as const, error: { issues: [...issues, ...empty] } };
}

/** Writes a warning; beside it stands what members will see. */
export function BulletinForm({ org, bulletin }: { org: string; bulletin: Bulletin }) {
  const texts = useTexts().mail;
  const t = texts.bulletins;
  const say = useUndo();
  const save = useAct(samples.bulletins.save);
  const [sending, setSending] = useState(false);
  const { text } = bulletin;
  const put = (body: Body) => save.mutateAsync({ params: { org, bulletin: bulletin.id }, body });
  const form = useForm<Values, Body>({
    initial: { titleJa: text.title.ja, bodyJa: text.body.ja, titleEn: text.title.en, bodyEn: text.body.en, tlp: text.tlp }, toBody, schema: { safeParse: (body) => check(body as Body) },
    labels: { titleJa: t.titleField, bodyJa: t.bodyField, titleEn: t.titleField, bodyEn: t.bodyField, tlp: t.tlp },
    send: async (body) => {
      await put(body);
      say({ text: t.saved });
    },
  });
  const v = form.values;
  // What is refused shows up on the form itself, as when saving.
  const send = () => (check(toBody(v)).success ? setSending(true) : void form.submit());
  return (
    <div className={css.halves}>
      <Form form={form} action={t.save} beside={<><Button icon="mail" onClick={send}>{t.send}</Button><Remove org={org} id={bulletin.id} /></>}>
        <TextField {...form.bind('titleJa')} help={t.titleHelp} width="full" />
        <TextArea {...form.bind('bodyJa')} help={t.bodyHelp} rows={10} />
        <RadioField {...form.bind('tlp')} options={tlps.map((value) => ({ value, label: `${texts.tlpShort[value]} (${value})`, help: texts.tlpWords[value] }))} />
        <Details summary={t.en} open={text.title.en !== ''}>
          <FieldSet legend={t.en} help={t.enHelp}>
            <TextField {...form.bind('titleEn')} width="full" optional />
            <TextArea {...form.bind('bodyEn')} rows={6} optional />
          </FieldSet>
        </Details>
      </Form>
      <aside aria-label={t.preview} className={css.beside}>
        <Section title={t.preview}>
          <div className={css.box}>
            {v.titleJa.trim() === '' && v.bodyJa.trim() === '' ? <p className={css.soft}>{t.previewEmpty}</p> : <><Heading>{v.titleJa}</Heading><WarningText body={v.bodyJa} tlp={tlps.find((one) => one === v.tlp) ?? 'AMBER'} lang="ja" /></>}
          </div>
        </Section>
      </aside>
      <SendDialog org={org} bulletin={bulletin.id} open={sending} onClose={() => setSending(false)} save={() => put(toBody(v))} />
    </div>
  );
}

function Remove({ org, id }: { org: string; id: string }) {
  const t = useTexts().mail.bulletins;
  const { cancel } = useTexts().common;
  const navigate = useNavigate();
  const say = useUndo();
  const guard = useGuard();
  const remove = useAct(samples.bulletins.remove);
  const [open, setOpen] = useState(false);
  const go = () => guard(() => remove.mutateAsync({ params: { org, bulletin: id } }), () => {
    void navigate({ to: `/o/${org}/desk/warnings` });
    say({ text: t.removed });
  });
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>{t.remove}</Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t.removeTitle}>
        <Prose>
          <p>{t.removeWhy}</p>
          {remove.error ? <StateNote state={{ kind: 'error', problem: remove.error }} /> : null}
          <Actions><Button kind="grave" busy={remove.isPending} onClick={go}>{t.remove}</Button><Button kind="quiet" onClick={() => setOpen(false)}>{cancel}</Button></Actions>
        </Prose>
      </Dialog>
    </>
  );
}
