import { isReading } from '@banya/jp';
import { orgs } from '@banya/contract';
import type { ReactNode } from 'react';
import { useTexts } from '../../texts/index.tsx';
import { Form, TextArea, TextField, useForm } from '../../ui/index.ts';
import type { Person } from './roles.ts';

interface Values { name: string; reading: string; department: string; emails: string; phone: string }
const orNull = (text: string) => text.trim() || null;
/** Addresses may come full-width, one a line or with commas between, as they stand in mail programs. */
const toBody = (v: Values) => ({
  name: v.name, reading: orNull(v.reading), department: orNull(v.department), phone: orNull(v.phone),
  emails: v.emails.normalize('NFKC').split(/[\s,;、]+/).filter(Boolean),
});
export type PersonBody = ReturnType<typeof toBody>;

function check(body: unknown) {
  const result = orgs.people.create.body.safeParse(body);
  const issues = result.success ? [] : [...result.error.issues] as { code: string; path: PropertyKey[] }[];
  const { reading } = body as PersonBody;
  if (reading && !isReading(reading)) issues.push({ code: 'custom', path: ['reading'] });
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

/** Name and how to reach somebody; the same fields for a new person and for a change. */
export function PersonForm({ person, action, beside, send }: { person?: Person; action: string; beside?: ReactNode; send: (body: PersonBody) => Promise<unknown> }) {
  const t = useTexts().people.form;
  const form = useForm<Values, PersonBody>({
    initial: { name: person?.name ?? '', reading: person?.reading ?? '', department: person?.department ?? '', emails: person?.emails.join('\n') ?? '', phone: person?.phone ?? '' },
    labels: { name: t.name, reading: t.reading, department: t.department, emails: t.emails, phone: t.phone },
    messages: { emails: t.emailWrong, reading: t.readingWrong },
    toBody, schema: { safeParse: check }, send,
  });
  return (
    <Form form={form} action={action} beside={beside}>
      <TextField {...form.bind('name')} autoComplete="off" />
      <TextField {...form.bind('reading')} help={t.readingHelp} autoComplete="off" optional />
      <TextField {...form.bind('department')} autoComplete="off" optional />
      <TextArea {...form.bind('emails')} help={t.emailsHelp} rows={2} optional />
      <TextField {...form.bind('phone')} help={t.phoneHelp} kind="tel" width="short" autoComplete="off" optional />
    </Form>
  );
}
