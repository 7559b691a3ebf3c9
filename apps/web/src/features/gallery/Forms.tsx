import { useState } from 'react';
import { z } from 'zod';
import { Button, CheckField, CheckGroup, CodeField, DayField, FieldSet, FileDrop, Form, RadioField, SearchSelect, Section, SelectField, SwitchField, TextArea, TextField, useForm } from '../../ui/index.ts';
import type { Samples } from './Basics.tsx';

const options = (labels: readonly string[]) => labels.map((label, i) => ({ value: String(i), label }));
const schema = z.object({ company: z.string().min(1), phone: z.string().regex(/^[\d-]{10,14}$/), mail: z.email() });

export function Forms({ s }: { s: Samples }) {
  const [files, setFiles] = useState<readonly File[]>([new File(['x'], 'meibo.xlsx')]);
  const [uses, setUses] = useState<readonly string[]>(['0']);
  const [on, setOn] = useState(true);
  const form = useForm({
    initial: { company: '', phone: '043-12', mail: '', size: '2', industry: '', backup: '2', agree: false, from: '2026-11-22', memo: '', code: '123' },
    labels: { company: s.company, phone: s.phone, mail: s.mail, size: s.size, industry: s.industry, backup: s.backup, agree: s.agree, from: s.from, memo: s.memo, code: s.codeLabel },
    messages: { phone: s.phoneError },
    schema,
    send: () => Promise.resolve(),
  });
  const backups = s.backupOptions.map((label, i) => ({ value: String(i), label, ...(i === 2 ? { help: s.unknownHelp } : {}) }));
  return (
    <Section title={s.forms}>
      <Form form={form} action={s.send} beside={<Button kind="quiet">{s.later}</Button>}>
        <TextField {...form.bind('company')} help={s.companyHelp} autoComplete="organization" />
        <TextField {...form.bind('phone')} help={s.phoneHelp} kind="tel" width="short" />
        <TextField {...form.bind('mail')} kind="email" />
        <SelectField {...form.bind('size')} options={options(s.sizes)} />
        <SearchSelect {...form.bind('industry')} options={options(s.industries)} optional />
        <RadioField {...form.bind('backup')} options={backups} />
        <FieldSet legend={s.use}>
          <CheckGroup label={s.use} value={uses} onChange={setUses} options={options(s.uses)} />
          <SwitchField label={s.notice} value={on} onChange={setOn} />
        </FieldSet>
        <DayField {...form.bind('from')} />
        <CodeField {...form.bind('code')} />
        <TextArea {...form.bind('memo')} max={400} optional />
        <CheckField {...form.bind('agree')} />
        <FileDrop label={s.file} help={s.fileHelp} kinds={['.xlsx', '.csv']} bytesMax={10_000_000} files={files} onFiles={setFiles} />
      </Form>
    </Section>
  );
}
