import { samples } from '@banya/contract';
import type { z } from 'zod';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, FieldSet, Form, IconButton, TextArea, TextField, useForm, useUndo } from '../../ui/index.ts';
import type { Settings } from './CheckPage.tsx';
import css from './mail.module.css';

const schema = samples.settings.save.body;
type Body = z.input<typeof schema>;
interface Officer { name: string; also: string; title: string; addresses: string }
interface Values { officers: readonly Officer[]; partners: string; authservIds: string; keepDays: string }
const officersMax = 50;
const blank: Officer = { name: '', also: '', title: '', addresses: '' };

const parts = (text: string): string[] => text.split(/[、,，;\n]+/).map((s) => s.trim()).filter(Boolean);
const lines = (text: string): string[] => text.normalize('NFKC').split(/\n+/).map((s) => s.trim()).filter(Boolean);
const written = (o: Officer): boolean => Object.values(o).some((s) => s.trim() !== '');

/** One partner a line: its domain, then its name if one likes. */
export function partnerOf(line: string): { domain: string; name?: string } {
  const [domain = '', ...rest] = line.split(/\s+/);
  const name = rest.join(' ');
  return { domain: domain.replace(/^@/, '').toLowerCase(), ...(name ? { name } : {}) };
}
const toBody = (v: Values): Body => ({
  officers: v.officers.filter(written).map((o) => ({ name: o.name.trim(), also: parts(o.also), ...(o.title.trim() ? { title: o.title.trim() } : {}), addresses: parts(o.addresses.normalize('NFKC')) })),
  partners: lines(v.partners).map(partnerOf), authservIds: lines(v.authservIds).map((s) => s.toLowerCase()), keepDays: Number(v.keepDays.normalize('NFKC')),
});

/** Officers, partners and mail servers: what makes mails in their name stand out. */
export function ProfileForm({ settings, may }: { settings: Settings; may: boolean }) {
  const t = useTexts().mail.check;
  const org = useOrg();
  const say = useUndo();
  const save = useAct(samples.settings.save);
  const form = useForm<Values, Body>({
    initial: {
      officers: settings.officers.map((o) => ({ name: o.name, also: o.also.join('、'), title: o.title ?? '', addresses: o.addresses.join('、') })),
      partners: settings.partners.map((p) => (p.name ? `${p.domain} ${p.name}` : p.domain)).join('\n'), authservIds: settings.authservIds.join('\n'), keepDays: String(settings.keepDays),
    },
    labels: { officers: t.officers, partners: t.partners, authservIds: t.servers, keepDays: t.keep }, messages: { partners: t.partnersWrong, authservIds: t.serversWrong }, toBody, schema,
    send: async (body) => {
      await save.mutateAsync({ params: { org }, body });
      say({ text: t.saved });
    },
  });
  const { value: officers, error } = form.bind('officers');
  const put = (at: number, change: Partial<Officer>) => form.set({ officers: officers.map((o, i) => (i === at ? { ...o, ...change } : o)) });
  const disabled = !may;
  const fields = (
    <>
      <FieldSet legend={t.officers} help={t.officersHelp}>
        <div id="field-officers" className={css.stack}>
          {error ? <p className={css.wrong}>{error}</p> : null}
          {officers.map((o, i) => (
            <div key={i} className={css.officer} role="group" aria-label={o.name || t.officer(i + 1)}>
              <TextField label={t.name} value={o.name} onChange={(name) => put(i, { name })} disabled={disabled} />
              <TextField label={t.role} value={o.title} onChange={(title) => put(i, { title })} disabled={disabled} optional />
              <TextField label={t.also} help={t.alsoHelp} value={o.also} onChange={(also) => put(i, { also })} disabled={disabled} optional />
              <TextField label={t.addresses} help={t.addressesHelp} value={o.addresses} onChange={(addresses) => put(i, { addresses })} disabled={disabled} optional />
              {may ? <span className={css.drop}><IconButton icon="close" label={t.dropOfficer(o.name || t.officer(i + 1))} onClick={() => form.set({ officers: officers.filter((_, n) => n !== i) })} /></span> : null}
            </div>
          ))}
          {may && officers.length < officersMax ? <div><Button icon="person" onClick={() => form.set({ officers: [...officers, blank] })}>{t.addOfficer}</Button></div> : null}
        </div>
      </FieldSet>
      <TextArea {...form.bind('partners')} help={t.partnersHelp} rows={3} disabled={disabled} optional />
      <TextArea {...form.bind('authservIds')} help={t.serversHelp} rows={1} disabled={disabled} optional />
      <TextField {...form.bind('keepDays')} help={t.keepHelp} kind="number" width="short" disabled={disabled} />
    </>
  );
  return may ? <Form form={form} action={t.save}>{fields}</Form> : <div className={css.stack}>{fields}</div>;
}
