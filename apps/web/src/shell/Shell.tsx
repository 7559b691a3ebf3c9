import { Navigate, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useAct, useApi, useLive } from '../api/index.ts';
import { identity, orgs } from '@banya/contract';
import { hasKeptLang, useLang, useTexts, ZoneProvider } from '../texts/index.tsx';
import { Page, StateNote, stateOf } from '../ui/index.ts';
import { BareFrame, Frame } from './Frame.tsx';
import { placesFor, startPath } from './navigation.ts';
import { hasScreen } from './screen.ts';
import { MeContext, orgsOf, type Here, type Me } from './session.ts';

/** Whether the browser has a network at all. */
function useOffline(): boolean {
  const [offline, setOffline] = useState(!navigator.onLine);
  useEffect(() => {
    const say = () => setOffline(!navigator.onLine);
    addEventListener('online', say);
    addEventListener('offline', say);
    return () => {
      removeEventListener('online', say);
      removeEventListener('offline', say);
    };
  }, []);
  return offline;
}

/** Asks who is here; draws `children` once it is known. A session that has ended leads to sign-in by itself. */
function WithMe({ children }: { children: (me: Me) => ReactNode }) {
  const read = useApi(identity.self.get, {}, { staleMs: 300_000 });
  const state = stateOf(read);
  if (state?.kind === 'error' && read.error?.status === 401) return null;
  if (state) return <BareFrame><StateNote state={state} /></BareFrame>;
  const me = read.data as Me;
  return <MeContext value={me}>{children(me)}</MeContext>;
}

function useSignOut(): () => void {
  const out = useAct(identity.signIn.out);
  const client = useQueryClient();
  const navigate = useNavigate();
  return () => {
    void out.mutateAsync({}).finally(() => {
      client.clear();
      void navigate({ to: '/sign-in' });
    });
  };
}

function Framed({ me, here, visiting, children }: { me: Me; here: Here; visiting?: string; children: ReactNode }) {
  const navigate = useNavigate();
  const { lang, setLang } = useLang();
  const keep = useAct(identity.self.update);
  useEffect(() => {
    // On a new device the person's own language wins over the browser's.
    if (!hasKeptLang() && me.lang !== lang) void setLang(me.lang);
  }, [me.lang, lang, setLang]);
  return (
    <Frame
      me={me}
      here={here}
      places={placesFor(here.roles, hasScreen)}
      canAsk={hasScreen('/o/$org/ask')}
      offline={useOffline()}
      live={useLive(here.org)}
      {...(visiting ? { visiting } : {})}
      onLang={(next) => {
        void setLang(next);
        keep.mutate({ body: { lang: next } });
      }}
      onSignOut={useSignOut()}
      onOrg={(org) => {
        const roles = orgsOf(me).find((o) => o.org === org)?.roles ?? [];
        const first = placesFor(roles, hasScreen)[0];
        void navigate({ to: first ? first.path.replace('$org', org) : startPath(org, 'ask') });
      }}
    >
      {children}
    </Frame>
  );
}

/** Pages below `/o/$org`. */
export function OrgShell() {
  const { org } = useParams({ strict: false }) as { org: string };
  return <WithMe>{(me) => <InOrg me={me} org={org} />}</WithMe>;
}

function InOrg({ me, org }: { me: Me; org: string }) {
  const t = useTexts().shell;
  const mine = orgsOf(me);
  const at = useApi(orgs.tree.get, { params: { org } }, { staleMs: 300_000 });
  // The desk and managers open members they hold no role in: their frame stays that of the federation.
  const here = mine.find((o) => o.org === org) ?? mine.find((o) => o.kind === 'federation');
  if (!here) {
    return <BareFrame phone={me.deskPhone}><Page title={t.noOrg} state={{ kind: 'notFound', title: t.noOrg, body: t.noOrgBody }} /></BareFrame>;
  }
  const { data } = at;
  return (
    <ZoneProvider zone={data?.timeZone ?? 'Asia/Tokyo'}>
      <Framed me={me} here={here} {...(data && here.org !== org ? { visiting: data.name } : {})}><Outlet /></Framed>
    </ZoneProvider>
  );
}

/** Pages of the person, outside any organisation's address; framed by the organisation where the person starts. */
export function MeShell() {
  return (
    <WithMe>
      {(me) => {
        const mine = orgsOf(me);
        const here = mine.find((o) => o.org === me.start.org) ?? mine[0];
        return here ? <Framed me={me} here={here}><Outlet /></Framed> : <BareFrame phone={me.deskPhone}><Outlet /></BareFrame>;
      }}
    </WithMe>
  );
}

/** Pages without sign-in; the desk's number comes from the public set-up state. */
export function BareShell() {
  const read = useApi(identity.setUp.state, {}, { staleMs: 300_000 });
  return <BareFrame phone={read.data?.deskPhone ?? null}><Outlet /></BareFrame>;
}

/** `/`: on to set-up when nothing is set up, else to where the person starts. */
export function Start() {
  const setup = useApi(identity.setUp.state, {}, { staleMs: 60_000 });
  const state = stateOf(setup);
  if (state) return <BareFrame><StateNote state={state} /></BareFrame>;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  return <WithMe>{(me) => <Navigate to={startPath(me.start.org, me.start.page)} replace />}</WithMe>;
}
