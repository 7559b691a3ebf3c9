import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import { parseReceived } from '../../src/identity/received.ts';
import { judgeBytes } from '../../src/index.ts';
import { jpg, qr } from '../attach/build-pictures.ts';
import { mail, multipart, part } from '../parse/build.ts';
import { bytesOf, judged, world } from './say.ts';

const photo = (text: string): Promise<Buffer> => qr(text, 8, 8).then((drawing) => jpg(drawing));
const LONG = 'いつもお世話になっております。先週の見学会の様子をお送りします。参加された皆さまによろしくお伝えください。'.repeat(6);
const links = Array.from({ length: 6 }, (_, i) => `https://minami-nouen.example/album/${i}`).join('\n');

test('a code in a photo is read where the text speaks of scanning, and where there is hardly a text', async () => {
  const file = ['a.jpg', await photo('https://yomi-tori.test/a'), 'image/jpeg'] as const;
  for (const text of [`${LONG}\nQRコードを読み取ってください。\n${links}`, '写真です。']) {
    const { links: found } = await judged({ text, files: [file] });
    assert.ok(found.some(({ from, host }) => from === 'qr' && host === 'yomi-tori.test'));
  }
});

// Four photos of a camera would take a second; saying nothing of it would be a lie of omission.
test('photos beyond those that are worth their time are told as not read', async () => {
  const file = await photo('https://yomi-tori.test/a');
  const { troubles } = await judged({ text: `${LONG}\n${links}`, files: Array.from({ length: 4 }, (_, i) => [`${i}.jpg`, file, 'image/jpeg'] as const) });
  assert.deepEqual(troubles.map(({ code }) => code), ['picture_not_read', 'picture_not_read', 'picture_not_read']);
});

test('a header too long for the library of DKIM leaves a mail proven by nobody, in a moment', async () => {
  const folded = ['DKIM-Signature: v=1;', ...Array.from({ length: 120_000 }, () => ' a=b')].join('\r\n');
  const start = process.cpuUsage();
  const { judged: [one] } = await judgeBytes(bytesOf({ headers: [folded] }), { ...world, dns: {} }, { sent: 'file' });
  const { user } = process.cpuUsage(start);
  assert.equal(one!.analysis.authentication.by, 'none');
  assert.ok(user < 4_000_000, `${Math.round(user / 1_000)} ms`);
});

test('a host name of many characters in Received does not make its pattern backtrack', () => {
  const start = process.cpuUsage();
  parseReceived(`from ${'a'.repeat(20_000)}! by mx.example.jp; Mon, 5 Jan 2026 10:20:30 +0900`);
  assert.ok(process.cpuUsage(start).user < 1_000_000);
});

test('twenty mails of one upload share the time for their files', async () => {
  const heavy = mail({ subject: 'x' }, multipart('mixed', [part('QRコード'), ...Array.from({ length: 3 }, () => part(Buffer.alloc(200_000, 7), { type: 'application/pdf', encoding: 'base64', name: 'filename=a.pdf' }))]));
  const all = mail({ subject: 'Fwd: x' }, multipart('mixed', Array.from({ length: 20 }, () => Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), heavy]))));
  const start = process.cpuUsage();
  const { judged: found } = await judgeBytes(all, world, { sent: 'forward' });
  const { user, system } = process.cpuUsage(start);
  assert.equal(found.length, 20);
  assert.ok((user + system) / 1_000 < 8_000, `${Math.round((user + system) / 1_000)} ms`);
});

// The one that is false may lie behind those that were looked at.
test('of more mails than are looked at nobody is told that nothing was found, but how many they were', async () => {
  const ordinary = bytesOf({});
  const zip = (count: number): Uint8Array => zipSync(Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}.eml`, new Uint8Array(ordinary)])));
  const said = async (count: number) => (await judgeBytes(zip(count), world, { sent: 'file' })).judged[0]!.analysis;
  assert.equal((await said(20)).verdict, 'clear');
  const { verdict, reasons } = await said(130);
  assert.equal(verdict, 'insufficient');
  assert.deepEqual(reasons[0]?.text, { ja: 'メールが130通入っています。調べたのは20通で、残りは調べていません。', en: 'It holds 130 mails. 20 of them were looked at, the others were not.' });
});
