import { samples } from '@banya/contract';
import { useEffect, useState } from 'react';
import { useAct, useApi } from '../../api/index.ts';
import { useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, GoLink, Page, Prose, Section, Skeleton, StateNote, stateOf, Steps } from '../../ui/index.ts';
import { harmful, type Answer } from './kinds.ts';
import { PhoneFirst } from './Phone.tsx';
import { Reasons } from './Reasons.tsx';
import { MailVerdict } from './Stand.tsx';
import { Touched } from './Touched.tsx';
import { useGuard } from './useGuard.ts';
import css from './mail.module.css';

const askEveryMs = 2_000;
const patienceMs = 20_000;

/** The answer to whoever asked: verdict, what to do now, why, and what happens to the mail. */
export default function AnswerPage() {
  const texts = useTexts().mail;
  const t = texts.answer;
  const org = useOrg();
  const read = useApi(samples.member.get, { params: { org, sample: useParam('sample') } });
  const { data, refetch } = read;
  const waiting = data?.state === 'waiting' && data.decision === null;
  useEffect(() => {
    if (!waiting) return;
    // Live news comes first; this is for when the stream is cut by a proxy.
    const timer = setInterval(() => void refetch(), askEveryMs);
    return () => clearInterval(timer);
  }, [waiting, refetch]);
  const state = stateOf(read);
  if (state || !data) return <Page title={t.title} state={state ?? { kind: 'loading' }} />;
  return (
    <Page title={t.title} lead={t.about(data.subject || texts.noSubject, data.from)} action={<ButtonLink icon="mail" to={`/o/${org}/ask/mail`}>{t.toAsk}</ButtonLink>}>
      {data.callDesk || harmful(data.touched) ? <PhoneFirst title={t.call} words={t.callWhy} /> : null}
      {waiting ? <Waiting answer={data} /> : <Answered answer={data} />}
      <p data-screen-only><GoLink to={`/o/${org}/mails`}>{t.toList}</GoLink></p>
    </Page>
  );
}

/** While it is read: that something happens, and an honest word when it takes long. */
function Waiting({ answer }: { answer: Answer }) {
  const t = useTexts().mail.answer;
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <div className={css.waiting} role="status">
        <span className={css.turning} aria-hidden="true" />
        <div><p className={css.waitingWord}>{t.waiting}</p><p>{late ? t.late : t.waitingWhy}</p></div>
      </div>
      <div aria-hidden="true"><Skeleton lines={3} /></div>
      <DoNow answer={answer} />
      <Section title={t.touch}><Touched answer={answer} /></Section>
    </>
  );
}

function DoNow({ answer }: { answer: Answer }) {
  const t = useTexts().mail.answer;
  if (answer.doNow.length === 0) return null;
  return <Section title={t.doNow}><Steps plain now={0} steps={answer.doNow.map((title) => ({ title }))} /></Section>;
}

function Answered({ answer }: { answer: Answer }) {
  const t = useTexts().mail.answer;
  const { state, verdict, decision, passage } = answer;
  const drill = state === 'drill';
  const partly = passage === 'inline' || passage === 'pasted' ? t.partly[passage] : null;
  return (
    <>
      <div className={css.stack} role="status">
        <MailVerdict sample={answer} />
        {drill ? <p>{t.drillWhy}</p> : state === 'failed' && !decision ? <p>{t.failedWhy}</p> : null}
        {verdict === 'clear' && !decision ? <p>{t.clearBut}</p> : null}
        {partly && !decision && !drill ? <p className={css.soft}>{partly}</p> : null}
      </div>
      {drill ? null : <DoNow answer={answer} />}
      {drill || decision === 'harmless' ? null : <Section title={t.touch}><Touched answer={answer} /></Section>}
      {drill || (state === 'failed' && answer.reasons.length === 0) ? null : <Section title={decision ? t.reasonsBefore : t.reasons}><Reasons reasons={answer.reasons} first={3} /></Section>}
      {drill ? null : <Elsewhere answer={answer} />}
      {drill ? null : <Desk answer={answer} />}
      <Fate answer={answer} />
    </>
  );
}

function Elsewhere({ answer: { seen } }: { answer: Answer }) {
  const t = useTexts().mail.answer;
  const f = useFormat();
  if (!seen) return null;
  const n = (value: number) => f.number(value);
  return (
    <Section title={t.seen}>
      <Prose>
        {seen.reports <= 1 && seen.members <= 1 ? <p>{t.seenNone}</p> : <p>{t.seenOne(t.members(n(seen.members)), t.people(n(seen.reports)), t.peopleOf(n(seen.touched)))}{seen.firstAt ? t.seenSince(f.when(seen.firstAt)) : ''}</p>}
      </Prose>
    </Section>
  );
}

/** The desk's own eyes: asked for here, or already on it. */
function Desk({ answer }: { answer: Answer }) {
  const t = useTexts().mail.answer;
  const org = useOrg();
  const guard = useGuard();
  const ask = useAct(samples.member.ask, { touches: ['tickets', 'home'] });
  if (answer.ticket) return <Section title={t.deskTitle}><Prose><p role="status">{answer.decision ? t.talkDone : t.talkWhy}</p><Actions><ButtonLink icon="ticket" to={`/o/${org}/tickets/${answer.ticket}`}>{t.talk}</ButtonLink></Actions></Prose></Section>;
  if (answer.decision) return null;
  if (answer.state === 'failed') return <Section title={t.deskTitle}><p>{t.deskHas}</p></Section>;
  return (
    <Section title={t.ask}>
      <Prose>
        <p>{t.askWhy}</p>
        {ask.error ? <StateNote state={{ kind: 'error', problem: ask.error }} /> : null}
        <Actions><Button icon="ticket" busy={ask.isPending} onClick={() => guard(() => ask.mutateAsync({ params: { org, sample: answer.id }, body: { message: '' } }), () => {})}>{t.ask}</Button></Actions>
      </Prose>
    </Section>
  );
}

function Fate({ answer: { deleteOn, answeredAt, state, decision } }: { answer: Answer }) {
  const t = useTexts().mail.answer;
  const f = useFormat();
  return (
    <Prose>
      {answeredAt && (state !== 'failed' || decision) ? <p className={css.soft}>{t.answered(f.when(answeredAt))}</p> : null}
      <p className={css.soft}><strong>{t.fate}</strong>　{deleteOn ? t.deleteOn(f.date(deleteOn)) : t.kept}</p>
    </Prose>
  );
}
