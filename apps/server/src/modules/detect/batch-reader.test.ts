import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slotPhrases } from '@banya/library';
import type { SourceFacts } from '../inventory/index.ts';
import { BatchReader, SLOTS } from './batch-reader.ts';
import { readLines, senderOf } from './batches.test-helper.ts';
import { unpackMemory } from './memory.ts';
import type { BatchOut } from './messages.ts';

const source: SourceFacts = {
  sourceId: '00000000-0000-4000-8000-000000000001', orgId: '00000000-0000-4000-8000-000000000002', name: 'PCs', family: 'generic', timeZone: 'Asia/Tokyo', encoding: 'utf-8', retention: '90d', deviceId: null, ownRanges: [], orgZone: 'Asia/Tokyo', match: { by: 'token' },
};
const AT = Date.parse('2026-11-24T10:04:05+09:00');

/** The lines one second apart. */
const read = (lines: readonly string[], of: SourceFacts = source): BatchOut => readLines(new BatchReader(), lines.map((text, i) => ({ text, at: AT + i * 1000, source: of })));

const signIn = (logonType: string) =>
  JSON.stringify({ EventTime: '2026-11-24 10:04:05', Hostname: 'SRV01', EventID: 4624, SourceName: 'Microsoft-Windows-Security-Auditing', Channel: 'Security', TargetUserName: 'tanaka', LogonType: logonType, IpAddress: '203.0.113.5' });

/** Without it every rule on a name of Windows or Microsoft 365 would be silent on the server while it works in files. */
test("a rule on a vendor's own name sees it where lines come in", () => {
  const titles = (type: string) => read([signIn(type)]).groups.map(({ title }) => title);
  assert.ok(titles('10').includes('A Windows screen was opened from the internet'));
  assert.deepEqual(titles('2'), []);
});

test("a correlation that counts by a vendor's own name counts where lines come in", () => {
  const ticket = (n: number) => JSON.stringify({ EventTime: '2026-11-24 10:04:05', Hostname: 'DC01', EventID: 4769, SourceName: 'Microsoft-Windows-Security-Auditing', Channel: 'Security', TargetUserName: 'tanaka@EXAMPLE.JP', ServiceName: `svc${n}`, TicketEncryptionType: '0x17', Status: '0x0' });
  const [group, ...more] = read([1, 2, 3, 4, 5].map(ticket)).groups;
  assert.deepEqual([group?.title, group?.count, more], ['One user asked for weak tickets of many services', 5, []]);
  assert.match(group?.slots['values'] ?? '', /svc1/);
});

/** Computed where a finding is shown, from its counts, its asset and its device; the last three are handed over by baselines and bursts. */
const COMPUTED = ['asset', 'device', 'count', 'first', 'last', 'days', 'values', 'stopped', 'stopped.yes', 'stopped.no', 'indicator', 'members', 'suffix', 'novelty', 'novelty.new'];
test('whatever an explanation may name is handed over with a hit', () => {
  const given: readonly string[] = [...SLOTS, ...COMPUTED];
  assert.deepEqual([...slotPhrases().keys()].filter((name) => !given.includes(name)), []);
});

/** Each would be a finding of its own, and nobody could read them; the lines come from whoever attacks. */
test('a flood that names a new thing in every line makes a hundred findings and one for the rest', () => {
  const lines = Array.from({ length: 400 }, (_, n) => JSON.stringify({ ...JSON.parse(signIn('10')), Hostname: `SRV${n}`, TargetUserName: `user${n}`, IpAddress: `203.0.${n >> 8}.${n & 255}` }));
  const groups = read(lines).groups.filter(({ title }) => title === 'A Windows screen was opened from the internet');
  const rest = groups.filter(({ entity }) => entity === '');
  assert.equal(rest.length, 1);
  assert.ok(groups.length <= 101, String(groups.length));
  assert.equal(groups.reduce((n, { count }) => n + count, 0), 400);
  assert.ok(rest[0]!.count >= 300);
});

/** Who left would live on in what is kept: names and addresses, restored at every start. */
test('the memory that is kept holds nothing of an organisation without senders, and goes on counting for the others', () => {
  const ticket = (n: number) => JSON.stringify({ EventTime: '2026-11-24 10:04:05', Hostname: 'DC01', EventID: 4769, SourceName: 'Microsoft-Windows-Security-Auditing', Channel: 'Security', TargetUserName: 'tanaka@EXAMPLE.JP', ServiceName: `svc${n}`, TicketEncryptionType: '0x17', Status: '0x0' });
  const [stays, leaves] = [senderOf('00000000-0000-4000-8000-00000000000a', { family: 'generic' }), senderOf('00000000-0000-4000-8000-00000000000b', { family: 'generic', sourceId: '00000000-0000-4000-8000-0000000000f2' })];
  const reader = new BatchReader();
  const told = (n: number, of: SourceFacts) => ({ text: ticket(n), at: AT + n * 1_000, source: of });
  readLines(reader, [1, 2, 3].flatMap((n) => [told(n, stays), told(n, leaves)]));
  const kept = readLines(reader, [told(4, stays)], { remember: new Set([stays.orgId]) });
  const text = JSON.stringify(unpackMemory(kept.state!));
  assert.deepEqual([text.includes(stays.orgId), text.includes(leaves.orgId)], [true, false]);
  const again = new BatchReader();
  again.restore(unpackMemory(kept.state!));
  assert.deepEqual(readLines(again, [told(5, stays), told(5, leaves)]).groups.map((g) => [g.orgId, g.count]), [[stays.orgId, 5]], 'what was counted before counts on');
});
