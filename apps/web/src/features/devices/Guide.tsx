import { inventory } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useLang, useTexts } from '../../texts/index.tsx';
import { CopyBox, Heading, StateNote, stateOf } from '../../ui/index.ts';
import type { Source } from './sender.tsx';
import css from './devices.module.css';

/** The exact settings to paste into a device of this family, step by step. */
export function Guide({ source }: { source: Pick<Source, 'id' | 'family'> }) {
  const t = useTexts().devices.sender;
  const f = useFormat();
  const { lang } = useLang();
  const read = useApi(inventory.sources.guide, { params: { org: useOrg(), family: source.family } }, { staleMs: 300_000 });
  const state = stateOf(read);
  if (state || !read.data) return <StateNote state={state ?? { kind: 'loading' }} />;
  const { steps, notes, minutes } = read.data;
  return (
    <>
      <p className={css.soft}>{t.minutes(f.duration(minutes))}</p>
      <ol className={css.steps}>
        {steps.map((step, i) => (
          <li key={i}>
            <p>{step.text[lang]}</p>
            {step.paste === null ? null : <CopyBox label={t.paste(i + 1)} text={step.paste.replaceAll('/ingest/SOURCE', `/ingest/${source.id}`)} />}
          </li>
        ))}
      </ol>
      {notes.length > 0 ? <><Heading small>{t.noted}</Heading><ul className={css.points}>{notes.map((note) => <li key={note.ja}>{note[lang]}</li>)}</ul></> : null}
    </>
  );
}
