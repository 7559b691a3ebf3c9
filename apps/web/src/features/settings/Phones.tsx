import { notify, type Received } from '@banya/contract';
import { plainPhone } from '@banya/jp';
import { useAct, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, FieldSet, Form, Skeleton, TextField, useForm, useUndo } from '../../ui/index.ts';

type Phone = Received<typeof notify.phones>['items'][number];
const PHONES_MAX = 10;

const wrongPhone = (phone: string): boolean => phone.trim() !== '' && plainPhone(phone) === null;
/** What the contract leaves open: a number must be one that can be called. */
function check(body: unknown) {
  const result = notify.setPhones.body.safeParse(body);
  const phones = (body as { items: readonly Phone[] }).items.flatMap((p, i) => (wrongPhone(p.phone) ? [{ code: 'phone', path: ['items', i, 'phone'] }] : []));
  const issues = [...(result.success ? [] : result.error.issues), ...phones];
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

/** Whom the desk phones when something cannot wait, the first one first. */
export function Phones({ mayWrite }: { mayWrite: boolean }) {
  const t = useTexts().settings.notices;
  const read = useApi(notify.phones, { params: { org: useOrg() } });
  if (!read.data) return <Skeleton lines={3} />;
  const { items } = read.data;
  return (
    <>
      <p>{t.phonesWhy}</p>
      {mayWrite ? <Edit key={JSON.stringify(items)} items={items} /> : items.length === 0 ? <p>{t.phonesNone}</p> : <ol>{items.map((p) => <li key={`${p.name} ${p.phone}`}>{p.name}　{p.phone}　{p.hours}</li>)}</ol>}
    </>
  );
}

function Edit({ items }: { items: readonly Phone[] }) {
  const t = useTexts().settings.notices;
  const org = useOrg();
  const say = useUndo();
  const save = useAct(notify.setPhones);
  const put = (list: readonly Phone[]) => save.mutateAsync({ params: { org }, body: { items: [...list] } });
  const form = useForm<{ items: readonly Phone[] }, { items: Phone[] }>({
    initial: { items: items.length > 0 ? items : [{ name: '', phone: '', hours: '' }] }, labels: { items: t.phones }, messages: { items: ({ code }) => (code === 'phone' ? t.phoneWrong : t.phoneMissing) }, schema: { safeParse: check },
    toBody: (v) => ({ items: v.items.map((p) => ({ name: p.name.trim(), phone: plainPhone(p.phone) ?? p.phone.trim(), hours: p.hours.trim() })).filter((p) => p.name || p.phone || p.hours) }),
    send: async (body) => {
      await put(body.items);
      say({ text: t.phonesSaved, undo: () => put(items) });
    },
  });
  const list = form.values.items;
  const change = (i: number, part: Partial<Phone>) => form.set({ items: list.map((p, at) => (at === i ? { ...p, ...part } : p)) });
  const wrong = form.errors.some((e) => e.name === 'items');
  const nameError = (p: Phone) => (wrong && p.phone.trim() && !p.name.trim() ? t.phoneMissing : undefined);
  const phoneError = (p: Phone) => (!wrong ? undefined : wrongPhone(p.phone) ? t.phoneWrong : p.name.trim() && !p.phone.trim() ? t.phoneMissing : undefined);
  // The summary's link leads to the first field that is wrong.
  const first = list.findIndex((p) => nameError(p) ?? phoneError(p));
  return (
    <Form form={form} action={t.phonesSave}>
      {list.map((p, i) => (
        <FieldSet key={i} legend={t.phone(i + 1)}>
          <TextField label={t.phoneName} value={p.name} onChange={(name) => change(i, { name })} error={nameError(p)} {...(i === first && nameError(p) ? { name: 'items' } : {})} />
          <TextField label={t.phoneNumber} kind="tel" value={p.phone} onChange={(phone) => change(i, { phone })} error={phoneError(p)} {...(i === first && !nameError(p) ? { name: 'items' } : {})} />
          <TextField label={t.phoneHours} help={t.phoneHoursHelp} value={p.hours} onChange={(hours) => change(i, { hours })} optional />
        </FieldSet>
      ))}
      {list.length < PHONES_MAX ? <Actions><Button onClick={() => form.set({ items: [...list, { name: '', phone: '', hours: '' }] })}>{t.phoneMore}</Button></Actions> : null}
    </Form>
  );
}
