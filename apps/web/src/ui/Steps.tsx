import type { ReactNode } from 'react';
import { useTexts } from '../texts/index.tsx';
import { Heading } from './Heading.tsx';
import { Icon } from './icons.tsx';
import css from './Steps.module.css';

/**
 * Numbered steps of one piece of work; `now` counts from 0, and a `now` past the end means all are done.
 * `plain` numbers instructions that nobody keeps track of.
 */
export function Steps({ steps, now, plain = false }: { steps: readonly { readonly title: string; readonly body?: ReactNode }[]; now: number; plain?: boolean }) {
  const t = useTexts().ui.steps;
  return (
    <ol className={css.list}>
      {steps.map((step, i) => {
        const at = i < now ? 'done' : i === now ? 'now' : 'todo';
        if (plain) {
          return (
            <li key={step.title} className={css.step} data-at="plain">
              <span className={css.mark} aria-hidden="true">{i + 1}</span>
              <div><p>{step.title}</p>{step.body}</div>
            </li>
          );
        }
        return (
          <li key={step.title} className={css.step} data-at={at} aria-current={at === 'now' ? 'step' : undefined}>
            <span className={css.mark} aria-hidden="true">{at === 'done' ? <Icon name="done" /> : i + 1}</span>
            <div>
              <Heading small>{step.title} <span className={css.at}>{t[at]}</span></Heading>
              {step.body}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** 「3段階のうち2段階目」 above one question of a longer form; `n` counts from 1. */
export function StepOf({ n, all }: { n: number; all: number }) {
  return <p className={css.of}>{useTexts().ui.steps.of(n, all)}</p>;
}
