import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { keywords } from '../src/texts/keywords.ts';
import { filled } from '../src/features/findings/days.ts';
import { blocks } from '../src/ui/articleBlocks.ts';

describe('words of a question worth searching for', () => {
  it('finds them in Japanese, which has no spaces, the longest first', () => {
    assert.deepEqual(keywords('今朝から共有フォルダが開けません。VPNはつながります'), ['フォルダ', 'vpn', '共有']);
    assert.deepEqual(keywords('ｗｉ－ｆｉのﾊﾟｽﾜｰﾄﾞ'), ['wi-fi', 'パスワード']);
  });
  it('asks for nothing where nothing is said, and never for more than three words the server takes', () => {
    assert.deepEqual(keywords('これはどうすればよいですか？'), []);
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), (text) => {
      const words = keywords(text);
      assert.ok(words.length <= 3 && words.every((word) => word.length >= 2 && word.length <= 30));
    }));
  });
});

describe('the text of a knowledge page', () => {
  it('knows headings, steps, points and paragraphs as people type them', () => {
    assert.deepEqual(blocks('# 直し方\n時計を見ます。\n二行目です。\n\n1. 押す\n2. 選ぶ\n・古いもの\n- 新しいもの'), [
      { kind: 'heading', text: '直し方' }, { kind: 'text', text: '時計を見ます。\n二行目です。' },
      { kind: 'steps', first: 1, items: ['押す', '選ぶ'] }, { kind: 'points', items: ['古いもの', '新しいもの'] },
    ]);
    assert.deepEqual(blocks('■見分け方\n・急がせる'), [{ kind: 'heading', text: '見分け方' }, { kind: 'points', items: ['急がせる'] }]);
  });
  it('does not take addresses and decimals for steps, and goes on counting after a remark', () => {
    assert.deepEqual(blocks('192.0.2.1 を開く\n\n1.5倍になります').map((block) => block.kind), ['text', 'text']);
    assert.deepEqual(blocks('1. 押す\n\nここで待ちます\n\n2. 選ぶ').at(-1), { kind: 'steps', first: 2, items: ['選ぶ'] });
  });
  it('loses no word, whatever was typed', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const bare = (s: string) => s.replace(/[\s#*・■.．)）\d-]/g, '');
      const read = blocks(text).map((block) => ('items' in block ? block.items.join('') : block.text)).join('');
      assert.equal(bare(read), bare(text));
    }));
  });
});

describe('days of a finding', () => {
  it('shows days without anything as zero, so that a pause is seen', () => {
    assert.deepEqual(filled([{ day: '2026-10-30', count: 3 }, { day: '2026-11-02', count: 1 }]).map((one) => one.count), [3, 0, 0, 1]);
  });
  it('keeps to the last sixty days, and draws nothing of nothing', () => {
    const days = filled([{ day: '2020-01-01', count: 1 }, { day: '2026-11-02', count: 7 }]);
    assert.equal(days.length, 60);
    assert.deepEqual(days.at(-1), { day: '2026-11-02', count: 7 });
    assert.deepEqual(filled([]), []);
    assert.deepEqual(filled([{ day: 'broken', count: 1 }]), []);
  });
});
