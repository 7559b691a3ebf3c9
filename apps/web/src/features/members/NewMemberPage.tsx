import { explain, parseCorporateNumber } from '@banya/jp';
import { useNavigate } from '@tanstack/react-router';
import { orgs } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useLang, useTexts } from '../../texts/index.tsx';
import { CheckField, FieldSet, Form, GoLink, Page, SelectField, StateTag, TextField, useForm, useUndo } from '../../ui/index.ts';
import { corporateNumberFits, industries, prefectures, sizes } from './facts.ts';

const schema = orgs.tree.create.body;
interface Values { name: string; reading: string; corporateNumber: string; industry: string; sizeBand: string; prefecture: string; phone: string; withLead: boolean; leadName: string; leadReading: string; leadEmail: string }
const blank: Values = { name: '', reading: '', corporateNumber: '', industry: '', sizeBand: '', prefecture: '', phone: '', withLead: true, leadName: '', leadReading: '', leadEmail: '' };

type Size = '1-5';
const filled = <K extends string, T extends string = string>(name: K, value: string): { [P in K]?: T } => (value.trim() === '' ? {} : ({ [name]: value.trim() } as unknown as { [P in K]?: T }));
const toBody = (v: Values) => ({
  kind: 'member' as const, name: v.name, ...filled('reading', v.reading), ...filled('corporateNumber', v.corporateNumber), ...filled('industry', v.industry),
  ...filled<'sizeBand', Size>('sizeBand', v.sizeBand), ...filled('prefecture', v.prefecture), ...filled('phone', v.phone),
  ...(v.withLead ? { lead: { name: v.leadName, email: v.leadEmail.trim(), ...filled('reading', v.leadReading) } } : {}),
});
type Body = ReturnType<typeof toBody>;
const leadFields: Readonly<Record<string, string>> = { name: 'leadName', email: 'leadEmail', reading: 'leadReading' };

/** The schema's own rules and the check digit of the corporate number, told at the fields of this form. */
function check(body: unknown) {
  const result = schema.safeParse(body);
  const issues = result.success ? [] : result.error.issues.map((i) => (i.path[0] === 'lead' ? { ...i, path: [leadFields[String(i.path[1])] ?? 'leadName'] } : i));
  const number = (body as Body).corporateNumber;
  if (number !== undefined && !corporateNumberFits(number)) issues.push({ code: 'custom', path: ['corporateNumber'], message: '' });
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

/** Registers a member, and its lead at once when known. */
export default function NewMemberPage() {
  const t = useTexts().members.add;
  const toList = useTexts().members.card.toList;
  const { lang } = useLang();
  const org = useOrg();
  const navigate = useNavigate();
  const say = useUndo();
  const create = useAct(orgs.tree.create, { touches: ['overview'] });
  const form = useForm<Values, Body>({
    initial: blank, toBody, schema: { safeParse: check },
    labels: { name: t.name, reading: t.reading, corporateNumber: t.corporate, industry: t.industry, sizeBand: t.size, prefecture: t.prefecture, phone: t.phone, withLead: t.withLead, leadName: t.leadName, leadReading: t.leadReading, leadEmail: t.leadEmail },
    send: async (body) => {
      const made = await create.mutateAsync({ params: { org }, body });
      say({ text: t.added(made.name) });
      void navigate({ to: `/o/${org}/members/${made.id}` });
    },
  });
  const number = form.bind('corporateNumber');
  const parsed = parseCorporateNumber(number.value);
  const numberError = number.error === undefined ? undefined : parsed.ok ? number.error : explain(parsed.code, lang);
  const errors = form.errors.map((e) => (e.name === 'corporateNumber' && numberError ? { ...e, message: numberError } : e));
  const none = { value: '', label: t.choose };
  return (
    <Page title={t.title} lead={t.lead}>
      <Form form={{ ...form, errors }} action={t.save} beside={<GoLink to={`/o/${org}/members`}>{toList}</GoLink>}>
        <FieldSet legend={t.org}>
          <TextField {...form.bind('name')} autoComplete="off" />
          <TextField {...form.bind('reading')} help={t.readingHelp} optional />
          <div>
            <TextField {...number} error={numberError} help={t.corporateHelp} optional width="short" />
            <p role="status">{parsed.ok ? <StateTag state="done" word={t.corporateOk} /> : null}</p>
          </div>
          <SelectField {...form.bind('industry')} options={[none, ...industries(lang)]} optional />
          <SelectField {...form.bind('sizeBand')} options={[none, ...sizes(lang)]} optional />
          <SelectField {...form.bind('prefecture')} options={[none, ...prefectures(lang)]} optional />
          <TextField {...form.bind('phone')} kind="tel" width="short" optional />
        </FieldSet>
        <FieldSet legend={t.leadTitle} help={t.leadHelp}>
          <CheckField {...form.bind('withLead')} />
          {form.values.withLead ? (
            <>
              <TextField {...form.bind('leadName')} autoComplete="off" />
              <TextField {...form.bind('leadReading')} optional />
              <TextField {...form.bind('leadEmail')} kind="email" autoComplete="off" />
            </>
          ) : null}
        </FieldSet>
      </Form>
    </Page>
  );
}
