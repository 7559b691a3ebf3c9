import type { z } from 'zod';
import type { Permission } from './permissions.ts';

/**
 * Who may call a route. The server enforces it before the handler runs, the isolation test walks it.
 * - public: anybody, signed in or not.
 * - signedIn: any account with a finished sign-in; the handler only touches the caller's own things.
 * - org: the path holds `{org}`; the caller needs `permission` there (see permissions.ts).
 * - operator: the operator of this installation.
 */
export type Access =
  | { kind: 'public' }
  | { kind: 'signedIn' }
  | { kind: 'org'; permission: Permission }
  | { kind: 'operator' };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One REST route: written once, used by the server (validation), the client (types) and OpenAPI (documents). */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  /** `module.verb`, unique; also the OpenAPI operationId. */
  readonly id: string;
  readonly method: Method;
  /** Path below /api/v1, parameters in braces: /orgs/{org}/findings/{finding}. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Schema of the 2xx JSON body; absent for 204 and for `produces`. */
  readonly reply?: Reply;
  readonly status?: 200 | 201 | 202 | 204;
  /** Media type of a non-JSON answer (file, stream), for instance application/pdf. */
  readonly produces?: string;
  /** Media types of a non-JSON request body; the handler then reads `call.request` itself, bounded by `bodyBytesMax`. */
  readonly consumes?: readonly string[];
  /** Largest request body in bytes; 256 KiB unless told. */
  readonly bodyBytesMax?: number;
  /** API-token scope that may call it too; without one the route needs a person. */
  readonly tokenScope?: TokenScope;
  /** Problem codes this route answers beyond the common ones. */
  readonly problems?: readonly string[];
}

/** What an API token may do; a token has one or more of these and belongs to one organisation. */
export const tokenScopes = ['ingest', 'findings:read', 'tickets:write', 'inventory:write', 'reports:read', 'people:write', 'samples:write', 'events:read'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** Declares a route; only narrows types. */
export function route<
  const R extends Route<P, Q, B, O>,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
>(definition: R): R {
  return definition;
}

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;
type In<S> = S extends z.ZodType ? z.input<S> : undefined;
/** What a handler receives, parsed. */
export interface Parsed<R extends Route> {
  params: Out<R['params']>;
  query: Out<R['query']>;
  body: Out<R['body']>;
}
/** What a client sends. */
export interface Sent<R extends Route> {
  params: In<R['params']>;
  query: In<R['query']>;
  body: In<R['body']>;
}
/** What a handler returns (before serialisation) and a client gets. */
export type Reply<R extends Route> = R['reply'] extends z.ZodType ? z.input<R['reply']> : void;
export type Received<R extends Route> = R['reply'] extends z.ZodType ? z.output<R['reply']> : void;
