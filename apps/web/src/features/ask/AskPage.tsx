import { desk } from '@banya/contract';
import { Link } from '@tanstack/react-router';
import { useApi } from '../../api/index.ts';
import { useMay, useMe, useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { FileLink, GoLink, Icon, Page, Panel, Section, telephone, type IconName } from '../../ui/index.ts';
import css from './ask.module.css';

/** Two choices and the telephone: the whole of Banya for most people. */
export default function AskPage() {
  const t = useTexts().ask;
  const org = useOrg();
  const { deskPhone } = useMe();
  const mayRead = useMay('tickets.read');
  return (
    <Page title={t.title} lead={t.lead}>
      <ul className={css.choices}>
        <Choice to={`/o/${org}/ask/question`} icon="ticket" title={t.question} why={t.questionWhy} />
        <Choice to={`/o/${org}/ask/mail`} icon="mail" title={t.mail} why={t.mailWhy} />
      </ul>
      {mayRead ? <Waiting /> : null}
      {deskPhone ? (
        <Section title={t.phone}>
          <Panel><p>{t.phoneWhy}</p><div><FileLink icon="phone" href={telephone(deskPhone)}>{deskPhone}</FileLink></div></Panel>
        </Section>
      ) : null}
      <p><GoLink to={`/o/${org}/warnings`}>{t.warnings}</GoLink>　{t.warningsWhy}</p>
      <p><GoLink to={`/o/${org}/articles`}>{t.articles}</GoLink>　{t.articlesWhy}</p>
    </Page>
  );
}

function Choice({ to, icon, title, why }: { to: string; icon: IconName; title: string; why: string }) {
  return (
    <li>
      <Link to={to} className={css.choice}>
        <span className={css.sign}><Icon name={icon} size={1.75} /></span>
        <strong>{title}</strong>
        <span className={css.why}>{why}</span>
      </Link>
    </li>
  );
}

/** Questions not yet settled; says nothing while there are none, or when they cannot be read just now. */
function Waiting() {
  const t = useTexts().ask;
  const org = useOrg();
  const read = useApi(desk.member.list, { params: { org }, query: { limit: 20 } });
  const open = (read.data?.items ?? []).filter((ticket) => ticket.state !== 'solved').slice(0, 5);
  if (open.length === 0) return null;
  return (
    <Section title={t.waiting}>
      <ul className={css.waiting}>{open.map((ticket) => <li key={ticket.id}><GoLink to={`/o/${org}/tickets/${ticket.id}`}>{ticket.subject}</GoLink></li>)}</ul>
      <p><GoLink to={`/o/${org}/tickets`}>{t.allTickets}</GoLink></p>
    </Section>
  );
}
