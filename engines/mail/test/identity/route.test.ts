import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseReceived } from '../../src/identity/received.ts';
import { route } from '../../src/identity/route.ts';
import { mailOf } from './mail.test-helper.ts';

test('Received lines are read as the common mail servers write them', () => {
  const cases: [string, Partial<ReturnType<typeof parseReceived>>][] = [
    ['from helo.test (mail.example.jp [192.0.2.1]) (using TLSv1.3) by mx.example.com (Postfix) with ESMTPS id 1 for <a@example.com>; Wed, 01 Apr 2026 09:00:00 +0900 (JST)', { helo: 'helo.test', name: 'mail.example.jp', ip: '192.0.2.1', by: 'mx.example.com', at: '2026-04-01T00:00:00.000Z' }],
    ['from helo.test (unknown [203.0.113.9]) by mx.example.com; Wed, 01 Apr 2026 00:00:00 GMT', { name: 'unknown', ip: '203.0.113.9' }],
    ['from helo.test (host.example.jp [192.0.2.1] (may be forged)) by mx.example.com (8.17/8.17) with ESMTP', { name: 'host.example.jp', forged: true }],
    ['from mail.example.jp ([192.0.2.1] helo=helo.test) by mx.example.com with esmtps (Exim 4.97)', { helo: 'helo.test', name: 'mail.example.jp', ip: '192.0.2.1' }],
    ['from [192.0.2.1] (helo=helo.test) by mx.example.com with esmtp', { helo: 'helo.test', ip: '192.0.2.1' }],
    ['from unknown (HELO helo.test) (192.0.2.1) by mx.example.com with SMTP; 1 Apr 2026 00:00:00 -0000', { helo: 'helo.test', name: 'unknown', ip: '192.0.2.1', at: '2026-04-01T00:00:00.000Z' }],
    ['from A.example.jp (2001:db8::1) by B.example.com (2001:db8::2) with Microsoft SMTP Server', { helo: 'a.example.jp', ip: '2001:db8::1', by: 'b.example.com' }],
    ['from mail.example.jp (mail.example.jp. [IPv6:2001:DB8::5]) by mx.example.com', { name: 'mail.example.jp.', ip: '2001:db8::5' }],
    ['by 2002:a05:6a10::1 with SMTP id x; Wed, 1 Apr 2026 00:00:00 -0700 (PDT)', { by: '2002:a05:6a10::1', at: '2026-04-01T07:00:00.000Z' }],
    ['from a by b; 2026-04-01 09:00', { helo: 'a', by: 'b' }],
  ];
  for (const [line, expected] of cases) {
    const read = parseReceived(line);
    for (const [name, value] of Object.entries(expected)) assert.equal(read[name as keyof typeof read], value, `${name} of ${line}`);
    if (expected.at === undefined && line.includes('09:00') && !line.includes('+')) assert.equal(read.at, undefined);
  }
});

test('the way of a mail is told newest first, at most twenty hops', () => {
  const hop = (n: number) => ({ name: 'received', value: '', raw: ` from h${n}.test (h${n}.test [192.0.2.${n}]) by h${n + 1}.test; Wed, 1 Apr 2026 00:00:00 +0000` });
  const hops = route(mailOf({ headers: Array.from({ length: 50 }, (_, n) => hop(n)) }));
  assert.equal(hops.length, 20);
  assert.deepEqual(hops[0], { from: 'h0.test', by: 'h1.test', ip: '192.0.2.0', at: '2026-04-01T00:00:00.000Z' });
  assert.deepEqual(route(mailOf({})), []);
});

test('any line is read without an error', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (line) => typeof parseReceived(`from ${line} by x; ${line}`).forged === 'boolean'), { numRuns: 1_000 });
});
