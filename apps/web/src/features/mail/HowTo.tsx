import { samples } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useMe, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { CopyBox, Details, Steps } from '../../ui/index.ts';
import css from './mail.module.css';

const stepsOf = (titles: readonly string[]) => titles.map((title) => ({ title }));

/** The other ways in: forwarding, and how a mail becomes a file. */
export function HowTo() {
  const t = useTexts().mail.ask;
  return (
    <div>
      <Details summary={t.forward}><Forward /></Details>
      <Details summary={t.save}><Steps plain now={0} steps={stepsOf(t.saveSteps)} /></Details>
    </div>
  );
}

function Forward() {
  const t = useTexts().mail.ask;
  const { demo } = useMe();
  const address = useApi(samples.member.address, { params: { org: useOrg() } }, { staleMs: 300_000 }).data?.address ?? null;
  return (
    <div className={css.stack}>
      {address ? <><p>{t.forwardHere}</p><CopyBox label={t.address} text={address} /></> : demo ? <p>{t.tryForward}</p> : null}
      <Steps plain now={0} steps={stepsOf([...t.steps, address ? t.stepAddress : t.stepAsk])} />
    </div>
  );
}
