import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { temporaryFolder } from '../../../../test/gates.ts';
import { Problem } from '../../../kernel/errors.ts';
import { federationDocument } from '../federation/service.ts';
import { presentReport } from '../present.ts';
import { facts, finding, source } from '../prove.test-helper.ts';
import { decide, figuresOf } from '../rules.ts';
import type { MonthFacts, Place } from '../types.ts';
import { clean, compact, federationPressDocument, reportDocument } from './document.ts';
import { Press } from './press.ts';

const log = { warn() {} } as never;
const press = new Press({ log });
after(() => press.close());
const closedAt = new Date('2026-11-01T03:00:00+09:00');

function report(more: Partial<MonthFacts> = {}, lang: 'ja' | 'en' = 'ja', name = '株式会社 𠮷田水産', place: Place | null = null) {
  const data = decide(facts(more));
  const row = { org_id: '01900000-0000-7000-8000-000000000001', month: '2026-10', version: 1, reason: 'month', closed_at: closedAt, partial: false, verdict: data.verdict.state, lines: '0', blocked: '0', findings: 0, demonstration: false, checksum: '', data, read_at: null } as const;
  return presentReport(row, name, lang, place, new Set());
}
test('the report calls a rule of ours by its name in the reader’s language, and a rule of others by its own', () => {
  const findings = [finding({ ruleId: 'c998bff9-8a73-5139-b886-2f477264c670', rule: { title: 'One of our devices talks to a controller of malware', author: 'Banya', license: 'Apache-2.0' }, count: 2 }), finding({ ruleId: 'a', rule: { title: 'A', author: 'Alice Example', license: 'DRL-1.1' }, count: 1 })];
  assert.deepEqual(report({ findings }).appendix, [{ rule: '社内の機器が、悪者の指令役とみられる相手に連絡しています', author: 'Banya', license: 'Apache-2.0', count: 2 }, { rule: 'A', author: 'Alice Example', license: 'DRL-1.1', count: 1 }]);
  const pdf = JSON.stringify(reportDocument(report({ findings }), 'ja'));
  assert.ok(pdf.includes('悪者の指令役') && !pdf.includes('controller of malware'));
});

const missing = spawnSync('pdftotext', ['-v']).error !== undefined;

function textOf(t: TestContext, pdf: Uint8Array): string | null {
  if (missing) {
    t.skip('pdftotext is not installed: it comes with poppler-utils');
    return null;
  }
  const file = join(temporaryFolder(), 'x.pdf');
  writeFileSync(file, pdf);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
const flat = (text: string): string => text.replace(/[\s\u200b]+/g, '');

test('the PDF says the verdict, the actions and who wrote the rules, in intact Japanese, and is tagged with its title', async (t) => {
  const found = finding({ open: true, severity: 'now', outcome: null, direction: 'outbound', stopped: 'no', asset: '経理の KEIRI-03', title: { ja: '経理の KEIRI-03 が怪しい相手に連絡しています', en: 'KEIRI-03 calls' }, step: { ja: 'LANケーブルを抜く', en: 'Pull the cable' }, rule: { title: 'Command server', author: 'Alice Example', license: 'DRL-1.1' } });
  const given = report({ findings: [found], lead: '髙橋 﨑子' });
  const pdf = await press.print(reportDocument(given, 'ja'), closedAt);
  const raw = Buffer.from(pdf).toString('latin1');
  assert.ok(raw.startsWith('%PDF-1.'));
  assert.match(raw, /\/MarkInfo/);
  const text = textOf(t, pdf);
  if (text === null) return;
  for (const said of [given.verdict.text, 'LANケーブルを抜く', '髙橋 﨑子さん', '株式会社 𠮷田水産', 'Alice Example', 'DRL-1.1', '2026年10月の報告書']) assert.ok(flat(text).includes(flat(said)), said);
  assert.match(execFileSync('pdfinfo', ['-'], { input: pdf, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }).toString(), /Title:\s+2026年10月の報告書 — 株式会社 𠮷田水産[\s\S]*Tagged:\s+yes/);
});

test('what looks like typst source stands in the PDF as the plain text it is', async (t) => {
  const hostile = ['#import "x.typ"', '#read("/etc/passwd")', '\\ ] } $x^2$', '*not bold* _x_ @ref <label>', '= heading', '#pagebreak()', '// gone', '"]', '#{sys.inputs}', '`raw`', '#"\\u{41}"', 'https://example.com/x'];
  const pdf = await press.print(reportDocument(report({ findings: hostile.map((ja) => finding({ title: { ja, en: ja }, asset: ja })), sources: hostile.map((name) => source(name, [])) }, 'ja', hostile.join(' ')), 'ja'), closedAt);
  const text = textOf(t, pdf);
  if (text === null) return;
  for (const said of hostile) assert.ok(flat(text).includes(flat(said)), said);
});

test('any text gives a PDF: control characters, directions, emoji, lone surrogates, and runs without a break', async () => {
  const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), { numRuns: 6, seed: 7 });
  for (const odd of ['', '\u0000\u0007\u202e', '🐟👨‍👩‍👧', '\ud800', 'x'.repeat(2000), 'あ'.repeat(500), ...texts]) {
    const pdf = await press.print(reportDocument(report({ findings: [finding({ title: { ja: odd, en: odd } })] }, 'ja', odd), 'ja'), closedAt);
    assert.ok(pdf.byteLength > 1000);
  }
});

test('cleaning leaves no control or direction character and no run of letters longer than its column', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
    const shown = clean(text);
    assert.doesNotMatch(shown, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    assert.doesNotMatch(shown, /[\u0021-\u007e]{26,}/);
  }));
});

test('the same report gives the same bytes, and comes from the cache the second time', async () => {
  const document = reportDocument(report(), 'ja');
  const first = await press.print(document, closedAt);
  assert.equal(await press.print(document, closedAt), first);
  const other = new Press({ log });
  try {
    assert.deepEqual(Buffer.from(await other.print(document, closedAt)), Buffer.from(first));
  } finally {
    await other.close();
  }
});

test('the process starts with the first document and ends when nothing is asked for', async () => {
  const idle = new Press({ log, idleMs: 50 });
  try {
    assert.equal(idle.running, false);
    await idle.print(reportDocument(report(), 'en'), closedAt);
    assert.equal(idle.running, true);
    for (let i = 0; i < 200 && idle.running; i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(idle.running, false);
    assert.ok((await idle.print(reportDocument(report({}, 'en'), 'en'), closedAt)).byteLength > 0, 'and starts again');
  } finally {
    await idle.close();
  }
});

test('a document that takes too long or too much memory is given up, and the next one is made', async (t) => {
  const unavailable = (error: unknown): boolean => error instanceof Problem && error.code === 'pdf_unavailable';
  const slow = new Press({ log, deadlineMs: 1, watchMs: 2 });
  await assert.rejects(slow.print(reportDocument(report(), 'ja'), closedAt), unavailable);
  await slow.close();
  if (process.platform !== 'linux') return t.skip('resident memory is read from /proc, which only Linux has');
  const small = new Press({ log, memoryMax: 1024, watchMs: 2 });
  await assert.rejects(small.print(reportDocument(report(), 'ja'), closedAt), unavailable);
  await small.close();
  await assert.rejects(small.print(reportDocument(report(), 'ja'), closedAt), unavailable);
  assert.ok((await press.print(reportDocument(report({}, 'en'), 'en'), closedAt)).byteLength > 0);
});

test('too many documents at once are refused rather than queued without end', async () => {
  const busy = new Press({ log });
  const asked = Array.from({ length: 40 }, (_, i) => busy.print(reportDocument(report({}, 'ja', `第${i}会員`), 'ja'), closedAt).then(() => 'made', (error: Problem) => error.code));
  const answers = await Promise.all(asked);
  assert.ok(answers.includes('too_many_requests') && answers.includes('made'));
  await busy.close();
});

test("the federation's report names every member; who shares nothing stands as 共有なし and has no page", async (t) => {
  const figures = figuresOf(decide(facts({ findings: [finding({ title: { ja: '気になる動きA', en: 'A' } })] })), false);
  const members = [{ name: '一番会員', figures }, { name: '二番会員', figures: null }, { name: '三番会員', figures: { scores: figures.scores } }, { name: '四番会員', figures: {} }];
  const document = federationDocument('みなと連合会', { month: '2026-10', version: 1, closed_at: closedAt, partial: false }, members, 'ja');
  assert.deepEqual(document.pages.map((p) => p.name), ['一番会員', '三番会員']);
  const text = textOf(t, await press.print(federationPressDocument(document, 'ja'), closedAt));
  if (text === null) return;
  const [first = '', ...pages] = text.split('\f');
  for (const { name } of members) assert.ok(flat(first).includes(name), name);
  assert.ok(flat(first).includes('二番会員共有なし') && flat(first).includes('四番会員まだ届いていません'));
  assert.ok(flat(pages[0]!).includes('気になる動きA'));
  assert.ok(!flat(pages[1]!).includes('気になる動きA') && flat(pages[1]!).includes('共有していません'));
});

test('a month that is not over is not called more or less than the whole month before', () => {
  const said = (partial: boolean): string => JSON.stringify(reportDocument({ ...report({ blockedLastMonth: 900, blocked: new Map([['inbound network', 100]]) }), partial }, 'ja'));
  assert.match(said(false), /先月 900件（減りました）/);
  assert.match(said(true), /先月 900件"/);
});

test('a large number is shortened above its bar and never rounded up', () => {
  assert.deepEqual([compact(9_999, 'ja'), compact(12_999, 'ja'), compact(1_234_567, 'ja'), compact(250_000_000, 'ja')], ['9,999', '1.2万', '123万', '2.5億']);
  assert.deepEqual([compact(12_999, 'en'), compact(1_250_000, 'en')], ['12.9k', '1.2M']);
});
