import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailVerdicts, sampleDecisions, touches } from '@banya/contract';
import { sampleAnswerMail } from './mails.ts';
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

test('the answer mail says whom to phone, then what to do, and only then why; its one link is the page of the mail', () => {
  const reasons = [{ text: { ja: '差出人は example.test です。', en: 'The sender is example.test.' }, severity: 'high' as const }];
  for (const facts of cases) {
    const { subject, text } = sampleAnswerMail({ lang: 'ja', personName: '山田 花子', orgName: '北原製作所', url: 'https://banya.example.jp', deskPhone: '043-000-0000' }, { ...facts, id: 'the-mail', orgId: 'the-org', subject: '件名', reasons });
    const at = (words: string): number => text.indexOf(words);
    const what = `${JSON.stringify(facts)}\n${text}`;
    assert.ok(subject.includes(headline(facts, 'ja')), what);
    if (shouldCall(facts)) assert.ok(at('今すぐ、デスクに電話してください：043-000-0000') > 0 && at('今すぐ、デスクに電話') < at('今すること'), what);
    else assert.equal(at('今すぐ、デスクに電話'), -1, what);
    if (facts.state === 'judged') assert.ok(at('今すること') > 0 && at('今すること') < at('理由'), what);
    assert.deepEqual(text.match(/https?:\S+/g), ['https://banya.example.jp/o/the-org/mails/the-mail'], what);
    assert.doesNotMatch(text, /example\.test/, 'nothing of the mail can be pressed');
    if (facts.state === 'drill' || facts.decision === 'harmless') assert.match(text, /困ったときは：デスク 043-000-0000/, what);
  }
});
