import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createParser, detectFamily, MAX_UNMAPPED, parseHeader, SyslogHeader, template, Zone, type ParsedEvent } from '../src/index.ts';

const RECEIVED = Date.UTC(2026, 0, 2, 3, 10, 0);
const folder = join(import.meta.dirname, 'fixtures');
const LINES = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter((row) => row !== '' && !row.startsWith('=> ')))
  .map((line) => (line.startsWith('"') ? (JSON.parse(line) as string) : line));

function check(result: ParsedEvent): void {
  assert.equal(typeof result.event['@timestamp'], 'number');
  assert.ok(Number.isFinite(result.event['@timestamp']));
  assert.ok(result.event['event.action'] !== undefined);
  assert.ok(!result.problems.includes('parser_error'));
  assert.ok(Object.keys(result.unmapped).length <= MAX_UNMAPPED);
  for (const [name, value] of Object.entries(result.event)) assert.ok(value !== undefined && value === value, name);
}

describe('hostile lines', () => {
  test('any text and any bytes become an event', () => {
    const parser = createParser();
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => check(parser.parse(text, RECEIVED))), { numRuns: 500 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => check(parser.parse(bytes, RECEIVED))), { numRuns: 500 });
  });

  test('mutated lines of every family become an event, whatever was parsed before', () => {
    const parser = createParser();
    const mutation = fc.record({
      line: fc.constantFrom(...LINES),
      at: fc.nat(600),
      drop: fc.nat(30),
      put: fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('"', '\\', '=', '|', ' ', '[', ']', '<', '>', ':', '\t', '__proto__=1 ', '\\"', 'a="', '\ufeff', '{', '💥')),
      cut: fc.nat(900),
    });
    fc.assert(
      fc.property(mutation, ({ line, at, drop, put, cut }) => {
        const bent = (line.slice(0, at) + put + line.slice(at + drop)).slice(0, cut + 1);
        check(parser.parse(bent, RECEIVED));
        check(parser.parse(Buffer.from(bent, 'latin1'), RECEIVED));
      }),
      { numRuns: 3000 },
    );
  });

  test('a line nobody understands keeps all its text as the message', () => {
    const parser = createParser();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const line = `~ ${text}`;
        const result = parser.parse(line, RECEIVED);
        if (result.event['event.dataset'] !== 'unknown') return;
        assert.equal(result.event.message, line);
        assert.ok(result.problems.includes('unparsed'));
      }),
    );
  });

  test('names such as __proto__ are plain keys and touch no prototype', () => {
    const parser = createParser();
    for (const line of [
      '<189>date=2026-01-02 devid="x" logid="1" type="event" __proto__=1 constructor=2 toString="3"',
      'k=1 __proto__=1 constructor=2 toString=3',
      'CEF:0|a|b|c|d|e|5|__proto__=1 constructor=2 toString=3 cs1Label=__proto__ cs1=4',
      '{"__proto__":"1","constructor":"2","toString":"3","k":"v"}',
      '{"logid":"1","type":"event","__proto__":"1","constructor":"2","toString":"3"}',
    ]) {
      const { unmapped, event } = parser.parse(line, RECEIVED);
      assert.ok(Object.hasOwn(unmapped, '__proto__'), line);
      assert.equal(unmapped['constructor'], '2', line);
      assert.equal(unmapped['toString'], '3', line);
      assert.equal('hasOwnProperty' in unmapped, false);
      assert.equal('toString' in event, false);
    }
    assert.equal(({} as Record<string, unknown>)['k'], undefined);
    assert.equal(Object.getPrototypeOf({}), Object.prototype);
  });

  test('a hundred thousand keys leave a bounded event and say so', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `k${i}=${i}`).join(' ');
    for (const line of [many, `<189>date=2026-01-02 logid="1" type="event" ${many}`, `CEF:0|a|b|c|d|e|5|${many}`, `LEEF:1.0|a|b|c|d|${many.replaceAll(' ', '\t')}`]) {
      const result = createParser().parse(line, RECEIVED);
      check(result);
      assert.ok(result.problems.includes('too_many_keys'), line.slice(0, 30));
      assert.ok(result.problems.includes('truncated'));
      assert.equal(result.event['banya.truncated'], true);
    }
    const json = JSON.stringify(Object.fromEntries(Array.from({ length: 4500 }, (_, i) => [`k${i}`, i])));
    assert.ok(createParser().parse(json, RECEIVED).problems.includes('too_many_keys'));
  });

  test('JSON nested thousands deep is kept as text', () => {
    for (const [open, close] of [['[', ']'], ['{"a":', '}']] as const) {
      for (const depth of [100, 10_000]) {
        const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
        check(createParser().parse(`{"x":${nested}}`, RECEIVED));
        check(createParser().parse(`{"logid":"1","type":"event","x":${nested}}`, RECEIVED));
      }
    }
  });

  test('lines beyond the limit are cut at 64 KiB, for bytes and text alike', () => {
    const long = 'x'.repeat(70_000);
    for (const input of [long, Buffer.from(long)]) {
      const result = createParser().parse(input, RECEIVED);
      assert.equal(result.event.message?.length, 65_536);
      assert.ok(result.problems.includes('truncated'));
    }
    assert.equal(createParser().parse('x', RECEIVED, true).event['banya.truncated'], true);
  });

  test('repetitions made to blow up patterns are read in the end', () => {
    const parser = createParser();
    const heads = ['', '<13>', '<189>logid=1 type=event msg="', '[INSPECT] ', 'PP[01] ', '[IDS] ', 'CEF:0|a|b|c|d|e|5|', 'LEEF:2.0|a|b|c|d|', '<13>1 - - - - - ', 'Jan  2 12:04:05 mx postfix/smtpd[1]: ', '{"a":', '1,2026/01/02 12:04:05,1,THREAT,', 'id=firewall sn=1 fw=', 'msg_id="3000-0148" Deny ', 'device="SFW" log_component=', '[action:"', '<Event><System>', '1767323045.123 1 1.1.1.1 TCP_MISS/', '1.1.1.1 - - [02/Jan/2026:12:04:05 +0900] "', '[Fri Jan 02 12:04:05 2026] [error] ', 'Jan  2 12:04:05 s sshd[1]: ', 'Jan  2 12:04:05 s sudo: ', 'type=EXECVE msg=audit(1767323045.123:1): ', '{"event_type":"alert","flow_id":'];
    for (const head of heads) {
      for (const unit of ['a', '1', ' ', '"', '\\', '=', 'a="\\" ', 'a=" ', '[a b="c"]', 'from=<', 'aaaaaaa > ', '::1 ', '1.1.1.1 ', 'x y=', '\t=', 'cs1Label=x cs1=y ']) {
        const line = (head + unit.repeat(Math.ceil(65_536 / unit.length))).slice(0, 65_536);
        check(parser.parse(line, RECEIVED));
        assert.ok(template(line).length <= 1400);
      }
    }
  });

  test('a key given twice keeps its first value, so text late in a line cannot overrule it', () => {
    const line = '<189>date=2026-01-02 logid="1" type="traffic" srcip=192.168.1.5 action="deny" url="/x\\" srcip=8.8.8.8 action=\\"accept" srcip=203.0.113.99 action="accept"';
    const { event } = createParser().parse(line, RECEIVED);
    assert.equal(event['source.ip'], '192.168.1.5');
    assert.equal(event['event.action'], 'blocked');
    const twice = createParser().parse('src=192.168.1.5 x=1 x=2 src=203.0.113.9', RECEIVED);
    assert.equal(twice.event['source.ip'], '192.168.1.5');
    assert.equal(twice.unmapped['x'], '1');
    assert.equal(twice.unmapped['src'], '203.0.113.9');
    assert.equal(event['url.path'], '/x" srcip=8.8.8.8 action="accept');
  });

  test('the fields a sender cannot set stay ours', () => {
    const { event } = createParser().parse('{"@timestamp":1,"event.dataset":"fortigate.traffic","banya":{"truncated":true},"message":"m"}', RECEIVED);
    assert.equal(event['@timestamp'], RECEIVED);
    assert.equal(event['event.dataset'], 'generic.json');
    assert.equal(event['banya.truncated'], undefined);
  });

  test('any header text is read without throwing, and the text begins within the line', () => {
    const header = new SyslogHeader();
    const zone = new Zone('Asia/Tokyo');
    const part = fc.constantFrom('<13>', '1 ', '- ', '[a b="c"]', 'Jan  2 ', '12:04:05', '2026-01-02T', 'Z', ' ', ':', 'host', '[1]', '"', '\\', '26/01/02 ', '+09:00', '123: ', '*', '\ufeff');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const line = parts.join('');
        parseHeader(line, RECEIVED, zone, header);
        assert.ok(header.start >= 0 && header.start <= line.length, JSON.stringify(line));
        assert.ok(header.tagStart <= header.start);
      }),
      { numRuns: 2000 },
    );
  });

  test('wrong options are refused, not ignored', () => {
    assert.throws(() => createParser({ family: 'nosuch' }), /nosuch/);
    for (const range of ['192.0.2.0/33', '192.0.2/24', '2001:db8::/129', 'x', '192.0.2.0/', '']) assert.throws(() => createParser({ ownRanges: [range] }), RangeError, range);
  });

  test('families are recognised from first lines, and nothing is guessed from noise', () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt') && !/generic|rfc5424/.test(file))) {
      const lines = readFileSync(join(folder, name), 'utf8').split('\n').filter((row) => row !== '' && !row.startsWith('=> '));
      assert.equal(detectFamily(lines.map((line) => (line.startsWith('"') ? (JSON.parse(line) as string) : line)), RECEIVED)[0]?.family, name.slice(0, -4));
    }
    assert.deepEqual(detectFamily([], RECEIVED), []);
    assert.deepEqual(detectFamily(['hello', 'world'], RECEIVED), []);
  });

  test('a pinned family still understands the lines of others', () => {
    const parser = createParser({ family: 'fortigate' });
    assert.equal(parser.parse('IP Tunnel[1] Up', RECEIVED).family, 'yamaha-rtx');
    assert.equal(parser.parse('nothing known', RECEIVED).family, 'generic');
  });
});
