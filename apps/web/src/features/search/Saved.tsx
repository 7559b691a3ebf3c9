import { search } from '@banya/contract';
import { useState } from 'react';
import { once, useAct, useList } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, CheckField, Dialog, Form, IconButton, TextField, useForm } from '../../ui/index.ts';
import type { Asked, Span } from './asked.ts';
import css from './search.module.css';

/** Searches that were kept: one's own and those that others share; and with `keep` the way to keep this one. */
export function Saved({ asked, keep, onAsk }: { asked: Asked; keep: boolean; onAsk: (next: { q: string; span: Span }) => void }) {
  const t = useTexts().search;
  const org = useOrg();
  const list = useList(search.saved.list, { params: { org } });
  const remove = useAct(search.saved.remove);
  const [saving, setSaving] = useState(false);
  if (list.rows.length === 0 && !keep) return null;
  return (
    <div className={css.saved}>
      {list.rows.length > 0 ? (
        <ul aria-label={t.saved}>
          {list.rows.map((one) => (
            <li key={one.id}>
              <Button onClick={() => onAsk({ q: one.q, span: one.span })}>{one.mine ? one.name : t.sharedBy(one.name, one.by)}</Button>
              {one.mine ? <IconButton icon="close" label={t.forget(one.name)} onClick={() => once(remove.mutateAsync({ params: { org, search: one.id } }), () => {})} /> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {keep ? <Button kind="quiet" icon="copy" onClick={() => setSaving(true)}>{t.save}</Button> : null}
      <Dialog open={saving} onClose={() => setSaving(false)} title={t.saveTitle}>{saving ? <SaveForm asked={asked} onDone={() => setSaving(false)} /> : null}</Dialog>
    </div>
  );
}

function SaveForm({ asked, onDone }: { asked: Asked; onDone: () => void }) {
  const t = useTexts().search;
  const org = useOrg();
  const save = useAct(search.saved.create);
  const form = useForm({
    initial: { name: '', shared: false }, labels: { name: t.name, shared: t.share }, schema: search.saved.create.body.pick({ name: true, shared: true }),
    send: async (values) => {
      await save.mutateAsync({ params: { org }, body: { ...values, q: asked.q, span: asked.span } });
      onDone();
    },
  });
  return (
    <Form form={form} action={t.saveDo}>
      <TextField {...form.bind('name')} help={t.nameHelp} />
      <CheckField {...form.bind('shared')} help={t.shareHelp} />
    </Form>
  );
}
