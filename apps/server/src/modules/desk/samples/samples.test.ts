import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { eachWorld, problem, scopeOf, status, type Person, type World } from '../desk.test-helper.ts';
import { letter, ScriptedJudge, type Letter } from './samples.test-helper.ts';

const DAY = 86_400_000;
const each = (t: TestContext, name: string, fn: (w: World, judge: ScriptedJudge) => Promise<void>): Promise<void> => {
  const judge = new ScriptedJudge();
  return eachWorld(t, name, (w) => fn(w, judge), { judge, mailDomain: 'banya.example.jp' });
};
const send = async (w: World, l: Letter = {}, as: Person = w.people.staff, query: object = {}) => {
  const made = await w.call(as, 'samples.report', as.homeOrgId, { bytes: letter(l), query });
  await w.work();
  return (await w.call(as, 'samples.get', as.homeOrgId, { params: { sample: made.id } })) as Record<string, any>;
};
const byMail = (w: World, l: Letter, more: object = {}) => w.desk.samples.report({ orgId: w.north, reporter: { id: w.people.staff.personId, name: w.people.staff.name }, raw: letter(l), channel: 'mail', touched: null, answer: true, key: 'mail 1', ...more });
const onDesk = (w: World, sample: string, as: Person = w.people.desk) => w.call(as, 'deskSamples.get', w.federation, { params: { sample } });
const decide = (w: World, sample: string, body: object, as: Person = w.people.desk) => w.call(as, 'deskSamples.decide', w.federation, { params: { sample }, body });
const ticketOf = (w: World, id: string) => w.call(w.people.desk, 'queue.get', w.federation, { params: { ticket: id } });
const listed = async (w: World, query: object = {}): Promise<string[]> => (await w.call(w.people.desk, 'deskSamples.list', w.federation, { query })).items.map((s: { id: string }) => s.id);

test('whoever asks is answered; the desk gets what is dangerous or suspicious, and not what looks good or says too little', (t) =>
  each(t, 'verdicts', async (w) => {
    for (const [verdict, urgency] of [['dangerous', 'normal'], ['suspicious', 'today'], ['insufficient', null], ['clear', null]] as const) {
      const answer = await send(w, { verdict, subject: `${verdict}の件` });
      assert.deepEqual([answer.state, answer.verdict, answer.reporter.name, answer.callDesk], ['judged', verdict, '北浜 茂', false]);
      assert.ok(answer.reasons.length >= 2 && answer.doNow.length >= 2 && answer.answeredAt !== null);
      if (urgency === null) assert.equal(answer.ticket, null, verdict);
      else {
        const ticket = await ticketOf(w, answer.ticket);
        assert.deepEqual([ticket.urgency, ticket.subject, ticket.requester.id, ticket.channel], [urgency, `メールの確認：${verdict}の件`, w.people.staff.personId, 'web']);
        assert.match(ticket.messages[0].text, /^判定：.+\n・差出人 info@shop\[\.\]example\[\.\]jp/);
      }
    }
    assert.equal((await listed(w)).length, 2);
  }));

test('who clicked, opened or typed is told the first steps, and the desk is called at once, whatever the mail looks like', (t) =>
  each(t, 'touched', async (w) => {
    for (const touched of ['link', 'file', 'typed', 'unsure'] as const) {
      const answer = await send(w, { verdict: 'clear', subject: touched }, w.people.staff, { touched });
      assert.deepEqual([answer.callDesk, (await ticketOf(w, answer.ticket)).urgency], [true, 'now'], touched);
      assert.ok(answer.doNow.some((step: string) => step.includes('03-0000-0000')), 'the phone number stands there');
    }
    const later = await send(w, { verdict: 'dangerous', subject: 'あとから' });
    assert.equal((await ticketOf(w, later.ticket)).urgency, 'normal');
    const said = await w.call(w.people.staff, 'samples.touched', w.north, { params: { sample: later.id }, body: { touched: 'typed' } });
    assert.match(said.doNow[0], /パスワードを変えて/);
    const ticket = await ticketOf(w, later.ticket);
    assert.deepEqual([ticket.urgency, ticket.messages.length], ['now', 2]);
    const quiet = await send(w, { verdict: 'insufficient' });
    const asked = await w.call(w.people.staff, 'samples.touched', w.north, { params: { sample: quiet.id }, body: { touched: 'link' } });
    assert.equal((await ticketOf(w, asked.ticket)).urgency, 'now');
  }));

test('a mail that cannot be analysed is told as such, and the desk has it with its bytes', (t) =>
  each(t, 'failed', async (w) => {
    const answer = await send(w, { explode: true });
    assert.deepEqual([answer.state, answer.verdict, answer.reasons.length], ['failed', null, 0]);
    assert.match(answer.doNow[0], /デスクの返事まで、リンクや添付は開かない/);
    assert.equal((await ticketOf(w, answer.ticket)).urgency, 'today');
    const original = (await w.call(w.people.desk, 'deskSamples.original', w.federation, { params: { sample: answer.id } })) as Response;
    assert.ok((await original.arrayBuffer()).byteLength > 200);
  }));

test('a drill is praised and told to the house; a mark that was forged or copied to another mail, another person, another day or another member is judged like any mail', (t) =>
  each(t, 'drill', async (w, judge) => {
    const told: unknown[] = [];
    w.bus.on('mail.reported', async (_tx, event) => void told.push(event));
    const { staff, lead } = w.people;
    const sent: Letter = { messageId: '<drill-1@banya.example>', from: 'info@drill.example', subject: '訓練です', host: 'drill.example', verdict: 'dangerous' };
    const drill = { token: 'drill_token-1', personId: staff.personId, until: new Date(w.time + 30 * DAY), mail: { messageId: sent.messageId!, from: sent.from!, subject: sent.subject!, hosts: [sent.host!], files: [] } };
    const mark = w.desk.samples.drillHeader(w.north, drill).value;
    const judged = judge.asked.length;
    const answer = await send(w, { ...sent, drill: mark });
    assert.deepEqual([answer.state, answer.verdict, answer.ticket], ['drill', null, null]);
    assert.match(answer.doNow[0], /満点/);
    assert.deepEqual(told, [{ orgId: w.north, sampleId: answer.id, personId: staff.personId, token: 'drill_token-1' }]);
    assert.equal(judge.asked.length, judged, 'the engine was not asked');
    const judgedLike = async (l: Letter, as: Person = staff): Promise<void> => assert.equal((await send(w, l, as)).state, 'judged');
    for (const forged of [mark.replace('drill_token-1', 'drill_token-2'), mark.replace(/\.(\d{10})\./, (_, n: string) => `.${Number(n) + 9}.`), w.desk.samples.drillHeader(w.south, drill).value, `v2.drill_token-1.1999999999.${'0'.repeat(64)}`]) await judgedLike({ ...sent, drill: forged });
    for (const copied of [{ host: 'evil.example' }, { subject: '至急' }, { from: 'evil@evil.example' }, { messageId: '<other@evil.example>' }]) await judgedLike({ ...sent, ...copied, drill: mark });
    await judgedLike({ ...sent, drill: mark }, lead);
    w.time += 31 * DAY;
    await judgedLike({ ...sent, drill: mark });
    assert.equal(told.length, 1);
    assert.throws(() => w.desk.samples.drillHeader(w.north, { ...drill, token: 'kurz' }), RangeError);
    assert.throws(() => w.desk.samples.drillHeader(w.north, { ...drill, until: new Date(w.time + 91 * DAY) }), RangeError);
  }));

// Whoever knows a name would otherwise have us send mails to that person by the dozen.
test('of mails that anybody could have sent in somebody’s name three a day are answered by mail, of the inside address ten; the rest is judged and kept all the same', (t) =>
  each(t, 'spoofed', async (w) => {
    const { mails } = w;
    const report = (n: number, proof: 'none' | 'address' | 'sender') => byMail(w, { subject: `${proof} ${n}`, verdict: 'dangerous' }, { key: `${proof} ${n}`, proof });
    for (let n = 0; n < 6; n += 1) await report(n, 'none');
    await w.work();
    const sent = () => mails.filter((m) => m.key?.startsWith('answer:')).length;
    assert.equal(sent(), 3);
    const held = mails.filter((m) => m.key?.startsWith('answers-held:'));
    assert.equal(new Set(held.map((m) => m.key)).size, 1, 'one mail says so, whatever comes');
    assert.match(held[0]!.text, /だれかがあなたの名前で/);
    assert.equal((await w.call(w.people.staff, 'samples.list', w.north, { query: {} })).items.length, 6);
    for (let n = 0; n < 9; n += 1) await report(n, 'address');
    await w.work();
    assert.equal(sent(), 10);
    for (let n = 0; n < 4; n += 1) await report(n, 'sender');
    await w.work();
    assert.equal(sent(), 14, 'who is proven is answered');
    w.time += DAY + 1000;
    await report(9, 'none');
    await w.work();
    assert.equal(sent(), 15);
  }));

test('a member that has filled its room is told to try again, the desk hears of it once a day, and nothing else changes', (t) =>
  each(t, 'room', async (w) => {
    const first = await send(w, { verdict: 'clear' });
    assert.equal(await w.desk.samples.room(w.north, true), true);
    await w.gate.query('update desk_samples set size = 2147483647 where id = $1', [first.id]);
    assert.equal(await w.desk.samples.room(w.north, true), false);
    await assert.rejects(w.call(w.people.staff, 'samples.report', w.north, { bytes: letter({}) }), problem('samples_full'));
    await assert.rejects(byMail(w, {}, { proof: 'sender' }), problem('samples_full'));
    assert.equal(await w.desk.samples.room(w.south, true), true);
    const houses = (await w.call(w.people.desk, 'queue.list', w.federation, { query: {} })).items.filter((x: { subject: string }) => x.subject.includes('保管がいっぱい'));
    assert.equal(houses.length, 1);
    assert.deepEqual((await w.gate.query<{ count: number }>('select count from desk_sample_refusals')).rows, [{ count: 3 }]);
  }));

// Whoever writes in a name, or as a program, could otherwise fill the room for everybody with twenty large mails.
test('mail that nothing proves fills its own share of the room alone, whoever it names', (t) =>
  each(t, 'share', async (w) => {
    const { north: orgId } = w;
    await byMail(w, {}, { key: 'stranger', reporter: { id: null, name: 'x@elsewhere.example' }, answer: false, proof: 'address' });
    await byMail(w, {}, { key: 'automatic', answer: false, proof: 'none' });
    await byMail(w, {}, { key: 'foreign', reporter: { id: null, name: 'y@elsewhere.example' }, answer: false, proof: 'sender' });
    assert.deepEqual((await w.gate.query<{ n: number }>('select count(*)::int as n from desk_samples where unproven')).rows, [{ n: 3 }]);
    await w.gate.query('update desk_samples set size = 45 * 1024 * 1024');
    assert.deepEqual([await w.desk.samples.room(orgId, false), await w.desk.samples.room(orgId, true)], [false, true]);
    await assert.rejects(byMail(w, {}, { key: 'more', proof: 'address' }), problem('samples_full'));
    await byMail(w, {}, { key: 'proven', proof: 'sender' });
    await byMail(w, {}, { key: 'mailbox', channel: 'mailbox', proof: 'address' });
    assert.ok(await send(w, {}));
    // Nor do they take the place of what is unproven.
    await w.gate.query("update desk_samples set size = case when unproven and channel = 'mail' then 1 else 400 * 1024 * 1024 end");
    assert.deepEqual([await w.desk.samples.room(orgId, false), await w.desk.samples.room(orgId, true)], [true, false]);
  }));

test('the same mail from two people is one conversation; who decides it answers both', (t) =>
  each(t, 'same mail', async (w) => {
    const first = await send(w, { verdict: 'suspicious', messageId: '<1@evil.example>' });
    const second = await send(w, { verdict: 'suspicious', messageId: '<1@evil.example>', body: '別の人に届いたもの' }, w.people.lead, { touched: 'link' });
    assert.equal(first.ticket, second.ticket);
    const shared = await ticketOf(w, first.ticket);
    assert.deepEqual([shared.urgency, shared.asked], ['now', { people: 2, touched: 1 }], 'the more urgent of the two counts');
    assert.equal((await w.call(w.people.desk, 'queue.list', w.federation)).items.length, 1);
    assert.deepEqual((await onDesk(w, first.id)).alike.map((s: { id: string }) => s.id), [second.id]);
    w.mails.length = 0;
    const { decided, sample } = await decide(w, first.id, { decision: 'dangerous', answer: '偽物でした。消してください。' });
    await w.work();
    assert.deepEqual([decided, sample.decision], [2, 'dangerous']);
    assert.equal((await w.call(w.people.lead, 'samples.get', w.north, { params: { sample: second.id } })).decision, 'dangerous');
    const conversation = await ticketOf(w, first.ticket);
    assert.equal(conversation.messages.filter((m: { side: string }) => m.side === 'desk').length, 1);
    assert.equal(conversation.state, 'waiting', 'somebody has clicked: it is not over yet');
    const told = w.mails.filter((m) => m.text.includes('偽物でした'));
    assert.equal(new Set(told.map((m) => m.to)).size, 2);
    assert.deepEqual(await listed(w), []);
    assert.equal((await listed(w, { show: 'all' })).length, 2);
  }));

test('what the desk found of a mail answers the next who gets it byte for byte; a copied Message-ID alone does not', (t) =>
  each(t, 'known', async (w) => {
    const first = await send(w, { verdict: 'suspicious', messageId: '<2@shop.example>', mail: 'same bytes' });
    await decide(w, first.id, { decision: 'harmless' });
    const again = await send(w, { verdict: 'suspicious', messageId: '<2@shop.example>', mail: 'same bytes', note: '私にも' }, w.people.lead);
    assert.deepEqual([again.decision, again.verdict, again.ticket], ['harmless', 'clear', null]);
    const forged = await send(w, { verdict: 'suspicious', messageId: '<2@shop.example>', mail: 'other bytes' }, w.people.lead);
    assert.equal(forged.decision, null);
    assert.notEqual(forged.ticket, null);
    const clicked = await send(w, { verdict: 'suspicious', messageId: '<2@shop.example>', mail: 'same bytes', note: '押した' }, w.people.lead, { touched: 'link' });
    assert.notEqual(clicked.ticket, null, 'who clicked is always looked at');
  }));

test('a decision can be changed on the same page, and each change is told', (t) =>
  each(t, 'undo', async (w) => {
    const { id, ticket } = await send(w, { verdict: 'suspicious' });
    await decide(w, id, { decision: 'dangerous' });
    const { sample } = await decide(w, id, { decision: 'harmless' });
    assert.deepEqual([sample.decision, sample.verdict], ['harmless', 'clear']);
    const conversation = await ticketOf(w, ticket);
    assert.deepEqual(conversation.messages.filter((m: { side: string }) => m.side === 'desk').map((m: { text: string }) => m.text.slice(0, 23)), ['デスクで確かめました。危険なメールです。\n何か', 'デスクで確かめました。本物のメールです。\nふだ']);
    assert.equal(conversation.state, 'solved');
  }));

test('a report by mail is taken once however often it is told, and answered once, to the registered address, with our own link alone', (t) =>
  each(t, 'by mail', async (w) => {
    const l: Letter = { verdict: 'dangerous', subject: '至急 https://evil.example.net/login を開いて', from: 'bank@evil.example.net' };
    const [a, b] = await Promise.all([byMail(w, l), byMail(w, l)]);
    assert.equal(a!.sampleId, b!.sampleId);
    assert.deepEqual([a!.again, b!.again].sort(), [false, true]);
    assert.deepEqual(await byMail(w, l), { sampleId: a!.sampleId, again: true });
    await w.work();
    await w.run('desk.judgeSweep');
    await w.work();
    const answers = w.mails.filter((m) => m.subject.includes('おたずねのメール'));
    assert.equal(answers.length, 1);
    const [mail] = answers;
    assert.match(mail!.to, /@example\.jp$/);
    assert.match(mail!.subject, /危険/);
    assert.deepEqual(mail!.text.match(/https?:\/\/\S+/g), [`https://banya.example.jp/o/${w.north}/mails/${a!.sampleId}`]);
    assert.doesNotMatch(mail!.text + mail!.subject, /evil\.example|login\.example/);
    assert.match(mail!.text, /03-0000-0000/);
    assert.equal((await w.call(w.people.staff, 'samples.list', w.north)).items.length, 1);
    const unknown = await byMail(w, { verdict: 'dangerous', subject: '名簿にない人' }, { reporter: { id: null, name: 'who@example.com' }, key: 'mail 2' });
    await w.work();
    assert.equal(w.mails.filter((m) => m.subject.includes('おたずねのメール')).length, 1, 'nobody off the list is answered');
    assert.equal((await onDesk(w, unknown.sampleId)).reporter.name, 'who@example.com');
  }));

test('nobody sees another’s mail: not a colleague, not a neighbour, not the desk until it is asked or the member shares them', (t) =>
  each(t, 'who sees', async (w) => {
    const own = await send(w, { verdict: 'clear', subject: '給与の件' }, w.people.lead);
    const get = (as: Person, orgId: string, sample = own.id) => w.call(as, 'samples.get', orgId, { params: { sample } });
    await assert.rejects(get(w.people.staff, w.north), status(404));
    await assert.rejects(w.call(w.people.staff, 'samples.touched', w.north, { params: { sample: own.id }, body: { touched: 'link' } }), status(404));
    await assert.rejects(w.call(w.people.staff, 'samples.ask', w.north, { params: { sample: own.id }, body: {} }), status(404));
    assert.deepEqual((await w.call(w.people.staff, 'samples.list', w.north)).items, []);
    await assert.rejects(get(w.people.southLead, w.south), status(404));
    await assert.rejects(get(w.people.southLead, w.north), status(404));
    await assert.rejects(get(w.people.desk, w.north), problem('consent_missing'));
    const routes = [['deskSamples.get', undefined], ['deskSamples.preview', undefined], ['deskSamples.html', undefined], ['deskSamples.original', undefined], ['deskSamples.decide', { decision: 'harmless' }], ['deskSamples.keep', { keep: true }]] as const;
    const refused = async (as: Person, federation: string, sample: string): Promise<void> => {
      for (const [route, body] of routes) await assert.rejects(w.call(as, route, federation, { params: { sample }, body }), status(404), route);
    };
    await refused(w.people.desk, w.federation, own.id);
    assert.deepEqual(await listed(w, { show: 'all' }), []);
    await w.call(w.people.lead, 'consents.set', w.north, { params: { kind: 'samples' }, body: { given: true } });
    assert.deepEqual(await listed(w, { show: 'all' }), [own.id]);
    assert.equal((await onDesk(w, own.id)).subject, '給与の件');
    assert.equal((await get(w.people.desk, w.north)).id, own.id);
    const shared = await send(w, { verdict: 'clear', subject: '同意のあと' }, w.people.lead);
    assert.ok((await listed(w, { show: 'all' })).includes(shared.id));
    const asked = await w.call(w.people.lead, 'samples.ask', w.north, { params: { sample: shared.id }, body: { message: '見てください' } });
    await w.call(w.people.lead, 'consents.set', w.north, { params: { kind: 'samples' }, body: { given: false } });
    assert.deepEqual(await listed(w, { show: 'all' }), [asked.id], 'what the desk was asked about stays with it');
    await refused(w.people.desk, w.federation, own.id);
    await refused(w.people.otherDesk, w.otherFederation, asked.id);
    assert.deepEqual((await w.call(w.people.otherDesk, 'deskSamples.list', w.otherFederation, { query: { show: 'all' } })).items, []);
  }));

test('no statement of the application can hand a mail to somebody else’s desk, nor take it from its own', (t) =>
  each(t, 'guarded column', async (w) => {
    const { id } = await send(w, { verdict: 'clear' });
    for (const to of [w.federation, w.otherFederation, w.south]) await assert.rejects(w.tenancy.inOrg(scopeOf(w.north), (tx) => tx.query('update desk_samples set desk_org_id = $1 where id = $2', [to, id])), /cannot be changed here/);
    await w.tenancy.inOrg(scopeOf(w.south), (tx) => tx.query('select desk_hand_samples($1::uuid[], true)', [[id]]));
    await w.tenancy.inOrg(scopeOf(w.federation), (tx) => tx.query('select desk_hand_samples($1::uuid[], true)', [[id]]));
    assert.deepEqual(await listed(w, { show: 'all' }), []);
    await assert.rejects(w.tenancy.inOrg(scopeOf(w.north), (tx) => tx.query("insert into desk_samples (org_id, id, desk_org_id, created_at, channel, reporter_name, answer_by_mail, state, report_digest, size, delete_on) values ($1, gen_random_uuid(), $2, now(), 'upload', '', false, 'waiting', '', 0, now())", [w.north, w.otherFederation])), /row-level security/);
  }));

test('each look of the desk at a member’s mail, its original too, stands in the member’s ledger; no ledger holds words of a mail', (t) =>
  each(t, 'ledger', async (w) => {
    const { id } = await send(w, { verdict: 'suspicious', subject: '内々の件名', body: '振込先はこちらです https://evil.example.net/a' });
    await onDesk(w, id);
    const preview = await w.call(w.people.desk, 'deskSamples.preview', w.federation, { params: { sample: id } });
    assert.equal(preview.text, '振込先はこちらです hxxps://evil[.]example[.]net/a');
    const html = (await w.call(w.people.desk, 'deskSamples.html', w.federation, { params: { sample: id } })) as Response;
    assert.equal(html.headers.get('Content-Security-Policy'), "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'");
    await w.call(w.people.desk, 'deskSamples.original', w.federation, { params: { sample: id } });
    const lines = await w.ledger(w.north);
    const looks = lines.filter((l) => l.target === `sample:${id}` && l.via === 'always').map((l) => l.action);
    assert.deepEqual(looks.sort(), ['samples.original', 'samples.read', 'samples.read', 'samples.read']);
    for (const org of [w.north, w.federation]) assert.doesNotMatch(JSON.stringify(await w.ledger(org)), /内々|振込先|evil/);
    const { rows } = await w.gate.query<{ row: string }>("select to_jsonb(s)::text as row from desk_samples s union all select encode(bytes, 'escape') from files_parts");
    assert.equal(rows.some((r) => r.row.includes('振込先はこちら')), false, 'the body lies nowhere in the clear');
    assert.deepEqual((await w.call(w.people.desk, 'deskSamples.list', w.federation, { query: { q: '振込先' } })).items, [], 'bodies are not searched');
    assert.equal((await w.call(w.people.desk, 'deskSamples.list', w.federation, { query: { q: '内々' } })).items.length, 1);
  }));

test('only good mails build up a sender’s history, and one that turns out bad is taken back', (t) =>
  each(t, 'history', async (w, judge) => {
    const seen = async (): Promise<number | undefined> => {
      await send(w, { verdict: 'insufficient', from: 'sales@partner.example.co.jp' });
      return judge.asked.at(-1)!.history?.address;
    };
    assert.equal(await seen(), 0);
    await send(w, { verdict: 'dangerous', from: 'sales@partner.example.co.jp' });
    assert.equal(await seen(), 0, 'a dangerous one builds no trust');
    const good = await send(w, { verdict: 'clear', from: 'sales@partner.example.co.jp', name: '担当 太郎', subject: '見積' });
    assert.equal(await seen(), 1);
    assert.deepEqual(judge.asked.at(-1)!.history?.names, ['担当 太郎']);
    await w.call(w.people.staff, 'samples.ask', w.north, { params: { sample: good.id }, body: {} });
    await decide(w, good.id, { decision: 'dangerous' });
    assert.equal(await seen(), 0);
    await decide(w, good.id, { decision: 'harmless' });
    assert.equal(await seen(), 1);
    const { rows } = await w.gate.query<{ row: string }>('select to_jsonb(s)::text as row from desk_senders s');
    assert.equal(rows.some((r) => r.row.includes('partner.example')), false, 'addresses stand there as keyed hashes');
    await send(w, { verdict: 'insufficient', from: 'sales@partner.example.co.jp' }, w.people.southLead);
    assert.equal(judge.asked.at(-1)!.history?.address, 0, 'each organisation knows its own senders');
  }));

test('with the last mail of a question its subject, reasons and note go; what people wrote stays', (t) =>
  each(t, 'words of a question', async (w) => {
    const mail = await send(w, { verdict: 'insufficient', subject: '極秘の件名', note: 'こっそりのひとこと' });
    const asked = await w.call(w.people.staff, 'samples.ask', w.north, { params: { sample: mail.id }, body: { message: '先週もありました' } });
    const before = JSON.stringify(await ticketOf(w, asked.ticket));
    for (const word of ['極秘の件名', 'こっそり', 'info@shop', '先週も']) assert.ok(before.includes(word), word);
    await w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: asked.ticket }, body: { text: '確かめました', then: 'solved' } });
    w.time += 91 * DAY;
    await w.run('desk.samplesClean');
    await w.run('files.clean');
    const ticket = await ticketOf(w, asked.ticket);
    assert.equal(ticket.subject, 'メールの確認：（期限が来たので消しました）');
    assert.deepEqual(ticket.messages.map((m: { text: string }) => m.text.split('\n')[0]), ['先週もありました', '確かめました']);
    const left = (await w.gate.query<{ row: string }>('select to_jsonb(t)::text as row from desk_tickets t union all select to_jsonb(m)::text from desk_messages m union all select to_jsonb(s)::text from desk_samples s')).rows;
    for (const word of ['極秘', 'こっそり', 'shop']) assert.ok(!left.some((r) => r.row.includes(word)), word);
  }));

test('after its days a mail is gone with all its words; an open question and the desk’s wish keep it', (t) =>
  each(t, 'deletion', async (w) => {
    const [plain, asked, kept] = [await send(w, { verdict: 'clear', subject: 'ふつう' }), await send(w, { verdict: 'suspicious', subject: '相談中' }), await send(w, { verdict: 'suspicious', subject: '事件' })];
    await w.call(w.people.desk, 'deskSamples.keep', w.federation, { params: { sample: kept.id }, body: { keep: true } });
    await w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: kept.ticket }, body: { text: '済み', then: 'solved' } });
    const night = async (): Promise<void> => {
      await w.run('desk.samplesClean');
      await w.run('files.clean');
    };
    const deleted = async (): Promise<string[]> => (await w.gate.query<{ id: string }>('select id from desk_samples where file_id is null order by id')).rows.map((r) => r.id);
    w.time += 89 * DAY;
    await night();
    assert.deepEqual(await deleted(), []);
    w.time += 2 * DAY;
    await night();
    assert.deepEqual(await deleted(), [plain.id]);
    const after = await w.call(w.people.staff, 'samples.get', w.north, { params: { sample: plain.id } });
    assert.deepEqual([after.subject, after.from, after.reasons, after.verdict], ['（期限が来たので消しました）', '', [], 'clear']);
    await w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket: asked.ticket }, body: { text: '大丈夫です', then: 'solved' } });
    await night();
    assert.deepEqual(await deleted(), [plain.id, asked.id]);
    await assert.rejects(w.call(w.people.desk, 'deskSamples.preview', w.federation, { params: { sample: asked.id } }), problem('sample_gone'));
    await w.call(w.people.desk, 'deskSamples.keep', w.federation, { params: { sample: kept.id }, body: { keep: false } });
    await night();
    assert.deepEqual(await deleted(), [plain.id, asked.id, kept.id]);
    assert.equal((await w.gate.query('select 1 from files_parts')).rows.length, 0);
    w.time += 320 * DAY;
    await night();
    assert.equal((await w.gate.query('select 1 from desk_samples')).rows.length, 0, 'after a year the numbers go too');
  }));

test('the address to forward to belongs to one organisation; an old one is taken for thirty days, nobody else’s ever', (t) =>
  each(t, 'addresses', async (w) => {
    const address = async (as: Person, orgId: string): Promise<string> => (await w.call(as, 'mailCheck.get', orgId)).address;
    const [north, south] = [await address(w.people.lead, w.north), await address(w.people.southLead, w.south)];
    assert.match(north, /^report\+[a-z0-9]{14}@banya\.example\.jp$/);
    assert.equal(await address(w.people.lead, w.north), north);
    const local = (a: string): string => a.split('@')[0]!;
    assert.deepEqual([await w.desk.samples.recipient(local(north)), await w.desk.samples.recipient(local(south).toUpperCase())], [{ orgId: w.north }, { orgId: w.south }]);
    const fresh = (await w.call(w.people.lead, 'mailCheck.newAddress', w.north)).address as string;
    assert.notEqual(fresh, north);
    w.time += 29 * DAY;
    assert.deepEqual(await w.desk.samples.recipient(local(north)), { orgId: w.north });
    w.time += 2 * DAY;
    assert.equal(await w.desk.samples.recipient(local(north)), null);
    assert.deepEqual(await w.desk.samples.recipient(local(fresh)), { orgId: w.north });
    for (const other of ['report+', 'report+zzzzzzzzzzzzzz', 'report', `x${local(fresh)}`, `${local(fresh)}\0`, "report+' or 1=1"]) assert.equal(await w.desk.samples.recipient(other), null, other);
  }));

test('what the check knows of an organisation reaches the engine, its mailbox’s secret nobody but the reader', (t) =>
  each(t, 'settings', async (w, judge) => {
    const profile = { officers: [{ name: '北浜 社長', addresses: ['president@kitahama.example.jp'] }], partners: [{ domain: 'partner.example.co.jp' }], authservIds: ['mx.kitahama.example.jp'], keepDays: 30 };
    await w.call(w.people.lead, 'mailCheck.save', w.north, { body: profile });
    const answer = await send(w);
    const asked = judge.asked.at(-1)!;
    assert.deepEqual([asked.officers[0]!.name, asked.partners[0]!.domain, asked.authservIds, asked.ownName], ['北浜 社長', 'partner.example.co.jp', ['mx.kitahama.example.jp'], '北浜商店']);
    assert.equal(answer.deleteOn, '2026-12-24');
    const mailbox = { kind: 'imap', host: 'imap.example.jp', port: 993, user: 'report@example.jp', folder: null, tenant: null, clientId: null };
    await w.call(w.people.lead, 'mailCheck.mailbox', w.north, { body: { ...mailbox, secret: 'himitsu' } });
    const shown = await w.call(w.people.lead, 'mailCheck.get', w.north);
    assert.deepEqual([shown.mailbox.host, shown.mailbox.hasSecret, JSON.stringify(shown).includes('himitsu')], ['imap.example.jp', true, false]);
    assert.equal((await w.gate.query<{ row: string }>('select to_jsonb(p)::text as row from desk_mail_profiles p')).rows.some((r) => r.row.includes('himitsu')), false);
    assert.equal((await w.desk.samples.mailbox(w.north))!.secret, 'himitsu');
    await w.call(w.people.lead, 'mailCheck.mailbox', w.north, { body: { ...mailbox, folder: '報告' } });
    assert.equal((await w.desk.samples.mailbox(w.north))!.secret, 'himitsu', 'the same place keeps its secret');
    await w.call(w.people.lead, 'mailCheck.mailbox', w.north, { body: { ...mailbox, host: 'imap.evil.example' } });
    assert.equal((await w.desk.samples.mailbox(w.north))!.secret, null, 'another place never gets it');
    await w.call(w.people.lead, 'mailCheck.save', w.north, { body: profile });
    assert.equal((await w.desk.samples.mailbox(w.north))!.host, 'imap.evil.example', 'saving the profile leaves the mailbox');
  }));

test('too many mails of one person are refused with the time to wait, and an empty one is no mail', (t) =>
  each(t, 'limits', async (w) => {
    await assert.rejects(w.call(w.people.staff, 'samples.report', w.north, { bytes: new Uint8Array() }), problem('mail_empty'));
    const sent = await Promise.allSettled(Array.from({ length: 35 }, (_, n) => w.call(w.people.lead, 'samples.report', w.north, { bytes: letter({ subject: String(n) }) })));
    assert.equal(sent.filter((s) => s.status === 'rejected' && problem('too_many_requests')(s.reason)).length, 5);
    assert.ok(await send(w, {}, w.people.southLead), 'others are not held up by it');
  }));

test('the desk’s figures count reports, people, what was found and how soon', (t) =>
  each(t, 'statistics', async (w) => {
    await send(w, { verdict: 'dangerous', messageId: '<9@evil.example>' }, w.people.staff, { touched: 'link' });
    await send(w, { verdict: 'suspicious' }, w.people.lead);
    await send(w, { verdict: 'dangerous' }, w.people.southLead);
    const figures = await w.call(w.people.desk, 'deskSamples.statistics', w.federation);
    assert.deepEqual([figures.reports, figures.reporters, figures.people, figures.dangerous, figures.suspicious, figures.touched], [3, 3, 3, 2, 1, 1]);
    assert.equal(figures.firstReportMinutesMedian, 30);
    assert.deepEqual(figures.lures, [{ family: 'credentials', count: 3 }]);
    assert.deepEqual(figures.members.map((m: { name: string; reports: number }) => [m.name, m.reports]), [['北浜商店', 2], ['南浜水産', 1]]);
  }));
