import { Link, useLocation } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { Lang } from '@banya/contract';
import { useFormat, useLang, useTexts } from '../texts/index.tsx';
import { ButtonLink, Drawer, Icon, Menu, PhoneBar, useScheme, type MenuEntry, type Scheme } from '../ui/index.ts';
import { Mark } from './Mark.tsx';
import { OrgSwitch } from './OrgSwitch.tsx';
import { inOrg, type Place } from './navigation.ts';
import type { Here, Me } from './session.ts';
import css from './Frame.module.css';

interface FrameProps {
  me: Me;
  here: Here;
  places: readonly Place[];
  canAsk: boolean;
  offline: boolean;
  /** Whether news arrives by itself. */
  live: boolean;
  /** The member one looks into without a role of one's own there. */
  visiting?: string;
  onSignOut: () => void;
  onOrg: (org: string) => void;
  onLang: (lang: Lang) => void;
  children: ReactNode;
}

const onPhone = 4;

/** The frame around every page of an organisation. It only draws; `Shell` knows who is here and what is possible. */
export function Frame({ me, here, places, canAsk, offline, live, visiting, onSignOut, onOrg, onLang, children }: FrameProps) {
  const texts = useTexts();
  const t = texts.shell;
  const f = useFormat();
  const [menu, setMenu] = useState(false);
  const first = places.length > onPhone + 1 ? places.slice(0, onPhone) : places;
  const rest = places.slice(first.length);
  const { pathname } = useLocation();
  /** Of two places one below the other (the queue, the desk's mails) only the nearer one is where one is. */
  const within = (path: string | undefined) => path !== undefined && pathname.startsWith(inOrg(path, here.org));
  const outdone = (place: Place) => places.some((p) => [p.path, p.also].some((path) => path?.startsWith(`${place.path}/`) && within(path)));
  const active = { 'data-status': 'active', 'aria-current': 'page' } as const;
  const link = (place: Place, look: string | undefined) => (
    <Link to={inOrg(place.path, here.org)} activeOptions={{ exact: outdone(place) }} className={look} onClick={() => setMenu(false)} {...(within(place.also) ? active : {})}>
      <Icon name={place.icon} />
      <span>{t.places[place.name]}</span>
    </Link>
  );
  return (
    <div className={css.frame}>
      <a href="#main" className={css.skip}>{t.skip}</a>
      <header className={css.top}>
        <Link to="/" className={css.brand} aria-label={texts.common.product}><Mark className={css.mark} /><span>{texts.common.product}</span></Link>
        <div className={css.org}><OrgSwitch me={me} here={here} onOrg={onOrg} />{visiting ? <span className={css.visiting}><Icon name="right" size={1} /><strong className={css.orgName}>{visiting}</strong></span> : null}</div>
        <div className={css.right}>
          {canAsk ? <ButtonLink kind="plain" icon="ticket" to={`/o/${here.org}/ask`}>{t.ask}</ButtonLink> : null}
          <PersonMenu name={me.name} onSignOut={onSignOut} onLang={onLang} />
        </div>
      </header>
      <nav className={css.side} aria-label={t.nav}>
        <ul className={css.nav}>{places.map((p) => <li key={p.name}>{link(p, css.place)}</li>)}</ul>
        {me.deskPhone ? <div className={css.sidePhone}><PhoneBar number={me.deskPhone} /></div> : null}
      </nav>
      <div className={css.note} role="status">
        {me.demo ? <p className={css.demo}>{t.demo}</p> : null}
        {offline ? <p className={css.banner}><Icon name="offline" />{t.offline}</p> : live ? null : <p className={css.demo}>{t.live}</p>}
      </div>
      <p className={css.paper}><span>{visiting ?? here.name}</span><span>{f.dateTime(new Date())}{me.deskPhone ? `　${texts.ui.phone.label} ${me.deskPhone}` : ''}</span></p>
      <main id="main" className={css.main} tabIndex={-1}>{children}</main>
      {me.deskPhone ? <footer className={css.phoneFoot}><PhoneBar number={me.deskPhone} /></footer> : null}
      {places.length > 0 ? (
        <nav className={css.bottom} aria-label={t.nav}>
          <ul>
            {first.map((p) => <li key={p.name}>{link(p, css.tab)}</li>)}
            {rest.length > 0 ? <li><button type="button" className={css.tab} aria-expanded={menu} onClick={() => setMenu(true)}><Icon name="menu" /><span>{t.menu}</span></button></li> : null}
          </ul>
        </nav>
      ) : null}
      <Drawer open={menu} onClose={() => setMenu(false)} title={t.menu}>
        <ul className={css.nav}>{rest.map((p) => <li key={p.name}>{link(p, css.place)}</li>)}</ul>
      </Drawer>
    </div>
  );
}

function PersonMenu({ name, onSignOut, onLang }: { name: string; onSignOut: () => void; onLang: (lang: Lang) => void }) {
  const texts = useTexts();
  const t = texts.shell;
  const { lang } = useLang();
  const { scheme, setScheme } = useScheme();
  const brightness = (value: Scheme): MenuEntry => ({ kind: 'do', text: texts.ui.scheme[value], current: scheme === value, act: () => setScheme(value) });
  return (
    <Menu
      icon="person"
      label={t.person(name)}
      entries={[
        { kind: 'label', text: name },
        { kind: 'go', text: t.sessions, to: '/me', icon: 'key' },
        { kind: 'line' },
        { kind: 'label', text: t.language },
        { kind: 'do', text: '日本語', lang: 'ja', current: lang === 'ja', act: () => onLang('ja') },
        { kind: 'do', text: 'English', lang: 'en', current: lang === 'en', act: () => onLang('en') },
        { kind: 'line' },
        { kind: 'label', text: texts.ui.scheme.label },
        brightness('auto'), brightness('light'), brightness('dark'),
        { kind: 'line' },
        { kind: 'do', text: t.signOut, act: onSignOut, icon: 'right' },
      ]}
    />
  );
}

/** The frame of pages without sign-in: sign-in itself, first set-up, a wrong address. */
export function BareFrame({ phone, children }: { phone?: string | null; children: ReactNode }) {
  const texts = useTexts();
  const { lang, setLang } = useLang();
  const other = lang === 'ja' ? { to: 'en', name: 'English' } as const : { to: 'ja', name: '日本語' } as const;
  return (
    <div className={css.bare}>
      <a href="#main" className={css.skip}>{texts.shell.skip}</a>
      <header className={css.top}>
        <span className={css.brand}><Mark className={css.mark} />{texts.common.product}</span>
        <div className={css.right}><button type="button" className={css.orgButton} lang={other.to} onClick={() => void setLang(other.to)}>{other.name}</button></div>
      </header>
      <main id="main" className={css.bareMain} tabIndex={-1}>{children}</main>
      <footer className={css.bareFoot}>{phone ? <PhoneBar number={phone} /> : null}</footer>
    </div>
  );
}
