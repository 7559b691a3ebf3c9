import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanHtml } from './html.ts';

/** What a browser could load, run, follow or send. */
const ACTIVE = /<(?:script|style|link|meta|base|iframe|object|embed|form|input|button|img|svg|math|video|audio|source|a|area|template|frame)\b|\bon\w+\s*=|\b(?:href|src|srcset|action|background|poster|data|xlink:href|id|class|name)\s*=|url\(|expression\(|@import|javascript:|position\s*:|behavior\s*:/i;

test('words and their look stay; links, pictures, forms and everything that loads or runs go', () => {
  const clean = cleanHtml(`<html><head><title>t</title><style>p{background:url(https://evil.example/a)}</style></head><body background="https://evil.example/b" onload="x()">
    <p style="color:#c00;position:fixed;background-image:url(https://evil.example/c);font-weight:bold" onclick="y()">ご確認ください</p>
    <a href="https://evil.example/d">こちら</a><img src="https://evil.example/e.png" alt="ロゴ"><table><tr><td colspan="2">表</td></tr></table>
    <form action="https://evil.example/f"><input type="password" name="p"><button>送る</button></form><script>alert(1)</script><svg onload="z()"><a xlink:href="x">v</a></svg></body></html>`);
  assert.doesNotMatch(clean, ACTIVE);
  assert.doesNotMatch(clean, /evil|alert/);
  for (const kept of ['ご確認ください', 'こちら', '表', '画像（読み込んでいません）', '入力欄', '送る', 'color:#c00', 'font-weight:bold', 'colspan="2"']) assert.ok(clean.includes(kept), kept);
});

const TRICKS = [
  '<img src=x onerror=alert(1)>', '<svg/onload=alert(1)>', '<math><mi xlink:href="data:x,<script>alert(1)</script>">', '<p style="background:url(//evil.example)">', '<div style="width:expression(alert(1))">', '<a href="java\tscript:alert(1)">x</a>', '<!--><img src=x onerror=alert(1)>-->',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<template><img src=x></template>', '<textarea><img src=x onerror=1></textarea>', '<xmp><img src=x onerror=1></xmp>', '<style><img src=x onerror=1></style>', '<p style="color:red;}body{background:url(x)">', '<span style="color:&#117;rl(x)">',
  '<base href="//evil.example">', '<meta http-equiv="refresh" content="0;url=//evil.example">', '<iframe srcdoc="<script>1</script>">', '<td background="//evil.example/x">', '<font color="red" face="url(x)">', '<![CDATA[<img src=x onerror=1>]]>', '<\0img src=x onerror=1>', '<p\fonclick=1>', '<b style="position:absolute;top:0">',
];

test('no order or nesting of the usual tricks leaves anything active', () => {
  // Text may hold such words; tags may not.
  const check = (html: string): void => {
    for (const tag of cleanHtml(html).match(/<[^>]*>/g) ?? []) assert.doesNotMatch(tag, ACTIVE, html);
  };
  TRICKS.forEach(check);
  fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(...TRICKS, '<p>', '</p>', '<table>', '<', '>', '"', "'", '<!--', '-->', '</style>', '<style>', '<title>', '</title>'), fc.string({ maxLength: 10 })), { maxLength: 12 }), (parts) => check(parts.join(''))), { numRuns: 400 });
});

test('a megabyte of nested or unclosed tags is cut and cleaned well within the time of its child', () => {
  for (const hostile of ['<div>'.repeat(200_000), '<p style="'.repeat(100_000), '<'.repeat(1_000_000), `<p style="${'color:red;'.repeat(100_000)}">`, `<a ${'href="x" '.repeat(100_000)}>`, '&'.repeat(1_000_000)]) {
    const started = performance.now();
    const clean = cleanHtml(hostile);
    const ms = performance.now() - started;
    assert.ok(ms < 4_000, `${hostile.slice(0, 12)}: ${Math.round(ms)} ms`);
    assert.ok(clean.length <= 1_000_000);
  }
});
