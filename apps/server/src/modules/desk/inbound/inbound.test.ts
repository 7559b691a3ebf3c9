import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Live } from '../../../kernel/http/live.ts';
import { Secrets } from '../../../kernel/secrets.ts';
import { eachWorld, scopeOf, type World } from '../desk.test-helper.ts';
import { Inbound, TicketIds, type InboundMail } from './index.ts';
import * as store from './store.ts';

const secrets = new Secrets(randomBytes(32));
const ids = new TicketIds(secrets, 'banya.test');

function inboundOf(world: World, keep: Uint8Array[] = []): Inbound {
  const kernel = { tenancy: world.tenancy, live: new Live(), secrets };
  return new Inbound(kernel as never, { orgs: world.orgs, findings: world.findings, parts: { kernel, orgs: world.orgs, findings: world.findings }, ids, on: true, keepRaw: async (_tx: unknown, { bytes }: { bytes: Uint8Array }) => { keep.push(bytes); return '01900000-0000-7000-8000-0000000000ff'; } } as never);
}

const addressOf = (world: World, personId: string): Promise<string> => world.tenancy.asSystem('test: the address of a person', async (tx) => (await world.orgs.people(tx, [personId])).get(personId)!.emails[0]!);

let made = 0;
const mail = (world: World, more: Partial<InboundMail>): InboundMail => ({
  orgId: world.north, ticketId: null, key: `key ${++made}`, from: 'stranger@elsewhere.example', name: '', subject: 'About it', text: 'My answer', messageId: `<${made}@elsewhere.example>`, references: [], automatic: false, dmarc: 'none', raw: Buffer.from('raw'), unread: null, ...more,
});

/** A question of the member's employee that the desk has answered, and the Message-ID of the answer mail. */
async function conversation(world: World, orgId: string, asker: World['people']['staff'], desk: World['people']['desk'], federation: string): Promise<{ ticketId: string; number: number; messageId: string; address: string }> {
  const { id, number } = await world.call(asker, 'tickets.ask', orgId, { body: { subject: '変な画面が出ます', message: '見てください', urgency: 'normal' } });
  await world.call(desk, 'queue.reply', federation, { params: { ticket: id }, body: { text: 'どんな画面ですか', then: 'waiting' } });
  const threading = await world.tenancy.inOrg(scopeOf(orgId), (tx) => inboundOf(world).threading(tx, { org_id: orgId, id }, id, asker.personId));
  return { ticketId: id, number, messageId: threading!.messageId, address: await addressOf(world, asker.personId) };
}
const messagesOf = (world: World, orgId: string, ticketId: string) => world.tenancy.inOrg(scopeOf(orgId), (tx) => tx.query<{ who: string; side: string; text: string }>('select who, side, text from desk_messages where ticket_id = $1 order by id', [ticketId]));

test('replies join their conversation', async (t) => {
  await eachWorld(t, 'a reply to the signed address, or one that names our mail, is the next message of whoever asked', async (world) => {
    const inbound = inboundOf(world);
    const { ticketId, messageId, address } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    assert.deepEqual(await inbound.recipient(ids.address(ticketId).split('@')[0]!.toUpperCase()), { orgId: world.north, ticketId });
    assert.equal((await inbound.receive(mail(world, { ticketId, from: address, text: '青い画面です。\n\n> どんな画面ですか' }))).ticketId, ticketId);
    assert.equal((await inbound.receive(mail(world, { from: address, references: [messageId], text: '写真も送ります。' }))).ticketId, ticketId);
    const said = await messagesOf(world, world.north, ticketId);
    assert.deepEqual(said.map((m) => [m.side, m.text]), [['member', '見てください'], ['desk', 'どんな画面ですか'], ['member', '青い画面です。'], ['member', '写真も送ります。']]);
    assert.equal(said[3]!.who, '北浜 茂');
    const [row] = await world.tenancy.inOrg(scopeOf(world.north), (tx) => tx.query<{ state: string }>('select state from desk_tickets where id = $1', [ticketId]));
    assert.equal(row!.state, 'working', 'it is the desk’s turn again');
  });

  await eachWorld(t, 'a mail that names only another mail of the sender, seen here before, joins too', async (world) => {
    const inbound = inboundOf(world);
    const { ticketId, address } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    await inbound.receive(mail(world, { ticketId, from: address, messageId: '<first@member.example>', references: ['<older@partner.example>'] }));
    assert.equal((await inbound.receive(mail(world, { from: address, references: ['<first@member.example>'] }))).ticketId, ticketId);
    assert.equal((await inbound.receive(mail(world, { from: address, references: ['<older@partner.example>'] }))).ticketId, ticketId, 'also by what others named');
  });

  await eachWorld(t, 'the number in the subject joins with a proven domain alone; otherwise it is a suggestion that merging accepts and undoing takes back', async (world) => {
    const inbound = inboundOf(world);
    const { ticketId, number, address } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    assert.equal((await inbound.receive(mail(world, { from: address, subject: `Re: [#${number}] 画面`, dmarc: 'pass' }))).ticketId, ticketId);
    const apart = await inbound.receive(mail(world, { from: address, subject: `Re: [#${number}] 画面` }));
    assert.notEqual(apart.ticketId, ticketId);
    const related = (): Promise<{ id: string; why: string }[]> => world.tenancy.inOrg(scopeOf(world.federation), (tx) => inbound.related(tx, apart.ticketId));
    assert.deepEqual((await related()).map((r) => [r.id, r.why]), [[ticketId, 'number']]);
    const open = await world.call(world.people.desk, 'queue.get', world.federation, { params: { ticket: apart.ticketId } });
    assert.deepEqual(open.related, [{ id: ticketId, number, subject: '変な画面が出ます', state: 'working' }], 'the desk sees it on the page of the new one');
    assert.equal((await world.call(world.people.staff, 'tickets.get', world.north, { params: { ticket: apart.ticketId } })).related, undefined, 'the member is not bothered with it');
    await world.call(world.people.desk, 'queue.merge', world.federation, { params: { ticket: apart.ticketId }, body: { into: ticketId } });
    assert.deepEqual(await related(), [], 'done, so no longer a suggestion');
    assert.equal((await inbound.receive(mail(world, { from: address, ticketId: apart.ticketId }))).ticketId, ticketId, 'what is merged leads on');
    await world.call(world.people.desk, 'queue.unmerge', world.federation, { params: { ticket: apart.ticketId } });
    assert.deepEqual((await related()).map((r) => r.id), [ticketId]);
  });

  await eachWorld(t, 'a colleague with the proven domain of whoever asked joins by the signed address; without proof it is a question of its own', async (world) => {
    const inbound = inboundOf(world);
    const { ticketId } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    assert.equal((await inbound.receive(mail(world, { ticketId, from: 'colleague@example.jp', dmarc: 'pass' }))).ticketId, ticketId);
    assert.notEqual((await inbound.receive(mail(world, { ticketId, from: 'colleague@example.jp' }))).ticketId, ticketId);
  });

  await eachWorld(t, 'an absence note stands in the conversation and does not make it the desk’s turn', async (world) => {
    const inbound = inboundOf(world);
    const { ticketId, address } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    await inbound.receive(mail(world, { ticketId, from: address, automatic: true, text: '休みです' }));
    const [row] = await world.tenancy.inOrg(scopeOf(world.north), (tx) => tx.query<{ state: string }>('select state from desk_tickets where id = $1', [ticketId]));
    assert.equal(row!.state, 'waiting');
    assert.match((await messagesOf(world, world.north, ticketId)).at(-1)!.text, /自動返信.*\n休みです/);
  });
});

test('a mail is taken once', async (t) => {
  await eachWorld(t, 'told again under its key it changes nothing, also at the same moment', async (world) => {
    const inbound = inboundOf(world);
    const { ticketId, address } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    const reply = mail(world, { ticketId, from: address });
    const fresh = mail(world, { from: address, subject: '別の相談' });
    const all = await Promise.all([reply, fresh, reply, fresh, reply, fresh].map((m) => inbound.receive(m)));
    assert.equal(new Set(all.map((r) => r.ticketId)).size, 2);
    assert.equal(all.filter((r) => !r.again).length, 2);
    assert.equal((await messagesOf(world, world.north, ticketId)).length, 3);
  });
});

test('what cannot be read is a ticket that somebody sees, and the raw mail is kept', async (t) => {
  await eachWorld(t, 'in the queue, related to the conversation of its address', async (world) => {
    const kept: Uint8Array[] = [];
    const inbound = inboundOf(world, kept);
    const { ticketId, address } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    const taken = await inbound.receive(mail(world, { ticketId, from: address, subject: '', text: '', raw: Buffer.from('\0broken'), unread: 'file_too_heavy' }));
    assert.notEqual(taken.ticketId, ticketId);
    assert.deepEqual([taken.rawKept, kept.map((b) => Buffer.from(b).toString())], [true, ['\0broken']]);
    const queue = await world.call(world.people.desk, 'queue.list', world.federation, { query: {} });
    assert.ok(queue.items.some((i: { id: string; channel: string }) => i.id === taken.ticketId));
    assert.match((await messagesOf(world, world.north, taken.ticketId))[0]!.text, /読み取れませんでした/);
  });
});

test('mail never acts as the desk', async (t) => {
  await eachWorld(t, 'an address of the desk’s people makes a question, never an answer', async (world) => {
    const inbound = inboundOf(world);
    const { ticketId, messageId } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    for (const person of [world.people.desk, world.people.desk2, world.people.manager]) {
      const from = await addressOf(world, person.personId);
      for (const more of [{ ticketId }, { references: [messageId] }, { ticketId, references: [messageId], dmarc: 'pass' as const }]) {
        const taken = await inbound.receive(mail(world, { from, ...more }));
        assert.notEqual(taken.ticketId, ticketId);
        const [row] = await world.tenancy.asSystem('test: whose ticket', (tx) => tx.query<{ org_id: string }>('select org_id from desk_tickets where id = $1', [taken.ticketId]));
        assert.equal(row!.org_id, world.federation, 'the federation’s own question, in front of no member');
      }
    }
    const sides = await world.tenancy.asSystem('test: who spoke as the desk', (tx) => tx.query<{ n: string }>("select count(*) as n from desk_messages where side = 'desk'"));
    assert.equal(sides[0]!.n, '1');
  });
});

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('forged replies', async (t) => {
  await eachWorld(t, 'of 360 generated ones (changed signatures, guessed ids, other members’ tokens, false senders) none joins a conversation or crosses to another member', async (world) => {
    const inbound = inboundOf(world);
    const random = seeded(20_261_129);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    const mine = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    const theirs = await conversation(world, world.south, world.people.southLead, world.people.desk, world.federation);
    const far = await conversation(world, world.otherMember, world.people.otherLead, world.people.otherDesk, world.otherFederation);
    const others = new TicketIds(new Secrets(randomBytes(32)), 'banya.test');
    const hex = '0123456789abcdef';
    const changed = (text: string): string => {
      // The domain is not signed: mails sent under an earlier one must find their way, too.
      const at = pick([...text.split('@')[0]!].map((c, i) => [c, i] as const).filter(([c]) => hex.includes(c)))[1];
      return text.slice(0, at) + pick([...hex].filter((c) => c !== text[at])) + text.slice(at + 1);
    };
    const strangers = ['stranger@elsewhere.example', 'attacker@example.org', `x${mine.address}`, `${mine.address}.example`, mine.address.replace('@', '@mail.'), mine.address.replace('e', 'е')];
    const local = (id: string): string => ids.address(id).split('@')[0]!;
    const before = new Map<string, number>();
    for (const [orgId, { ticketId }] of [[world.north, mine], [world.south, theirs], [world.otherMember, far]] as const) before.set(ticketId, (await messagesOf(world, orgId, ticketId)).length);

    let recipients = 0;
    const forgedAddresses = [
      () => changed(local(mine.ticketId)), () => others.address(mine.ticketId).split('@')[0]!, () => `ticket+${mine.ticketId.replaceAll('-', '')}.${local(theirs.ticketId).split('.')[1]}`, () => local(mine.ticketId).slice(0, -1), () => `${local(mine.ticketId)}0`,
      () => `ticket+${mine.ticketId}`, () => `ticket+${mine.ticketId.replaceAll('-', '')}.${'0'.repeat(20)}`, () => `ticket+.${local(mine.ticketId).split('.')[1]}`, () => mine.messageId.slice(1).split('@')[0]!.replace('t.', 'ticket+'),
    ];
    for (let i = 0; i < 120; i++) {
      assert.equal(await inbound.recipient(pick(forgedAddresses)()), null);
      recipients++;
    }

    const forgeries: (() => Partial<InboundMail>)[] = [
      // A true address in a stranger's hands.
      () => ({ ticketId: mine.ticketId, from: pick(strangers) }),
      () => ({ ticketId: mine.ticketId, from: null }),
      // The true sender's name with ids that nobody gave out.
      () => ({ from: mine.address, references: [changed(mine.messageId)] }),
      () => ({ from: mine.address, references: [others.messageId(mine.ticketId, mine.ticketId, world.people.staff.personId)] }),
      () => ({ from: mine.address, references: [`<${Math.floor(random() * 1e9)}@member.example>`, '<guess@banya.test>'] }),
      () => ({ from: mine.address, subject: `Re: [#${mine.number}] 画面`, dmarc: 'none' }),
      // A proven false domain joins nothing, whatever else is right.
      () => ({ ticketId: mine.ticketId, references: [mine.messageId], from: mine.address, dmarc: 'fail' }),
      // Strangers with everything a forwarded mail shows; whoever proves a participant's own domain is a colleague and no stranger.
      () => ({ references: [mine.messageId], from: pick(strangers), dmarc: 'none' }),
      () => ({ ticketId: mine.ticketId, references: [mine.messageId], from: pick(strangers.filter((s) => !s.endsWith('@example.jp'))), dmarc: 'pass' }),
      () => ({ subject: `[#${mine.number}]`, from: pick(strangers), dmarc: 'pass' }),
      // Another member's tokens, ids and numbers, in this member's mail and the other way round.
      () => ({ references: [theirs.messageId], from: mine.address }),
      () => ({ orgId: world.south, ticketId: theirs.ticketId, from: mine.address, references: [theirs.messageId] }),
      () => ({ orgId: world.otherMember, ticketId: far.ticketId, from: mine.address, dmarc: 'pass' }),
      () => ({ from: mine.address, references: [far.messageId], dmarc: 'pass' }),
      () => ({ from: mine.address, subject: `[#${theirs.number}]`, dmarc: 'pass' }),
      () => ({ orgId: world.north, ticketId: theirs.ticketId, from: theirs.address }),
    ];
    const known = new Set([mine.ticketId, theirs.ticketId, far.ticketId]);
    let sent = 0;
    for (let i = 0; i < 240; i++) {
      const forged = mail(world, { subject: 'Re: hello', ...forgeries[i % forgeries.length]!() });
      const taken = await inbound.receive(forged);
      sent++;
      if (i % forgeries.length === forgeries.length - 1) {
        // The sender's own member takes it: a new question there, nothing at the member whose address was used.
        assert.ok(!known.has(taken.ticketId));
        continue;
      }
      assert.ok(!known.has(taken.ticketId), `forgery ${i % forgeries.length} joined`);
      const [row] = await world.tenancy.asSystem('test: whose ticket', (tx) => tx.query<{ org_id: string }>('select org_id from desk_tickets where id = $1', [taken.ticketId]));
      // A sender who is known at one member alone writes to that member's desk only.
      assert.equal(row!.org_id, forged.from === mine.address ? world.north : forged.orgId, `forgery ${i % forgeries.length} crossed`);
      const related = await world.tenancy.inOrg(scopeOf(row!.org_id), (tx) => tx.query<{ other_id: string }>('select other_id from desk_related where ticket_id = $1', [taken.ticketId]));
      for (const { other_id } of related) if (known.has(other_id)) assert.equal(other_id, row!.org_id === world.north ? mine.ticketId : row!.org_id === world.south ? theirs.ticketId : far.ticketId);
      // The thread of a forgery must not become a way in for the next one.
      await world.tenancy.asSystem('test: forget', (tx) => tx.query('delete from desk_mail_ids where ticket_id = $1', [taken.ticketId]));
      await world.tenancy.asSystem('test: forget', (tx) => tx.query('delete from desk_mail_people where ticket_id = $1', [taken.ticketId]));
    }
    assert.deepEqual([recipients, sent], [120, 240]);
    for (const [orgId, { ticketId }] of [[world.north, mine], [world.south, theirs], [world.otherMember, far]] as const) assert.equal((await messagesOf(world, orgId, ticketId)).length, before.get(ticketId), 'no message was added');
  });
});

test('rows of mails are their organisation’s', async (t) => {
  await eachWorld(t, 'ids, people, files and suggestions of one member are not seen by another; the desk sees what it was sent', async (world) => {
    const inbound = inboundOf(world);
    const { ticketId, number, address } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    const apart = await inbound.receive(mail(world, { from: address, subject: `[#${number}]` }));
    const count = (orgId: string, table: string): Promise<number> => world.tenancy.inOrg(scopeOf(orgId), async (tx) => Number((await tx.query<{ n: string }>(`select count(*) as n from ${table}`))[0]!.n));
    for (const table of ['desk_mail_ids', 'desk_mail_taken', 'desk_mail_people', 'desk_related']) {
      assert.ok((await count(world.north, table)) > 0, table);
      for (const orgId of [world.south, world.otherFederation, world.otherMember]) assert.equal(await count(orgId, table), 0, `${table} in another's hands`);
    }
    assert.deepEqual([await count(world.federation, 'desk_mail_ids'), await count(world.federation, 'desk_mail_people'), await count(world.federation, 'desk_related'), await count(world.federation, 'desk_mail_taken')], [0, 0, 1, 1]);
    await assert.rejects(world.tenancy.inOrg(scopeOf(world.north), (tx) => store.related.add(tx, { org_id: world.north, desk_org_id: world.otherFederation, ticket_id: ticketId, other_id: apart.ticketId, why: 'subject', at: tx.now })), /row-level security/);
  });
});

test('who sends very many questions fills no queue: what is beyond ten a day stands together, and all of it is kept', async (t) => {
  await eachWorld(t, 'flood', async (world) => {
    const kept: Uint8Array[] = [];
    const inbound = inboundOf(world, kept);
    const received: { readonly ticketId: string }[] = [];
    for (let n = 0; n < 14; n += 1) received.push(await inbound.receive(mail(world, { from: 'flood@elsewhere.example', subject: `n ${n}` })));
    assert.deepEqual([new Set(received.map((r) => r.ticketId)).size, kept.length], [11, 14]);
    const together = received.at(-1)!.ticketId;
    assert.deepEqual(received.slice(10).map((r) => r.ticketId), Array(4).fill(together));
    const said = await messagesOf(world, world.north, together);
    assert.equal(said.length, 4);
    assert.match(said[3]!.text, /差出人：flood@elsewhere\.example\n件名：n 13/);
    // In the name of somebody of the list: not in that person's conversation, so the desk's answer goes to nobody.
    const { address } = await conversation(world, world.north, world.people.staff, world.people.desk, world.federation);
    for (let n = 0; n < 12; n += 1) received.push(await inbound.receive(mail(world, { from: address, subject: `m ${n}` })));
    const [row] = await world.tenancy.inOrg(scopeOf(world.north), (tx) => tx.query<{ requester_id: string | null }>('select requester_id from desk_tickets where id = $1', [received.at(-1)!.ticketId]));
    assert.equal(row!.requester_id, null);
    assert.notEqual((await inbound.receive(mail(world, { from: 'quiet@elsewhere.example' }))).ticketId, together, 'others are not held up');
  });
});

test('of a collection every mail is listed, however many there are: a hundred with their first lines, the others by sender and subject', async (t) => {
  await eachWorld(t, 'collection', async (world) => {
    const inbound = inboundOf(world);
    const subject = (n: number): string => `s ${n} ${'長い件名です'.repeat(40)}`;
    const receive = (n: number): Promise<unknown> => inbound.receiveStranger({ ...mail(world, { orgId: world.federation, key: `mail ${n} stranger desk`, subject: subject(n), text: `ほかに届いたメール ${n}` }), to: 'desk' });
    for (let n = 0; n < 160; n += 1) await receive(n);
    await receive(159);
    const [ticket, ...others] = await world.tenancy.inOrg(scopeOf(world.federation), (tx) => tx.query<{ id: string }>("select id from desk_tickets where subject like '名簿にない%'"));
    assert.deepEqual(others, []);
    const said = (await messagesOf(world, world.federation, ticket!.id)).map((m) => m.text);
    assert.ok(said.slice(0, 100).every((text, n) => text.startsWith('差出人：stranger@elsewhere.example\nあて先：desk@\n件名：s ') && text.includes(`件名：s ${n} `)));
    const rest = said.slice(100);
    assert.equal(rest.length, 2, 'one as long as a message may be, and the next');
    assert.ok(rest.every((text) => text.length <= 10_000 && text.startsWith('ほかに届いたメール（差出人と件名です。元のメールは、すべて保管してあります）\n')));
    assert.deepEqual(rest.flatMap((text) => text.split('\n').slice(1)).map((line) => line.slice(0, 50).replace(/長.*/, '')), Array.from({ length: 60 }, (_, n) => `・stranger@elsewhere.example　desk@ あて　s ${n + 100} `));
    // The desk has read them all, and one more comes.
    await world.gate.query("update desk_tickets set member_wrote_at = member_wrote_at - interval '1 hour' where id = $1", [ticket!.id]);
    await receive(160);
    const { rows } = await world.gate.query<{ unread: boolean }>('select member_wrote_at >= created_at as unread from desk_tickets where id = $1', [ticket!.id]);
    assert.deepEqual(rows, [{ unread: true }]);
  });
});

test('mails to open addresses from senders on no list stand in one question of the federation a day, each once, with their bytes', async (t) => {
  await eachWorld(t, 'strangers', async (world) => {
    const kept: Uint8Array[] = [];
    const inbound = inboundOf(world, kept);
    for (const [n, key] of ['a', 'b', 'b'].entries()) await inbound.receiveStranger({ ...mail(world, { orgId: world.federation, key: `mail ${key} stranger desk`, subject: `s ${n}` }), to: 'desk' });
    assert.equal(kept.length, 2);
    const rows = await world.tenancy.inOrg(scopeOf(world.federation), (tx) => tx.query<{ id: string; subject: string }>("select id, subject from desk_tickets where subject like '名簿にない%'"));
    assert.equal(rows.length, 1);
    assert.deepEqual((await messagesOf(world, world.federation, rows[0]!.id)).map((m) => m.text.split('\n').slice(0, 3)), [['差出人：stranger@elsewhere.example', 'あて先：desk@', '件名：s 0'], ['差出人：stranger@elsewhere.example', 'あて先：desk@', '件名：s 1']]);
    assert.deepEqual(await world.tenancy.inOrg(scopeOf(world.federation), (tx) => store.taken.size(tx, world.federation, 'stranger', new Date(0))), { mails: 2, bytes: 6 });
  });
});

test('a flood in somebody’s name does not hold up what the own mail server proves to be that person’s, nor counts what is proven', async (t) => {
  await eachWorld(t, 'proven', async (world) => {
    const inbound = inboundOf(world);
    const from = await addressOf(world, world.people.staff.personId);
    for (let n = 0; n < 12; n += 1) await inbound.receive(mail(world, { from, subject: `forged ${n}` }));
    const genuine: (string | null)[] = [];
    for (let n = 0; n < 12; n += 1) genuine.push((await inbound.receive(mail(world, { from, subject: `genuine ${n}`, dmarc: 'pass' }))).ticketId);
    assert.equal(new Set(genuine).size, 12);
    const asked = await world.tenancy.inOrg(scopeOf(world.north), (tx) => tx.query<{ n: number }>("select count(*)::int as n from desk_tickets where id = any($1::uuid[]) and requester_id = $2 and subject like 'genuine%'", [genuine, world.people.staff.personId]));
    assert.equal(asked[0]!.n, 12);
    // A stranger's own domain passes as well, and proves nothing of a member.
    const others = [];
    for (let n = 0; n < 12; n += 1) others.push((await inbound.receive(mail(world, { from: 'flood@elsewhere.example', subject: `own ${n}`, dmarc: 'pass' }))).ticketId);
    assert.equal(new Set(others).size, 11);
    const opened = await world.tenancy.inOrg(scopeOf(world.north), (tx) => store.taken.opened(tx, world.north, from, new Date(0)));
    assert.equal(opened.mine, 11, 'ten and the collection');
  });
});

test('large mails of one day are kept whole up to a bound, then their beginning, which the question says; each kind of sender has its own', async (t) => {
  await eachWorld(t, 'bytes', async (world) => {
    const kept: Uint8Array[] = [];
    const inbound = inboundOf(world, kept);
    const raw = Buffer.alloc(1024 * 1024, 'x');
    const from = await addressOf(world, world.people.staff.personId);
    const used = (bytes: number): Promise<unknown> => world.gate.query("update desk_mail_taken set raw_bytes = $1 where proof <> 'proven'", [bytes]);
    await inbound.receive(mail(world, { raw }));
    await inbound.receiveStranger({ ...mail(world, { orgId: world.federation, raw }), to: 'desk' });
    await used(299.5 * 1024 * 1024);
    const { ticketId } = await inbound.receive(mail(world, { raw }));
    await inbound.receiveStranger({ ...mail(world, { orgId: world.federation, raw }), to: 'report' });
    await inbound.receive(mail(world, { raw, from, dmarc: 'pass' }));
    assert.deepEqual(kept.map((b) => b.length / 1024), [1024, 1024, 256, 256, 1024]);
    assert.match((await messagesOf(world, world.north, ticketId))[0]!.text, /My answer\n（今日届いた量が多いため、元のメールは最初の256KBだけ/);
    assert.equal(await inbound.room(world.north), true);
    await used(600 * 1024 * 1024);
    assert.deepEqual([await inbound.room(world.north), await inbound.room(world.south)], [false, true]);
  });
});
