import { findings, type Received } from '@banya/contract';
import type { ReactNode } from 'react';
import { useApi } from '../../api/index.ts';
import { useMay, useMe, useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { FileLink, GoLink, Heading, Page, Panel, Section, StateTag, stateOf, telephone } from '../../ui/index.ts';
import { Background, RuleCredit } from './Background.tsx';
import { CloseForm, Closed } from './CloseForm.tsx';
import { FindingState } from './FindingState.tsx';
import { Helpers } from './Helpers.tsx';
import { ToDo } from './ToDo.tsx';
import css from './findings.module.css';

export type Detail = Received<typeof findings.get>;

/** One finding, its answers always in the same order: what, stopped, whose, how sure, what to do, when to phone, what not to do. */
export default function FindingPage() {
  const t = useTexts().findings;
  const f = useFormat();
  const org = useOrg();
  const finding = useParam('finding');
  const { deskPhone } = useMe();
  const mayWrite = useMay('findings.write');
  const read = useApi(findings.get, { params: { org, finding } });
  const state = stateOf(read);
  const data = read.data;
  if (state || !data) return <Page title={t.one} state={state ?? { kind: 'loading' }} />;
  const told = data.explanation;
  const open = data.state === 'open';
  return (
    <Page
      title={told.title} action={<GoLink to={`/o/${org}/findings`}>{t.toList}</GoLink>}
      lead={<span className={css.stand}><FindingState finding={data} />{data.ongoing ? <StateTag state="look" word={t.ongoing} /> : null}<span>{t.seen(f.count(data.count), f.when(data.lastAt))}</span></span>}
    >
      {open ? null : <Closed finding={data} mayWrite={mayWrite} />}
      <Panel>
        <Answer question={t.whatHappened}><p>{told.whatHappened}</p></Answer>
        <Answer question={t.stopped}><p>{told.stopped}</p></Answer>
        <Answer question={t.whose}><p>{told.whose}</p></Answer>
        {data.elsewhere === null ? null : <Answer question={t.elsewhere}><p>{t.elsewhereMany(f.number(data.elsewhere))}</p></Answer>}
        <Answer question={t.certainty}><p>{told.certainty}</p>{told.normal ? <p className={css.aside}>{t.normal}　{told.normal}</p> : null}</Answer>
      </Panel>
      <Section title={t.doNow}>
        <ToDo finding={data.id} steps={told.doNow} minutes={data.minutes} />
        <Helpers finding={data} mayWrite={mayWrite && open} />
      </Section>
      <div className={css.pair}>
        <Panel>
          <Answer question={t.callWhen}><p>{told.callWhen}</p></Answer>
          {deskPhone ? <div><FileLink icon="phone" href={telephone(deskPhone)}>{deskPhone}</FileLink></div> : null}
        </Panel>
        <Panel><Answer question={t.doNot}><p>{told.doNot}</p></Answer></Panel>
      </div>
      {open ? <Section title={t.closeTitle}>{mayWrite ? <CloseForm finding={data} /> : <p>{t.readOnly}</p>}</Section> : null}
      <Background finding={data} />
      <RuleCredit rule={data.rule} />
    </Page>
  );
}

function Answer({ question, children }: { question: string; children: ReactNode }) {
  return <section className={css.answer}><Heading small>{question}</Heading><div>{children}</div></section>;
}
