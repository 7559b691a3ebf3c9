import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellOne } from '../src/commands/trace.ts';

// Whoever can write a log line could clear the screen of whoever traces it, or write a clean result over the true one.
test('what stands in log lines does not steer the terminal', () => {
  const evil = 'pc\u001b[2J\u001b]0;x\u0007\u009b1m\r\nnothing was found\u202e';
  const told = tellOne({
    indicator: { kind: 'ip', value: '192.0.2.1', shown: '192.0.2.1', notes: [] }, sentence: 'One machine.', commonText: null, common: null, from: '', to: '', counts: {} as never,
    calls: [{ key: 'k', kind: 'machine', state: 'communicated', name: evil, owner: evil, department: null, phone: null, why: `signed in (${evil})`, hop: 1, confidence: 'sure', firstAt: '2026-11-30T00:00:00Z', lastAt: '', count: 1, device: null, person: null, search: '' }],
    silent: [{ source: 's', name: evil, days: 1, ofDays: 2, lastAt: null }], nodes: [], edges: [], findings: [], tickets: [], mails: [], cut: false, seconds: 0,
  });
  assert.equal(told.split('\n').length, 5, 'a line each, and the end');
  assert.doesNotMatch(told.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  assert.match(told, /communicated/);
});
