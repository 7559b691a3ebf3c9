import type { tlps } from '@banya/contract';
import { useTexts } from '../../texts/index.tsx';
import { ArticleText } from '../../ui/index.ts';
import css from './mail.module.css';

type Tlp = (typeof tlps)[number];

/** How far it may be passed on: the label of TLP 2.0 and what it means. */
export function TlpLine({ tlp }: { tlp: Tlp }) {
  const t = useTexts().mail;
  return <p className={css.tlp}><strong>{t.tlpWords[tlp]}</strong><span>TLP:{tlp}</span></p>;
}

/** A warning as a member reads it; the desk sees the very same while writing. */
export function WarningText({ body, tlp, lang }: { body: string; tlp: Tlp; lang?: string }) {
  return <div className={css.stack} lang={lang}><ArticleText text={body} /><TlpLine tlp={tlp} /></div>;
}
