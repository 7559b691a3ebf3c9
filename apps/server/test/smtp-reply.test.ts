import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodedBody, header, openMailServer } from '../src/modules/notify/smtp.test-helper.ts';
import { testHouse } from './house.ts';
import { letter, sendMail } from './mails.ts';
import { until } from './senders.ts';

test('the desk answers, the answer mail keeps one Message-ID over all tries, and a reply to it is the next message of the conversation', async (t) => {
  const office = await openMailServer();
  const house = await testHouse(t, { args: ['--mail-domain', 'banya.test', '--public-url', 'https://banya.test'] });
  t.after(() => office.close());
  const { orgId: federation } = await house.federation();
  const member = await house.org('member', federation, '試験商事');
  const staff = await house.person(member, 'member', 'staff');
  const desk = await house.person(federation, 'federation', 'desk');
  await house.house.modules.notify.saveServer({ host: '127.0.0.1', port: office.port, secure: false, from: 'desk@banya.test' });
  const ticket = (await house.send('POST', `/orgs/${member}/tickets`, staff, { subject: '変な画面', message: '見てください' })).body.id as string;

  office.answerText = 451;
  assert.equal((await house.send('POST', `/orgs/${federation}/queue/${ticket}/messages`, desk, { text: 'どんな画面ですか' })).status, 201);
  await until('the first try', async () => office.received.length > 0);
  office.answerText = null;
  const { rows } = await house.house.gate.query<{ id: string }>("select id from notify_mails where threading is not null");
  assert.equal(rows.length, 1);
  // Instead of waiting a minute for the second try.
  await until('the second try', async () => {
    if (office.received.length > 1) return true;
    await house.house.gate.query("update notify_mails set next_try_at = now() - interval '1 second' where state = 'waiting' and held_until is null");
    await house.house.kernel.tenancy.inOrg({ orgId: member, actor: { kind: 'system', name: 'test' } }, async (tx) => tx.job('notify.send', { orgId: member, mailId: rows[0]!.id }));
    return false;
  });
  const [first, second] = office.received;
  const messageId = header(first!.raw, 'Message-ID')!;
  assert.match(messageId, /^<t\.[0-9a-f]{32}\.[0-9a-f]{32}-[0-9a-f]{8}\.[0-9a-f]{20}@banya\.test>$/);
  assert.equal(header(second!.raw, 'Message-ID'), messageId);
  const replyTo = header(second!.raw, 'Reply-To')!;
  assert.match(replyTo, /^ticket\+[0-9a-f]{32}\.[0-9a-f]{20}@banya\.test$/);
  assert.match(decodedBody(second!.raw), /この線より上に返事を書いてください/);
  assert.equal(header(second!.raw, 'Auto-Submitted'), 'auto-generated');

  const port = house.house.ports.smtp!;
  const quoted = decodedBody(second!.raw).split('\n').map((line) => `> ${line}`).join('\n');
  const reply = letter({ from: `試験 <${staff.email}>`, to: replyTo, subject: 'Re: 返事', text: `青い画面です。\n\n2026年11月24日(火) 10:00 番屋 <desk@banya.test>:\n${quoted}`, id: '<reply-1@member.example>', headers: [`In-Reply-To: ${messageId}`, `References: ${messageId}`] });
  assert.equal((await sendMail(port, { from: staff.email, to: replyTo, raw: reply })).code, 250);
  await house.house.mail!.settled();
  const { body } = await house.send('GET', `/orgs/${member}/tickets/${ticket}`, staff);
  assert.deepEqual(body.messages.map((m: { text: string }) => m.text), ['見てください', 'どんな画面ですか', '青い画面です。']);

  // The next answer refers to what the person wrote.
  assert.equal((await house.send('POST', `/orgs/${federation}/queue/${ticket}/messages`, desk, { text: '電源を切ってください' })).status, 201);
  await until('the next answer', async () => office.received.length > 2);
  assert.match(header(office.received[2]!.raw, 'References')!, /<reply-1@member\.example>/);
  assert.notEqual(header(office.received[2]!.raw, 'Message-ID'), messageId);

  // Our own mail, sent back to us, is refused: nothing answers itself.
  assert.equal((await sendMail(port, { from: staff.email, to: replyTo, raw: second!.raw })).code, 554);
});
