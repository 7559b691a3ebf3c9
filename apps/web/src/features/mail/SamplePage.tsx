import { samples } from '@banya/contract';
import { useNavigate } from '@tanstack/react-router';
import { urlOf, useAct, useApi } from '../../api/index.ts';
import { useOrg, useParam } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, CopyBox, Details, Facts, FileLink, GoLink, Page, Section, StateNote, stateOf, useUndo } from '../../ui/index.ts';
import { Files, Links } from './Contents.tsx';
import { Decide } from './Decide.tsx';
import { Did } from './Did.tsx';
import { harmful, type Detail } from './kinds.ts';
import { Lookalikes } from './Lookalikes.tsx';
import { Origin } from './Origin.tsx';
import { Preview } from './Preview.tsx';
import { Reasons } from './Reasons.tsx';
import { MailTag, MailVerdict } from './Stand.tsx';
import { useGuard } from './useGuard.ts';
import css from './mail.module.css';

/** Everything about one mail on one screen: facts at the left, what the desk does at the right. */
export default function SamplePage() {
  const texts = useTexts().mail;
  const t = texts.sample;
  const org = useOrg();
  const read = useApi(samples.queue.get, { params: { org, sample: useParam('sample') } });
  const state = stateOf(read);
  const mail = read.data;
  if (state || !mail) return <Page title={t.one} state={state ?? { kind: 'loading' }} />;
  return (
    <Page title={mail.subject || texts.noSubject} lead={<>{t.who(mail.orgName, mail.reporter.name)}　{mail.from}</>} action={<span className={css.onPhone}><FileLink icon="down" href="#decide">{t.decideGo}</FileLink></span>}>
      <div className={css.panes}>
        <div className={css.facts}>
          <MailVerdict sample={mail} />
          {mail.decision && mail.verdict ? <p className={css.soft}>{texts.list.verdict}　<MailTag sample={{ ...mail, decision: null }} /></p> : null}
          <Section title={texts.answer.reasons}><Reasons reasons={mail.reasons} /></Section>
          {mail.troubles.length > 0 ? <Section title={t.troubles}><ul>{mail.troubles.map((one, i) => { const what = t.troubleCodes[one.code] ?? one.code; return <li key={i}>{one.where ? t.troubleOf(what, one.where) : what}</li>; })}</ul></Section> : null}
          <Lookalikes found={mail.lookalikes} />
          <Origin mail={mail} />
          <Links links={mail.links} />
          <Files files={mail.files} />
          <Preview org={org} sample={mail.id} />
        </div>
        <div className={css.work}>
          <div id="decide" className={css.box} tabIndex={-1}><Section title={texts.decide.title}><Decide key={mail.id} org={org} mail={mail} /></Section></div>
          <div className={css.box}><Section title={t.reporter}><Report mail={mail} /></Section></div>
          <div className={css.box}><Section title={t.alike}><Alike org={org} mail={mail} /></Section></div>
          <div className={css.box}><Section title={t.more}><More org={org} mail={mail} /></Section></div>
        </div>
      </div>
      <p data-screen-only><GoLink to={`/o/${org}/desk/mails`}>{t.back}</GoLink></p>
    </Page>
  );
}

function Report({ mail }: { mail: Detail }) {
  const texts = useTexts().mail;
  const t = texts.sample;
  const f = useFormat();
  const org = useOrg();
  return (
    <Facts items={[
      [t.reporter, <span key="r">{mail.reporter.name}<br /><GoLink to={`/o/${org}/members/${mail.org}`}>{mail.orgName}</GoLink></span>],
      [t.touched, mail.touched === null ? t.untold : <Did key="t" touch={mail.touched} />], [t.at, f.when(mail.at)], [t.channel, texts.channels[mail.channel]],
      ...(mail.passage ? [[t.passage, t.passages[mail.passage]] as const] : []), ...(mail.note.trim() ? [[t.note, texts.quoted(mail.note)] as const] : []), [t.size, f.size(mail.size)],
      ...(mail.score === null ? [] : [[t.score, f.number(mail.score)] as const]), ...(mail.engine ? [[t.engine, mail.engine] as const] : []),
    ]} />
  );
}

function Alike({ org, mail }: { org: string; mail: Detail }) {
  const texts = useTexts().mail;
  const t = texts.sample;
  const f = useFormat();
  const { seen } = mail;
  return (
    <div className={css.stack}>
      {seen && seen.reports > 0 ? <p>{texts.campaigns.said(f.number(seen.members), f.number(seen.reports), f.number(seen.touched))}</p> : null}
      {mail.asked ? <p>{texts.asked(mail.asked.people, mail.asked.touched)}</p> : null}
      {mail.alike.length === 0 ? <p className={css.soft}>{t.alikeNone}</p> : (
        <ul className={css.alike}>
          {mail.alike.map((one) => <li key={one.id}><GoLink to={`/o/${org}/desk/mails/${one.id}`}>{one.subject || texts.noSubject}</GoLink><span className={css.meta}><MailTag sample={one} /><span>{one.orgName}</span>{one.org === mail.org ? <span>{one.reporter.name}</span> : null}{harmful(one.touched) || one.touched === 'unsure' ? <Did touch={one.touched} /> : null}</span></li>)}
        </ul>
      )}
      {mail.campaign ? <p><GoLink to={`/o/${org}/desk/campaigns/${mail.campaign}`}>{t.campaign}</GoLink></p> : null}
    </div>
  );
}

function More({ org, mail }: { org: string; mail: Detail }) {
  const t = useTexts().mail.sample;
  const f = useFormat();
  const navigate = useNavigate();
  const say = useUndo();
  const guard = useGuard();
  const draft = useAct(samples.bulletins.draft);
  const keep = useAct(samples.queue.keep);
  const kept = mail.deleteOn === null;
  const put = (on: boolean) => keep.mutateAsync({ params: { org, sample: mail.id }, body: { keep: on } });
  const problem = draft.error ?? keep.error;
  return (
    <div className={css.stack}>
      {problem ? <StateNote state={{ kind: 'error', problem }} /> : null}
      <Actions>
        {mail.ticket ? <ButtonLink icon="ticket" to={`/o/${org}/desk/${mail.ticket}`}>{t.ticket}</ButtonLink> : null}
        <Button icon="bell" busy={draft.isPending} onClick={() => guard(() => draft.mutateAsync({ params: { org }, body: { sample: mail.id } }), ({ id }) => navigate({ to: `/o/${org}/desk/warnings/${id}` }))}>{t.warn}</Button>
      </Actions>
      <p>{kept ? t.keptWord : t.deleteOn(f.date(mail.deleteOn ?? ''))}</p>
      <div><Button icon="lock" busy={keep.isPending} onClick={() => guard(() => put(!kept), () => say({ text: kept ? t.unkept : t.keptNow, undo: () => put(kept) }))}>{kept ? t.unkeep : t.keep}</Button></div>
      <Details summary={t.original}>
        <div className={css.stack}>
          <p>{t.originalWhy}</p>
          <CopyBox label={t.password} text={mail.zipPassword} />
          <div><FileLink icon="down" href={urlOf(samples.queue.original, { params: { org, sample: mail.id } })} download>{t.original}</FileLink></div>
        </div>
      </Details>
    </div>
  );
}
