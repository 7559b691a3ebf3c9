import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeLine, encodeLine, readOptions, UsageError } from '../src/index.ts';
import { backoff, judge } from '../src/sender.ts';
import { renderStatus } from '../src/status.ts';

const BASE = ['--server', 'https://banya.example.jp', '--source', 's', '--token-file', 'token'];

test('any bytes come back from the wire as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.boolean(), (bytes, cut) => {
      const text = encodeLine({ at: 5, from: '192.0.2.1', by: 'udp', cut, bytes });
      assert.equal(text.indexOf('\n'), text.length - 1);
      assert.deepEqual(decodeLine(text), { at: 5, from: '192.0.2.1', by: 'udp', cut, bytes: Buffer.from(bytes) });
    }),
  );
});

test('what is no relay line is refused, never thrown at the reader', () => {
  for (const text of ['', 'x', 'null', '[]', '{}', '{"at":1.5,"from":"a","by":"udp","line":""}', '{"at":1,"from":"a","by":"tls","line":""}', '{"at":1,"from":"a","by":"udp"}']) assert.equal(decodeLine(text), null, text);
  fc.assert(fc.property(fc.string(), (text) => void decodeLine(text)));
});

test('plain http is refused except to this very computer', () => {
  assert.throws(() => readOptions([...BASE, '--server', 'http://banya.example.jp'], {}), UsageError);
  assert.throws(() => readOptions([...BASE, '--server', 'http://localhost.example.jp'], {}), UsageError);
  for (const server of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000']) assert.equal(readOptions([...BASE, '--server', server], {}).server.protocol, 'http:');
});

test('the token comes from a file or the environment, and its absence is explained', () => {
  const bare = BASE.slice(0, 4);
  assert.deepEqual(readOptions(BASE, {}).token, { file: 'token' });
  assert.deepEqual(readOptions(bare, { BANYA_RELAY_TOKEN: 'x' }).token, { value: 'x', onCommandLine: false });
  assert.deepEqual(readOptions([...bare, '--token', 'x'], {}).token, { value: 'x', onCommandLine: true });
  assert.throws(() => readOptions(bare, {}), /--token-file/);
});

test('defaults are those of the usage text', () => {
  const options = readOptions(BASE, {});
  assert.deepEqual([options.host, options.port, options.spoolMaxBytes, options.statusPort], ['0.0.0.0', 514, 1024 ** 3, 5580]);
  assert.deepEqual(readOptions([...BASE, '--listen', '[::]:5514'], {}).host, '::');
});

test('mistakes on the command line are refused with words', () => {
  for (const extra of [['--listen', '514'], ['--listen', 'a:99999'], ['--spool-max', '1'], ['--spool-max', '5XB'], ['--source', 'a/b'], ['--unknown'], ['--server', 'banya'], ['--server', 'https://u:p@h']]) {
    assert.throws(() => readOptions([...BASE, ...extra], {}), UsageError, extra.join(' '));
  }
});

test('answers are judged: taken, retried, wrong token, wrong address, never', () => {
  const kinds = (...statuses: number[]) => statuses.map((status) => judge(status, undefined, 0).kind);
  assert.deepEqual(kinds(200, 202, 204), ['sent', 'sent', 'sent']);
  assert.deepEqual(kinds(408, 409, 425, 429, 500, 502, 503), Array(7).fill('retry'));
  assert.deepEqual(kinds(401, 403), ['token', 'token']);
  assert.deepEqual(kinds(301, 307, 404), Array(3).fill('misconfigured'));
  assert.deepEqual(kinds(400, 413, 415, 422), Array(4).fill('never'));
});

test('Retry-After is read as seconds or date, and never believed beyond an hour or below nothing', () => {
  const after = (text: string) => {
    const verdict = judge(503, text, Date.UTC(2026, 0, 1));
    return verdict.kind === 'retry' ? verdict.afterMs : undefined;
  };
  assert.equal(after('120'), 120_000);
  assert.equal(after('Thu, 01 Jan 2026 00:01:00 GMT'), 60_000);
  assert.equal(after('Wed, 31 Dec 2025 00:00:00 GMT'), 0);
  assert.equal(after('999999999'), 3_600_000);
  assert.equal(after('soon'), null);
});

test('backoff grows, spreads, and stays below five minutes', () => {
  assert.equal(backoff(0, 1000, 1), 1000);
  assert.equal(backoff(3, 1000, 0.5), 4000);
  assert.equal(backoff(1000, 1000, 1), 300_000);
  assert.equal(backoff(5, 1000, 0), 0);
});

test('nothing on the status page can be markup from outside', () => {
  const page = renderStatus({
    state: { kind: 'ok' },
    listening: '<x>',
    lastSuccess: null,
    sentLines: 0,
    queue: { segments: 0, bytes: 0, waitingBytes: 0, dropped: 0, refused: 0, fault: '<script>' },
    lost: 0,
    senders: [{ address: '<img>', lines: 1, lastSeen: 0 }],
  });
  assert.ok(!page.includes('<script>') && !page.includes('<img>') && !page.includes('<x>'));
});
