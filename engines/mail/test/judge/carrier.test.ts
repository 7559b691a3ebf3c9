import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadMailKnowledge } from '@banya/library';
import { judgeBytes, type Knowledge } from '../../src/index.ts';

const knowledge: Knowledge = { ownDomains: ['example.jp'], officers: [], partners: [], authservIds: [], now: '2026-11-24T00:00:00Z', ...loadMailKnowledge() };
const harmless = 'From: tanaka@kawa-shoji.test\r\nTo: taro@example.jp\r\nSubject: minutes of the meeting\r\n\r\nThank you for coming today. Here are the minutes of our meeting.\r\n';
const outer = (from: string, subject: string, text: string): Uint8Array => Buffer.from([
  `From: ${from}`, 'To: taro@example.jp', `Subject: ${subject}`, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain; charset=utf-8', '', text,
  '--b', 'Content-Type: message/rfc822', '', harmless, '--b--', '',
].join('\r\n'));
const false_ = outer('Account Security <security@account-verify.xyz>', 'Your account has been suspended', 'Your account has been suspended. Verify your password within 24 hours: http://account-verify.xyz/login');

// An attached harmless mail would otherwise clear any mail: the attached one was all that was looked at.
test('a saved mail is judged itself when it brings a harmless one along', async () => {
  const { judged } = await judgeBytes(false_, knowledge, { sent: 'file' });
  assert.equal(judged[0]!.analysis.verdict, 'dangerous');
  assert.equal(judged[0]!.analysis.facts.subject, 'Your account has been suspended');
});

test('a note that brings a harmless mail says nothing of its own', async () => {
  const { judged } = await judgeBytes(outer('Hanako <hanako@example.jp>', 'is this real?', 'I got this one. Is it real?'), knowledge, { sent: 'file' });
  assert.deepEqual(judged.map(({ analysis }) => [analysis.facts.subject, analysis.verdict]), [['minutes of the meeting', 'clear']]);
});
