import { samples } from '@banya/contract';
import { useState } from 'react';
import type { z } from 'zod';
import { once, useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, Form, RadioField, StateNote, StateTag, TextField, useForm, useUndo } from '../../ui/index.ts';
import type { Settings } from './CheckPage.tsx';
import css from './mail.module.css';

const schema = samples.settings.mailbox.body;
type Body = z.input<typeof schema>;
interface Values { kind: string; host: string; port: string; user: string; folder: string; tenant: string; clientId: string; secret: string }
const orNull = (text: string) => text.normalize('NFKC').trim() || null;

/** Only the fields of the chosen way are sent, so that nothing of another lingers. */
export function mailboxOf(v: Values): Body {
  const imap = v.kind === 'imap';
  const m365 = v.kind === 'microsoft365';
  return {
    kind: v.kind as Body['kind'], host: imap ? orNull(v.host) : null, port: imap && v.port.trim() ? Number(v.port.normalize('NFKC')) : null, user: imap || m365 ? orNull(v.user) : null, folder: imap || m365 ? orNull(v.folder) : null,
    tenant: m365 ? orNull(v.tenant) : null, clientId: m365 ? orNull(v.clientId) : null, ...(v.kind !== 'none' && v.secret ? { secret: v.secret } : {}),
  };
}
const needed: Readonly<Record<string, readonly (keyof Values & keyof Body)[]>> = { none: [], imap: ['host', 'port', 'user'], microsoft365: ['tenant', 'clientId', 'user'] };
function check(body: Body) {
  const result = schema.safeParse(body);
  const missing = (needed[body.kind] ?? []).filter((name) => body[name] === null).map((name) => ({ code: 'too_small', path: [name], origin: 'string', minimum: 1 }));
  const issues = [...(result.success ? [] : result.error.issues), ...missing];
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

/** Reading a mailbox for reports: IMAP or Microsoft 365, and a try before relying on it. */
export function MailboxForm({ settings: { mailbox }, may }: { settings: Settings; may: boolean }) {
  const t = useTexts().mail.check;
  const f = useFormat();
  const org = useOrg();
  const say = useUndo();
  const put = useAct(samples.settings.mailbox);
  const form = useForm<Values, Body>({
    initial: { kind: mailbox.kind, host: mailbox.host ?? '', port: String(mailbox.port ?? 993), user: mailbox.user ?? '', folder: mailbox.folder ?? '', tenant: mailbox.tenant ?? '', clientId: mailbox.clientId ?? '', secret: '' },
    labels: { kind: t.kind, host: t.host, port: t.port, user: t.user, folder: t.folder, tenant: t.tenant, clientId: t.clientId, secret: t.secret }, toBody: mailboxOf, schema: { safeParse: (body) => check(body as Body) },
    send: async (body) => {
      await put.mutateAsync({ params: { org }, body });
      form.set({ secret: '' });
      say({ text: t.mailboxSaved });
    },
  });
  const { kind } = form.values;
  const disabled = !may;
  const fields = (
    <>
      <RadioField {...form.bind('kind')} options={(['none', 'imap', 'microsoft365'] as const).map((value) => ({ value, label: t.kinds[value], disabled }))} inline />
      {kind === 'imap' ? <><TextField {...form.bind('host')} help={t.hostHelp} disabled={disabled} /><TextField {...form.bind('port')} kind="number" width="short" disabled={disabled} /></> : null}
      {kind === 'microsoft365' ? <><TextField {...form.bind('tenant')} disabled={disabled} /><TextField {...form.bind('clientId')} disabled={disabled} /></> : null}
      {kind === 'none' ? null : (
        <>
          <TextField {...form.bind('user')} disabled={disabled} autoComplete="off" />
          <TextField {...form.bind('secret')} help={mailbox.hasSecret ? t.secretKept : t.secretHelp} kind="password" autoComplete="new-password" disabled={disabled} optional={mailbox.hasSecret} />
          <TextField {...form.bind('folder')} help={t.folderHelp} disabled={disabled} optional />
        </>
      )}
    </>
  );
  return (
    <div className={css.stack}>
      <p>{t.mailboxWhy}</p>
      {mailbox.kind === 'none' ? null : <p>{mailbox.error ? <><StateTag state="look" word={t.trouble} />　{mailbox.error}　</> : null}{mailbox.lastAt ? t.last(f.when(mailbox.lastAt)) : t.never}</p>}
      {may ? <Form form={form} action={t.mailboxSave}>{fields}</Form> : fields}
      {may && mailbox.kind !== 'none' ? <Try /> : null}
    </div>
  );
}

function Try() {
  const t = useTexts().mail.check;
  const org = useOrg();
  const test = useAct(samples.settings.mailboxTest);
  const [said, setSaid] = useState<{ ok: boolean; message: string } | null>(null);
  return (
    <div className={css.stack}>
      <div><Button busy={test.isPending} onClick={() => { setSaid(null); once(test.mutateAsync({ params: { org } }), setSaid); }}>{t.test}</Button></div>
      {test.error ? <StateNote state={{ kind: 'error', problem: test.error }} /> : null}
      <p role="status">{said ? <><StateTag state={said.ok ? 'done' : 'look'} word={said.ok ? t.testOk : t.testBad} />　{said.message}</> : null}</p>
    </div>
  );
}
