import { useFormat, useTexts } from '../../texts/index.tsx';
import { Details, Facts, Section, StateTag } from '../../ui/index.ts';
import type { Detail } from './kinds.ts';
import css from './mail.module.css';

const firstMany = 8;

/** Where the links lead, never as links. */
export function Links({ links }: { links: Detail['links'] }) {
  const t = useTexts().mail.sample;
  const f = useFormat();
  const one = (link: Detail['links'][number], i: number) => (
    <li key={i} className={css.item}>
      <code className={css.value}>{link.url}</code>
      <p className={css.meta}><span>{t.froms[link.from]}{link.file ? `　${link.file}` : ''}</span>{link.domain ? <span>{t.linkDomain}　<strong>{link.domain}</strong></span> : null}{link.text && link.text !== link.url ? <span>{t.linkText}　{link.text}</span> : null}</p>
    </li>
  );
  return (
    <Section title={t.links}>
      {links.length === 0 ? <p>{t.linksNone}</p> : <ul className={css.items}>{links.slice(0, firstMany).map(one)}</ul>}
      {links.length > firstMany ? <Details summary={f.count(links.length - firstMany)}><ul className={css.items}>{links.slice(firstMany).map(one)}</ul></Details> : null}
    </Section>
  );
}

/** The attachments: what they are, not what they call themselves. */
export function Files({ files }: { files: Detail['files'] }) {
  const t = useTexts().mail.sample;
  const f = useFormat();
  return (
    <Section title={t.files}>
      {files.length === 0 ? <p>{t.filesNone}</p> : (
        <ul className={css.items}>
          {files.map((file, i) => (
            <li key={i} className={css.item}>
              <strong className={css.value}>{file.name}</strong>
              <p className={css.flags}>{file.flags.length === 0 ? <span className={css.soft}>{t.noFlags}</span> : file.flags.map((flag) => <StateTag key={flag} state="look" word={t.flags[flag] ?? flag} />)}</p>
              <Facts items={[[t.fileType, file.realType], [t.fileSize, f.size(file.size)], ...(file.entries.length ? [[t.fileEntries, <span key="e" className={css.value}>{file.entries.join('\n')}</span>] as const] : []), ...(file.words.length ? [[t.fileWords, file.words.join('　')] as const] : []), [t.fileHash, <code key="h" className={css.value}>{file.sha256}</code>]]} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
