import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { unzipSync, strFromU8 } from 'fflate';
import { eraseJob } from '../src/operate/archive.ts';
import { testHouse } from './house.ts';
import { buildWorld, makeThings, type Things, type World } from './world.ts';

let world: World;
let own: Things;
let close: () => Promise<void>;
let now = Date.UTC(2026, 5, 10, 3);
before(async () => {
  const house = await testHouse({ after: (fn) => (close = fn) }, { clock: { now: () => now } });
  world = await buildWorld(house);
  own = await makeThings(world, world.member, world.federation);
  await makeThings(world, world.sibling, world.federation);
  for (const [org, word] of [[world.member, 'OWN'], [world.sibling, 'FOREIGN']] as const) await sendLines(org, word, 3);
});
after(() => close());

async function sendLines(org: string, word: string, lines: number): Promise<void> {
  const { house } = world;
  const source = (await house.send('POST', `/orgs/${org}/sources`, world.at(org, 'lead'), { name: word, family: 'generic', match: { by: 'token' } })).body;
  await house.house.modules.inventory.sources.refresh();
  const sent = await house.send('POST', `/ingest/${source.id}`, { token: source.token }, new TextEncoder().encode(Array.from({ length: lines }, (_, i) => `${word} line ${i}\n`).join('')), { 'Content-Type': 'text/plain' });
  assert.equal(sent.status, 202);
  for (let tries = 0; (await eventsOf(org)) < lines && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await eventsOf(org), lines);
}
async function eventsOf(org: string): Promise<number> {
  return Number((await world.house.house.kernel.events.query<{ n: string }>(org, { sql: 'select count() as n from events' }))[0]!.n);
}
async function rowsOf(org: string): Promise<Record<string, number>> {
  const { gate } = world.house.house;
  const { rows: tables } = await gate.query<{ name: string }>(`select n.nspname || '."' || c.relname || '"' as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' where n.nspname in ('public', 'auth') and c.relkind = 'r' order by 1`);
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await gate.query<{ n: string }>(`select count(*) as n from ${name} where org_id = $1`, [org]);
    if (Number(rows[0]!.n) > 0) counts[name] = Number(rows[0]!.n);
  }
  return counts;
}

test('the archive holds every row, line and ledger entry of the organisation and nothing of anybody else, each file with its hash', async () => {
  const { house, member, sibling } = world;
  const before = await rowsOf(member);
  const response = await fetch(`${house.base}/api/v1/orgs/${member}/archive`, { method: 'POST', headers: { Cookie: world.at(member, 'lead').cookie, 'Banya-Request': '1' } });
  assert.equal(response.headers.get('content-type'), 'application/zip');
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const contents = JSON.parse(strFromU8(files['contents.json']!)) as { organisation: string; files: { name: string; sha256: string; rows: number }[] };
  assert.equal(contents.organisation, member);
  assert.deepEqual(contents.files.map((f) => f.name).sort(), Object.keys(files).filter((n) => n !== 'contents.json').sort());
  for (const { name, sha256, rows } of contents.files) {
    assert.equal(createHash('sha256').update(files[name]!).digest('hex'), sha256, name);
    const lines = strFromU8(files[name]!).split('\n').filter(Boolean);
    assert.equal(lines.length, rows, name);
    const table = name.replace('.jsonl', '');
    if (name !== 'logs.jsonl' && name !== 'ledger.jsonl') {
      for (const line of lines) assert.equal((JSON.parse(line) as { org_id: string }).org_id, member, name);
      // The archive itself is one more entry of the ledger.
      if (!table.startsWith('kernel_ledger')) assert.equal(rows, before[`public."${table}"`] ?? 0, name);
    }
  }
  assert.deepEqual(strFromU8(files['logs.jsonl']!).split('\n').filter(Boolean).map((l) => (JSON.parse(l) as { line: string }).line).sort(), ['OWN line 0', 'OWN line 1', 'OWN line 2']);
  const whole = Object.values(files).map((f) => strFromU8(f)).join('\n');
  assert.ok(whole.includes(own.device) && !whole.includes('FOREIGN') && !whole.includes('隣の商店'));
  assert.ok(!whole.includes(sibling), 'not even the id of a neighbour');
});

test('leaving ends all access at once, for units, tokens, sessions and senders too; thirty days later everything is gone but the proof', async () => {
  const { house, member, unit, sibling, federation } = world;
  const lead = world.at(member, 'lead');
  const token = (await house.send('POST', `/orgs/${member}/tokens`, lead, { name: 'reader', scopes: ['findings:read'] })).body.secret as string;
  const source = (await house.send('POST', `/orgs/${member}/sources`, lead, { name: 'last', family: 'generic', match: { by: 'token' } })).body;
  assert.equal((await house.send('GET', `/orgs/${member}/findings`, { token })).status, 200);
  assert.equal((await house.send('POST', `/orgs/${member}/leave`, lead, { name: 'ちがう名前' })).body.code, 'name_does_not_match');
  assert.equal((await house.send('POST', `/orgs/${federation}/leave`, world.at(federation, 'manager'), { name: '試験連合会' })).body.code, 'federation_cannot_leave');
  assert.deepEqual((await house.send('POST', `/orgs/${member}/leave`, lead, { name: '試験商事' })).body, { erasedOn: '2026-07-10' });

  for (const [org, as] of [[member, lead], [member, world.at(federation, 'manager')], [member, world.at(federation, 'desk')], [unit, world.at(unit, 'lead')], [unit, lead], [unit, world.at(federation, 'manager')]] as const) {
    assert.ok([401, 404].includes((await house.send('GET', `/orgs/${org}`, as)).status));
  }
  assert.equal((await house.send('GET', '/me', lead)).status, 401);
  assert.equal((await house.send('GET', `/orgs/${member}/findings`, { token })).status, 404);
  await house.house.modules.inventory.sources.refresh();
  assert.equal((await house.send('POST', `/ingest/${source.id}`, { token: source.token }, new TextEncoder().encode('after\n'), { 'Content-Type': 'text/plain' })).status, 401);
  assert.ok(!(await house.send('GET', `/orgs/${federation}/children`, world.at(federation, 'manager'))).text.includes(member));

  const neighbour = [await rowsOf(sibling), await eventsOf(sibling)];
  const job = eraseJob(house.house.kernel);
  now = Date.UTC(2026, 6, 9, 3);
  await job.run({}, { jobId: 'test', signal: AbortSignal.timeout(60_000) });
  assert.equal(await eventsOf(member), 3, 'not a day early');
  now = Date.UTC(2026, 6, 10, 3);
  await job.run({}, { jobId: 'test', signal: AbortSignal.timeout(60_000) });
  await job.run({}, { jobId: 'test', signal: AbortSignal.timeout(60_000) });
  for (const org of [member, unit]) {
    assert.deepEqual(Object.keys(await rowsOf(org)), ['public."kernel_ledger"', 'public."kernel_ledger_heads"', 'public."orgs_orgs"']);
    assert.equal(await eventsOf(org), 0);
    const { rows } = await house.house.gate.query<{ row: string }>('select to_jsonb(o)::text as row from orgs_orgs o where id = $1', [org]);
    assert.doesNotMatch(rows[0]!.row, /試験商事/);
  }
  assert.deepEqual([await rowsOf(sibling), await eventsOf(sibling)], neighbour, 'the neighbour lost nothing');
});
