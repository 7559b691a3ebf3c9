import { allRoutes, type Route } from '@banya/contract';
import type { Api } from './browser.ts';

/** What the application asked for: parameters of the path and the query, the JSON sent, and the text as it came. */
export interface Call { readonly route: string; readonly params: Record<string, string>; readonly query: Record<string, string>; readonly body: unknown; readonly bytes: string; readonly type: string }
export type Answer = (call: Call) => unknown;
/** What routes say, by their id: how they answer, or always the same. */
export type Said = Iterable<readonly [string, unknown]>;

/** A refusal in the form of the contract; as an answer, the server refuses. */
export const refusal = (status: number, code: string, title: string, detail = '', more: object = {}) => ({ refused: { type: 'about:blank', title, status, code, detail, ...more } });
const isRefusal = (said: unknown): said is ReturnType<typeof refusal> => typeof said === 'object' && said !== null && 'refused' in said;

const routes = allRoutes().map((route) => ({ route, pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }));
function match(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  // A fixed word wins over a parameter: /queue/counts is no ticket.
  const fits = routes.filter((one) => one.route.method === method).flatMap((one) => { const found = one.pattern.exec(path); return found ? [{ route: one.route, params: { ...found.groups } }] : []; });
  return fits.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0];
}

/**
 * A server in miniature: what each route says, by the route's id. A test replaces an answer to see another state, also while a page is open.
 * What is sent and what is answered is held against the contract, so neither can rot; what does not fit stands in `faults`.
 */
export class Miniature {
  readonly answers: Map<string, Answer>;
  readonly asked: Call[] = [];
  readonly faults: string[] = [];

  constructor(said: Said) {
    this.answers = new Map([...said].map(([route, one]) => [route, typeof one === 'function' ? one as Answer : () => one]));
  }

  /** The calls of one route. */
  readonly sent = (route: string): Call[] => this.asked.filter((one) => one.route === route);

  readonly api: Api = async (method, path, body, { query, type, bytes }) => {
    const found = match(method, decodeURIComponent(path));
    const answer = found && this.answers.get(found.route.id);
    if (!found || !answer) return undefined;
    const { route, params } = found;
    for (const [part, schema, value] of [['body', route.body, body], ['query', route.query, query], ['params', route.params, params]] as const) this.#hold(route, part, schema, value);
    if (route.consumes && !route.consumes.includes(type.split(';')[0] ?? '')) this.faults.push(`${route.id} takes no ${type}`);
    const call: Call = { route: route.id, params, query, body, bytes, type };
    this.asked.push(call);
    const said = await answer(call);
    if (isRefusal(said)) return { status: said.refused.status, body: said.refused };
    if (route.produces) return { status: 200, type: `${route.produces}; charset=utf-8`, body: said };
    if (!route.reply) return { status: 204 };
    this.#hold(route, 'reply', route.reply, said);
    return { status: route.status ?? 200, body: said };
  };

  #hold(route: Route, part: string, schema: Route['reply'], value: unknown): void {
    const checked = schema?.safeParse(value);
    if (checked && !checked.success) this.faults.push(`${route.id} ${part}: ${checked.error.message}`);
  }
}
