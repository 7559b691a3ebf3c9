import { useMay, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { GoLink, Panel, StateTag } from '../../ui/index.ts';
import type { Report } from './parts.tsx';
import css from './reports.module.css';

/** What the month asks for: at most three, with whose and by when. */
export function ToDo({ actions }: { actions: Report['actions'] }) {
  const t = useTexts().reports;
  const f = useFormat();
  const org = useOrg();
  const mayRead = useMay('findings.read');
  return (
    <Panel>
      <ol className={css.actions}>
        {actions.map((action, i) => (
          <li key={i}>
            <p><strong>{action.text}</strong></p>
            <p>{action.step}</p>
            <p className={css.meta}>
              <StateTag state={action.done ? 'done' : 'quiet'} word={action.done ? t.done : t.todo} />
              <span>{action.owner ? t.owner(action.owner) : t.ownerNone}</span>
              <span>{t.due(f.date(action.due))}</span>
              {action.finding && mayRead && !action.done ? <span data-screen-only><GoLink to={`/o/${org}/findings/${action.finding}`} label={`${t.toFinding}: ${action.text}`}>{t.toFinding}</GoLink></span> : null}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
