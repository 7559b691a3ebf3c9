import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import dns from 'node:dns';
import { test } from 'node:test';
import fc from 'fast-check';
import { authenticate as verifyWithMailauth, dkimSign, sealMessage } from 'mailauth';
import { dnsAnswers } from '../../src/dns-answers.ts';
import { authenticate } from '../../src/identity/authenticate.ts';
import { answering, resolverOf } from '../../src/identity/dns.ts';
import { lookalikes, prepareTargets } from '../../src/identity/lookalike.ts';
import { parseResults } from '../../src/identity/results.ts';
import { parseMail } from '../../src/parse/parse.ts';
import type { AskDns, Authentication, DnsAnswers, Knowledge } from '../../src/types.ts';
import { knowledgeOf } from './mail.test-helper.ts';

// The network must not be asked: every question that leaves the zone below ends the test.
for (const name of ['resolve', 'resolve4', 'resolve6', 'resolveTxt', 'resolveMx', 'resolvePtr', 'lookup'] as const)
  (dns.promises as unknown as Record<string, unknown>)[name] = () => { throw new Error(`asked the network: ${name}`); };

const key = () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, txt: `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}` };
};
const keys = { oroshi: key(), list: key(), lookalike: key() };

const ZONE: DnsAnswers = {
  'oroshi.co.jp': { TXT: ['v=spf1 ip4:192.0.2.10 -all'], A: ['192.0.2.80'] },
  'mail.oroshi.co.jp': { A: ['192.0.2.10'], TXT: ['v=spf1 ip4:192.0.2.10 -all'] },
  's1._domainkey.oroshi.co.jp': { TXT: [keys.oroshi.txt] },
  's1._domainkey.news.oroshi.co.jp': { TXT: [keys.oroshi.txt] },
  '_dmarc.oroshi.co.jp': { TXT: ['v=DMARC1; p=reject'] },
  's1._domainkey.kibishii.jp': { TXT: [keys.oroshi.txt] },
  's1._domainkey.mail.kibishii.jp': { TXT: [keys.oroshi.txt] },
  '_dmarc.kibishii.jp': { TXT: ['v=DMARC1; p=reject; adkim=s; aspf=s'] },
  's1._domainkey.nopolicy.jp': { TXT: [keys.oroshi.txt] },
  's1._domainkey.oroshl.co.jp': { TXT: [keys.lookalike.txt] },
  '_dmarc.oroshl.co.jp': { TXT: ['v=DMARC1; p=reject'] },
  'list.example': { TXT: ['v=spf1 ip4:198.51.100.7 -all'] },
  's1._domainkey.list.example': { TXT: [keys.list.txt] },
  '10.2.0.192.in-addr.arpa': { PTR: ['mail.oroshi.co.jp.'] },
  '66.113.0.203.in-addr.arpa': { PTR: ['mail.oroshi.co.jp.'] },
};
const knowledge = (given: Partial<Knowledge> = {}) => knowledgeOf({ ownDomains: ['sakanaya.co.jp'], authservIds: ['mx.sakanaya.co.jp'], partners: [{ domain: 'oroshi.co.jp' }], dns: ZONE, ...given });
const noDns = (): Knowledge => {
  const { dns: _, ...rest } = knowledge();
  return rest;
};

interface Draft { from?: string; sender?: string; ip?: string; rdns?: string; top?: string; below?: string; body?: string; extra?: string }
const draft = ({ from = '卸 <uri@oroshi.co.jp>', body = 'ご注文の件です。\r\n', extra = '' }: Draft = {}): string =>
  `From: ${from}\r\nTo: kaikei@sakanaya.co.jp\r\nSubject: order\r\nDate: Wed, 1 Apr 2026 09:00:00 +0900\r\nMessage-ID: <1@oroshi.co.jp>\r\n${extra}\r\n${body}`;
/** What our server puts on top when the mail comes in. */
const delivered = (message: string, { sender = 'uri@oroshi.co.jp', ip = '192.0.2.10', rdns = 'mail.oroshi.co.jp', top = '', below = '' }: Draft = {}): Buffer =>
  Buffer.from(`Return-Path: <${sender}>\r\n${top}Received: from mail.oroshi.co.jp (${rdns} [${ip}])\r\n\tby mx.sakanaya.co.jp (Postfix) with ESMTPS id ABC\r\n\tfor <kaikei@sakanaya.co.jp>; Wed, 1 Apr 2026 09:00:02 +0900 (JST)\r\n${below}${message}`);
const sign = async (message: string, domain: string, pem = keys.oroshi.pem, more: Record<string, unknown> = {}): Promise<string> => {
  const { signatures, errors } = await dkimSign(message, { canonicalization: 'relaxed/relaxed', signatureData: [{ signingDomain: domain, selector: 's1', privateKey: pem, ...more }] } as unknown as Parameters<typeof dkimSign>[1]);
  assert.deepEqual(errors, []);
  return signatures + message;
};
const check = async (bytes: Buffer, known: Knowledge = knowledge()): Promise<Authentication> => {
  const mail = await parseMail(bytes);
  const result = await authenticate(mail, known);
  for (const { where, name, quote } of result.evidence) assert.ok(where === 'header' && mail.headers.some((field) => field.name === name && field.value.includes(quote)), `${name}: ${quote}`);
  return result;
};

test('a signed mail from its own server is proven: SPF, DKIM and DMARC pass, and the host leads back', async () => {
  const { evidence, ...result } = await check(delivered(await sign(draft(), 'oroshi.co.jp')));
  assert.deepEqual(result, { by: 'checked', spf: 'pass', dkim: 'pass', dmarc: 'pass', arc: 'none', provenDomain: 'oroshi.co.jp', fcrdns: true });
  assert.ok(evidence.some(({ quote }) => quote === 'd=oroshi.co.jp') && evidence.some(({ quote }) => quote === '192.0.2.10'));
});

test('a forged sender is not proven and fails, and a host name that does not lead back is told', async () => {
  const { evidence: _, ...result } = await check(delivered(draft(), { ip: '203.0.113.66' }));
  assert.deepEqual(result, { by: 'checked', spf: 'fail', dkim: 'none', dmarc: 'fail', arc: 'none', fcrdns: false });
});

test("a pass of a look-alike's own domain proves the look-alike, and the look-alike is seen through", async () => {
  const result = await check(delivered(await sign(draft({ from: '卸 <uri@oroshl.co.jp>' }), 'oroshl.co.jp', keys.lookalike.pem), { sender: 'uri@oroshl.co.jp', ip: '203.0.113.66' }));
  assert.equal(result.dmarc, 'pass');
  assert.equal(result.provenDomain, 'oroshl.co.jp');
  assert.deepEqual(lookalikes('oroshl.co.jp', prepareTargets(knowledge())).map(({ target, how }) => [target, how]), [['oroshi.co.jp', 'homoglyph']]);
});

test('a pass for another domain proves nothing of the author', async () => {
  const result = await check(delivered(await sign(draft(), 'list.example', keys.list.pem), { sender: 'bounce@list.example', ip: '198.51.100.7' }));
  assert.equal(result.spf, 'pass');
  assert.equal(result.dkim, 'pass');
  assert.equal(result.dmarc, 'fail');
  assert.equal(result.provenDomain, undefined);
});

test('a mailing list that changes the mail breaks its signature, and that is nobody’s guilt', async () => {
  const signed = (await sign(draft(), 'oroshi.co.jp')).replace('Subject: order', 'Subject: [list] order').replace('ご注文の件です。', 'ご注文の件です。\r\n-- list footer');
  const result = await check(delivered(signed, { sender: 'bounce@list.example', ip: '198.51.100.7' }));
  assert.deepEqual([result.spf, result.dkim, result.dmarc, result.provenDomain], ['pass', 'unknown', 'unknown', undefined]);
});

test('a good mail forwarded with an unbroken ARC chain is not held against anybody', async () => {
  const original = await sign(draft(), 'oroshi.co.jp');
  const changed = original.replace('Subject: order', 'Subject: [fw] order');
  const seal = await sealMessage(changed, { signingDomain: 'list.example', selector: 's1', privateKey: keys.list.pem, cv: 'none', authResults: 'list.example; dkim=pass header.d=oroshi.co.jp; dmarc=pass header.from=oroshi.co.jp' });
  const result = await check(delivered(seal.toString() + changed, { sender: 'bounce@list.example', ip: '198.51.100.7' }));
  assert.deepEqual([result.arc, result.dmarc, result.provenDomain], ['pass', 'unknown', undefined]);
  const broken = await check(delivered((seal.toString() + changed).replace('dkim=pass', 'dkim=none'), { sender: 'bounce@list.example', ip: '198.51.100.7' }));
  assert.notEqual(broken.arc, 'pass');
});

test('relaxed alignment takes a subdomain, strict alignment does not; a public suffix aligns with nobody', async () => {
  assert.equal((await check(delivered(await sign(draft(), 'news.oroshi.co.jp'), { ip: '203.0.113.66' }))).provenDomain, 'oroshi.co.jp');
  const strict = await check(delivered(await sign(draft({ from: 'x@kibishii.jp' }), 'mail.kibishii.jp'), { sender: '', ip: '203.0.113.66' }));
  assert.deepEqual([strict.dkim, strict.provenDomain], ['pass', undefined]);
  assert.equal((await check(delivered(await sign(draft({ from: 'x@kibishii.jp' }), 'kibishii.jp'), { sender: '', ip: '203.0.113.66' }))).provenDomain, 'kibishii.jp');
  const suffix = knowledge({ dns: { ...ZONE, 's1._domainkey.co.jp': { TXT: [keys.lookalike.txt] }, '_dmarc.co.jp': { TXT: ['v=DMARC1; p=none; psd=n'] } } });
  assert.equal((await check(delivered(await sign(draft({ from: 'x@someone.co.jp' }), 'co.jp', keys.lookalike.pem), { sender: '', ip: '203.0.113.66' }), suffix)).provenDomain, undefined);
});

test('without a policy an aligned signature proves the domain all the same', async () => {
  const result = await check(delivered(await sign(draft({ from: 'x@nopolicy.jp' }), 'nopolicy.jp'), { sender: '', ip: '203.0.113.66' }));
  assert.deepEqual([result.dmarc, result.provenDomain], ['none', 'nopolicy.jp']);
});

test('a signature over a part of the body proves nothing of what was put behind it', async () => {
  const signed = await sign(draft(), 'oroshi.co.jp', keys.oroshi.pem, { maxBodyLength: 10 });
  const result = await check(delivered(`${signed}振込先が変わりました。\r\n`, { ip: '203.0.113.66' }));
  assert.deepEqual([result.dkim, result.provenDomain], ['pass', undefined]);
});

test('a signature that had run out when the mail came in does not count; one that ran out since does', async () => {
  const at = (seconds: string) => ({ signTime: new Date('2026-03-31T00:00:00Z'), expires: new Date(seconds) });
  const ran = async (end: string) => {
    const { signatures } = await dkimSign(draft(), { canonicalization: 'relaxed/relaxed', signatureData: [{ signingDomain: 'oroshi.co.jp', selector: 's1', privateKey: keys.oroshi.pem }], ...at(end) } as unknown as Parameters<typeof dkimSign>[1]);
    assert.match(signatures, /x=\d+/);
    return check(delivered(signatures + draft(), { ip: '203.0.113.66' }), knowledge({ now: '2026-12-01T00:00:00Z' }));
  };
  assert.equal((await ran('2026-04-02T00:00:00Z')).provenDomain, 'oroshi.co.jp');
  assert.equal((await ran('2026-03-31T12:00:00Z')).provenDomain, undefined);
});

test('two authors, two From fields or none: nobody is proven', async () => {
  for (const from of ['uri@oroshi.co.jp, boss@evil.test', '', '<>', 'oroshi.co.jp']) assert.equal((await check(delivered(await sign(draft({ from }), 'oroshi.co.jp')))).provenDomain, undefined, from);
  assert.equal((await check(delivered(`From: boss@evil.test\r\n${await sign(draft(), 'oroshi.co.jp')}`))).provenDomain, undefined);
  assert.equal((await check(delivered(`From: boss@evil.test\r\n${draft()}`, { top: AR('dmarc=pass header.from=oroshi.co.jp') }), noDns())).provenDomain, undefined);
  assert.equal((await check(delivered(await sign(draft({ from: 'a@oroshi.co.jp, b@oroshi.co.jp' }), 'oroshi.co.jp')))).provenDomain, 'oroshi.co.jp');
});

const AR = (results: string, id = 'mx.sakanaya.co.jp') => `Authentication-Results: ${id};\r\n\t${results}\r\n`;
const PASS = 'dkim=pass (2048-bit key) header.d=oroshi.co.jp header.i=@oroshi.co.jp;\r\n\tspf=pass (mx.sakanaya.co.jp: domain of "x;y"@oroshi.co.jp) smtp.mailfrom=uri@oroshi.co.jp;\r\n\tdmarc=pass (p=REJECT) header.from=oroshi.co.jp';
const FAIL = 'dkim=none; spf=fail smtp.mailfrom=oroshi.co.jp; dmarc=fail header.from=oroshi.co.jp';

test("the own server's results count, above its Received and right below it", async () => {
  for (const where of ['top', 'below'] as const) {
    const result = await check(delivered(draft(), { [where]: AR(PASS) }), noDns());
    assert.deepEqual([result.by, result.spf, result.dkim, result.dmarc, result.provenDomain], ['own', 'pass', 'pass', 'pass', 'oroshi.co.jp'], where);
    assert.deepEqual(result.evidence.map(({ quote }) => quote), ['dmarc=pass', 'dkim=pass', 'spf=pass']);
  }
});

test('results that a stranger wrote, or that came with the mail in our name, are not believed', async () => {
  const forged = AR(PASS);
  const stranger = `Received: from a.evil.test by relay.evil.test with ESMTP; Wed, 1 Apr 2026 09:00:00 +0900\r\n`;
  assert.equal((await check(delivered(draft(), { top: AR(PASS, 'mx.evil.test') }), noDns())).by, 'none');
  assert.equal((await check(delivered(draft(), { below: stranger + forged }), noDns())).by, 'none');
  for (const below of [forged, forged + AR(PASS), stranger + forged]) {
    const result = await check(delivered(draft(), { top: AR(FAIL), below }), noDns());
    assert.deepEqual([result.by, result.dmarc, result.provenDomain], ['own', 'fail', undefined]);
  }
  const twice = await check(delivered(draft(), { below: AR(FAIL) + forged }), noDns());
  assert.deepEqual([twice.dmarc, twice.provenDomain], ['fail', undefined]);
  // Forwarded to us by somebody else: what stands below their Received is theirs.
  assert.equal((await check(Buffer.concat([Buffer.from(stranger), delivered(draft(), { top: forged })]), noDns())).by, 'none');
  assert.equal((await check(Buffer.from(forged + draft()), knowledge({ authservIds: [] }))).by, 'checked');
});

test('several results that our server wrote together are one judgement', async () => {
  const result = await check(delivered(draft(), { top: AR('dmarc=pass header.from=oroshi.co.jp') + AR('spf=softfail smtp.mailfrom=x.test') + AR('dkim=fail header.d=oroshi.co.jp; arc=fail') }), noDns());
  assert.deepEqual([result.spf, result.dkim, result.dmarc, result.arc, result.provenDomain], ['softfail', 'fail', 'pass', 'fail', 'oroshi.co.jp']);
});

test('hops inside the house do not hide what our server wrote', async () => {
  const inside = 'Received: from mx.sakanaya.co.jp (mx.sakanaya.co.jp [10.0.0.5]) by imap.sakanaya.co.jp with LMTP id 1; Wed, 1 Apr 2026 09:00:03 +0900\r\nReceived: from localhost by localhost with SMTP; Wed, 1 Apr 2026 09:00:03 +0900\r\n';
  const result = await check(Buffer.concat([Buffer.from(inside), delivered(draft(), { top: AR(PASS) })]), noDns());
  assert.deepEqual([result.by, result.provenDomain, result.fcrdns], ['own', 'oroshi.co.jp', true]);
});

test('a client that calls itself by our name is still a stranger', async () => {
  const bytes = Buffer.from(`Return-Path: <uri@oroshi.co.jp>\r\nReceived: from mx.sakanaya.co.jp ([203.0.113.66]) by mx.sakanaya.co.jp with ESMTP; Wed, 1 Apr 2026 09:00:02 +0900\r\nReceived: from x by mx.sakanaya.co.jp with ESMTP; Wed, 1 Apr 2026 09:00:01 +0900\r\n${AR(PASS)}${draft()}`);
  assert.equal((await check(bytes, noDns())).by, 'none');
  assert.deepEqual(await check(bytes).then(({ spf, provenDomain }) => [spf, provenDomain]), ['fail', undefined]);
});

test('a result about another domain than the author’s is no proof', async () => {
  const other = await check(delivered(draft(), { top: AR('dkim=pass header.d=evil.test; spf=pass smtp.mailfrom=evil.test; dmarc=pass header.from=evil.test') }), noDns());
  assert.equal(other.provenDomain, undefined);
  const none = await check(delivered(draft(), { top: AR('dkim=pass header.i=@mail.oroshi.co.jp; dmarc=none header.from=oroshi.co.jp') }), noDns());
  assert.equal(none.provenDomain, 'oroshi.co.jp');
});

test('what an attacker can put into a value never becomes a result', () => {
  for (const value of ['mx.test; spf=fail smtp.mailfrom="x; dmarc=pass"@evil.test', 'mx.test; spf=fail (dmarc=pass; dkim=pass (nested) ; arc=pass) smtp.mailfrom=a', 'mx.test; spf=fail smtp.mailfrom="\\"; dmarc=pass', 'mx.test; spf=fail (\\) ; dmarc=pass)', 'mx.test; spf=fail smtp.mailfrom==?utf-8?q?x;_dmarc=3Dpass?='])
    assert.deepEqual(parseResults(value).results.filter(({ method, result }) => !(method === 'spf' && result === 'fail') && !(method === '_dmarc')), [], value);
  assert.deepEqual(parseResults(' MX.test /1 ; none').results, []);
  const read = parseResults('mx.test 1; dkim/1 = pass reason="good; really" header.d = Example.jp header.b=a+b/c= ; iprev=pass policy.iprev=192.0.2.1');
  assert.equal(read.id, 'mx.test');
  assert.deepEqual(read.results.map(({ method, result, quote, properties }) => [method, result, quote, properties.get('header.d')]), [['dkim', 'pass', 'dkim/1 = pass', 'Example.jp'], ['iprev', 'pass', 'iprev=pass', undefined]]);
  assert.equal(parseResults('dkim=pass; spf=pass').id, '');
});

test('nothing to go by is told as nothing', async () => {
  assert.deepEqual(await check(Buffer.from(draft()), noDns()), { by: 'none', spf: 'unknown', dkim: 'unknown', dmarc: 'unknown', arc: 'unknown', evidence: [] });
});

test('our computing agrees with mailauth as a whole', async () => {
  for (const [message, sender, ip] of [[await sign(draft(), 'oroshi.co.jp'), 'uri@oroshi.co.jp', '192.0.2.10'], [draft(), 'uri@oroshi.co.jp', '203.0.113.66'], [await sign(draft(), 'list.example', keys.list.pem), 'b@list.example', '198.51.100.7']] as const) {
    const bytes = delivered(message, { sender, ip });
    const theirs = await verifyWithMailauth(bytes, { ip, sender, helo: 'mail.oroshi.co.jp', mta: 'mx.sakanaya.co.jp', resolver: resolverOf(answering({ dns: ZONE })!).resolve, disableBimi: true });
    const ours = await check(bytes);
    assert.equal(ours.spf, theirs.spf && theirs.spf.status.result);
    assert.equal(ours.dmarc, theirs.dmarc && theirs.dmarc.status.result);
  }
});

test('what was asked for a mail is enough to judge it, each question once; one that was not answered leaves nothing against it', async () => {
  for (const bytes of [delivered(await sign(draft(), 'oroshi.co.jp')), delivered(draft(), { ip: '203.0.113.66' }), delivered(draft(), { top: AR(FAIL), ip: '203.0.113.66' })]) {
    const asked: string[] = [];
    const ask = answering({ dns: ZONE })!;
    const counted: AskDns = (question) => (asked.push(`${question.type} ${question.name}`), ask(question));
    const dns = await dnsAnswers(bytes, noDns(), { sent: 'file' }, counted);
    assert.equal(new Set(asked).size, asked.length);
    assert.deepEqual(await check(bytes, knowledge({ dns, dnsInPart: true })), await check(bytes));
    for (const missing of asked) {
      const part = await dnsAnswers(bytes, noDns(), { sent: 'file' }, async (question) => (`${question.type} ${question.name}` === missing ? null : ask(question)));
      const result = await check(bytes, knowledge({ dns: part, dnsInPart: true }));
      if (result.by === 'own') continue;
      assert.ok(missing.includes('PTR') || missing === 'A mail.oroshi.co.jp' || (result.spf !== 'fail' && result.dmarc !== 'fail'), missing);
    }
  }
  assert.deepEqual((await check(delivered(draft(), { ip: '203.0.113.66' }), knowledge({ dns: {}, dnsInPart: true }))).by, 'none');
});

test('hostile headers cost no time and throw nothing', async () => {
  const started = process.cpuUsage();
  for (const value of ['('.repeat(60_000), '"'.repeat(60_000), '\\'.repeat(60_000), '; dkim=pass'.repeat(5_000), '='.repeat(60_000), 'a.'.repeat(30_000), '1.'.repeat(30_000), ':'.repeat(60_000), 'from '.repeat(10_000), 'helo='.repeat(10_000)])
    await check(Buffer.from(`Authentication-Results: ${value}\r\nReceived: from x (${value}) by mx.sakanaya.co.jp; ${value}\r\nDKIM-Signature: ${value}\r\n${draft()}`));
  assert.ok(process.cpuUsage(started).user < 5_000_000, `${process.cpuUsage(started).user} µs`);
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
    const value = text.replace(/[\r\n]/g, ' ');
    await check(Buffer.from(`Authentication-Results: mx.sakanaya.co.jp; ${value}\r\nReceived: from ${value} by mx.sakanaya.co.jp\r\nFrom: ${value}\r\nDKIM-Signature: v=1; ${value}\r\n\r\n${value}`));
  }));
});
