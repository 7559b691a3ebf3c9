import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, useRouter, type AnyRoute, type ErrorComponentProps, type RouteComponent } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ApiProblem, onSignedOut } from '../api/index.ts';
import { useTexts } from '../texts/index.tsx';
import { Page, Skeleton } from '../ui/index.ts';
import { BareFrame } from './Frame.tsx';
import { BareShell, MeShell, OrgShell, Start } from './Shell.tsx';
import { orgsOf, useMe, useOrg } from './session.ts';
import { frameOf, screens, type Screen } from './screen.ts';

/** What stands in a page's place when drawing it failed: the frame stays, other pages still work. */
function Broken({ error, reset }: ErrorComponentProps) {
  const t = useTexts().ui.page;
  const router = useRouter();
  useEffect(() => {
    console.error(error);
  }, [error]);
  const again = () => {
    reset();
    void router.invalidate();
  };
  return <Page title={t.errorTitle} state={{ kind: 'error', problem: error instanceof ApiProblem ? error : null, retry: again }} />;
}

function Missing() {
  const t = useTexts().ui.page;
  return <Page title={t.notFoundTitle} state={{ kind: 'notFound' }} />;
}

/** Says at once, without asking the server, that a page is for other roles. Who looks in from above is judged by the server. */
function guarded(screen: Screen): RouteComponent {
  const Inner = lazyRouteComponent(screen.load);
  const { roles } = screen;
  if (!roles) return Inner;
  const Guarded: RouteComponent = () => {
    const t = useTexts().ui.page;
    const org = useOrg();
    const mine = orgsOf(useMe()).find((o) => o.org === org)?.roles;
    if (mine && !mine.some((r) => roles.includes(r))) return <Page title={t.forbiddenTitle} state={{ kind: 'forbidden', who: roles }} />;
    return <Inner />;
  };
  // The router fetches a page's code before it draws it. Missed only while drawing, it costs 300 ms more: React holds back what follows a skeleton.
  if (Inner.preload) Guarded.preload = Inner.preload;
  return Guarded;
}

const root = createRootRoute({ component: Outlet, notFoundComponent: () => <BareFrame><Missing /></BareFrame>, errorComponent: (p) => <BareFrame><Broken {...p} /></BareFrame> });
const frames = {
  org: createRoute({ getParentRoute: () => root, id: 'org', component: OrgShell }),
  me: createRoute({ getParentRoute: () => root, id: 'me', component: MeShell }),
  bare: createRoute({ getParentRoute: () => root, id: 'bare', component: BareShell }),
  none: createRoute({ getParentRoute: () => root, id: 'none', component: Outlet }),
};

const pageOf = (screen: Screen): AnyRoute =>
  createRoute({ getParentRoute: () => frames[frameOf(screen)] as AnyRoute, path: screen.path, component: guarded(screen), errorComponent: Broken, pendingComponent: Skeleton });
const below = (frame: keyof typeof frames) => screens.filter((s) => frameOf(s) === frame).map(pageOf);
const missingInOrg = createRoute({ getParentRoute: () => frames.org, path: '/o/$org/$', component: Missing });
const start = createRoute({ getParentRoute: () => root, path: '/', component: Start });

/** The router over every feature's screens. */
export function makeRouter() {
  const router = createRouter({
    routeTree: root.addChildren([
      start,
      frames.org.addChildren([...below('org'), missingInOrg]),
      frames.me.addChildren(below('me')),
      frames.bare.addChildren(below('bare')),
      frames.none.addChildren(below('none')),
    ]),
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingMs: 200,
  });
  router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
    if (fromLocation && pathChanged) document.body.dataset['moved'] = 'yes';
  });
  onSignedOut(() => {
    const { pathname, searchStr } = router.state.location;
    if (pathname.startsWith('/sign-in')) return;
    void router.navigate({ to: '/sign-in', search: pathname === '/' ? {} : { back: `${pathname}${searchStr}` } });
  });
  return router;
}
