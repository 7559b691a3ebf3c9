import { explain, JSIC_DIVISIONS, parseCorporateNumber, PREFECTURES, SIZE_BANDS } from '@banya/jp';
import { orgs, type Received } from '@banya/contract';
import { useAct, useApi } from '../../api/index.ts';
import { useMay, useOrg } from '../../index.ts';
import { useLang, useTexts } from '../../texts/index.tsx';
import { FieldSet, Form, Page, SearchSelect, SelectField, stateOf, StateTag, TextArea, TextField, useForm, useUndo } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import css from './settings.module.css';

type Org = Received<typeof orgs.tree.get>;
interface Values { name: string; reading: string; corporateNumber: string; phone: string; industry: string; sizeBand: string; prefecture: string; ownRanges: string; domains: string; timeZone: string }
const orNull = (text: string) => text.trim() || null;
const lines = (text: string) => text.normalize('NFKC').split(/[\s,;、]+/).filter(Boolean);
const toBody = (v: Values) => ({
  name: v.name, reading: orNull(v.reading), corporateNumber: orNull(v.corporateNumber), phone: orNull(v.phone), industry: orNull(v.industry), sizeBand: orNull(v.sizeBand) as '1-5' | null, prefecture: orNull(v.prefecture),
  ownRanges: lines(v.ownRanges), domains: lines(v.domains), timeZone: v.timeZone,
});
type Body = ReturnType<typeof toBody>;

function check(body: unknown) {
  const result = orgs.tree.update.body.safeParse(body);
  const issues = result.success ? [] : [...result.error.issues] as { code: string; path: PropertyKey[] }[];
  const number = (body as Body).corporateNumber;
  if (number !== null && !parseCorporateNumber(number).ok) issues.push({ code: 'custom', path: ['corporateNumber'] });
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

/** What an organisation is: names, what it is compared by, what counts as inside. */
export default function ProfilePage() {
  const t = useTexts().settings.profile;
  const org = useOrg();
  const read = useApi(orgs.tree.get, { params: { org } }, { staleMs: 300_000 });
  const state = stateOf(read);
  return <Page title={t.title} lead={t.lead} state={state}>{read.data ? <Profile key={read.data.id} org={read.data} /> : null}<Back /></Page>;
}

function Profile({ org }: { org: Org }) {
  const t = useTexts().settings.profile;
  const { lang } = useLang();
  const say = useUndo();
  const may = useMay('org.write');
  const update = useAct(orgs.tree.update, { touches: ['me', 'overview'] });
  const initial: Values = {
    name: org.name, reading: org.reading ?? '', corporateNumber: org.corporateNumber ?? '', phone: org.phone ?? '', industry: org.industry ?? '', sizeBand: org.sizeBand ?? '', prefecture: org.prefecture ?? '',
    ownRanges: org.ownRanges.join('\n'), domains: org.domains.join('\n'), timeZone: org.timeZone,
  };
  const form = useForm<Values, Body>({
    initial, toBody, schema: { safeParse: check },
    labels: { name: t.name, reading: t.reading, corporateNumber: t.corporate, phone: t.phone, industry: t.industry, sizeBand: t.size, prefecture: t.prefecture, ownRanges: t.ranges, domains: t.domains, timeZone: t.timeZone },
    messages: { ownRanges: t.rangesWrong },
    send: async (body) => {
      await update.mutateAsync({ params: { org: org.id }, body });
      say({
        text: t.saved,
        undo: async () => {
          await update.mutateAsync({ params: { org: org.id }, body: toBody(initial) });
          form.set(initial);
        },
      });
    },
  });
  const number = form.bind('corporateNumber');
  const parsed = parseCorporateNumber(number.value);
  const numberError = number.error === undefined ? undefined : parsed.ok ? number.error : explain(parsed.code, lang);
  const errors = form.errors.map((e) => (e.name === 'corporateNumber' && numberError ? { ...e, message: numberError } : e));
  const none = { value: '', label: t.choose };
  const disabled = !may;
  const fields = (
    <>
      <FieldSet legend={t.basics}>
        <TextField {...form.bind('name')} disabled={disabled} autoComplete="organization" />
        <TextField {...form.bind('reading')} disabled={disabled} optional />
        <div>
          <TextField {...number} error={numberError} help={t.corporateHelp} disabled={disabled} width="short" optional />
          <p role="status">{parsed.ok ? <StateTag state="done" word={t.corporateOk} /> : null}</p>
        </div>
        <TextField {...form.bind('phone')} help={t.phoneHelp} kind="tel" width="short" disabled={disabled} optional />
      </FieldSet>
      <FieldSet legend={t.peers}>
        <SelectField {...form.bind('industry')} disabled={disabled} options={[none, ...JSIC_DIVISIONS.map((d) => ({ value: d.code, label: `${d.code}　${d[lang]}` }))]} optional />
        <SelectField {...form.bind('sizeBand')} disabled={disabled} options={[none, ...SIZE_BANDS.map((b) => ({ value: b.id, label: b[lang] }))]} optional />
        <SelectField {...form.bind('prefecture')} disabled={disabled} options={[none, ...PREFECTURES.map((p) => ({ value: p.code, label: p[lang] }))]} optional />
      </FieldSet>
      <FieldSet legend={t.network}>
        <TextArea {...form.bind('ownRanges')} help={t.rangesHelp} rows={2} disabled={disabled} optional />
        <TextArea {...form.bind('domains')} help={t.domainsHelp} rows={2} disabled={disabled} optional />
        <SearchSelect {...form.bind('timeZone')} disabled={disabled} options={Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value.replaceAll('_', ' ') }))} />
      </FieldSet>
    </>
  );
  if (!may) return <><p className={css.soft}>{t.readOnly}</p>{fields}</>;
  return <Form form={{ ...form, errors }} action={t.save}>{fields}</Form>;
}
