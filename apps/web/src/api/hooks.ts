import {
  QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient,
  type UseMutationResult, type UseQueryResult,
} from '@tanstack/react-query';
import type { Received, Route } from '@banya/contract';
import { call, type Parts, type PartsArgument } from './call.ts';
import { ApiProblem } from './problem.ts';

/** The module a route belongs to: the part of its id before the point. Live news and acts speak of modules. */
export const moduleOf = (route: Route): string => route.id.split('.', 1)[0] ?? route.id;
/** Key of a call in the cache. */
export const keyOf = (route: Route, sent?: unknown) => [moduleOf(route), route.id, sent ?? {}] as const;

/** One cache for the application. Reads are tried again only when the network, not the server, said no. */
export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        retry: (count, error) => count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status === 503),
        refetchOnWindowFocus: true,
      },
    },
  });

/** Reads a route and keeps it fresh. `skip` waits, for instance until an id is known. */
export function useApi<R extends Route>(
  route: R,
  ...[sent, options]: [...PartsArgument<R>, options?: { skip?: boolean; staleMs?: number }]
): UseQueryResult<Received<R>, ApiProblem> {
  const parts = sent as Parts<R> | undefined;
  const more = options as { skip?: boolean; staleMs?: number } | undefined;
  return useQuery<Received<R>, ApiProblem>({
    queryKey: keyOf(route, parts),
    queryFn: async ({ signal }) => {
      const got = await call(route, ...([parts, signal] as unknown as [...PartsArgument<R>, AbortSignal]));
      // A cache entry must not be undefined; routes without a body answer null here.
      return (got ?? null) as Received<R>;
    },
    enabled: !more?.skip,
    ...(more?.staleMs === undefined ? {} : { staleTime: more.staleMs }),
  });
}

/**
 * Acts on a route. After success everything read of the route's own module, and of `touches`, is fetched again.
 * `useAct(route).mutateAsync({ params, body })`; errors are ApiProblem.
 */
export function useAct<R extends Route>(route: R, options: { touches?: readonly string[] } = {}): UseMutationResult<Received<R>, ApiProblem, Parts<R>> {
  const client = useQueryClient();
  return useMutation<Received<R>, ApiProblem, Parts<R>>({
    mutationFn: (sent) => call(route, ...([sent] as unknown as [...PartsArgument<R>])),
    onSuccess: () =>
      Promise.all([moduleOf(route), ...(options.touches ?? [])].map((name) => client.invalidateQueries({ queryKey: [name] }))),
  });
}

/**
 * Goes on once an act has succeeded, also when what began it has left the page meanwhile (a form that goes when its
 * finding is closed); callbacks given to `mutate` would then be dropped. A refusal stands in the act's `error`.
 */
export function once<T>(doing: Promise<T>, then: (got: T) => unknown): void {
  void doing.then(then, (error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
  });
}

type PageOf<R extends Route> = Received<R> extends { items: (infer Item)[]; next: string | null } ? Item : never;

/** A keyset list as DataTable wants it. */
export interface List<Row> {
  readonly rows: readonly Row[];
  readonly total: { readonly count: number; readonly more: boolean } | undefined;
  readonly more: { readonly has: boolean; readonly loading: boolean; readonly load: () => void };
  readonly loading: boolean;
  readonly problem: ApiProblem | null;
  readonly retry: () => void;
}

/** Reads a keyset-paged route page by page; `sent.query.after` is filled in here. */
export function useList<R extends Route>(route: R, ...[sent]: PartsArgument<R>): List<PageOf<R>> {
  type Page = { items: PageOf<R>[]; next: string | null; total?: { count: number; more: boolean } };
  const result = useInfiniteQuery({
    queryKey: [...keyOf(route, sent), 'list'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const parts = { ...(sent as object | undefined), query: { ...(sent as { query?: object } | undefined)?.query, ...(pageParam ? { after: pageParam } : {}) } };
      return call(route, ...([parts, signal] as unknown as [...PartsArgument<R>, AbortSignal])) as unknown as Promise<Page>;
    },
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const pages = result.data?.pages ?? [];
  return {
    rows: pages.flatMap((p) => p.items),
    total: pages[0]?.total,
    more: { has: result.hasNextPage, loading: result.isFetchingNextPage, load: () => void result.fetchNextPage() },
    loading: result.isPending,
    problem: result.error instanceof ApiProblem ? result.error : null,
    retry: () => void result.refetch(),
  };
}
