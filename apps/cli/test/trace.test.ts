import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellAll, tellOne } from '../src/commands/trace.ts';

// Whoever can write a log line could clear the screen of whoever traces it, or write a clean result over the true one.
test('what stands in log lines does not steer the terminal', () => {
  const evil = 'pc\u001b[2J\u001b]0;x\u0007\u009b1m\r\nnothing was found\u202e';
  const told = tellOne({
    indicator: { kind: 'ip', value: '192.0.2.1', shown: '192.0.2.1', notes: [] }, sentence: 'One machine.', commonText: null, common: null, from: '', to: '', counts: {} as never,
    calls: [{ key: 'k', kind: 'machine', state: 'communicated', name: evil, owner: evil, department: null, phone: null, why: `signed in (${evil})`, hop: 1, confidence: 'sure', firstAt: '2026-11-30T00:00:00Z', lastAt: '', count: 1, device: null, person: null, search: '' }],
    silent: [{ source: 's', name: evil, days: 1, ofDays: 2, lastAt: null }], nodes: [], edges: [], findings: [], tickets: [], mails: [], cut: false, seconds: 0,
  }, false);
  assert.equal(told.split('\n').length, 5, 'a line each, and the end');
  assert.doesNotMatch(told.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  assert.match(told, /in touch/);
});

test('a trace is told in words of the reader', () => {
  const head = { indicator: { kind: 'domain' as const, value: 'evil.example', shown: 'evil[.]example', notes: [] }, sentence: '1台が通信などで触れました。', commonText: null, common: null, from: '', to: '', seconds: 0, counts: {} as never };
  const one = tellOne({
    ...head, nodes: [], edges: [], findings: [], tickets: [], mails: [], cut: false, silent: [{ source: 's', name: '倉庫のUTM', days: 2, ofDays: 30, lastAt: null }],
    calls: [{ key: 'k', kind: 'machine', state: 'possible', name: '経理のパソコン', owner: '山田 花子', department: null, phone: null, why: 'そのあと、通信がありました', hop: 2, confidence: 'likely', firstAt: '2026-11-30T00:00:00Z', lastAt: '', count: 1, device: null, person: null, search: '' }],
  }, true);
  assert.match(one, /確かめる +経理のパソコン +山田 花子 +そのあと、通信がありました  2026年11月(29|30)日 \d+:\d\d  おそらく, 1つ先\n/);
  assert.match(one, /ログなし +倉庫のUTM +30日のうち2日なし  一度も届いていません\n/);
  const all = tellAll({ ...head, members: [{ member: 'm', name: '北原製作所', phone: null, seen: 'numbers', counts: null, firstAt: null, lastAt: null, sentence: '2台が通信などで触れました。' }] }, true);
  assert.match(all, /件数だけ +北原製作所 +2台が通信などで触れました。\n/);
});
