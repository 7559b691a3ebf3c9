import { parseArgs } from 'node:util';
import { api, type Received } from '@banya/contract';
import { speaksJapanese, Usage } from '../args.ts';
import { printable } from '../detect/rules.ts';

type One = Received<typeof api.search.trace.run>;
type All = Received<typeof api.search.trace.all>;

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The address, the token and what is asked. @throws Usage */
function asked(args: readonly string[]) {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { org: { type: 'string' }, url: { type: 'string' }, days: { type: 'string' }, as: { type: 'string' }, members: { type: 'boolean' }, deep: { type: 'boolean' }, json: { type: 'boolean' } } });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
  const { values, positionals } = parsed;
  const org = values.org ?? process.env.BANYA_ORG ?? '';
  const days = values.days === undefined ? 30 : Number(values.days);
  const token = process.env.BANYA_TOKEN ?? '';
  if (positionals.length !== 1) throw new Usage('One indicator at a time:');
  if (!ID.test(org)) throw new Usage('Name the organisation with --org ID or BANYA_ORG; the page with its tokens shows it.');
  if (token === '') throw new Usage('BANYA_TOKEN holds no token. Make one that may search logs (events:read) on the page of tokens.');
  if (!Number.isInteger(days) || days < 1 || days > 2_600) throw new Usage('--days takes a whole number from 1 to 2600.');
  if (values.as !== undefined && values.as !== 'name' && values.as !== 'account') throw new Usage('--as takes name or account.');
  return { indicator: positionals[0]!, org, days, token, url: (values.url ?? process.env.BANYA_URL ?? 'http://localhost:8420').replace(/\/$/, ''), as: values.as, members: values.members ?? false, deep: values.deep ?? false, json: values.json ?? false };
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(1, width - [...text].reduce((n, c) => n + (c.codePointAt(0)! > 0x2e7f ? 2 : 1), 0)));

/** One line each: names of computers and people come from log lines, which must not steer the terminal. */
const printed = (lines: readonly string[]): string => lines.map((line) => `${printable(line)}\n`).join('');

const WORDS = {
  ja: {
    states: { communicated: '関わった', opened: '開いた', possible: '確かめる', received: '届いた', stopped: '止まった' }, silent: 'ログなし', confidences: { sure: '確か', likely: 'おそらく', possible: '念のため' },
    hop: (n: number) => (n === 1 ? '直接' : `${n - 1}つ先`), days: (n: number, of: number) => `${of}日のうち${n}日なし`, never: '一度も届いていません', seen: { open: '見られます', numbers: '件数だけ', closed: '見られません', failed: '時間切れ' },
  },
  en: {
    states: { communicated: 'in touch', opened: 'opened', possible: 'to check', received: 'received', stopped: 'stopped' }, silent: 'no logs', confidences: { sure: 'sure', likely: 'likely', possible: 'to be safe' },
    hop: (n: number) => (n === 1 ? 'direct' : n === 2 ? 'one step on' : 'two steps on'), days: (n: number, of: number) => `${n} of ${of} days without`, never: 'never heard', seen: { open: 'open', numbers: 'numbers', closed: 'closed', failed: 'too slow' },
  },
} as const;

/** In the reader's own time. */
const when = (at: string, ja: boolean): string => (Number.isNaN(Date.parse(at)) ? '' : new Intl.DateTimeFormat(ja ? 'ja-JP' : 'en-GB', { dateStyle: ja ? 'long' : 'medium', timeStyle: 'short' }).format(Date.parse(at)));

export function tellOne(found: One, ja = speaksJapanese()): string {
  const w = ja ? WORDS.ja : WORDS.en;
  const lines = [`${found.indicator.shown}  ${found.sentence}`, ...(found.commonText ? [`! ${found.commonText}`] : []), ''];
  for (const call of found.calls) lines.push(`${pad(w.states[call.state], 14)}${pad(call.name, 28)}${pad(call.owner ?? '', 16)}${call.why}  ${when(call.firstAt, ja)}  ${w.confidences[call.confidence]}, ${w.hop(call.hop)}`);
  for (const one of found.silent) lines.push(`${pad(w.silent, 14)}${pad(one.name, 28)}${w.days(one.days, one.ofDays)}  ${one.lastAt === null ? w.never : when(one.lastAt, ja)}`);
  return printed(lines);
}

export function tellAll(found: All, ja = speaksJapanese()): string {
  const w = ja ? WORDS.ja : WORDS.en;
  const lines = [`${found.indicator.shown}  ${found.sentence}`, ...(found.commonText ? [`! ${found.commonText}`] : []), ''];
  for (const member of found.members) lines.push(`${pad(w.seen[member.seen], 14)}${pad(member.name, 28)}${member.sentence}`);
  return printed(lines);
}

/** Asks a server how far one indicator spread: in one organisation, or with --members over all of a federation's. */
export async function trace(args: readonly string[]): Promise<number> {
  const { indicator, org, days, token, url, as, members, deep, json } = asked(args);
  const route = members ? api.search.trace.all : api.search.trace.run;
  const body = { indicator, from: new Date(Date.now() - days * 86_400_000).toISOString(), ...(as === undefined ? {} : { as }), ...(members ? { deep } : {}) };
  let answer: Response;
  try {
    answer = await fetch(`${url}/api/v1${route.path.replace('{org}', org)}`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Accept-Language': speaksJapanese() ? 'ja' : 'en' }, body: JSON.stringify(body) });
  } catch (error) {
    throw new Error(`No Banya answers at ${url}.\n→ Name its address with --url or BANYA_URL.`, { cause: error });
  }
  const text = await answer.text();
  if (!answer.ok) {
    const problem = readProblem(text);
    throw new Error(problem ? [problem.title, problem.detail, problem.remedy ? `→ ${problem.remedy}` : ''].flatMap((said) => (said ? [printable(said)] : [])).join('\n') : `${url} answered ${answer.status}.`);
  }
  const found = JSON.parse(text) as One | All;
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : 'members' in found ? tellAll(found) : tellOne(found));
  return 0;
}

function readProblem(text: string): { title?: string; detail?: string; remedy?: string } | null {
  try {
    return JSON.parse(text) as { title?: string };
  } catch {
    return null;
  }
}
