import type { Received, Route, Sent } from '@banya/contract';
import { currentLang } from '../texts/lang.ts';
import { ApiProblem, problemOf, unreachable } from './problem.ts';

type OptionalKeys<R extends Route> = {
  [K in keyof Sent<R>]: undefined extends Sent<R>[K] ? K : Record<never, never> extends Sent<R>[K] ? K : never;
}[keyof Sent<R>];
/** What a route wants to be sent: only the parts it has, and the all-optional ones may be left out. */
export type Parts<R extends Route> = Omit<Sent<R>, OptionalKeys<R>> & Partial<Pick<Sent<R>, OptionalKeys<R>>>;
/** The same as an argument that may be left out when nothing is required. */
export type PartsArgument<R extends Route> = Record<never, never> extends Parts<R> ? [sent?: Parts<R>] : [sent: Parts<R>];

type Loose = { params?: unknown; query?: unknown; body?: unknown };
const text = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value));

/** Address of a route below this origin; also for links to files (`produces`). */
export function urlOf<R extends Route>(route: R, ...[sent]: PartsArgument<R>): string {
  const { params, query } = (sent ?? {}) as Loose;
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = (params as Record<string, unknown> | undefined)?.[name];
    if (value === undefined) throw new Error(`${route.id} needs the parameter ${name}`);
    return encodeURIComponent(text(value));
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value === undefined || value === null || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, text(one));
  }
  const tail = search.toString();
  return `/api/v1${path}${tail ? `?${tail}` : ''}`;
}

let signedOut: () => void = () => {};
/** The shell says what happens when a session has ended (401 on a route that needs one). */
export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

async function send(route: Route, url: string, body: BodyInit | undefined, type: string | undefined, signal: AbortSignal | undefined): Promise<Response> {
  const headers = new Headers({ accept: 'application/json, application/problem+json', 'accept-language': currentLang() });
  if (type) headers.set('content-type', type);
  // A page of another origin cannot set this header without being asked first (CORS preflight): proof against CSRF.
  if (route.method !== 'GET') headers.set('banya-request', '1');
  let answer: Response;
  try {
    answer = await fetch(url, { method: route.method, headers, credentials: 'same-origin', ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  if (problem.status === 401 && route.access.kind !== 'public') signedOut();
  throw problem;
}

/**
 * Calls a route of the contract.
 * @throws ApiProblem when the server refuses or cannot be reached (code `unreachable`)
 */
export async function call<R extends Route>(route: R, ...argument: [...PartsArgument<R>, signal?: AbortSignal]): Promise<Received<R>> {
  const [parts, signal] = argument as unknown as [Parts<R> | undefined, AbortSignal | undefined];
  const body = (parts as Loose | undefined)?.body;
  const url = urlOf(route, ...([parts] as PartsArgument<R>));
  const answer = await send(route, url, body === undefined ? undefined : JSON.stringify(body), body === undefined ? undefined : 'application/json', signal);
  if (route.status === 204 || !route.reply) return undefined as Received<R>;
  // The reply is not parsed again: server and application are one version, and the server has checked it.
  return (await answer.json()) as Received<R>;
}

/** Sends a file as it is to a route that `consumes` bytes. */
export async function upload<R extends Route>(route: R, sent: Parts<R>, file: Blob, signal?: AbortSignal): Promise<Received<R>> {
  const url = urlOf(route, ...([sent] as unknown as PartsArgument<R>));
  const answer = await send(route, url, file, file.type || 'application/octet-stream', signal);
  if (route.status === 204 || !route.reply) return undefined as Received<R>;
  return (await answer.json()) as Received<R>;
}

/** Fetches a file from a route that `produces` one; for plain links use `urlOf` in an anchor instead. */
export async function fetchFile<R extends Route>(route: R, ...[sent]: PartsArgument<R>): Promise<Blob> {
  const body = (sent as Loose | undefined)?.body;
  const answer = await send(route, urlOf(route, ...([sent] as PartsArgument<R>)), body === undefined ? undefined : JSON.stringify(body), body === undefined ? undefined : 'application/json', undefined);
  return answer.blob();
}

export { ApiProblem };
