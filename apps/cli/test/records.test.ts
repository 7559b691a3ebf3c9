import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutterOf } from '../src/detect/records.ts';

type Cut = 'xml' | 'stream' | 'csv';
const xml = (number: number): string => `<Event xmlns='x'><System><EventRecordID>${number}</EventRecordID></System><EventData><Data>日本 &lt;</Data></EventData>\n</Event>`;
const FILES: readonly (readonly [Cut, string, readonly string[]])[] = [
  ['xml', `<?xml version="1.0"?>\r\n<Events>${xml(1)}${xml(2)}\n<!-- c -->\nother\n${xml(3)}x${xml(4)}</Events>\n`, [`1 ${xml(1)}`, `2 ${xml(2)}`, '5 other', `6 ${xml(3)}`, '7 x', `7 ${xml(4)}`]],
  [
    'stream', '[ {"a":"}\\"{"} , {"b":[{"c":1}]}\n]\nno json {x}\n{"value":[{"z":1},{"y":{"value":[{"q":1}]}}],"n":{"m":[{}]}}{"k":[{"value":[{}]}]}\n{"@odata.x":"1","value":[]}{"last":1}{"cut":',
    ['0 {"a":"}\\"{"}', '0 {"b":[{"c":1}]}', '2 no json {x}', '3 {"z":1}', '3 {"y":{"value":[{"q":1}]}}', '3 {"k":[{"value":[{}]}]}', '4 {"last":1}', '4 {"cut":'],
  ],
  ['csv', 'Id,AuditData\n1,"{""a"":""x\ny""}"\n2,"{""b"":1}"\n3,\n4,"{""c"":2}"', ['1 {"a":"x\ny"}', '3 {"b":1}', '4 {"Id":"3","AuditData":""}', '5 {"c":2}']],
];

function cut(kind: Cut, parts: readonly Buffer[]): string[] {
  const cutter = cutterOf(kind, 1024 * 1024);
  return [...parts.flatMap((part) => [...cutter.add(part)]), ...cutter.end()].map(({ line, bytes }) => `${line} ${bytes.toString()}`);
}

test('records are the same wherever the parts of a file end', () => {
  for (const [kind, text, wanted] of FILES) {
    const bytes = Buffer.from(text);
    assert.deepEqual(cut(kind, [bytes]), wanted);
    assert.deepEqual(cut(kind, [...bytes].map((byte) => Buffer.from([byte]))), wanted, `${kind}, byte by byte`);
    for (let at = 1; at < bytes.length; at++) assert.deepEqual(cut(kind, [bytes.subarray(0, at), bytes.subarray(at)]), wanted, `${kind} at ${at}`);
  }
});

test('a record longer than it may be is cut, and the next one is read', () => {
  const long = 'x'.repeat(3_000_000);
  for (const [kind, text] of [['xml', `<Event >${long}</Event>${xml(1)}`], ['stream', `{"a":"${long}"}{"b":1}`]] as const) {
    const bytes = Buffer.from(text);
    const cutter = cutterOf(kind, 1024 * 1024);
    const found = [];
    for (let at = 0; at < bytes.length; at += 65_536) found.push(...cutter.add(bytes.subarray(at, at + 65_536)));
    assert.deepEqual([...found, ...cutter.end()].map((piece) => [piece.cut, piece.bytes.length]), [[true, 1024 * 1024], [false, kind === 'xml' ? Buffer.byteLength(xml(1)) : 7]]);
  }
});
