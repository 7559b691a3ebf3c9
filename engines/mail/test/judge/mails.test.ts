import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { corpusCases, judgeAll, ownCases, type Result } from '../../bench/corpus.ts';
import { inspectFiles } from '../../src/attach/inspect.ts';
import { holds, judge, open, WEIGHTS, type SignalCode } from '../../src/index.ts';
import { mailsById } from './mails.ts';

const own = [...(await judgeAll(await ownCases('tune'))), ...(await judgeAll(await ownCases('blind')))];
const weight = (code: string): number => WEIGHTS[code as SignalCode];

/** Reasons whose evidence does not stand in the mail; numbers alone are told, since the mails of the blind half are not read. */
async function untrue(results: readonly Result[]): Promise<string[]> {
  const out: string[] = [];
  for (const { bytes, analysis } of results) {
    const { suspects } = await open(bytes, { forwards: false });
    const { mail } = suspects[0]!;
    const { texts } = await inspectFiles(mail.attachments);
    const place = { mail, links: analysis.links, files: analysis.files, fileTexts: texts };
    for (const reason of analysis.reasons) for (const piece of reason.evidence) if (!holds(piece, place)) out.push(`${reason.code} ${piece.where}`);
  }
  return out;
}

describe('our own 300 mails', () => {
  // A reason that quotes what is not there would make the desk distrust all others.
  test('every quote of every reason stands in its mail, at its place', async () => {
    assert.equal(own.length, 300);
    assert.deepEqual(await untrue(own), []);
  });

  test('every mail is answered with at least two reasons', () => {
    assert.equal(own.filter(({ analysis }) => analysis.reasons.length < 2).length, 0);
  });

  // Password zips are everyday post in Japan: calling them dangerous teaches people to ignore the answer.
  test('a locked file of a known partner is never called dangerous, and its reason says to phone', () => {
    const known = own.filter(({ bad, analysis }) => !bad && analysis.signals.some(({ code }) => code === 'locked_file_known'));
    assert.ok(known.length >= 4, `${known.length} mails`);
    for (const { analysis } of known) {
      assert.notEqual(analysis.verdict, 'dangerous');
      assert.match(analysis.reasons.find(({ code }) => code === 'locked_file_known')!.text.ja, /電話/);
    }
  });
});

describe('the decisive fact of each tuned bad mail', () => {
  const bad = own.filter(({ set, bad: isBad }) => set === 'own-tune' && isBad);
  const without = ({ analysis }: Result, gone: (code: string) => boolean): ReturnType<typeof judge> => judge(analysis.signals.filter(({ code }) => !gone(code)));
  const heaviest = ({ analysis }: Result): string => judge(analysis.signals).weighed[0]!.signal.code;

  test('taken away, it lowers the sum of every one', () => {
    for (const one of bad) assert.ok(without(one, (code) => code === heaviest(one)).sum < judge(one.analysis.signals).sum, one.name);
  });

  // What the mail's `why` names is a lie in the sender, a look-alike, an attachment, a request: the kind of signals is labelled by family.
  test('with all that tells of it taken away, the verdict falls in at least nine of ten', () => {
    const rank = { dangerous: 2, suspicious: 1, insufficient: 0, clear: 0 };
    const labels = mailsById();
    const stood: string[] = [];
    for (const one of bad) {
      const tells = labels(one.name);
      const rest = without(one, tells);
      if (rank[rest.verdict] >= rank[one.analysis.verdict]) stood.push(`${one.name}: ${judge(one.analysis.signals).sum} → ${rest.sum}`);
    }
    assert.ok(stood.length <= bad.length * 0.1, `${stood.length} of ${bad.length}: ${stood.join('; ')}`);
  });
});

const foreign = corpusCases();
test('every quote of every reason holds in the development corpora, too', { skip: foreign.length === 0 ? 'no corpora beside this repository' : false, timeout: 600_000 }, async () => {
  // One in six: all of them are 2,228 mails and minutes.
  assert.deepEqual(await untrue(await judgeAll(foreign.filter((_, i) => i % 6 === 0))), []);
});

test('all signals that were raised have points', () => {
  for (const { analysis } of own) for (const { code } of analysis.signals) assert.equal(typeof weight(code), 'number', code);
});
