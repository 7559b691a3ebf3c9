import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { UnknownSenderBook } from '../src/modules/inventory/unknown.ts';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';
import { count, counted, fortigate, leaseGiven, sender, sendTcp, sendUdp, settled, until, virusStopped } from './senders.ts';

let house: TestHouse;
let federation: string;
let desk: TestPerson;
let port: number;
let close: () => Promise<void>;
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) });
  federation = (await house.federation()).orgId;
  desk = await house.person(federation, 'federation', 'desk');
  port = house.house.ports.syslog!;
});
after(() => close());

async function member(): Promise<{ org: string; lead: TestPerson }> {
  const org = await house.org('member', federation, '試験商事');
  return { org, lead: await house.person(org, 'member', 'lead') };
}
const byAddress = (listener: 'udp' | 'tcp', headerHost: string | null) => ({ family: 'fortigate', match: { by: 'address', listener, address: '127.0.0.1', headerHost } });

test('a firewall’s lines become events, counters and a finding that names whose machine it was, by the lease of that moment', async () => {
  const { org, lead } = await member();
  const owner = (await house.send('POST', `/orgs/${org}/people`, lead, { name: '伊藤 三郎', department: '経理', emails: [] })).body.id;
  await house.send('POST', `/orgs/${org}/devices`, lead, { name: 'KEIRI-03', kind: 'pc', owner, macs: ['02-00-5E-10-00-07'] });
  await house.send('POST', `/orgs/${org}/devices`, lead, { name: 'EIGYO-01', kind: 'pc', macs: ['02:00:5e:10:00:08'] });
  const from = await sender(house, lead, byAddress('tcp', 'FG-LEASE'));
  const at = Date.now() - 600_000;
  const client = '192.168.1.30';
  await sendTcp(port, [
    leaseGiven(at - 3_600_000, client, '02:00:5E:10:00:07', 'KEIRI-03').replace('FG-TEST', 'FG-LEASE'),
    ...Array.from({ length: 3 }, (_, i) => virusStopped(at + i * 1000, client).replace('FG-TEST', 'FG-LEASE')),
    // Only afterwards another machine gets the address.
    leaseGiven(at + 300_000, client, '02:00:5E:10:00:08', 'EIGYO-01').replace('FG-TEST', 'FG-LEASE'),
  ]);
  await until('the lines are counted', async () => (await counted(house, from.id)) === 5);
  await settled(house);
  assert.equal(await count(house, org), 5);
  assert.equal(await count(house, org, `event_action = 'blocked' and source_ip = '${client}' and file_name = 'invoice.zip'`), 3);
  const list = (await house.send('GET', `/orgs/${org}/findings`, lead)).body.items;
  assert.equal(list.length, 1, JSON.stringify(list));
  assert.deepEqual([list[0].count, list[0].stoppedByDevice, list[0].severity], [3, 'yes', 'look']);
  assert.deepEqual([list[0].asset.name, list[0].asset.owner, list[0].asset.department], ['KEIRI-03', '伊藤 三郎', '経理']);
  const one = (await house.send('GET', `/orgs/${org}/findings/${list[0].id}`, lead)).body;
  assert.match(one.explanation.whose, /KEIRI-03/);
  assert.equal(one.samples.length, 3);
  assert.match(one.samples[0].raw, /EICAR_TEST_FILE/);
  assert.ok(one.rule.author && one.rule.license);
  const counters = await house.house.kernel.tenancy.inOrg({ orgId: org, actor: { kind: 'system', name: 'test' } }, (tx) => house.house.modules.detect.counters(tx, org, '2000-01-01', '2100-01-01', ['blocked', 'hits', 'hits_blocked']));
  assert.deepEqual(Object.fromEntries(counters.map((c) => [c.metric, Number(c.n)])), { blocked: 3, hits: 3, hits_blocked: 3 });
  const shown = (await house.send('GET', `/orgs/${org}/sources/${from.id}`, lead)).body;
  assert.deepEqual([shown.state, shown.verified, shown.notUnderstoodToday], ['flowing', true, 0]);
});

test('lines come by UDP too, and the page says that such a sender can be pretended', async () => {
  const { org, lead } = await member();
  const from = await sender(house, lead, byAddress('udp', 'FG-UDP'));
  const line = fortigate(Date.now(), 'logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 dstip=203.0.113.80 action="accept" policyid=1 proto=6', 'FG-UDP');
  // A datagram may be lost on the way, so it is sent until one has come.
  await until('a datagram arrives', async () => {
    await sendUdp(port, [line]);
    return (await count(house, org)) > 0;
  });
  await settled(house);
  assert.equal(await counted(house, from.id), await count(house, org));
  assert.equal((await house.send('GET', `/orgs/${org}/sources/${from.id}`, lead)).body.verified, false);
});

test('one address with two devices: each line goes to the sender whose name it carries, and nobody gets another member’s', async () => {
  const [one, two] = [await member(), await member()];
  await sender(house, one.lead, byAddress('tcp', 'FG-ONE'));
  await sender(house, two.lead, byAddress('tcp', 'FG-TWO'));
  const line = (host: string, n: number) => fortigate(Date.now(), `logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.${n} dstip=203.0.113.80 action="accept" policyid=1 proto=6`, host);
  await sendTcp(port, Array.from({ length: 20 }, (_, i) => line(i % 2 ? 'FG-ONE' : 'FG-TWO', i)));
  await until('all are stored', async () => (await count(house, one.org)) + (await count(house, two.org)) === 20);
  assert.deepEqual([await count(house, one.org, "observer_name = 'FG-ONE'"), await count(house, two.org, "observer_name = 'FG-TWO'")], [10, 10]);
  assert.equal((await house.send('POST', `/orgs/${two.org}/sources`, two.lead, { name: '横取り', ...byAddress('tcp', 'FG-ONE') })).body.code, 'sender_taken');
});

test('the name of a device is typed in full width and is that of its lines all the same', async () => {
  const [one, two] = [await member(), await member()];
  const at = (headerHost: string) => ({ name: '入口', family: 'generic', match: { by: 'address', listener: 'udp', address: '192.0.2.60', headerHost } });
  const made = await sender(house, one.lead, at('ＦＧ－ＨＱ'));
  assert.equal((await house.send('GET', `/orgs/${one.org}/sources/${made.id}`, one.lead)).body.match.headerHost, 'FG-HQ');
  assert.equal((await house.send('POST', `/orgs/${two.org}/sources`, two.lead, at('ＦＧ−ＨＱ　'))).body.code, 'sender_taken');
  const changed = await house.send('PATCH', `/orgs/${one.org}/sources/${made.id}`, one.lead, { match: at('ｆｇーｈｑ２').match });
  assert.equal(changed.body.match.headerHost, 'fg-hq2');
});

test('who holds an address whole keeps every line of it: another member takes none away by naming a device behind it, neither before nor after', async () => {
  const [owner, thief] = [await member(), await member()];
  const at = (address: string, headerHost: string | null) => ({ name: '入口', family: 'generic', match: { by: 'address', listener: 'udp', address, headerHost } });
  const ask = (who: typeof owner, address: string, host: string | null) => house.send('POST', `/orgs/${who.org}/sources`, who.lead, at(address, host));
  await sender(house, owner.lead, at('192.0.2.61', null));
  assert.equal((await ask(thief, '192.0.2.61', 'fw-1')).body.code, 'sender_taken');
  assert.equal((await ask(owner, '192.0.2.61', 'fw-1')).status, 201, 'one’s own second device is no theft');
  const early = await sender(house, thief.lead, at('192.0.2.62', 'fw-1'));
  assert.equal((await ask(owner, '192.0.2.62', null)).body.code, 'sender_taken', 'said at once, not found out by missing lines');
  assert.equal((await house.send('POST', `/orgs/${thief.org}/sources/${early.id}/archive`, thief.lead)).status, 204);
  await sender(house, owner.lead, at('192.0.2.62', null));
  assert.equal((await house.send('POST', `/orgs/${thief.org}/sources/${early.id}/restore`, thief.lead)).body.code, 'sender_taken');
  const moved = await ask(thief, '192.0.2.63', 'fw-1');
  assert.equal((await house.send('PATCH', `/orgs/${thief.org}/sources/${moved.body.id}`, thief.lead, { match: at('192.0.2.61', 'fw-2').match })).body.code, 'sender_taken');
});

// The door knows an address by the one spelling its sockets have; another spelling must not be another address to the list.
test('an address is the same however it is written: no second spelling gets past whoever has it', async () => {
  const [owner, thief] = [await member(), await member()];
  const at = (address: string, headerHost: string | null) => ({ name: '入口', family: 'generic', match: { by: 'address', listener: 'udp', address, headerHost } });
  for (const [held, ...spellings] of [['192.0.2.64', '::ffff:192.0.2.64', '::ffff:192.0.2.64%x', '0:0:0:0:0:FFFF:192.0.2.64', '::ffff:c000:240'], ['2001:db8::64', '2001:DB8:0:0::64', '2001:db8::0064', '2001:db8::64%1']] as const) {
    await sender(house, owner.lead, at(held, null));
    for (const address of spellings) assert.equal((await house.send('POST', `/orgs/${thief.org}/sources`, thief.lead, at(address, 'fw-1'))).body.code, 'sender_taken', address);
  }
  const made = await house.send('POST', `/orgs/${thief.org}/sources`, thief.lead, at(' 2001:DB8:0:0::65 ', null));
  assert.equal(made.body.match.address, '2001:db8::65', 'lines come from the address as it is kept');
});

interface Claim { source: string; member: { id: string; name: string }; match: unknown; lines: number; firstAt: string | null }
const waiting = async (): Promise<Claim[]> => (await house.send('GET', `/orgs/${federation}/unknown-senders`, desk)).body.waiting;
/** As the page does it: with what it showed of the claim. */
const confirm = async (org: string, source: string, as = desk, seen?: unknown) => {
  const match = seen ?? (await waiting()).find((c) => c.source === source)?.match ?? { by: 'token' };
  return house.send('POST', `/orgs/${federation}/unknown-senders/waiting/${source}/confirm`, as, { member: org, match });
};
const traffic = (host: string) => fortigate(Date.now(), 'logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 dstip=203.0.113.80 action="accept" policyid=1 proto=6', host);

test('a member that registers an address gets no line of it until the desk has confirmed it; meanwhile lines are counted and kept by nobody', async () => {
  const { org, lead } = await member();
  const made = await house.send('POST', `/orgs/${org}/sources`, lead, { name: '入口', ...byAddress('tcp', 'FG-CLAIM') });
  assert.deepEqual([made.status, made.body.confirmed], [201, false]);
  await house.house.modules.inventory.sources.refresh();
  await sendTcp(port, [traffic('FG-CLAIM'), traffic('FG-CLAIM')]);
  await until('the desk sees the claim and how many lines came', async () => (await waiting()).find((c) => c.source === made.body.id)?.lines === 2);
  const claim = (await waiting()).find((c) => c.source === made.body.id)!;
  assert.equal(claim.member.id, org);
  assert.ok(claim.firstAt);
  await settled(house);
  assert.equal(await count(house, org), 0);
  assert.equal((await confirm(org, made.body.id, lead)).status, 404, 'the member itself confirms nothing');
  assert.equal((await confirm((await member()).org, made.body.id)).status, 404, 'nor is it confirmed for another member');
  assert.equal((await confirm(org, made.body.id)).body.confirmed, true);
  await house.house.modules.inventory.sources.refresh();
  await sendTcp(port, [traffic('FG-CLAIM')]);
  await until('the line is stored', async () => (await count(house, org)) === 1);
  assert.equal((await waiting()).some((c) => c.source === made.body.id), false);
  const seenByMember = (await house.send('GET', `/orgs/${org}/audit?outsiders=true`, lead)).body.items;
  assert.ok(seenByMember.some((e: { action: string }) => e.action === 'inventory.source_confirmed'));
});

test('a claim keeps nobody out: whose address it is registers it too, and once one is confirmed the other is not', async () => {
  const [squatter, owner] = [await member(), await member()];
  const squatted = await house.send('POST', `/orgs/${squatter.org}/sources`, squatter.lead, { name: '横取り', ...byAddress('udp', null), match: { by: 'address', listener: 'udp', address: '192.0.2.71', headerHost: null } });
  const own = await house.send('POST', `/orgs/${owner.org}/sources`, owner.lead, { name: '入口', family: 'fortigate', match: { by: 'address', listener: 'udp', address: '192.0.2.71', headerHost: 'fw' } });
  assert.deepEqual([squatted.status, own.status], [201, 201]);
  assert.equal((await confirm(owner.org, own.body.id)).status, 200);
  assert.equal((await confirm(squatter.org, squatted.body.id)).body.code, 'sender_taken');
});

test('a certificate needs the desk as an address does; a token and a device behind one’s own collector start at once', async () => {
  const { org, lead } = await member();
  const make = async (match: unknown, as = lead) => (await house.send('POST', `/orgs/${org}/sources`, as, { name: '機器', family: 'generic', match })).body;
  assert.equal((await make({ by: 'certificate', fingerprint: 'ab'.repeat(32) })).confirmed, false);
  const token = await make({ by: 'token' });
  assert.equal(token.confirmed, true);
  assert.equal((await make({ by: 'relay', relay: token.id, address: '192.168.1.5' })).confirmed, true);
  assert.equal((await make({ by: 'address', listener: 'tcp', address: '192.0.2.72', headerHost: null }, desk)).confirmed, true, 'the desk confirms by registering');
});

test('what a lead of the federation itself registers waits for its desk, which can confirm it', async () => {
  const lead = await house.person(federation, 'federation', 'lead');
  const made = await house.send('POST', `/orgs/${federation}/sources`, lead, { name: '事務局', family: 'generic', match: { by: 'address', listener: 'tcp', address: '192.0.2.76', headerHost: null } });
  assert.equal(made.body.confirmed, false);
  assert.ok((await waiting()).some((c) => c.source === made.body.id && c.member.id === federation));
  assert.equal((await confirm(federation, made.body.id)).body.confirmed, true);
});

test('a confirmed sender that is moved to another address waits again; other changes do not touch it', async () => {
  const { org, lead } = await member();
  const from = await sender(house, lead, { match: { by: 'address', listener: 'tcp', address: '192.0.2.73', headerHost: 'fw' } });
  const patch = async (body: unknown) => (await house.send('PATCH', `/orgs/${org}/sources/${from.id}`, lead, body)).body.confirmed;
  assert.equal(await patch({ name: '別の名前', match: { by: 'address', listener: 'tcp', address: '192.0.2.73', headerHost: 'FW' } }), true);
  assert.equal(await patch({ match: { by: 'address', listener: 'tcp', address: '192.0.2.73', headerHost: null } }), false);
});

// Otherwise a lead shows the desk his own address, and puts a neighbour's in its place while the desk is on the telephone.
test('the desk confirms what it was shown: a claim that was moved meanwhile is refused and asked about again', async () => {
  const { org, lead } = await member();
  const at = (address: string) => ({ by: 'address', listener: 'tcp', address, headerHost: null });
  const { id } = (await house.send('POST', `/orgs/${org}/sources`, lead, { name: '入口', family: 'generic', match: at('192.0.2.77') })).body;
  const shown = (await waiting()).find((c) => c.source === id)!.match;
  assert.equal((await house.send('PATCH', `/orgs/${org}/sources/${id}`, lead, { match: at('192.0.2.78') })).status, 200);
  const refused = await confirm(org, id, desk, shown);
  assert.deepEqual([refused.status, refused.body.code], [409, 'sender_changed']);
  assert.equal((await house.send('GET', `/orgs/${org}/sources/${id}`, lead)).body.confirmed, false);
  const { inventory } = house.house.modules;
  await assert.rejects(house.house.kernel.tenancy.asSystem('test: moved after it was read', (tx) => inventory.confirmSource(tx, org, id, at('192.0.2.77') as never)), { code: 'sender_changed' });
  assert.equal((await confirm(org, id)).body.confirmed, true);
});

// An address that was given up may be a neighbour's by now.
test('a sender that is put back at once goes on; one that was archived for long waits for the desk again', async () => {
  const { org, lead } = await member();
  const { id } = await sender(house, lead, { match: { by: 'address', listener: 'tcp', address: '192.0.2.79', headerHost: null } });
  const again = async (as = lead): Promise<boolean> => {
    assert.equal((await house.send('POST', `/orgs/${org}/sources/${id}/restore`, as)).status, 204);
    return (await house.send('GET', `/orgs/${org}/sources/${id}`, lead)).body.confirmed;
  };
  const archive = async (days: number): Promise<void> => {
    assert.equal((await house.send('POST', `/orgs/${org}/sources/${id}/archive`, lead)).status, 204);
    await house.house.gate.query('update inventory_sources set archived_at = archived_at - make_interval(days => $2) where id = $1', [id, days]);
  };
  await archive(0);
  assert.equal(await again(), true);
  await archive(2);
  assert.equal(await again(desk), true, 'the desk confirms by putting back');
  await archive(2);
  assert.equal(await again(), false);
});

// Claims are free to make, and the desk reads them all: a member that makes thousands must not hide another's.
test('an organisation has a bounded number of senders, fewer that wait, and its waiting ones hide nobody else’s', async () => {
  const [noisy, quiet] = [await member(), await member()];
  const claim = (who: typeof noisy, n: number) => house.send('POST', `/orgs/${who.org}/sources`, who.lead, { name: '機器', family: 'generic', match: { by: 'address', listener: 'udp', address: `198.51.100.${n}`, headerHost: null } });
  const made = [];
  for (let n = 1; n <= 50; n++) made.push(await claim(noisy, n));
  assert.ok(made.every((m) => m.status === 201));
  assert.deepEqual([(await claim(noisy, 51)).status, (await claim(noisy, 51)).body.code], [409, 'claims_full']);
  const { body } = await claim(quiet, 52);
  assert.ok((await waiting()).some((c) => c.source === body.id));
  const path = `/orgs/${noisy.org}/sources/${made[0]!.body.id}`;
  assert.equal((await house.send('POST', `${path}/archive`, noisy.lead)).status, 204);
  assert.equal((await claim(noisy, 51)).status, 201);
  assert.equal((await house.send('POST', `${path}/restore`, noisy.lead)).body.code, 'claims_full', 'putting one back goes round nothing');
  const token = await sender(house, noisy.lead);
  assert.equal((await house.send('PATCH', `/orgs/${noisy.org}/sources/${token.id}`, noisy.lead, { match: { by: 'address', listener: 'udp', address: '198.51.100.53', headerHost: null } })).body.code, 'claims_full', 'nor does moving a confirmed one');
  await house.house.gate.query(
    `insert into inventory_sources select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'match_key', null))).* from inventory_sources s, generate_series(1, 1000) where s.id = $1`, [token.id]);
  assert.equal((await house.send('POST', `/orgs/${noisy.org}/sources`, noisy.lead, { name: '機器', family: 'generic', match: { by: 'token' } })).body.code, 'senders_full');
  await house.house.gate.query('delete from inventory_sources where org_id = $1', [noisy.org]);
  await house.house.modules.inventory.sources.refresh();
});

// The list is shared by all members; forged datagrams are free.
test('in the list of the desk, forged addresses compete among themselves only', async () => {
  const { org, lead } = await member();
  const { inventory } = house.house.modules;
  await house.send('POST', `/orgs/${org}/sources`, lead, { name: '待つ機器', family: 'generic', match: { by: 'address', listener: 'udp', address: '203.0.113.200', headerHost: null } });
  const at = Date.now() - 3_600_000;
  const one = (listener: 'udp' | 'tls', address: string, fingerprint: string, lastSeen: number) => ({ listener, address, headerHost: '', fingerprint, lines: 7, bytes: 700, firstSeen: lastSeen, lastSeen });
  const forged = Array.from({ length: 1_200 }, (_, i) => one('udp', `2001:db8:${(i + 1).toString(16)}::1`, '', at + 1_000 + i));
  // A whole network of addresses is one customer's, and proving one of them costs nothing.
  const neighbours = Array.from({ length: 200 }, (_, i) => one('tls', `2001:db8::1:${i.toString(16)}`, '', at + 1_000 + i));
  const book = new UnknownSenderBook(house.house.kernel.tenancy);
  book.attach({ snapshot: () => ({ senders: [one('udp', '203.0.113.200', '', at), one('tls', '203.0.113.201', 'ab'.repeat(32), at), ...forged, ...neighbours], overflow: { senders: 0 } }), forget: () => undefined });
  const { items } = await book.list();
  const shown = items.map((i) => i.address);
  assert.ok(shown.includes('203.0.113.200') && shown.includes('203.0.113.201'));
  const { rows } = await house.house.gate.query<{ listener: string; n: string }>("select listener, count(*) as n from inventory_unknown_senders where address like '2001:db8:%' group by listener order by listener");
  assert.deepEqual(rows.map((row) => [row.listener, Number(row.n)]), [['tls', 64], ['udp', 1_000]]);
  assert.equal((await waiting()).find((c) => (c.match as { address: string }).address === '203.0.113.200')?.lines, 7);
  const tls = items.find((i) => i.fingerprint)!;
  const made = await house.send('POST', `/orgs/${federation}/unknown-senders/${tls.key}/register`, desk, { member: org, name: '証明書の機器', family: 'generic' });
  assert.deepEqual(made.body.match, { by: 'certificate', fingerprint: 'ab'.repeat(32) }, 'registered by what it has proven');
  await house.house.gate.query("delete from inventory_unknown_senders where address like '2001:db8:%'");
  await inventory.sources.refresh();
});

// Two members name two certificates behind one address: the desk must see whose has come.
test('claims of two certificates are counted each by its own fingerprint', async () => {
  const [one, two] = [await member(), await member()];
  const prints = ['c1', 'c2'].map((p) => p.repeat(32));
  for (const [who, fingerprint] of [[one, prints[0]], [two, prints[1]]] as const) await house.send('POST', `/orgs/${who.org}/sources`, who.lead, { name: '機器', family: 'generic', match: { by: 'certificate', fingerprint } });
  const book = new UnknownSenderBook(house.house.kernel.tenancy);
  const seen = { listener: 'tls' as const, address: '203.0.113.210', headerHost: 'fw', fingerprint: prints[1]!, lines: 4, bytes: 400, firstSeen: Date.now(), lastSeen: Date.now() };
  book.attach({ snapshot: () => ({ senders: [seen], overflow: { senders: 0 } }), forget: () => undefined });
  await book.flush();
  const lines = (await waiting()).filter((c) => prints.includes((c.match as { fingerprint: string }).fingerprint)).map((c) => [c.member.id, c.lines]);
  assert.deepEqual(lines, [[one.org, 0], [two.org, 4]]);
});

test('the desk is told by one mail that a member’s senders wait', async () => {
  const { org, lead } = await member();
  for (const address of ['192.0.2.74', '192.0.2.75']) await house.send('POST', `/orgs/${org}/sources`, lead, { name: '機器', family: 'generic', match: { by: 'address', listener: 'tcp', address, headerHost: null } });
  const { rows } = await house.house.gate.query<{ n: string }>("select count(*) as n from pgboss.job where name = 'desk.confirm' and data->>'orgId' = $1", [org]);
  assert.equal(Number(rows[0]!.n), 1);
});

test('lines of a sender nobody registered are counted, never stored; the desk registers it with one click, and from then on they flow', async () => {
  const { org, lead } = await member();
  const line = () => fortigate(Date.now(), 'logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 dstip=203.0.113.80 action="accept" policyid=1 proto=6', 'FG-NEW');
  interface Unknown { key: string; headerHost: string | null; lines: number }
  const unknown = async (): Promise<Unknown | undefined> => (await house.send('GET', `/orgs/${federation}/unknown-senders`, desk)).body.items.find((u: Unknown) => u.headerHost === 'fg-new' || u.headerHost === 'FG-NEW');
  await sendTcp(port, [line(), line()]);
  await until('the desk sees it', async () => (await unknown()) !== undefined);
  const seen = (await unknown())!;
  assert.equal(seen.lines, 2);
  const register = (member: string) => house.send('POST', `/orgs/${federation}/unknown-senders/${seen.key}/register`, desk, { member, name: '新しい機器', family: 'fortigate' });
  assert.equal((await register(federation)).status, 404, 'a sender is registered for a member');
  const made = await register(org);
  assert.equal(made.status, 201, made.text);
  assert.equal((await register(org)).body.code, 'sender_gone');
  assert.equal(await unknown(), undefined);
  await house.house.modules.inventory.sources.refresh();
  await sendTcp(port, [line()]);
  await until('the line is stored', async () => (await count(house, org)) === 1);
  const seenByMember = (await house.send('GET', `/orgs/${org}/audit?outsiders=true`, lead)).body.items;
  assert.ok(seenByMember.some((e: { action: string }) => e.action === 'inventory.source_created'), 'the member sees that the desk did it');
});

test('lines that were on their way when their sender was stopped belong to nobody and are dropped', async () => {
  const { org, lead } = await member();
  const from = await sender(house, lead, byAddress('tcp', 'FG-STOP'));
  const line = fortigate(Date.now(), 'logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 dstip=203.0.113.80 action="accept" policyid=1 proto=6', 'FG-STOP');
  const resume = await house.house.modules.detect.pause();
  const before = house.house.kernel.spool.position().written.offset;
  await sendTcp(port, [line, line]);
  await until('the spool has them', () => Promise.resolve(house.house.kernel.spool.position().written.offset > before));
  await house.send('POST', `/orgs/${org}/sources/${from.id}/archive`, lead);
  await house.house.modules.inventory.sources.refresh();
  const { dropped } = house.house.modules.detect.stats;
  resume();
  await settled(house);
  assert.equal(house.house.modules.detect.stats.dropped - dropped, 2);
  assert.equal(await count(house, org), 0);
});
