import { orgs } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Form, RadioField, TextField, useForm, useUndo } from '../../ui/index.ts';
import { whyRefused } from './refused.ts';

interface Values { name: string; reading: string; emails: string; phone: string; role: string }
const toBody = (v: Values) => ({
  person: { name: v.name, emails: v.emails.trim() ? [v.emails.trim()] : [], ...(v.reading.trim() ? { reading: v.reading.trim() } : {}), ...(v.phone.trim() ? { phone: v.phone.trim() } : {}) },
  lead: v.role === 'lead',
});
type Body = ReturnType<typeof toBody>;

/** A lead is invited by mail, so a lead without an address is refused before anything is sent. */
function check(body: unknown) {
  const { person, lead } = body as Body;
  const result = orgs.people.create.body.safeParse(person);
  const issues = result.success ? [] : [...result.error.issues] as { code: string; path: PropertyKey[] }[];
  if (lead && person.emails.length === 0) issues.push({ code: 'custom', path: ['emails'] });
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

/** Puts somebody on a member's list, as its lead when wanted. */
export function AddPerson({ member, noLead, onDone }: { member: string; noLead: boolean; onDone: () => void }) {
  const texts = useTexts().members;
  const t = texts.card;
  const say = useUndo();
  const create = useAct(orgs.people.create, { touches: ['overview'] });
  const grant = useAct(orgs.roles.grant, { touches: ['people', 'overview'] });
  const archive = useAct(orgs.people.archive, { touches: ['overview'] });
  const form = useForm<Values, Body>({
    initial: { name: '', reading: '', emails: '', phone: '', role: noLead ? 'lead' : 'none' },
    labels: { name: t.person, reading: t.personReading, emails: t.email, phone: t.personPhone, role: t.role },
    toBody, schema: { safeParse: check },
    send: async ({ person, lead }) => {
      const made = await create.mutateAsync({ params: { org: member }, body: person });
      // The person is on the list from here on: a refused role is told, not sent again with the whole form.
      const text = lead
        ? await grant.mutateAsync({ params: { org: member }, body: { person: made.id, role: 'lead' } }).then(() => t.added(made.name), (error: unknown) => t.roleFailed(made.name, whyRefused(error, texts)))
        : t.added(made.name);
      onDone();
      say({ text, ...(lead ? {} : { undo: () => archive.mutateAsync({ params: { org: member, person: made.id } }) }) });
    },
  });
  return (
    <Form form={form} action={t.addPerson}>
      <TextField {...form.bind('name')} autoComplete="off" />
      <TextField {...form.bind('reading')} optional />
      <RadioField {...form.bind('role')} options={[{ value: 'lead', label: t.roleLead, help: t.roleLeadHelp }, { value: 'none', label: t.roleNone }]} />
      <TextField {...form.bind('emails')} kind="email" autoComplete="off" optional={form.values.role !== 'lead'} {...(form.values.role === 'lead' ? { help: t.needMail } : {})} />
      <TextField {...form.bind('phone')} kind="tel" width="short" optional />
    </Form>
  );
}
