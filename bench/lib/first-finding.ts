/**
 * Waits until the home of a demonstration's lead shows a finding. `node first-finding.ts OUTPUT [seconds]`, where OUTPUT is
 * what `banya start --demo --json` printed; signs in by its links, as the page behind them does.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [output, seconds = '600'] = process.argv.slice(2);
const ready = readFileSync(output!, 'utf8').split('\n').find((line) => line.startsWith('{'));
const { url, links } = JSON.parse(ready!) as { url: string; links: { link: string }[] };
const api = `${url.replace('localhost', '127.0.0.1')}/api/v1`;
const ask = (path: string, cookie = '', body?: object): Promise<Response> =>
  fetch(api + path, { headers: { 'Banya-Request': '1', 'Content-Type': 'application/json', Cookie: cookie }, ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}) });

const leads: { org: string; cookie: string }[] = [];
for (const { link } of links) {
  const token = new URL(link).hash.replace('#token=', '');
  const redeemed = await ask('/sign-in/redeem', '', { token });
  const cookie = redeemed.headers.getSetCookie()[0]?.split(';')[0];
  if (!redeemed.ok || !cookie) continue;
  const me = (await (await ask('/me', cookie)).json()) as { roles?: { org: string; role: string }[] };
  for (const { org, role } of me.roles ?? []) if (role === 'lead') leads.push({ org, cookie });
}
if (leads.length === 0) throw new Error('no lead could sign in by the links of the demonstration');

async function found(): Promise<boolean> {
  for (const { org, cookie } of leads) {
    const home = await ask(`/orgs/${org}/home`, cookie);
    if (home.ok && ((await home.json()) as { cards: { kind: string }[] }).cards.some((card) => card.kind === 'finding')) return true;
  }
  return false;
}
const end = Date.now() + Number(seconds) * 1000;
while (!(await found())) {
  if (Date.now() > end) throw new Error('no finding came in time');
  await sleep(250);
}
