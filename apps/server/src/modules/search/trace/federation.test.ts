import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ofAttackers } from './federation.ts';
import { commonReason, readIndicator } from './service.ts';

// Without it “traces of attackers” lets the desk ask how often any person, computer or word stands in a member's logs.
test('with numbers alone nobody counts a member’s own people, machines and words', () => {
  const may = (text: string): boolean => ofAttackers(readIndicator(text), commonReason(readIndicator(text)), ['Member.example']);
  for (const attackers of ['203.0.113.9', 'evil.example', 'https://evil.example/x', 'x@evil.example', 'notmember.example', 'a'.repeat(64), 'd'.repeat(32)]) assert.equal(may(attackers), true, attackers);
  for (const own of ['tanaka', 'KEIRI-03', 'salary', 'CORP\\tanaka', 'fs1.corp.local', '192.168.1.5', 'fd00::1', 'tanaka@member.example', 'mail.member.example', 'https://www.member.example/x']) assert.equal(may(own), false, own);
});
