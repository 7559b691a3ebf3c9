import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono, type Context } from 'hono';
import type { Logger } from 'pino';
import { allRoutes, type Lang, type Route } from '@banya/contract';
import { Problem, notFound, unauthenticated } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Metrics } from '../metrics.ts';
import { preferredLang } from '../texts.ts';
import type { Clock, Scope, SignedIn } from '../types.ts';
import { addressGroup, clientAddress } from './address.ts';
import { authorise, type OrgDirectory } from './authorise.ts';
import { readBounded } from './body.ts';
import type { Bound, Call, Principal } from './call.ts';
import { openApi } from './openapi.ts';
import { invalid, problemResponse } from './problems.ts';

export interface HttpParts {
  readonly bound: readonly Bound[];
  /** `use`: whether this counts as use of the session, which keeps it from running out. */
  readonly authenticate: (request: Request, address: string, use: boolean) => Promise<Principal | null>;
  readonly directory: OrgDirectory;
  readonly isOperator: (person: SignedIn) => Promise<boolean>;
  readonly publicUrl: () => string;
  readonly isTrustedProxy: (address: string) => boolean;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** What a program shows to read the metrics; null: people only. */
  readonly metricsToken: string | null;
  /** Checks each reply against its schema; on in tests, where a wrong reply must not pass unseen. */
  readonly checkReplies: boolean;
  readonly ready: () => Promise<{ ok: boolean; why?: string }>;
}

export interface NodeEnv {
  Bindings: { incoming: import('node:http').IncomingMessage };
}

const bodyBytesDefault = 256 * 1024;
const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
};

/** For whatever is no page of the application, which brings its own policy: nothing in it may run or be framed. */
const INERT = "default-src 'none'; frame-ancestors 'none'";
/** The browser's own viewer of PDF files needs more than nothing. */
const policyOf = (type: string | null): string => (type?.startsWith('application/pdf') ? "frame-ancestors 'none'" : INERT);

/** The REST door: every contract route is served or the house does not open. */
export function createApp(parts: HttpParts): Hono<NodeEnv> {
  const app = new Hono<NodeEnv>();
  const handlers = new Map(parts.bound.map((b) => [b.route.id, b]));
  const missing = allRoutes().filter((route) => !handlers.has(route.id));
  if (missing.length > 0) throw new Error(`routes without a handler: ${missing.map((r) => r.id).join(', ')}`);

  app.use('*', async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    if (!c.res.headers.has('Content-Security-Policy')) c.res.headers.set('Content-Security-Policy', policyOf(c.res.headers.get('Content-Type')));
    if (parts.publicUrl().startsWith('https:')) c.res.headers.set('Strict-Transport-Security', 'max-age=31536000');
  });
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    const state = await parts.ready();
    return c.text(state.ok ? 'ready' : `not ready: ${state.why}`, state.ok ? 200 : 503);
  });
  let document: string | null = null;
  app.get('/api/v1/openapi.json', (c) => c.body((document ??= JSON.stringify(openApi(parts.publicUrl()))), 200, { 'Content-Type': 'application/json' }));
  app.get('/metrics', async (c) => {
    if (!isMetricsToken(parts.metricsToken, c.req.header('authorization'))) {
      const principal = await parts.authenticate(c.req.raw, addressOf(c, parts), true);
      if (principal?.kind !== 'person' || !(await parts.isOperator(principal))) return problemResponse(new Problem(403, 'operator_only'), 'en', newId());
    }
    return c.body(await parts.metrics.registry.metrics(), 200, { 'Content-Type': parts.metrics.registry.contentType });
  });

  // Fixed paths come before those with parameters, so that a fixed word is not taken for a thing's id.
  const routes = [...allRoutes()].sort((a, b) => (a.path.match(/\{/g)?.length ?? 0) - (b.path.match(/\{/g)?.length ?? 0));
  for (const route of routes) {
    const bound = handlers.get(route.id)!;
    app.on(route.method, `/api/v1${route.path.replace(/\{(\w+)\}/g, ':$1')}`, (c) => serve(c, route, bound, parts));
  }
  app.all('/api/*', (c) => problemResponse(notFound(), preferredLang(c.req.header('accept-language') ?? null), newId()));
  return app;
}

/** Compared by hashes of equal length, in the same time for every guess. */
function isMetricsToken(token: string | null, header: string | undefined): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return token !== null && header !== undefined && timingSafeEqual(hash(`Bearer ${token}`), hash(header));
}

function addressOf(c: Context<NodeEnv>, parts: HttpParts): string {
  return clientAddress(c.env?.incoming?.socket?.remoteAddress ?? '127.0.0.1', c.req.header('x-forwarded-for') ?? null, parts.isTrustedProxy);
}

async function serve(c: Context<NodeEnv>, route: Route, bound: Bound, parts: HttpParts): Promise<Response> {
  const started = performance.now();
  const requestId = newId();
  const request = c.req.raw;
  let lang: Lang = preferredLang(request.headers.get('accept-language'));
  let response: Response;
  try {
    const address = addressOf(c, parts);
    const principal = await parts.authenticate(request, address, true);
    if (principal?.kind === 'person' && !request.headers.has('accept-language')) lang = principal.lang;
    if (principal?.kind !== 'token' && unsafe.has(route.method) && !route.tokenScope?.startsWith('ingest')) refuseForeignSite(request);
    const params = parse(route, 'path', c.req.param());
    const scope = await scopeFor(route, params as { org?: string } | undefined, principal, parts);
    const query = parse(route, 'query', flatten(new URL(request.url).searchParams));
    const body = route.body ? parse(route, 'body', await readJson(request, route)) : undefined;
    refuseOtherMedia(request, route);
    const reply = new Headers();
    const call: Call = {
      route, request, requestId, lang, address, network: addressGroup(address), principal, reply,
      params: params as never, query: query as never, body: body as never,
      get scope(): Scope {
        if (!scope) throw new Error(`${route.id} has no organisation`);
        return scope;
      },
      get person(): SignedIn {
        if (principal?.kind !== 'person') throw principal ? new Problem(403, 'person_only') : unauthenticated();
        return principal;
      },
      stillAllowed: async () => {
        const now = await parts.authenticate(request, address, false);
        return now !== null && (await scopeFor(route, params as { org?: string } | undefined, now, parts).then(() => true, () => false));
      },
      readBody: () => readBounded(request, route.bodyBytesMax ?? bodyBytesDefault),
    };
    response = present(route, await bound.handle(call), reply, parts.checkReplies);
  } catch (error) {
    response = problemResponse(asProblem(error, route, requestId, request, parts), lang, requestId);
  }
  response.headers.set('Banya-Request-Id', requestId);
  const seconds = (performance.now() - started) / 1000;
  parts.metrics.httpSeconds.observe({ route: route.id, status: `${Math.floor(response.status / 100)}xx` }, seconds);
  if (response.status >= 500 || parts.log.isLevelEnabled('debug')) parts.log.info({ requestId, route: route.id, status: response.status, ms: Math.round(seconds * 1000) }, 'request');
  return response;
}

async function scopeFor(route: Route, params: { org?: string } | undefined, principal: Principal | null, parts: HttpParts): Promise<Scope | null> {
  switch (route.access.kind) {
    case 'public':
      return null;
    case 'signedIn':
      if (!principal) throw unauthenticated();
      if (principal.kind !== 'person' && !(route.tokenScope && principal.scopes.includes(route.tokenScope))) throw new Problem(403, 'person_only');
      return null;
    case 'operator':
      if (!principal) throw unauthenticated();
      if (principal.kind !== 'person' || !(await parts.isOperator(principal))) throw new Problem(403, 'operator_only');
      return null;
    case 'org':
      return authorise(route, route.access.permission, params!.org!, principal, parts.directory);
  }
}

function parse(route: Route, where: 'path' | 'query' | 'body', value: unknown): unknown {
  const schema = where === 'path' ? route.params : where === 'query' ? route.query : route.body;
  if (!schema) return undefined;
  const result = schema.safeParse(value, { reportInput: true });
  if (!result.success) throw invalid(where, result.error);
  return result.data;
}

function flatten(search: URLSearchParams): Record<string, string> {
  const flat: Record<string, string> = Object.create(null) as Record<string, string>;
  // An empty field of a filter form means "no filter".
  for (const [name, value] of search) if (value !== '') flat[name] = value;
  return { ...flat };
}

async function readJson(request: Request, route: Route): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json') throw new Problem(415, 'media_type_unknown', { type: type.slice(0, 60) || '-', wanted: 'application/json' });
  const bytes = await readBounded(request, route.bodyBytesMax ?? bodyBytesDefault);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Problem(400, 'body_broken', {}, { cause: error });
  }
}

function refuseOtherMedia(request: Request, route: Route): void {
  if (!route.consumes) return;
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!route.consumes.includes(type)) throw new Problem(415, 'media_type_unknown', { type: type.slice(0, 60) || '-', wanted: route.consumes.join(', ') });
}

/** Cross-site request forgery: a custom header other origins cannot send, and the browser's own word where it gives one. */
function refuseForeignSite(request: Request): void {
  const site = request.headers.get('sec-fetch-site');
  if (request.headers.get('banya-request') !== '1' || (site !== null && site !== 'same-origin' && site !== 'none')) throw new Problem(403, 'foreign_site');
}

function present(route: Route, result: unknown, headers: Headers, check: boolean): Response {
  if (result instanceof Response) {
    headers.forEach((value, name) => result.headers.append(name, value));
    return result;
  }
  headers.set('Cache-Control', 'no-store');
  if (!route.reply) return new Response(null, { status: route.status ?? 204, headers });
  if (check) {
    const checked = route.reply.safeParse(result);
    if (!checked.success) throw new Error(`${route.id} answered against its contract: ${checked.error.message}`);
  }
  headers.set('Content-Type', 'application/json');
  return new Response(JSON.stringify(result), { status: route.status ?? 200, headers });
}

/** Text that is no number, id or instant, or one out of range (PostgreSQL manual, Appendix A). */
const UNREADABLE_VALUE = new Set(['22P02', '22003', '22007', '22008']);

function asProblem(error: unknown, route: Route, requestId: string, request: Request, parts: HttpParts): Problem {
  if (error instanceof Problem) return error;
  // U+0000 in a text: PostgreSQL cannot keep it (SQLSTATE 22021, in JSON 22P05). What the sender wrote is refused, nothing is broken here.
  const { code } = error as { code?: unknown };
  if (code === '22021' || code === '22P05') return new Problem(400, 'invalid');
  // The only values that reach SQL without their schema are those of a cursor; one that somebody made up stops here.
  if (UNREADABLE_VALUE.has(String((error as { code?: unknown } | null)?.code)) && new URL(request.url).searchParams.has('after')) return new Problem(400, 'cursor_broken', {}, { cause: error });
  if (error instanceof Error && error.name === 'StoreUnavailable') {
    parts.log.error({ requestId, route: route.id, err: error }, 'store unavailable');
    return new Problem(503, 'store_unavailable', {}, { headers: { 'Retry-After': '60' } });
  }
  parts.log.error({ requestId, route: route.id, err: error }, 'unexpected error');
  return new Problem(500, 'unexpected');
}
