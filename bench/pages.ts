/**
 * How long the lists and main pages take to answer over 1,000 members, each asked as the role that reads it: one request after
 * the other, then eight at a time. The client is this process; the server one of its own. Promise: every list within 100 ms at p95,
 * one request at a time.
 *
 *   node bench/pages.ts [--members 1000] [--requests 200]
 */
import { join } from 'node:path';
import type { TestPerson } from '../apps/server/test/house.ts';
import { makeMembers } from './lib/members.ts';
import { flags, report, spread, type Spread } from './lib/report.ts';
import { buildApplication, inFolder, prepare, Server } from './lib/server.ts';

const given = flags(['members', 'requests']);
const MEMBERS = Number(given.get('members') ?? 1_000);
const REQUESTS = Number(given.get('requests') ?? 200);
const TOGETHER = 8;
const PROMISED_MS = 100;

interface Page {
  readonly name: string;
  readonly path: string;
  readonly as: TestPerson;
}

await buildApplication();
await inFolder(async (folder) => {
  const data = join(folder, 'data');
  const made = await prepare(data, (house) => makeMembers(house, MEMBERS));
  const server = await Server.start(data);
  const own = (name: string, path: string, as = made.lead): Page => ({ name, path: `/orgs/${made.orgId}/${path}`, as });
  const federation = (name: string, path: string, as = made.manager): Page => ({ name, path: `/orgs/${made.federationId}/${path}`, as });
  const next = async (page: Page): Promise<Page> => {
    const { next: cursor } = await server.ask<{ next: string | null }>(page.path, page.as);
    if (cursor === null) throw new Error(`${page.name} has one page only`);
    return { ...page, name: `${page.name}, next page`, path: `${page.path}${page.path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}` };
  };
  const findings = own('findings', 'findings?state=open');
  const people = own('people', 'people');
  const queue = federation('queue', 'queue', made.desk);
  const overview = federation('overview', 'overview');
  const children = federation('children', 'children');
  const first = await server.ask<{ items: { id: string }[] }>(findings.path, made.lead);
  const waiting = await server.ask<{ items: { id: string }[] }>(queue.path, made.desk);
  const pages: Page[] = [
    { name: 'me', path: '/me', as: made.lead },
    own('home', 'home'),
    findings, await next(findings), own('findings, all', 'findings'), own('findings, search', `findings?q=${encodeURIComponent('192.0.2.77')}`), own('finding', `findings/${first.items[0]!.id}`), own('suppressions', 'suppressions'),
    people, await next(people), own('people, search', `people?q=${encodeURIComponent('しゃいん77')}`), own('devices', 'devices'), own('devices, search', 'devices?q=pc-77'), own('sources', 'sources'),
    own('tickets', 'tickets'), own('audit', 'audit'), own('audit, outsiders', 'audit?outsiders=true'), own('consents', 'consents'), own('reports', 'reports'), own('executive', 'executive', made.executive), own('outbox', 'outbox'), own('articles', 'articles'), own('tokens', 'tokens'),
    queue, await next(queue), federation('queue, search', `queue?q=${encodeURIComponent('めーる')}`, made.desk), federation('queue counts', 'queue/counts', made.desk), federation('queue statistics', 'queue/statistics', made.desk), federation('queue, members to call', `queue/members?q=${encodeURIComponent('かいいん7')}`, made.desk),
    federation('ticket', `queue/${waiting.items[0]!.id}`, made.desk), federation('templates', 'templates', made.desk), federation('unknown senders', 'unknown-senders', made.desk),
    overview, await next(overview), federation('overview, by name', 'overview?sort=name'), federation('overview, search', `overview?q=${encodeURIComponent('かいいん007')}`), children, await next(children), federation('federation reports', 'federation-reports'), federation('audit of the federation', 'audit'),
    { name: 'health', path: '/operate/health', as: made.manager },
  ];

  const measure = async (page: Page, together: number): Promise<Spread> => {
    const took: number[] = [];
    let left = REQUESTS;
    await Promise.all(
      Array.from({ length: together }, async () => {
        while (left-- > 0) {
          const begun = performance.now();
          await server.ask(page.path, page.as);
          took.push(performance.now() - begun);
        }
      }),
    );
    return spread(took);
  };

  const table: { page: string; alone: Spread; together: Spread }[] = [];
  for (const page of pages) {
    for (let i = 0; i < 5; i++) await server.ask(page.path, page.as);
    table.push({ page: page.name, alone: await measure(page, 1), together: await measure(page, TOGETHER) });
  }
  await server.stop();

  const width = Math.max(...table.map((t) => t.page.length));
  const cell = (n: number): string => n.toFixed(1).padStart(8);
  console.log(`${''.padEnd(width)}  one at a time (ms)        ${TOGETHER} at a time (ms)\n${''.padEnd(width)}     p50     p95     max      p50     p95     max`);
  for (const { page, alone, together } of table) console.log(`${page.padEnd(width)}${cell(alone.p50)}${cell(alone.p95)}${cell(alone.max)} ${cell(together.p50)}${cell(together.p95)}${cell(together.max)}`);
  const slowest = table.reduce((worst, t) => (t.alone.p95 > worst.alone.p95 ? t : worst));
  const slow = table.filter((t) => t.alone.p95 > PROMISED_MS).map((t) => t.page);
  report(
    'pages',
    { members: MEMBERS, requests: REQUESTS, promisedMs: PROMISED_MS, slow, slowest: { page: slowest.page, ...slowest.alone }, ms: Object.fromEntries(table.map(({ page, alone, together }) => [page, { alone, together }])) },
    `pages over ${MEMBERS} members: slowest p95 ${slowest.alone.p95} ms (${slowest.page}); ${slow.length === 0 ? `all ${table.length} within ${PROMISED_MS} ms` : `over ${PROMISED_MS} ms: ${slow.join(', ')}`}`,
  );
});
