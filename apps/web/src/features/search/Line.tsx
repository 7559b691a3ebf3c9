import { linkTo, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, Details, GoLink } from '../../ui/index.ts';
import { condition } from './asked.ts';
import type { LogLine } from './SearchPage.tsx';
import css from './search.module.css';

/** Fields whose values can be traced. */
const TRACED: ReadonlySet<string> = new Set(['source.ip', 'destination.ip', 'url.domain', 'url.full', 'destination.domain', 'dns.question.name', 'file.hash.sha256', 'file.hash.sha1', 'file.hash.md5', 'email.from.address', 'host.name', 'user.name']);

/** Names that a search can say. */
const FIELD = /^[\p{L}_@][\p{L}\p{N}_.@-]*$/u;

/** One record: in short, and what was understood of it and the line itself once somebody wants them. */
export function Line({ line, onNarrow }: { line: LogLine; onNarrow: (more: string) => void }) {
  const t = useTexts().search;
  const org = useOrg();
  return (
    <div className={css.line}>
      <span className={css.said}>{line.said}</span>
      <Details summary={t.whole}>
        <pre className={css.raw}>{line.raw}{line.rawCut ? '…' : ''}</pre>
        <table className={css.table}>
          <caption>{t.understood}</caption>
          <tbody>
            {Object.entries(line.fields).map(([name, value]) => (
              <tr key={name}>
                <th scope="row"><code>{name}</code></th>
                <td>{value.length <= 200 && FIELD.test(name) ? <Button kind="quiet" label={t.narrow(`${name} ${value}`)} onClick={() => onNarrow(condition(name, value))}>{value}</Button> : value}{TRACED.has(name) ? <>　<GoLink to={linkTo(`/o/${org}/trace`, { q: value })}>{t.traceThis}</GoLink></> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Details>
    </div>
  );
}
