import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { generateKeyPairSync } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { loadBrands } from '@banya/library';
import { dkimSign } from 'mailauth';
import { askable, DNS_LIMITS, MailDns } from './dns.ts';
import { nameServer, type NameServer, type Zone } from './dns.test-helper.ts';
import work from './engine.ts';
import { Judge } from './judge.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const SENDER = '11.0.0.10';
const ZONE: Zone = {
  'oroshi.co.jp': { TXT: ['v=spf1 include:spf.oroshi.co.jp mx -all'], MX: ['10 mail.oroshi.co.jp'] },
  'spf.oroshi.co.jp': { TXT: ['v=spf1 ip4:11.0.0.77 ?all'] },
  'mail.oroshi.co.jp': { A: [SENDER], AAAA: ['2600::10'] },
  's1._domainkey.oroshi.co.jp': { TXT: [`v=DKIM1; k=rsa; n=${'x'.repeat(300)}; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`] },
  '_dmarc.oroshi.co.jp': { TXT: ['v=DMARC1; p=reject'] },
  '10.0.0.11.in-addr.arpa': { PTR: ['mail.oroshi.co.jp'] },
  '66.0.0.11.in-addr.arpa': { PTR: ['mail.oroshi.co.jp'] },
  'jp': {}, 'co.jp': {},
};
const knowledge = { ownDomains: ['sakanaya.co.jp'], officers: [], partners: [{ domain: 'oroshi.co.jp' }], authservIds: ['mx.sakanaya.co.jp'], now: '2026-11-24T01:00:00Z' };
const FORM = { sent: 'file' } as const;

const MESSAGE = 'From: uri@oroshi.co.jp\r\nTo: kaikei@sakanaya.co.jp\r\nSubject: order\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\nMessage-ID: <1@oroshi.co.jp>\r\n\r\nご注文の件です。明日お届けします。\r\n';
const delivered = (message: string, ip = SENDER, sender = 'uri@oroshi.co.jp'): Buffer =>
  Buffer.from(`Return-Path: <${sender}>\r\nReceived: from mail.oroshi.co.jp ([${ip}])\r\n\tby mx.sakanaya.co.jp (Postfix) with ESMTPS id ABC\r\n\tfor <kaikei@sakanaya.co.jp>; Tue, 24 Nov 2026 09:00:02 +0900 (JST)\r\n${message}`);
const { signatures } = await dkimSign(MESSAGE, { canonicalization: 'relaxed/relaxed', signatureData: [{ signingDomain: 'oroshi.co.jp', selector: 's1', privateKey: pem }] } as unknown as Parameters<typeof dkimSign>[1]);
const GENUINE = delivered(signatures + MESSAGE);
const FORGED = delivered(MESSAGE, '11.0.0.66');

async function rig(t: TestContext, zone: Zone = ZONE): Promise<{ server: NameServer; judge: Judge; off: Judge }> {
  const server = await nameServer(zone);
  const [judge, off] = [new Judge({ size: 1, dns: new MailDns([server.address]) }), new Judge({ size: 1 })];
  t.after(() => {
    judge.close();
    off.close();
    server.close();
  });
  return { server, judge, off };
}
const said = async (judge: Judge, bytes: Uint8Array) => (await judge.judge(bytes, knowledge, FORM)).analysis;

test('with a name server a mail is proven or found to be forged, and only what that needs is asked', async (t) => {
  const { server, judge, off } = await rig(t);
  const { evidence: _, ...genuine } = (await said(judge, GENUINE)).authentication;
  assert.deepEqual(genuine, { by: 'checked', spf: 'pass', dkim: 'pass', dmarc: 'pass', arc: 'none', provenDomain: 'oroshi.co.jp', fcrdns: true });
  const asked = new Set(server.asked);
  // The key is longer than a datagram: cut, and asked again by TCP.
  assert.ok(asked.delete('tcp TXT s1._domainkey.oroshi.co.jp'));
  assert.deepEqual([...asked].sort(), [
    'A mail.oroshi.co.jp', 'AAAA mail.oroshi.co.jp', 'MX oroshi.co.jp', 'PTR 10.0.0.11.in-addr.arpa', 'TXT _dmarc.co.jp', 'TXT _dmarc.jp', 'TXT _dmarc.oroshi.co.jp', 'TXT oroshi.co.jp', 'TXT s1._domainkey.oroshi.co.jp', 'TXT spf.oroshi.co.jp',
  ]);
  assert.equal(server.asked.length, asked.size + 1, 'each once');
  const forged = await said(judge, FORGED);
  assert.deepEqual([forged.authentication.spf, forged.authentication.dmarc, forged.authentication.fcrdns, forged.authentication.provenDomain], ['fail', 'fail', false, undefined]);
  assert.ok(forged.reasons.some(({ code }) => code === 'known_domain_forged'));
  assert.equal((await said(off, FORGED)).reasons.some(({ code }) => code === 'known_domain_forged'), false, 'nobody else knows');
});

test('whatever a name server does wrong, a mail is judged in time as if nobody had been asked', async (t) => {
  const { server, judge, off } = await rig(t);
  const told = ({ authentication, verdict, score, reasons }: Awaited<ReturnType<typeof said>>) => ({ authentication, verdict, score, reasons });
  const without = { forged: told(await said(off, FORGED)), genuine: told(await said(off, GENUINE)) };
  await judge.peek(FORGED, FORM);
  for (const mood of ['silent', 'garbage', 'fails', 'other question'] as const) {
    server.mood = mood;
    for (const [name, bytes] of [['forged', FORGED], ['genuine', GENUINE]] as const) {
      const [started, before] = [performance.now(), server.asked.length];
      assert.deepEqual(told(await said(judge, bytes)), without[name], `${mood}, ${name}`);
      assert.ok(performance.now() - started < DNS_LIMITS.millis + 2_500, `${mood}: ${Math.round(performance.now() - started)} ms`);
      assert.ok(server.asked.length > before && server.asked.length <= before + 2 * DNS_LIMITS.questions);
    }
  }
  server.mood = 'answers';
  assert.equal((await said(judge, GENUINE)).authentication.provenDomain, 'oroshi.co.jp', 'a failure is not kept');
});

test('one answer that does not come speaks against nobody: neither the list of senders, nor a host in it, nor the policy', async (t) => {
  for (const name of ['spf.oroshi.co.jp', 'oroshi.co.jp', 'mail.oroshi.co.jp', '_dmarc.oroshi.co.jp']) {
    const { server, judge } = await rig(t);
    server.moods.set(name, 'fails');
    const { authentication, reasons } = await said(judge, FORGED);
    assert.deepEqual([authentication.spf, authentication.dmarc], ['unknown', 'unknown'], name);
    assert.equal(reasons.some(({ code }) => code === 'known_domain_forged'), false, name);
    if (name !== '_dmarc.oroshi.co.jp') assert.equal((await said(judge, GENUINE)).authentication.provenDomain, 'oroshi.co.jp', 'its signature holds');
  }
});

test('a signature that broke on its way convicts nobody, and a pass clears no mail with a heavy fact', async (t) => {
  const { judge, off } = await rig(t);
  const changed = Buffer.from(GENUINE.toString('latin1').replace('11.0.0.10', '11.0.0.66').replace('Subject: order', 'Subject: [ml] order'), 'latin1');
  assert.equal((await said(judge, changed)).authentication.dmarc, 'unknown');
  assert.deepEqual((await said(judge, changed)).reasons.filter(({ points }) => points > 0), (await said(off, changed)).reasons.filter(({ points }) => points > 0));
  // Of a brand of the library, whose own domain is enough where nothing is known.
  const shop = loadBrands().find(({ trade }) => trade === 'shop')!.domains[0]!;
  const brand = await rig(t, { ...ZONE, [shop]: { TXT: ['v=spf1 ip4:11.0.0.10 -all'] }, [`_dmarc.${shop}`]: { TXT: ['v=DMARC1; p=none'] }, [`s1._domainkey.${shop}`]: ZONE['s1._domainkey.oroshi.co.jp']! });
  const letter = `From: "=?utf-8?B?${Buffer.from('カスタマーサービス係').toString('base64')}?=" <order@${shop}>\r\n${MESSAGE.slice(MESSAGE.indexOf('To:')).replace('明日お届けします。', `こちらからログインしてご確認ください。 https://www.${shop}/signin`)}`;
  const sealed = await dkimSign(letter, { canonicalization: 'relaxed/relaxed', signatureData: [{ signingDomain: shop, selector: 's1', privateKey: pem }] } as unknown as Parameters<typeof dkimSign>[1]);
  const passedOn = delivered(sealed.signatures + letter.replace('Subject: order', 'Subject: [ml] order'), '11.0.0.66', 'list@oroshi.co.jp');
  const [on, none] = [await said(brand.judge, passedOn), await said(brand.off, passedOn)];
  assert.deepEqual([on.authentication.by, on.authentication.dmarc], ['checked', 'unknown']);
  assert.deepEqual([on.verdict, on.score, on.reasons], [none.verdict, none.score, none.reasons]);

  const asks = MESSAGE.replace('ご注文の件です。明日お届けします。', '振込先の銀行口座が変わりました。本日中に新しい口座へ至急お振込みください。この件は内密にお願いします。');
  const proven = await dkimSign(asks, { canonicalization: 'relaxed/relaxed', signatureData: [{ signingDomain: 'oroshi.co.jp', selector: 's1', privateKey: pem }] } as unknown as Parameters<typeof dkimSign>[1]);
  const taken = await said(judge, delivered(proven.signatures + asks));
  assert.equal(taken.authentication.provenDomain, 'oroshi.co.jp');
  assert.notEqual(taken.verdict, 'clear');
});

test('a mail makes it ask for plain names of the public net alone', async (t) => {
  const hostile = ['intranet.local', 'db.internal', 'wpad', 'router.home.arpa', 'printer.lan', 'x.test', 'x.localhost', 'co.jp', '1.0.0.10.in-addr.arpa', '*.evil.co.jp', 'a b.evil.co.jp', 'x..evil.co.jp', '-x.evil.co.jp', `${'a'.repeat(64)}.evil.co.jp`, `${'a.'.repeat(130)}evil.co.jp`, 'evil.co.jp.', 'x@evil.co.jp', '日本.evil.co.jp', '10.0.0.1', ''];
  for (const name of hostile) for (const type of ['TXT', 'MX', 'A', 'AAAA']) assert.equal(askable({ name, type }), null, `${type} ${name}`);
  for (const type of ['ANY', 'AXFR', 'CNAME', 'SRV', 'NS', 'txt', '', undefined, {}]) assert.equal(askable({ name: 'evil.co.jp', type }), null, String(type));
  const reverse = ['1.0.0.10.in-addr.arpa', '1.1.168.192.in-addr.arpa', '1.0.0.127.in-addr.arpa', '1.2.64.100.in-addr.arpa', '0.11.in-addr.arpa', '01.0.0.11.in-addr.arpa', '1.1.0.0.11.in-addr.arpa', 'x.in-addr.arpa', 'evil.co.jp', `${'0.'.repeat(31)}1.ip6.arpa`, `${'0.'.repeat(30)}d.f.ip6.arpa`, `${'0.'.repeat(28)}8.b.d.0.1.0.0.2.ip6.arpa`];
  for (const name of reverse) assert.equal(askable({ name, type: 'PTR' }), null, name);
  for (const given of [null, undefined, 'evil.co.jp', 7, [], { name: 7, type: 'A' }, { type: 'A' }]) assert.equal(askable(given), null);
  assert.deepEqual(askable({ name: 'S1._DomainKey.evil.CO.JP', type: 'TXT' }), { name: 's1._domainkey.evil.co.jp', type: 'TXT' });
  assert.ok(askable({ name: `0.1.${'0.'.repeat(26)}0.0.6.2.ip6.arpa`, type: 'PTR' }), 'of an address on the open internet');

  // The same by way of a real mail: what the sender's own records and headers name.
  const { server, judge } = await rig(t, { ...ZONE, 'evil.co.jp': { TXT: ['v=spf1 include:intranet.local exists:%{l}.corp.internal a:db.lan ptr:router.home.arpa mx:co.jp -all'] } });
  const signature = 'DKIM-Signature: v=1; a=rsa-sha256; d=internal; s=x; c=relaxed/relaxed; h=from; bh=AAAA; b=AAAA\r\n';
  await said(judge, delivered(`${signature}${MESSAGE.replaceAll('oroshi', 'evil')}`, '10.0.0.5', 'a@evil.co.jp'));
  assert.ok(server.asked.includes('TXT evil.co.jp'));
  assert.deepEqual(server.asked.filter((q) => !/(?:^| |\.)(?:evil\.co\.jp|_dmarc\.co\.jp|_dmarc\.jp)$/.test(q)), []);
});

test('one mail asks so many questions and no more, and all of them are bounded together', async (t) => {
  const names = Array.from({ length: 60 }, (_, n) => `n${n}.oroshi.co.jp`);
  const server = await nameServer(Object.fromEntries(names.map((name) => [name, { TXT: [name] }])));
  t.after(() => server.close());
  let now = 0;
  const dns = new MailDns([server.address], () => now);
  const all = async (from: readonly string[]) => {
    const report = dns.report();
    const answers = await Promise.all(from.map((name) => report.ask({ name, type: 'TXT' })));
    report.end();
    return answers;
  };
  const answers = await all(names);
  assert.equal(server.asked.length, DNS_LIMITS.questions);
  assert.deepEqual([answers[0], answers[DNS_LIMITS.questions]], [['n0.oroshi.co.jp'], null], 'the rest is not known');

  // Mail after mail: what is kept is not asked again, and the house asks no more than its rate.
  await all(names);
  assert.equal(server.asked.length, DNS_LIMITS.questions, 'kept');
  now = DNS_LIMITS.keptMillis + 1;
  await all(names);
  assert.equal(server.asked.length, 2 * DNS_LIMITS.questions, 'and not for long');
  let count = server.asked.length;
  for (let n = 0; n < 8; n += 1) await all(Array.from({ length: DNS_LIMITS.questions }, (_, m) => `m${n}-${m}.oroshi.co.jp`));
  assert.equal(server.asked.length - count, DNS_LIMITS.burst - DNS_LIMITS.questions);
  now += 1_000;
  count = server.asked.length;
  await all(Array.from({ length: DNS_LIMITS.questions }, (_, m) => `o${m}.oroshi.co.jp`));
  assert.equal(server.asked.length - count, DNS_LIMITS.perSecond);
});

test('an answer that is too long is none, and what does not exist is kept for a minute', async (t) => {
  const server = await nameServer({ 'long.co.jp': { TXT: ['x'.repeat(DNS_LIMITS.answerChars + 1)] }, 'many.co.jp': { A: Array.from({ length: DNS_LIMITS.records + 1 }, (_, n) => `11.0.0.${n}`) }, 'fits.co.jp': { TXT: ['x'.repeat(DNS_LIMITS.answerChars)] } });
  t.after(() => server.close());
  let now = 0;
  const dns = new MailDns([server.address], () => now);
  const report = dns.report();
  assert.equal(await report.ask({ name: 'long.co.jp', type: 'TXT' }), null);
  assert.equal(await report.ask({ name: 'many.co.jp', type: 'A' }), null);
  assert.equal((await report.ask({ name: 'fits.co.jp', type: 'TXT' }))?.[0]?.length, DNS_LIMITS.answerChars);
  for (const [at, times] of [[0, 1], [DNS_LIMITS.keptNoneMillis - 1, 1], [DNS_LIMITS.keptNoneMillis + 1, 2]] as const) {
    now = at;
    assert.deepEqual(await report.ask({ name: 'nobody.co.jp', type: 'TXT' }), []);
    assert.equal(server.asked.filter((q) => q === 'TXT nobody.co.jp').length, times);
  }
  report.end();
  const count = server.asked.length;
  assert.equal(await report.ask({ name: 'fits.co.jp', type: 'MX' }), null, 'after the end nothing is asked');
  assert.equal(server.asked.length, count);
});

test('the judging process asks the network for nothing, with a name server or without', async () => {
  const asked: string[] = [];
  // What leaves a process begins as one of these: a name, a connection, a datagram, a server.
  const hook = createHook({ init: (_, type) => void (/^(?:QUERYWRAP|DNSCHANNEL|GETADDRINFOREQWRAP|GETNAMEINFOREQWRAP|TCPWRAP|TCPCONNECTWRAP|UDPWRAP|UDPSENDWRAP|TLSWRAP|PIPECONNECTWRAP)$/.test(type) && asked.push(type)) }).enable();
  const questions: unknown[] = [];
  try {
    for (const bytes of [GENUINE, FORGED]) {
      await work(bytes, { step: 'names', form: FORM, knowledge }, async (question) => (questions.push(question), null));
      await work(bytes, { step: 'judge', form: FORM, knowledge });
      await work(bytes, { step: 'judge', form: FORM, knowledge: { ...knowledge, dns: {}, dnsInPart: true } });
    }
    assert.equal(asked.join(), '');
    assert.ok(questions.length > 0, 'the house is asked instead');
    const report = new MailDns(['127.0.0.1:9']).report();
    await report.ask({ name: 'oroshi.co.jp', type: 'TXT' });
    report.end();
    assert.ok(asked.includes('QUERYWRAP'), 'which the hook would have seen');
  } finally {
    hook.disable();
  }
});
