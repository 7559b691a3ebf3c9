import { useTexts } from '../../texts/index.tsx';
import { Section } from '../../ui/index.ts';
import type { Detail } from './kinds.ts';
import { lettersOf, type Run } from './letters.ts';
import css from './mail.module.css';

/** A domain that imitates another: both one below the other, letters that differ marked. */
export function Lookalikes({ found }: { found: Detail['lookalikes'] }) {
  const t = useTexts().mail.sample;
  if (found.length === 0) return null;
  return (
    <Section title={t.lookalikes}>
      {found.map((one) => {
        // The brackets that keep it from being followed are no letters of it.
        const sides = lettersOf(one.target, one.domain.replaceAll('[.]', '.'));
        return (
          <div key={`${one.target} ${one.domain}`} className={css.pair}>
            <p>{t.lookalikeSaid(one.domain, one.target)}　{t.hows[one.how] ?? one.how}</p>
            <dl className={css.sides}>
              <div><dt>{t.real}<span className={css.soft}>　{t.targetKinds[one.targetKind]}</span></dt><dd><Letters runs={sides.left} /></dd></div>
              <div><dt>{t.fake}</dt><dd><Letters runs={sides.right} /></dd></div>
            </dl>
            <p className={css.soft}>{t.differs}</p>
          </div>
        );
      })}
    </Section>
  );
}

const Letters = ({ runs }: { runs: readonly Run[] }) => <code className={css.letters}>{runs.map((run, i) => (run.same ? run.text : <mark key={i}>{run.text}</mark>))}</code>;
