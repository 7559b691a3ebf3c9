import type { Lang, Parsed, Reply, Route } from '@banya/contract';
import type { TokenScope } from '@banya/contract';
import type { Actor, Scope, SignedIn } from '../types.ts';

/** Who sends a request: a person with a finished sign-in, or an API token of one organisation. */
export type Principal =
  | ({ readonly kind: 'person' } & SignedIn)
  | { readonly kind: 'token'; readonly tokenId: string; readonly orgId: string; readonly name: string; readonly scopes: readonly TokenScope[]; readonly sourceId: string | null };

/** One request, authenticated, validated and authorised: all a handler needs. */
export interface Call<R extends Route = Route> extends Parsed<R> {
  readonly route: R;
  readonly request: Request;
  readonly requestId: string;
  readonly lang: Lang;
  /** The client's address; through a proxy only when that proxy is trusted. */
  readonly address: string;
  /** That address as limits count it: of IPv6 the /64. */
  readonly network: string;
  /** null on public routes without a session. */
  readonly principal: Principal | null;
  /** On org routes: the organisation and why the caller may. Elsewhere reading it throws. */
  readonly scope: Scope;
  /** On signedIn and operator routes, and on org routes called by a person. Throws for tokens and strangers. */
  readonly person: SignedIn;
  /** Headers of the answer (cookies and the like). */
  readonly reply: Headers;
  /** For answers that last: whether the caller is still signed in and may still call this. Does not count as use of the session. */
  stillAllowed(): Promise<boolean>;
  /** Reads the raw body, bounded by the route's bodyBytesMax; inflates gzip under the same bound. */
  readBody(): Promise<Uint8Array>;
}

/** A route with its handler. A handler returns the reply's JSON, or a Response for files and streams. */
export interface Bound {
  readonly route: Route;
  // The list of routes holds handlers of many shapes; `bind` has checked each against its route.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly handle: (call: Call<any>) => Promise<unknown>;
}

export function bind<const R extends Route>(route: R, handle: (call: Call<R>) => Promise<Reply<R> | Response>): Bound {
  return { route, handle };
}

export function actorOf(principal: Principal): Actor {
  return principal.kind === 'person'
    ? { kind: 'person', personId: principal.personId, homeOrgId: principal.homeOrgId, name: principal.name }
    : { kind: 'token', tokenId: principal.tokenId, homeOrgId: principal.orgId, name: principal.name };
}

/** A file to download, with a name that survives Japanese (RFC 6266, RFC 8187). */
export function download(bytes: Uint8Array | ReadableStream, type: string, name: string, inline = false): Response {
  const ascii = name.replace(/[^\w.-]+/g, '_');
  return new Response(bytes as ConstructorParameters<typeof Response>[0], {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'Cache-Control': 'private, no-store',
    },
  });
}
