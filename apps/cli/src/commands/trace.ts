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

export function tellOne(found: One): string {
  const lines = [`${found.indicator.shown}  ${found.sentence}`, ...(found.commonText ? [`! ${found.commonText}`] : []), ''];
  for (const call of found.calls) lines.push(`${pad(call.state, 14)}${pad(call.name, 28)}${pad(call.owner ?? '', 16)}${call.why}  ${call.firstAt}  ${call.confidence}, hop ${call.hop}`);
  for (const one of found.silent) lines.push(`${pad('silent', 14)}${pad(one.name, 28)}${one.days}/${one.ofDays}  ${one.lastAt ?? '-'}`);
  return printed(lines);
}

function tellAll(found: All): string {
  const lines = [`${found.indicator.shown}  ${found.sentence}`, ...(found.commonText ? [`! ${found.commonText}`] : []), ''];
  for (const member of found.members) lines.push(`${pad(member.seen, 10)}${pad(member.name, 28)}${member.sentence}`);
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
