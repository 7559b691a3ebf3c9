import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { GoLink } from '../../ui/index.ts';

/** The way back to all settings. */
export function Back() {
  return <p data-screen-only><GoLink to={`/o/${useOrg()}/settings`}>{useTexts().settings.back}</GoLink></p>;
}
