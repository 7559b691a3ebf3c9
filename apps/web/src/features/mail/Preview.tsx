import { samples } from '@banya/contract';
import { useState } from 'react';
import { urlOf, useApi } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, Details, Facts, Section, Skeleton, StateNote, stateOf } from '../../ui/index.ts';
import css from './mail.module.css';

/** What the mail says, as text; how it looks, only when asked for and in a frame where nothing runs or loads. */
export function Preview({ org, sample }: { org: string; sample: string }) {
  const t = useTexts().mail.sample;
  const [shown, setShown] = useState(false);
  const read = useApi(samples.queue.preview, { params: { org, sample } }, { staleMs: 300_000 });
  const state = stateOf(read);
  if (read.error?.code === 'sample_gone') return <Section title={t.preview}><p>{t.gone}</p></Section>;
  if (state || !read.data) return <Section title={t.preview}>{!state || state.kind === 'loading' ? <Skeleton lines={5} /> : <StateNote state={state} />}</Section>;
  const { text, hiddenText, headers, hasHtml } = read.data;
  return (
    <Section title={t.preview}>
      <p className={css.soft}>{t.previewSafe}</p>
      {text.trim() ? <pre className={css.text} tabIndex={0} role="group" aria-label={t.preview}>{text}</pre> : <p>{t.noText}</p>}
      {hiddenText.trim() ? <Details summary={t.hidden}><pre className={css.text} tabIndex={0} role="group" aria-label={t.hidden}>{hiddenText}</pre></Details> : null}
      {hasHtml ? <div data-screen-only><Button icon="look" expanded={shown} onClick={() => setShown(!shown)}>{shown ? t.htmlHide : t.html}</Button></div> : null}
      {/* Nothing at all is allowed inside: no script, no form, no popup, no origin of ours. */}
      {shown ? <iframe className={css.frame} sandbox="" referrerPolicy="no-referrer" src={urlOf(samples.queue.html, { params: { org, sample } })} title={t.htmlTitle} /> : null}
      <Details summary={t.headers}><Facts items={headers.map((header, i) => [`${i + 1}. ${header.name}`, <code key={i} className={css.value}>{header.value}</code>] as const)} /></Details>
    </Section>
  );
}
