import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadMailKnowledge } from '@banya/library';
import { analyse, open } from '@banya/mail';
import { authserv, cameAt, forwardBytes, mailBytes } from './mails/bytes.ts';
import { MAILS, PARTNERS, REPORTS, type DemoReport } from './mails/index.ts';
import { dayKind } from './world/calendar.ts';
import { makeWorld, type World } from './world/index.ts';

const ANCHORS = ['2026-11-24T02:00:00Z', '2027-01-03T15:30:00Z'].map((t) => Date.parse(t));

function parts(world: World, report: DemoReport) {
  const member = world.members.find((m) => m.key === report.member)!;
  return { mail: MAILS.get(report.mail)!, member, you: member.people[report.person]!, came: cameAt(world.anchor, report.came) };
}
function bytesOf(world: World, report: DemoReport): string {
  const { mail, member, you, came } = parts(world, report);
  return report.how === 'upload' ? mailBytes(mail, member, you, came) : forwardBytes(mail, report, member, you, 'report@banya.test', came);
}

test('the same seed and instant make the same mails, byte for byte, and every report is by somebody there', () => {
  for (const anchor of ANCHORS) {
    const [world, again] = [makeWorld('banya', anchor), makeWorld('banya', anchor)];
    for (const report of REPORTS) {
      assert.ok(parts(world, report).you, `${report.mail} at ${report.member}: there is such a person`);
      assert.equal(bytesOf(world, report), bytesOf(again, report));
    }
  }
});

test('about 40 mails of several members, harmless ones among them, each written once and asked about at least once', () => {
  assert.ok(REPORTS.length >= 38 && REPORTS.length <= 44);
  assert.ok(new Set(REPORTS.map((r) => r.member)).size >= 10);
  assert.deepEqual(new Set(REPORTS.map((r) => r.mail)), new Set(MAILS.keys()));
  assert.deepEqual([new Set(REPORTS.filter((r) => r.mail === 'quota').map((r) => r.member)).size, REPORTS.filter((r) => r.how === 'upload').length], [4, 2], 'one mail at four members, and two that were dragged into the page');
});

test('mails of the month came on working days, and all before the first opening', () => {
  for (const anchor of ANCHORS) for (const { came } of REPORTS) {
    const at = cameAt(anchor, came);
    assert.ok(at < anchor && at > anchor - 45 * 86_400_000);
    if ('daysAgo' in came) assert.equal(dayKind(at), 'work');
  }
});

test('no address and no domain of the real world stands in any mail, and no line is longer than mail allows', () => {
  const host = /(?:@|https?:\/\/)([a-z0-9.-]+)/gi;
  const address = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;
  const world = makeWorld('banya', ANCHORS[0]!);
  for (const report of REPORTS) {
    const { mail } = parts(world, report);
    for (const text of [mail.text, mail.html ?? '', mail.from.address, mail.replyTo ?? '', mail.subject, Buffer.from(mail.file?.bytes ?? []).toString('latin1').replace(/[^\x20-\x7e]+/g, ' ').slice(0, mail.file?.type === 'text/html' ? undefined : 0)]) {
      for (const [, name] of text.matchAll(host)) assert.match(name!, /\.(?:example|test)$|^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/, mail.key);
      for (const [ip] of text.matchAll(address)) assert.match(ip, /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./, mail.key);
    }
    assert.match(mail.ip, /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./);
    // RFC 5322, section 2.1.1: 998 characters; and ASCII, so that every server takes it.
    for (const line of bytesOf(world, report).split('\r\n')) assert.match(line, /^[\x20-\x7e]{0,998}$/, mail.key);
  }
  for (const partner of Object.values(PARTNERS).flat()) assert.match(partner.domain, /\.example$/);
});

test('the check finds what means harm, by at least two reasons, and calls no honest mail dangerous', async () => {
  const world = makeWorld('banya', ANCHORS[0]!);
  const nobody = { address: 0, domain: 0, sentTo: 0, names: [], mailers: [], replyDomains: [] };
  for (const report of REPORTS) {
    const { member, mail, you } = parts(world, report);
    const [head] = member.people;
    const { suspects, note } = await open(Buffer.from(bytesOf(world, report)));
    assert.deepEqual([suspects.length, suspects[0]!.passage, note], [1, report.how === 'upload' ? 'original' : report.how, report.note], `${mail.key} is found in its forward`);
    const { verdict, reasons, authentication } = await analyse(suspects[0]!.mail, suspects[0]!.passage, {
      ...loadMailKnowledge(), ownDomains: [member.domain], ownName: member.name, officers: [{ name: head!.name, also: [], title: '代表', addresses: [head!.email] }], partners: PARTNERS[member.key]!, authservIds: [authserv(member)], history: nobody, now: new Date(world.anchor).toISOString(),
    });
    const said = `${mail.key} for ${you.email}: ${verdict} ${reasons.map((r) => r.code).join(' ')}`;
    assert.ok(mail.truth === 'bad' ? verdict === 'dangerous' || verdict === 'suspicious' : verdict !== 'dangerous', said);
    assert.ok(reasons.length >= 2, said);
    if (report.how !== 'inline') assert.equal(authentication.by, 'own', `${mail.key}: the member's own server has looked at it`);
  }
});
