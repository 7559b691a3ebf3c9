import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailVerdicts, sampleDecisions, touches } from '@banya/contract';
import { needsDesk, shouldCall, shownVerdict, urgencyOf, wasTouched, type Facts } from './rules.ts';
import { doNow, headline } from './texts.ts';

/** Every case that somebody can be answered in. */
const cases: Facts[] = [null, ...touches].flatMap((touched) => [
  ...mailVerdicts.flatMap((verdict) => [null, ...sampleDecisions].map((decision): Facts => ({ state: 'judged', verdict, touched, decision }))),
  { state: 'failed', verdict: null, touched, decision: null } as const, { state: 'drill', verdict: null, touched, decision: null } as const,
]);

test('every verdict, whatever was done with the mail, says what to do now in a few short sentences of both languages', () => {
  for (const facts of cases) {
    const what = JSON.stringify(facts);
    const [ja, en] = [doNow(facts, 'ja', '043-000-0000'), doNow(facts, 'en', '043-000-0000')];
    assert.ok(ja.length >= 2 && ja.length <= 6 && en.length === ja.length, what);
    for (const step of ja) assert.ok(step.length <= 40 && /[。を]$|に。$/.test(step), `${step.length}: ${step}`);
    for (const lang of ['ja', 'en'] as const) assert.ok(headline(facts, lang).length >= 2, what);
    for (const words of [...ja, headline(facts, 'ja')]) assert.doesNotMatch(words, /安全です|エラー|不正|引っかか|ミス|あなたのせい/, 'never “safe”, never blame');
  }
});

test('who did something with a mail is told to phone, with the number, unless the desk knows that it was harmless; nobody else is sent to the phone', () => {
  for (const facts of cases) {
    const steps = doNow(facts, 'ja', '043-000-0000').join('');
    assert.equal(/デスクに電話してください（043-000-0000）/.test(steps), shouldCall(facts), JSON.stringify(facts));
    if (facts.decision === 'harmless' || facts.decision === 'unwanted' || facts.state === 'drill') assert.equal(shouldCall(facts), false);
    else assert.equal(shouldCall(facts), wasTouched(facts.touched));
  }
});

test('first steps name the thing that stops harm before anything else', () => {
  const first = (touched: 'link' | 'file' | 'typed' | 'unsure'): string => doNow({ state: 'judged', verdict: 'dangerous', touched, decision: null }, 'ja', null)[0]!;
  assert.match(first('typed'), /別の機器から、今すぐパスワード/);
  assert.match(first('file'), /LANケーブルを抜/);
  assert.match(first('link'), /何も入力せず/);
  assert.match(first('unsure'), /電話/);
  assert.match(doNow({ state: 'judged', verdict: 'suspicious', touched: 'file', decision: null }, 'ja', null).join(''), /電源は切らず/);
});

test('the desk gets what is bad, unclear to the engine or was touched; how soon follows from what may already have happened', () => {
  for (const facts of cases) {
    if (facts.state === 'drill') assert.equal(needsDesk(facts), false);
    else assert.equal(needsDesk(facts), facts.state === 'failed' || facts.verdict === 'dangerous' || facts.verdict === 'suspicious' || wasTouched(facts.touched));
    assert.equal(urgencyOf(facts), wasTouched(facts.touched) ? 'now' : facts.state === 'failed' || facts.verdict === 'suspicious' ? 'today' : 'normal');
  }
  assert.deepEqual(sampleDecisions.map((decision) => shownVerdict({ verdict: 'dangerous', decision })), ['dangerous', 'suspicious', 'clear']);
});
