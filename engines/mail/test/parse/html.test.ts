import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { LIMITS } from '../../src/parse/limits.ts';
import { readHtml } from '../../src/parse/html.ts';

const links = (html: string) => readHtml(html).links.map(({ link }) => link.url);

describe('visible and hidden text', () => {
  test('blocks stand on lines of their own, blanks are folded, entities decoded', () => {
    assert.equal(readHtml('<h1>A&amp;B</h1><p>one\n  <b>two</b>&nbsp;three</p><table><tr><td>件名:</td><td>x</td></tr><tr><td>y</td></tr></table>a<br>b').text, 'A&B\none two three\n件名: x\ny\na\nb');
  });
  const HIDING: Record<string, string> = {
    'display:none': '<div style="display:none">SECRET</div>',
    'display: none !important': '<div style="color:red; DISPLAY : none !important">SECRET</div>',
    'visibility:hidden': '<span style="visibility:hidden">SECRET</span>',
    'opacity:0': '<span style="opacity:0.0">SECRET</span>',
    'font-size:0': '<span style="font-size:0px">SECRET</span>',
    'font-size:1px': '<td style="font-size:1px;line-height:1px">SECRET</td>',
    'white on white': '<span style="color:#ffffff">SECRET</span>',
    'nearly white on white': '<font color="#fefefe">SECRET</font>',
    'black on black': '<table bgcolor="#000000"><tr><td style="color:black">SECRET</td></tr></table>',
    'off the screen': '<div style="position:absolute;left:-9999px">SECRET</div>',
    'indented away': '<p style="text-indent:-9999px">SECRET</p>',
    'no height': '<div style="max-height:0;overflow:hidden">SECRET</div>',
    'class of a style sheet': '<style>/* x */ .pre, .other{display:none}</style><div class="a pre">SECRET</div>',
    'id of a style sheet': '<style>#h{font-size:0}</style><div id="h">SECRET</div>',
    'hidden attribute': '<div hidden>SECRET</div>',
    'hidden by what stands around': '<div style="display:none"><div style="display:block"><p>SECRET</p></div></div>',
    'only for Outlook': '<div style="mso-hide:all">SECRET</div>',
  };
  for (const [name, html] of Object.entries(HIDING)) {
    test(`hidden: ${name}`, () => {
      const facts = readHtml(`<p>before</p>${html}<p>after</p>`);
      assert.equal(facts.text, 'before\nafter');
      assert.equal(facts.hiddenText, 'SECRET');
    });
  }
  const SHOWN: Record<string, string> = {
    'white on blue': '<td style="background:#0000ff;color:#fff">TEXT</td>',
    'white on a picture': '<td background="x.png" style="color:white">TEXT</td>',
    'white on a gradient': '<td style="background-image:linear-gradient(red,blue);color:white">TEXT</td>',
    'white on a ground set by a rule that is not followed': '<style>td.x > p{background:#000}</style><p style="color:white">TEXT</p>',
    'hidden for small screens only': '<style>@media (max-width:600px){.x{display:none}}</style><p class="x">TEXT</p>',
    'a paragraph left open before it': '<p style="display:none"><div>TEXT</div>',
    'a head that was never closed': '<head><meta charset="utf-8"><title>t</title><p>TEXT</p>',
    'text straight behind an open head': '<html><head>TEXT',
    'shown by the element itself': '<style>.x{display:none}</style><p class="x" style="display:block">TEXT</p>',
    'an element nobody knows': '<constructor><tostring>TEXT</constructor>',
    'a cell of a table with an unknown colour': '<td bgcolor="constructor" style="color:white">TEXT</td>',
    'letters written as numbers': '&#84;&#x45;XT',
  };
  for (const [name, html] of Object.entries(SHOWN)) test(`shown: ${name}`, () => assert.equal(readHtml(html).text, 'TEXT'));
  test('scripts, styles, comments and titles are neither', () => {
    const facts = readHtml('<title>t</title><style>p{}</style><script>var a="<p>x</p>"</script><!-- c --><p>text</p>');
    assert.deepEqual([facts.text, facts.hiddenText], ['text', '']);
  });
});

describe('links of HTML', () => {
  test('text of the link, or of the picture in it', () => {
    const facts = readHtml('<a href="https://a.example/?x=1&amp;y=2">ここを <b>押す</b></a><a href="https://b.example"><img src="x" alt="ログイン"></a>');
    assert.deepEqual(facts.links.map(({ link }) => [link.url, link.text]), [['https://a.example/?x=1&y=2', 'ここを 押す'], ['https://b.example', 'ログイン']]);
  });
  test('forms, buttons, areas, frames and refreshes lead somewhere, too', () => {
    assert.deepEqual(links('<form action="https://f.example/p"><button formaction="https://g.example/">x</button></form><map><area href="https://h.example/"></map><iframe src="https://i.example/"></iframe><meta http-equiv="refresh" content="0; url=\'https://j.example/\'">'), ['https://f.example/p', 'https://g.example/', 'https://h.example/', 'https://i.example/', 'https://j.example/']);
  });
  test('a base makes short links whole', () => {
    assert.deepEqual(links('<base href="https://evil.test/dir/"><a href="login.php">x</a><a href="/top">y</a><a href="//other.example/z">z</a>'), ['https://evil.test/dir/login.php', 'https://evil.test/top', 'http://other.example/z']);
  });
  test('data and javascript are links without a host', () => {
    assert.deepEqual(readHtml('<a href="javascript:alert(1)">a</a><a href=" data:text/html,x">b</a><a href="java&#10;script:x">c</a>').links.map(({ link }) => [link.url, link.host]), [['javascript:alert(1)', ''], ['data:text/html,x', ''], ['javascript:x', '']]);
  });
  test('anchors, mail addresses and telephones are no links', () => {
    assert.deepEqual(links('<a href="#top">x</a><a href="mailto:a@example.jp">x</a><a href="tel:0312345678">x</a><a href="cid:1">x</a><a href="">x</a><a>x</a>'), []);
  });
  test('a link in an unclosed link ends the first', () => {
    assert.deepEqual(readHtml('<a href="https://a.example/">one<a href="https://b.example/">two').links.map(({ link }) => [link.url, link.text]), [['https://a.example/', 'one'], ['https://b.example/', 'two']]);
  });
});

describe('hostile HTML', () => {
  test('five megabytes are read, no more', () => {
    const facts = readHtml(`<p>first</p>${'x'.repeat(LIMITS.html)}<a href="https://late.example/">late</a>`);
    assert.equal(facts.cut, true);
    assert.ok(facts.text.length <= LIMITS.text);
  });
  const FLOODS: Record<string, string> = {
    'elements inside elements': '<div>'.repeat(300_000),
    'formatting that would be reopened': Array.from({ length: 60_000 }, (_, i) => `<font size=${i % 7} color=c${i}><p>`).join(''),
    'attributes without end': `<a ${Array.from({ length: 200_000 }, (_, i) => `a${i}=b`).join(' ')}>x`,
    'end tags of nothing': '</div></p></a>'.repeat(100_000),
    'entities': '&amp;&#65;&lt'.repeat(200_000),
    'rules of a style sheet': `<style>${'.a{color:red}'.repeat(100_000)}</style>${'<p class="a b c d">x'.repeat(20_000)}`,
    'braces without end': `<style>${'{'.repeat(1_000_000)}</style>x`,
    'tables in tables': '<table><tr><td>'.repeat(60_000),
    'text in many small pieces': 'x<b>y</b> <br>'.repeat(200_000),
    'hidden text in many small pieces': `<div style="display:none">${'x<b>y</b>'.repeat(200_000)}`,
    'blanks inside styles': `<p style="color:red${' '.repeat(3_900)}x">y`.repeat(1_200),
    'a tag without end': `<a href="${'x'.repeat(2_000_000)}`,
  };
  for (const [name, html] of Object.entries(FLOODS)) {
    test(`${name} end within seconds`, { timeout: 20_000 }, () => {
      const before = performance.now();
      const facts = readHtml(html);
      assert.ok(performance.now() - before < 5_000);
      assert.ok(facts.text.length <= LIMITS.text && facts.links.length <= LIMITS.links && facts.hiddenText.length <= LIMITS.hiddenText);
    });
  }
  test('any text is taken', () => {
    const piece = fc.constantFrom('<', '>', '</', '<p', '<a href=', '"', "'", '=', 'style=', 'display:none', '<style>', '</style>', '{', '}', '<script>', '<!--', '-->', '&#', 'x', 'あ', ' ', '<td>', '<table>', '<head>', '<body>', '<title>', '\0', '<svg>', '<![CDATA[');
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const facts = readHtml(pieces.join(''));
      assert.equal(typeof facts.text, 'string');
      for (const { at } of facts.links) assert.ok(at >= 0 && at <= facts.text.length + 1);
    }), { numRuns: 1_000 });
  });
});
