import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateRawSync, crc32 } from 'node:zlib';
import { readTable, parseText, writeWorkbook } from '@banya/xlsx';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';
import { until } from './senders.ts';
import { encodeLegacy } from './legacy.ts';

let house: TestHouse;
let federation: string;
let manager: TestPerson;
let close: () => Promise<void>;
let now = Date.UTC(2026, 5, 10, 3);
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) }, { clock: { now: () => now } });
  ({ orgId: federation, manager } = await house.federation());
});
after(() => close());

/** A member of its own for each test. */
async function member(): Promise<{ org: string; lead: TestPerson }> {
  const org = await house.org('member', federation, '試験商事');
  return { org, lead: await house.person(org, 'member', 'lead') };
}
const names = (body: { items: { name: string }[] }): string[] => body.items.map((p) => p.name);

test('people are added, found by reading in any kana, changed, taken off the list and put back', async () => {
  const { org, lead } = await member();
  const made = await house.send('POST', `/orgs/${org}/people`, lead, { name: '佐藤 花子', reading: 'さとう はなこ', department: '経理', emails: ['Hanako@Member.example'], phone: '03-0000-0001' });
  assert.equal(made.status, 201);
  assert.deepEqual(made.body.emails, ['hanako@member.example'], 'addresses are kept in one spelling');
  for (const q of ['サトウ', 'さとう', 'ｻﾄｳ', '佐藤', '経理', 'hanako@']) assert.deepEqual(names((await house.send('GET', `/orgs/${org}/people?q=${encodeURIComponent(q)}`, lead)).body), ['佐藤 花子'], q);
  assert.deepEqual(names((await house.send('GET', `/orgs/${org}/people?q=${encodeURIComponent('%')}`, lead)).body), [], 'a percent sign is a percent sign');
  const changed = await house.send('PATCH', `/orgs/${org}/people/${made.body.id}`, lead, { department: '総務' });
  assert.deepEqual([changed.body.department, changed.body.phone, changed.body.emails], ['総務', '03-0000-0001', ['hanako@member.example']], 'what is left out stays');
  assert.equal((await house.send('POST', `/orgs/${org}/people/${made.body.id}/archive`, lead)).status, 204);
  assert.deepEqual(names((await house.send('GET', `/orgs/${org}/people?q=${encodeURIComponent('佐藤')}`, lead)).body), []);
  assert.deepEqual(names((await house.send('GET', `/orgs/${org}/people?archived=true`, lead)).body), ['佐藤 花子']);
  assert.equal((await house.send('POST', `/orgs/${org}/people/${made.body.id}/restore`, lead)).status, 204);
  assert.deepEqual(names((await house.send('GET', `/orgs/${org}/people?q=${encodeURIComponent('佐藤')}`, lead)).body), ['佐藤 花子']);
});

test('an address belongs to one person of an organisation, also when somebody comes back; other organisations do not matter', async () => {
  const { org, lead } = await member();
  const other = await member();
  const first = await house.send('POST', `/orgs/${org}/people`, lead, { name: '一人目', emails: ['same@member.example'] });
  const taken = await house.send('POST', `/orgs/${org}/people`, lead, { name: '二人目', emails: ['SAME@member.example'] });
  assert.deepEqual([taken.status, taken.body.code], [409, 'email_taken']);
  assert.match(taken.body.detail, /一人目/);
  assert.equal((await house.send('POST', `/orgs/${other.org}/people`, other.lead, { name: 'よその人', emails: ['same@member.example'] })).status, 201);
  await house.send('POST', `/orgs/${org}/people/${first.body.id}/archive`, lead);
  assert.equal((await house.send('POST', `/orgs/${org}/people`, lead, { name: '二人目', emails: ['same@member.example'] })).status, 201);
  assert.equal((await house.send('POST', `/orgs/${org}/people/${first.body.id}/restore`, lead)).body.code, 'email_taken');
});

// A personnel system sends its list every night: without this each night everybody is there once more.
test('who is sent again with a token is named by id and can be changed there; a role’s address is out of a token’s reach', async () => {
  const { org, lead } = await member();
  const token = { token: (await house.send('POST', `/orgs/${org}/tokens`, lead, { name: '人事', scopes: ['people:write'] })).body.secret as string };
  const body = { name: '高橋 みどり', department: '経理', emails: ['midori@member.example'] };
  const made = await house.send('POST', `/orgs/${org}/people`, token, body);
  assert.equal(made.status, 201);
  const again = await house.send('POST', `/orgs/${org}/people`, token, { ...body, emails: ['MIDORI@member.example'] });
  assert.deepEqual([again.status, again.body.code, again.body.existing], [409, 'email_taken', made.body.id]);
  const changed = await house.send('PATCH', `/orgs/${org}/people/${again.body.existing}`, token, { department: '総務' });
  assert.deepEqual([changed.status, changed.body.department, changed.body.name], [200, '総務', '高橋 みどり']);
  assert.equal((await house.send('PATCH', `/orgs/${org}/people/${made.body.id}`, token, { emails: ['midori2@member.example'] })).status, 200);
  for (const emails of [['mine@member.example'], [lead.email, 'mine@member.example'], []]) assert.equal((await house.send('PATCH', `/orgs/${org}/people/${lead.personId}`, token, { emails })).body.code, 'role_missing');
  assert.equal((await house.send('PATCH', `/orgs/${org}/people/${lead.personId}`, token, { emails: [lead.email], phone: '03-0000-0009' })).status, 200);
  assert.equal((await house.send('POST', `/orgs/${org}/people/${made.body.id}/archive`, token)).status, 403);
});

// The federation's people reach every member, so a right that the page refuses must not be had by a token of one's own making.
test('a lead of the federation makes no token that writes its people; who runs the federation does', async () => {
  const lead = await house.person(federation, 'federation', 'lead');
  const make = (as: TestPerson) => house.send('POST', `/orgs/${federation}/tokens`, as, { name: '人事', scopes: ['people:write'] });
  assert.equal((await house.send('POST', `/orgs/${federation}/people`, lead, { name: '新しい人', emails: [] })).status, 403);
  assert.equal((await make(lead)).status, 403);
  assert.equal((await make(manager)).status, 201);
});

// A reset ends somebody's sessions and sends mail: not a deputy's, and no way to have mail sent to whom one likes.
test('a second factor is reset by those who give roles; who has no role gets no link', async () => {
  const { org, lead } = await member();
  const deputy = await house.person(org, 'member', 'deputy');
  const lost = (id: string, as: TestPerson) => house.send('POST', `/orgs/${org}/people/${id}/lost-phone`, as);
  assert.equal((await lost(lead.personId, deputy)).body.code, 'role_missing');
  const guest = (await house.send('POST', `/orgs/${org}/people`, lead, { name: '名簿 だけ', emails: ['stranger@elsewhere.example'] })).body.id;
  const mails = async (to: string): Promise<number> => (await house.house.gate.query('select 1 from notify_mails where recipient = $1', [to])).rows.length;
  assert.equal((await lost(guest, lead)).status, 204);
  assert.equal((await lost(deputy.personId, lead)).status, 204);
  assert.deepEqual([await mails('stranger@elsewhere.example'), await mails(deputy.email)], [0, 1]);
});

test('a malformed field is named and said in plain words', async () => {
  const { org, lead } = await member();
  const refused = await house.send('POST', `/orgs/${org}/people`, lead, { name: '改\n行', emails: ['not an address'] });
  assert.equal(refused.status, 400);
  assert.deepEqual(refused.body.fields.map((f: { at: string }) => f.at).sort(), ['/emails/0', '/name']);
  for (const { message } of refused.body.fields) assert.match(message, /[ぁ-ん]/);
});

// Otherwise a deputy writes his own address beside a lead's name and is lead with the next mail.
test('where somebody’s sign-in link goes is chosen by those who could give that person’s roles, and by nobody else', async () => {
  const { org, lead } = await member();
  const deputy = await house.person(org, 'member', 'deputy');
  const person = async (name: string, email: string, ...roles: string[]): Promise<string> => {
    const { body } = await house.send('POST', `/orgs/${org}/people`, lead, { name, emails: [email] });
    for (const role of roles) assert.equal((await house.send('POST', `/orgs/${org}/roles`, lead, { person: body.id, role })).status, 204);
    return body.id;
  };
  const [fresh, staff, guest] = [await person('新任 担当', 'fresh@member.example', 'lead'), await person('店員', 'clerk@member.example', 'staff'), await person('名簿 だけ', 'guest@member.example')];
  const change = (id: string, body: object, as = deputy) => house.send('PATCH', `/orgs/${org}/people/${id}`, as, body);
  for (const id of [fresh, staff, lead.personId, deputy.personId]) {
    const refused = await change(id, { emails: ['mine@member.example'] });
    assert.deepEqual([refused.status, refused.body.code], [403, 'role_missing'], id);
    assert.match(refused.text, /試験 \d+郎/, 'who can is named');
  }
  assert.equal((await change(fresh, { emails: ['fresh@member.example', 'mine@member.example'] })).status, 403, 'an address beside the old one opens as much');
  assert.equal((await change(fresh, { department: '総務', emails: ['FRESH@member.example'] })).status, 200, 'the same address is no change');
  assert.equal((await change(guest, { emails: ['guest2@member.example'] })).status, 200, 'who has no role signs in nowhere');
  const preview = await upload(org, deputy, new TextEncoder().encode([header, ['新任 担当', '', '総務', 'mine@member.example', ''], ['名簿 だけ', '', '', 'guest3@member.example', '']].map((r) => r.join(',')).join('\n')));
  assert.deepEqual(preview.body.counts, { new: 0, changed: 1, same: 0, wrong: 1 });
  assert.match(preview.body.errors[0].message, /担当者/);
  assert.equal((await house.send('POST', `/orgs/${org}/people/${fresh}/archive`, deputy)).status, 403, 'leaving takes the role, too');
  assert.equal((await house.send('POST', `/orgs/${org}/people/${staff}/archive`, deputy)).status, 204);

  const planned = await upload(org, deputy, new TextEncoder().encode([header, ['名簿 だけ', '', '', 'guest4@member.example', '']].map((r) => r.join(',')).join('\n')));
  assert.equal((await house.send('POST', `/orgs/${org}/roles`, lead, { person: guest, role: 'lead', checked: ['guest2@member.example'] })).status, 204);
  assert.equal((await house.send('POST', `/orgs/${org}/people/import/commit`, deputy, { token: planned.body.token })).status, 403, 'a role given since the preview counts');
  assert.equal((await change(deputy.personId, { emails: ['deputy@member.example'] }, lead)).status, 200);
});

// Otherwise a deputy writes his own address beside the name of the coming lead, waits, and is lead by the mail that welcomes the new one.
test('an address that a deputy, a list of his or a program wrote opens no role until who gives it has checked it', async () => {
  const { org, lead } = await member();
  const deputy = await house.person(org, 'member', 'deputy');
  const token = { token: (await house.send('POST', `/orgs/${org}/tokens`, lead, { name: '人事', scopes: ['people:write'] })).body.secret as string };
  const add = async (as: typeof deputy | typeof token, name: string, email: string): Promise<string> => (await house.send('POST', `/orgs/${org}/people`, as, { name, emails: [email] })).body.id;
  const give = (person: string, checked?: string[], as = lead) => house.send('POST', `/orgs/${org}/roles`, as, { person, role: 'lead', ...(checked ? { checked } : {}) });
  const changed = await add(lead, '次の 担当', 'next@member.example');
  assert.equal((await house.send('PATCH', `/orgs/${org}/people/${changed}`, deputy, { emails: ['mine1@member.example'] })).status, 200);
  const listed = await add(lead, '名簿の 担当', 'listed@member.example');
  const list = await upload(org, deputy, new TextEncoder().encode([header, ['名簿の 担当', '', '', 'mine2@member.example', ''], ['新しい 担当', '', '', 'mine3@member.example', '']].map((r) => r.join(',')).join('\n')));
  assert.equal((await house.send('POST', `/orgs/${org}/people/import/commit`, deputy, { token: list.body.token })).status, 200);
  const imported = (await house.send('GET', `/orgs/${org}/people?q=mine3`, lead)).body.items[0].id;
  for (const [id, ...addresses] of [[changed, 'mine1@member.example'], [listed, 'mine2@member.example', 'listed@member.example'], [imported, 'mine3@member.example'], [await add(deputy, '作った 担当', 'mine4@member.example'), 'mine4@member.example'], [await add(token, '人事の 担当', 'hr@member.example'), 'hr@member.example']] as [string, ...string[]][]) {
    for (const refused of [
      await give(id), await give(id, ['other@member.example']), await give(id, []),
      await house.send('POST', `/orgs/${org}/deputies`, lead, { person: id, of: lead.personId, until: '2026-12-31' }),
      await house.send('POST', `/orgs/${org}/handover`, lead, { role: 'lead', from: lead.personId, to: id }),
    ]) {
      assert.deepEqual([refused.status, refused.body.code], [409, 'address_unchecked']);
      for (const address of addresses) assert.ok(refused.body.detail.includes(address), 'where the link would go is said');
    }
    assert.equal((await give(id, addresses, deputy)).status, 403, 'the deputy checks nothing');
    assert.equal((await give(id, addresses)).status, 204);
    assert.ok((await house.send('GET', `/orgs/${org}/audit`, lead)).body.items.some((e: { action: string; target: string }) => e.action === 'people.address_checked' && e.target === `person:${id}`));
  }
  const own = await add(lead, '担当が 入れた人', 'own@member.example');
  assert.equal((await give(own)).status, 204, 'what the giver wrote needs no second look');
  const corrected = await add(deputy, '直した 人', 'mine5@member.example');
  assert.equal((await house.send('PATCH', `/orgs/${org}/people/${corrected}`, lead, { emails: ['right@member.example'] })).status, 200);
  assert.equal((await give(corrected)).status, 204);
  const later = await add(lead, '後の 人', 'later@member.example');
  assert.equal((await house.send('PATCH', `/orgs/${org}/people/${later}`, deputy, { department: '総務' })).status, 200);
  assert.equal((await give(later)).status, 204, 'another field is no change of the address');
});

test('a changed address ends what was open, is in the ledger, and is told to the old and the new one, from the page as from a list', async () => {
  const { org, lead } = await member();
  const { identity, gate } = house.house;
  const mails = async (to: string): Promise<{ subject: string; text: string }[]> => (await gate.query<{ subject: string; text: string }>('select subject, text from notify_mails where recipient = $1 order by id', [to])).rows;
  const list = (...row: string[]) => upload(org, lead, new TextEncoder().encode([header, row].map((r) => r.join(',')).join('\n')));
  const ways: [string, (id: string, name: string, to: string) => Promise<number>][] = [
    ['page', async (id, _name, to) => (await house.send('PATCH', `/orgs/${org}/people/${id}`, lead, { emails: [to] })).status],
    ['list', async (_id, name, to) => (await house.send('POST', `/orgs/${org}/people/import/commit`, lead, { token: (await list(name, '', '', to, '')).body.token })).status],
  ];
  for (const [way, move] of ways) {
    const second = await house.person(org, 'member', 'lead');
    const { name } = (await house.send('GET', `/orgs/${org}/people/${second.personId}`, lead)).body;
    const link = await identity.accounts.link((await identity.accounts.forEmail(second.email))[0]!);
    assert.equal((await house.send('GET', '/me', second)).status, 200);
    const to = `new.${way}@member.example`;
    assert.equal(await move(second.personId, name, to), 200, way);
    assert.equal((await house.send('GET', '/me', second)).status, 401, `${way}: the open session ended`);
    assert.equal((await house.send('POST', '/sign-in/redeem', null, { token: link })).body.code, 'link_used_or_old', way);
    assert.equal((await house.send('GET', `/orgs/${org}/audit`, lead)).body.items.filter((e: { action: string; target: string }) => e.action === 'people.address_changed' && e.target === `person:${second.personId}`).length, 1, way);
    await until('both are told', async () => (await mails(to)).length === 1 && (await mails(second.email)).length === 1);
    for (const address of [to, second.email]) assert.ok((await mails(address))[0]!.text.includes(to), `${way}: where the link goes now is told to ${address}`);
    assert.equal((await identity.accounts.forEmail(to))[0]?.person_id, second.personId, way);
  }
  const gone = await house.person(org, 'member', 'lead');
  await house.house.kernel.tenancy.asSystem('test: a change that sign-in was not told of', (tx) => tx.query("update orgs_people set emails = '{elsewhere@member.example}' where id = $1", [gone.personId]));
  assert.equal((await house.send('GET', '/me', gone)).status, 401, 'an address that was taken opens nothing');
  assert.deepEqual(await identity.accounts.forEmail(gone.email), []);
  await house.send('POST', `/orgs/${org}/people`, lead, { name: '名簿 だけ', emails: ['quiet@member.example'] });
  const { body: { items: [quiet] } } = await house.send('GET', `/orgs/${org}/people?q=quiet`, lead);
  assert.equal((await house.send('PATCH', `/orgs/${org}/people/${quiet.id}`, lead, { emails: ['quiet2@member.example'] })).status, 200);
  assert.deepEqual(await mails('quiet@member.example'), [], 'who does not sign in is not bothered');
});

const header = ['氏名', 'フリガナ', '所属', 'メールアドレス', '電話番号'];
const rows = [
  ['山田 太郎', 'ヤマダ タロウ', '営業', 'taro@member.example', '03-0000-0002'],
  ['鈴木 次郎', 'スズキ ジロウ', '製造', 'jiro@member.example', ''],
];
async function upload(org: string, as: TestPerson, bytes: Uint8Array, type = 'application/octet-stream') {
  return house.send('POST', `/orgs/${org}/people/import`, as, bytes, { 'Content-Type': type });
}

test('a list comes in from Excel, CSV in UTF-8 and CSV as Japanese Excel writes it; headers are found below a title', async () => {
  const files: [string, Uint8Array][] = [
    ['Excel', writeWorkbook({ sheets: [{ name: '名簿', columns: header.map((h) => ({ header: h, width: 20 })), rows }] })],
    ['UTF-8', new TextEncoder().encode([['社員名簿 2026年度'], [], header, ...rows].map((r) => r.join(',')).join('\r\n'))],
    ['CP932', encodeLegacy([header, ...rows].map((r) => r.join(',')).join('\r\n'), 'shift_jis')],
  ];
  for (const [name, bytes] of files) {
    const { org, lead } = await member();
    const preview = await upload(org, lead, bytes);
    assert.equal(preview.status, 200, `${name}: ${preview.text}`);
    assert.deepEqual(preview.body.counts, { new: 2, changed: 0, same: 0, wrong: 0 }, name);
    assert.deepEqual(preview.body.columns.map((c: { field: string }) => c.field), ['氏名', 'ふりがな', '部署', 'メールアドレス', '電話番号'], name);
    assert.deepEqual(names((await house.send('GET', `/orgs/${org}/people?q=${encodeURIComponent('山田')}`, lead)).body), [], 'a preview stores nobody');
    const done = await house.send('POST', `/orgs/${org}/people/import/commit`, lead, { token: preview.body.token });
    assert.deepEqual(done.body, { created: 2, changed: 0 }, name);
    const found = await house.send('GET', `/orgs/${org}/people?q=${encodeURIComponent('やまだ')}`, lead);
    assert.deepEqual([found.body.items[0].name, found.body.items[0].department, found.body.items[0].emails], ['山田 太郎', '営業', ['taro@member.example']], name);
    assert.equal((await house.send('POST', `/orgs/${org}/people/import/commit`, lead, { token: preview.body.token })).body.code, 'import_expired', 'a list is taken over once');
  }
});

test('an exported list comes back unchanged, as Excel and as CSV', async () => {
  const { org, lead } = await member();
  await house.send('POST', `/orgs/${org}/people/import/commit`, lead, { token: (await upload(org, lead, new TextEncoder().encode([header, ...rows].map((r) => r.join(',')).join('\n')))).body.token });
  for (const format of ['xlsx', 'csv']) {
    const response = await fetch(`${house.base}/api/v1/orgs/${org}/people.xlsx?format=${format}`, { headers: { Cookie: lead.cookie, 'Accept-Language': 'ja' } });
    assert.match(response.headers.get('content-disposition')!, /filename\*=UTF-8''%E5%90%8D%E7%B0%BF/);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const table = readTable(bytes, { columns: [{ key: 'name', names: { ja: ['氏名'], en: [] }, parse: parseText({ max: 80 }) }] });
    assert.equal(table.rows.length, 3);
    assert.deepEqual((await upload(org, lead, bytes)).body.counts, { new: 0, changed: 0, same: 3, wrong: 0 }, format);
  }
});

test('rows with mistakes are named by row and column, and nothing is taken over while one is left', async () => {
  const { org, lead } = await member();
  const bad = [header, ['', 'ミョウジ', '営業', 'a@member.example', ''], ['漢字の読み', '漢字', '', 'b@member.example', ''], ['宛先なし', '', '', 'not-an-address', ''], ['重なり', '', '', 'c@member.example', ''], ['重なり二', '', '', 'C@member.example', ''], ['良い行', '', '', 'good@member.example', '']];
  const preview = await upload(org, lead, new TextEncoder().encode(bad.map((r) => r.join(',')).join('\n')), 'text/csv');
  assert.deepEqual(preview.body.counts, { new: 2, changed: 0, same: 0, wrong: 4 });
  assert.deepEqual(preview.body.errors.map((e: { row: number; column: string }) => [e.row, e.column]), [[2, '氏名'], [3, 'ふりがな'], [4, 'メールアドレス'], [6, 'メールアドレス']]);
  assert.match(preview.body.errors[3].message, /5行目/);
  assert.deepEqual((await house.send('POST', `/orgs/${org}/people/import/commit`, lead, { token: preview.body.token })).body.code, 'import_has_errors');
  assert.deepEqual(names((await house.send('GET', `/orgs/${org}/people?q=good`, lead)).body), [], 'not even the good row');
});

test('a list is taken over whole or not at all, also when somebody was added in between', async () => {
  const { org, lead } = await member();
  const preview = await upload(org, lead, new TextEncoder().encode([header, ...rows].map((r) => r.join(',')).join('\n')));
  await house.send('POST', `/orgs/${org}/people`, lead, { name: '先に来た人', emails: ['jiro@member.example'] });
  const late = await house.send('POST', `/orgs/${org}/people/import/commit`, lead, { token: preview.body.token });
  assert.deepEqual([late.status, late.body.code], [409, 'email_taken']);
  assert.deepEqual(names((await house.send('GET', `/orgs/${org}/people?q=${encodeURIComponent('山田')}`, lead)).body), []);
});

test('a preview is its maker’s alone and lasts an hour', async () => {
  const { org, lead } = await member();
  const second = await house.person(org, 'member', 'lead');
  const bytes = new TextEncoder().encode([header, ...rows].map((r) => r.join(',')).join('\n'));
  const { token } = (await upload(org, lead, bytes)).body;
  assert.equal((await house.send('POST', `/orgs/${org}/people/import/commit`, second, { token })).body.code, 'import_expired');
  assert.equal((await house.send('POST', `/orgs/${org}/people/import/commit`, lead, { token: "'; drop table orgs_people" })).body.code, 'import_expired');
  now += 3_600_001;
  assert.equal((await house.send('POST', `/orgs/${org}/people/import/commit`, lead, { token })).body.code, 'import_expired');
});

/** A zip with one entry whose content is one byte repeated: a thousand times smaller than it unpacks. */
function bomb(name: string, head: string, bytes: number): Uint8Array {
  const content = Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, 0x20)]);
  const packed = deflateRawSync(content, { level: 1 });
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(crc32(content), 14);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 4);
  central.writeUInt16LE(20, 6);
  local.copy(central, 10, 8, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
}

test('a file that is no list, is cut, unpacks to far more than it is, or has no names is refused in words', async () => {
  const { org, lead } = await member();
  const good = writeWorkbook({ sheets: [{ name: '名簿', columns: header.map((h) => ({ header: h, width: 20 })), rows }] });
  const files: [string, Uint8Array, string][] = [
    ['zip bomb', bomb('xl/worksheets/sheet1.xml', '<worksheet>', 120 * 1024 * 1024), 'file_unreadable|file_too_heavy'],
    ['cut workbook', good.subarray(0, good.length / 2), 'file_unreadable'],
    ['binary', Uint8Array.from({ length: 4096 }, (_, i) => (i * 131) % 256), 'file_unreadable'],
    ['no header', new TextEncoder().encode('あ,い,う\n1,2,3\n'), 'file_unreadable'],
    ['empty', new Uint8Array(0), 'file_unreadable'],
  ];
  for (const [name, bytes, codes] of files) {
    const refused = await upload(org, lead, bytes);
    assert.match(`${refused.body.code}`, new RegExp(`^(${codes})$`), `${name}: ${refused.status} ${refused.text}`);
    assert.match(refused.body.detail, /[ぁ-ん]/, name);
  }
  const tooBig = await upload(org, lead, new Uint8Array(11 * 1024 * 1024));
  assert.match(tooBig.body.detail, /10 MB/);
  assert.deepEqual([tooBig.status, (await upload(org, lead, good, 'image/png')).status], [413, 415]);
});

test('a cell that a spreadsheet would run is exported as text', async () => {
  const { org, lead } = await member();
  await house.send('POST', `/orgs/${org}/people`, lead, { name: '=1+1', emails: [] });
  const csv = await (await fetch(`${house.base}/api/v1/orgs/${org}/people.xlsx?format=csv`, { headers: { Cookie: lead.cookie } })).text();
  assert.doesNotMatch(csv, /(^|,)"?=1\+1/m);
});

test('the manager of the federation may keep a member’s list, and the desk reads it with an entry in the member’s ledger', async () => {
  const { org, lead } = await member();
  assert.equal((await house.send('POST', `/orgs/${org}/people`, manager, { name: '連合が足した人', emails: [] })).status, 201);
  const desk = await house.person(federation, 'federation', 'desk');
  assert.equal((await house.send('GET', `/orgs/${org}/people`, desk)).status, 200);
  const seen = (await house.send('GET', `/orgs/${org}/audit?outsiders=true`, lead)).body.items;
  assert.deepEqual(seen.map((e: { action: string; via: string }) => [e.action, e.via]), [['kernel.read', 'always'], ['people.created', 'federation']]);
});
