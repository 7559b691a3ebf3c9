import { conditionFields, findings, type Condition } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts, type Texts } from '../../texts/index.tsx';
import { Actions, Button, CopyBox, Details, FieldSet, Form, SelectField, TextArea, TextField, useForm, useUndo } from '../../ui/index.ts';
import type { Quiet } from './QuietPage.tsx';

type Words = Texts['findings'];
const ways = ['is', 'startswith', 'endswith', 'contains', 'cidr'] as const satisfies readonly Condition['is'][];
const wayOf = (value: string): Condition['is'] => ways.find((way) => way === value) ?? 'is';
const lengths = [7, 30, 90, 180, 365] as const;
const CONDITIONS_MAX = 8;

/** A field in plain words; the name that logs use where there are none. */
const fieldName = (field: string, t: Words): string => (t.fields as Readonly<Record<string, string>>)[field] ?? field;
export const wordsOfCondition = (c: Condition, t: Words): string => t.quietWay[c.is](fieldName(c.field, t), c.value);

interface Values { reason: string; days: string; conditions: readonly Condition[] }
type Change = { reason?: string; days?: number; conditions?: Condition[] };

/** Changes a silence. The end stays as it is unless another is chosen. */
export function QuietForm({ quiet, onDone }: { quiet: Quiet; onDone: () => void }) {
  const t = useTexts().findings;
  const org = useOrg();
  const say = useUndo();
  const change = useAct(findings.changeSuppression, { touches: ['findings'] });
  const form = useForm<Values, Change>({
    initial: { reason: quiet.reason, days: '', conditions: quiet.conditions ?? [] }, labels: { reason: t.quietReason, days: t.quietLonger, conditions: t.quietConditions }, messages: { conditions: t.quietValueMissing }, schema: findings.changeSuppression.body,
    toBody: ({ reason, days, conditions }) => ({ reason: reason.trim(), ...(days ? { days: Number(days) } : {}), ...(quiet.conditions ? { conditions: conditions.map((c) => ({ ...c, value: c.value.trim() })) } : {}) }),
    send: async (body) => {
      await change.mutateAsync({ params: { org, suppression: quiet.id }, body });
      onDone();
      say({ text: t.quietChanged });
    },
  });
  const { conditions } = form.values;
  const put = (i: number, part: Partial<Condition>) => form.set({ conditions: conditions.map((c, at) => (at === i ? { ...c, ...part } : c)) });
  return (
    <Form form={form} action={t.quietSave}>
      <TextArea {...form.bind('reason')} help={t.closeReasonHelp} rows={2} />
      <SelectField {...form.bind('days')} options={[{ value: '', label: t.quietSame }, ...lengths.map((days) => ({ value: String(days), label: t.quietFromNow(days) }))]} />
      {quiet.conditions ? (
        <FieldSet legend={t.quietConditions} help={t.quietConditionsHelp}>
          {conditions.map((c, i) => (
            <FieldSet key={i} legend={t.quietCondition(i + 1)}>
              <SelectField label={t.field} value={c.field} onChange={(field) => put(i, { field })} options={[...new Set([c.field, ...conditionFields])].map((field) => ({ value: field, label: fieldName(field, t) }))} />
              <SelectField label={t.quietCompare} value={c.is} onChange={(word) => put(i, { is: wayOf(word) })} options={ways.map((way) => ({ value: way, label: t.quietWays[way] }))} />
              <TextField label={t.value} value={c.value} onChange={(value) => put(i, { value })} width="full" {...(form.errors.some((e) => e.name === 'conditions') && c.value.trim() === '' ? { error: t.quietValueMissing } : {})} />
              {conditions.length > 1 ? <Actions><Button kind="quiet" label={t.quietWithoutOf(i + 1)} onClick={() => form.set({ conditions: conditions.filter((_, at) => at !== i) })}>{t.quietWithout}</Button></Actions> : null}
            </FieldSet>
          ))}
          {conditions.length < CONDITIONS_MAX ? <Actions><Button onClick={() => form.set({ conditions: [...conditions, { field: 'host.name', is: 'is', value: '' }] })}>{t.quietMore}</Button></Actions> : null}
        </FieldSet>
      ) : null}
      {quiet.sigma ? <Details summary={t.quietSigma}><CopyBox label={t.quietSigma} text={quiet.sigma} /></Details> : null}
    </Form>
  );
}
