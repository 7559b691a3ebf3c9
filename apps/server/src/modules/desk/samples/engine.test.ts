import assert from 'node:assert/strict';
import { test } from 'node:test';
import work, { type JudgedMail, type Peeked, type ShownMail } from './engine.ts';
import { formOf } from './judge.ts';

const knowledge = { ownDomains: ['member.example'], ownName: '北浜信用組合', officers: [{ name: '山田太郎', also: [], addresses: ['yamada@member.example'] }], partners: [{ domain: 'partner.example' }], authservIds: ['mx.member.example'], now: '2026-11-24T01:00:00Z' };
const harmless = ['From: tanaka@partner.example', 'To: info@member.example', 'Subject: 会議の件', 'Message-ID: <ok@partner.example>', 'Date: Mon, 23 Nov 2026 10:00:00 +0900', 'Content-Type: text/plain; charset=utf-8', '', 'お世話になっております。明日の会議は10時からです。よろしくお願いします。'];
const carrying = (from: string, text: string, result: string): Uint8Array => Buffer.from([
  `Authentication-Results: mx.member.example; spf=${result}; dkim=none; dmarc=${result} header.from=member.example`,
  `From: ${from}`, 'To: info@member.example', 'Subject: 至急のお願い', 'Message-ID: <x1@elsewhere.example>', 'Date: Tue, 24 Nov 2026 10:00:00 +0900', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=B', '',
  '--B', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', text, '--B', 'Content-Type: message/rfc822', '', ...harmless, '--B--', '',
].join('\r\n'));
const LURE = '本日中に下記口座へ至急振り込んでください。アカウントが停止されました。今すぐパスワードを入力して確認してください。\r\nhttps://member-example.login-check.test/login?e=info@member.example';

test('a false mail that has a harmless one attached is judged itself, shown itself, and known by its own sender', async () => {
  const bytes = carrying('"社長 山田太郎" <yamada@member.example>', LURE, 'fail');
  const form = formOf({ channel: 'upload', reporter_id: 'p1' }, undefined);
  const found = (await work(bytes, { step: 'judge', form, knowledge } as never)) as JudgedMail;
  assert.equal(found.analysis.verdict, 'dangerous');
  const { suspects } = (await work(bytes, { step: 'peek', form })) as Peeked;
  assert.equal(suspects[found.index]?.from, 'yamada@member.example');
  assert.match(((await work(bytes, { step: 'show', form, index: found.index })) as ShownMail).text, /至急振り込んで/);
});

test('a note around a harmless mail does not change what is said of that', async () => {
  const form = formOf({ channel: 'upload', reporter_id: 'p1' }, undefined);
  const found = (await work(carrying('hana@member.example', 'これは本物ですか。', 'pass'), { step: 'judge', form, knowledge } as never)) as JudgedMail;
  assert.deepEqual([found.analysis.verdict, found.analysis.facts.from?.address, found.index], ['clear', 'tanaka@partner.example', 0]);
});

test('a forward that quotes a false mail and passes its harmless attachment on is not harmless', async () => {
  const form = formOf({ channel: 'mail', reporter_id: 'p1' }, undefined);
  for (const head of ['-----Original Message-----\r\nFrom: 山田 <yamada@elsewhere.example>\r\nSubject: 至急のお願い', '差出人: 山田 <yamada@elsewhere.example>\r\n件名: 至急のお願い']) {
    const bytes = carrying('hana@member.example', `確認をお願いします。\r\n\r\n${head}\r\n\r\n${LURE}`, 'pass');
    const found = (await work(bytes, { step: 'judge', form, knowledge } as never)) as JudgedMail;
    assert.match(found.analysis.verdict, /^(?:dangerous|suspicious)$/);
    assert.match(((await work(bytes, { step: 'show', form, index: found.index })) as ShownMail).text, /至急振り込んで/);
  }
  const plain = (await work(carrying('hana@member.example', 'このメールは本物ですか。', 'pass'), { step: 'judge', form, knowledge } as never)) as JudgedMail;
  assert.equal(plain.analysis.verdict, 'clear');
});

test('only a mail of one of our people to the report address is a forward', () => {
  const sent = (channel: 'mail' | 'mailbox' | 'upload' | 'button', reporter_id: string | null): string => formOf({ channel, reporter_id }, undefined).sent;
  assert.deepEqual([sent('mail', 'p1'), sent('mail', null), sent('mailbox', 'p1'), sent('mailbox', null), sent('upload', 'p1'), sent('button', 'p1')], ['forward', 'file', 'file', 'file', 'file', 'file']);
});
