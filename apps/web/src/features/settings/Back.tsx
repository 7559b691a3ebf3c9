import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { GoLink } from '../../ui/index.ts';
import css from './settings.module.css';

/** The way back to all settings, below each of their pages. */
export function Back() {
  return <p className={css.back} data-screen-only><GoLink to={`/o/${useOrg()}/settings`}>{useTexts().settings.back}</GoLink></p>;
}
