import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hoursLine, hoursOf } from '../src/texts/hours.ts';

test('opening hours are read as people write them, and what is no time is refused, not guessed', () => {
  const nine = [['09:00', '17:00']];
  for (const text of ['9:00〜17:00', '９：００～１７：００', '9-17', '9時〜17時', '9時から17時まで', ' 09:00 – 17:00 ', '9:00−17:00']) assert.deepEqual(hoursOf(text), nine, text);
  assert.deepEqual(hoursOf('9時半〜12時、13:15〜17時45分'), [['09:30', '12:00'], ['13:15', '17:45']]);
  for (const text of ['', '  ', '休み', '-', 'Closed']) assert.deepEqual(hoursOf(text), [], text);
  for (const text of ['朝から', '9:00', '9〜', '9:00〜17:00から']) assert.ok(hoursOf(text).flat().some((time) => !/^\d\d:\d\d$/.test(time)), text);
});

test('what is shown is read as the same again, in both languages', () => {
  const hours: [string, string][] = [['00:00', '09:05'], ['13:00', '24:00']];
  for (const lang of ['ja', 'en'] as const) assert.deepEqual(hoursOf(hoursLine(hours, lang)), hours);
});
