import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { openEvents, type EventsStore } from '../../../kernel/events/index.ts';
import { batch, row, temporaryFolder } from '../../../kernel/events/fixtures.test-helper.ts';
import { guardSql } from '../../../kernel/events/guard.ts';
import { compileQuery } from './compile.ts';
import { fieldNames, fieldOf } from './fields.ts';
import { LIMITS, parseQuery, QueryError, type Node } from './parse.ts';

const A = '0190a000-0000-7000-8000-00000000000a';
const B = '0190a000-0000-7000-8000-00000000000b';

/** A tree in short: words bare, fields as name:value. */
function told(node: Node | null): string {
  if (node === null) return '';
  if (node.is === 'text') return node.text;
  if (node.is === 'not') return `-${told(node.of)}`;
  if (node.is !== 'field') return `(${node.of.map(told).join(node.is === 'or' ? ' | ' : ' & ')})`;
  const { value } = node;
  return `${node.field.name}=${value.kind === 'any' ? '*' : value.kind === 'is' ? `${value.text}${value.wild ? '~' : ''}` : `${value.from ?? ''}..${value.to ?? ''}`}`;
}

describe('what is typed is read as it is meant', () => {
  const CASES: readonly [query: string, tree: string][] = [
    ['', ''], ['　', ''], ['vpn login', '(vpn & login)'], ['vpn　ログイン', '(vpn & ログイン)'], ['"two words"', 'two words'], ['「二つの 言葉」', '二つの 言葉'], ['a OR b c', '(a | (b & c))'], ['(a OR b) c', '((a | b) & c)'], ['（a または b）c', '((a | b) & c)'],
    ['-a', '-a'], ['NOT a', '-a'], ['a -b', '(a & -b)'], ['a - b', '(a & - & b)'], ['a AND b', '(a & b)'], ['user:tanaka', 'user=tanaka'], ['利用者：田中', '利用者=田中'], ['user:"a b"', 'user=a b'], ['user:t*', 'user=t*~'], ['user:"t*"', 'user=t*'], ['user:*', 'user=*'],
    ['source.ip:192.0.2.1', 'source.ip=192.0.2.1'], ['ip:10.0.0.0/8', 'ip=10.0.0.0/8'], ['dport:443', 'dport=443..443'], ['dport:>1023', 'dport=1024..'], ['dport:<=1023', 'dport=..1023'], ['port:1..1023', 'port=1..1023'], ['fields.sessionid:12', 'fields.sessionid=12'], ['dns.question.type:TXT', 'dns.question.type=TXT'],
    ['https://evil.example/a?b=c', 'https://evil.example/a?b=c'], ['12:30:05', '12:30:05'], ['C:\\temp', 'C:\\temp'], ['fe80::1', 'fe80::1'], ['aa:bb:cc:dd:ee:ff', 'aa:bb:cc:dd:ee:ff'], ['ip:fe80::1', 'ip=fe80::1'], ['"say \\"hi\\""', 'say "hi"'], ['-user:root -（a b）', '(-user=root & -(a & b))'],
  ];
  for (const [query, tree] of CASES) test(query || 'nothing', () => assert.equal(told(parseQuery(query)), tree));

  const WRONG: readonly [query: string, code: string][] = [
    ['usr:tanaka', 'field_unknown'], ['dport:http', 'number_wanted'], ['dport:-1', 'number_wanted'], ['user:', 'value_missing'], ['(a', 'bracket'], ['a)', 'bracket'], ['()', 'bracket'], ['"a', 'quote'], ['a OR', 'word_missing'], ['OR a', 'word_missing'], ['-', ''], ['""', 'word_missing'],
    ['('.repeat(LIMITS.depth + 2) + 'a' + ')'.repeat(LIMITS.depth + 2), 'too_deep'], ['a '.repeat(LIMITS.terms + 1), 'too_many'], ['a'.repeat(LIMITS.length + 1), 'too_long'],
  ];
  for (const [query, code] of WRONG.filter(([, c]) => c !== '')) test(`refused with a reason: ${query.slice(0, 30)}`, () => assert.throws(() => parseQuery(query), (e) => e instanceof QueryError && e.code === code));
  test('an address is wanted where one must stand', () => assert.throws(() => compileQuery(parseQuery('ip:not-an-address')), (e) => e instanceof QueryError && e.code === 'address_wanted'));
  test('every field that is offered is one', () => {
    for (const lang of ['ja', 'en'] as const) for (const name of fieldNames(lang)) assert.ok(fieldOf(name), name);
  });
});

// Whoever can type can try to leave the query: into other tables, other organisations, or a slow death.
test('whatever is typed, the SQL is of our own words and passes the wall around one organisation; values are parameters', () => {
  const piece = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom("' OR 1=1 --", '{banya_org:UUID}', 'org_id', ') UNION ALL SELECT * FROM events --', 'user:', 'ip:', '"', '(', ')', ' OR ', '-', '\\', '{p0:String}', '`', 'fields.', 'x*', ':', '*', '/*', ';', '\0'));
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
    const query = pieces.join('');
    let condition;
    try {
      condition = compileQuery(parseQuery(query));
    } catch (error) {
      assert.ok(error instanceof QueryError, String(error));
      return;
    }
    assert.match(condition.sql, /^[A-Za-z0-9_ (){}:,.=<>!'[\]]*$/);
    for (const text of condition.sql.match(/'[^']*'/g) ?? []) assert.ok(["''", "'.'", "':'"].includes(text), text);
    guardSql(`SELECT event_id FROM events WHERE ${condition.sql}`);
  }), { numRuns: 3_000 });
});

describe('a query finds what it says', () => {
  let events: EventsStore;
  const folder = temporaryFolder();
  const at = Date.now() - 60_000;
  const lines: readonly { id: string; raw: string; more: Record<string, string | number> }[] = [
    { id: 'deny', raw: 'action=deny srcip=192.168.1.23 user="Tanaka"', more: { 'event.action': 'blocked', 'source.ip': '192.168.1.23', 'destination.ip': '203.0.113.5', 'destination.port': 443, 'user.name': 'Tanaka' } },
    { id: 'web', raw: 'hostname="www.Evil.example" msg=見た', more: { 'url.domain': 'www.Evil.example', 'source.ip': '10.1.2.3', 'destination.port': 80, 'url.full': 'https://www.Evil.example/A_B%20c' } },
    { id: 'json', raw: '{"user":"CORP\\\\tanaka","note":"\\u5730"}', more: { 'user.name': 'tanaka', 'user.domain': 'CORP', message: '地図 100%' } },
    { id: 'six', raw: 'src=2001:db8::5', more: { 'source.ip': '2001:db8::5' } },
    { id: 'odd', raw: "it's 50% _off_ \\ {p0:String} --", more: { 'host.name': 'KEIRI-03' } },
  ];
  before(async () => {
    events = await openEvents({ folder: folder.path });
    const make = (org: string, prefix: string) => lines.map((l) => row(org, { raw: l.raw, event: { '@timestamp': at, ...l.more } as never, unmapped: { id: prefix + l.id, 'file.hash.md5': l.id === 'odd' ? 'ABC' : '' } }));
    await events.insert(batch('a', make(A, '')));
    await events.insert(batch('b', make(B, 'other ')));
  });
  after(async () => {
    await events.close();
    folder.remove();
  });
  const find = async (query: string): Promise<string> => {
    const { sql, params } = compileQuery(parseQuery(query));
    const rows = await events.query<{ id: string }>(A, { sql: `SELECT fields['id'] AS id FROM events WHERE ${sql} ORDER BY id`, params });
    return rows.map((r) => r.id).join(' ');
  };
  const CASES: readonly [query: string, found: string][] = [
    ['', 'deny json odd six web'], ['tanaka', 'deny json'], ['TANAKA action', 'deny'], ['user:tanaka', 'deny json'], ['user:TAN*', 'deny json'], ['user:tan?ka', 'deny json'], ['user:"tan?ka"', ''], ['-user:*', 'odd six web'], ['user:tanaka -action:blocked', 'json'],
    ['ip:192.168.1.23', 'deny'], ['ip:192.168.0.0/16', 'deny'], ['ip:10.0.0.0/8 OR ip:2001:db8::/32', 'six web'], ['ip:２００１:db8::5', 'six'], ['src:203.0.113.5', ''], ['接続先:203.0.113.5', 'deny'], ['接続元:203.0.113.5', ''], ['dst:203.0.113.5', 'deny'], ['ip:0.0.0.0/0', 'deny web'], ['ip:192.168.1.16/28', 'deny'], ['ip:192.168.1.24/29', ''], ['ip:2001:db8::/125', 'six'], ['ip:2001:db8::/126', ''], ['ip:2001:db8::5/128', 'six'], ['ip:::/0', 'six'],
    ['dport:443', 'deny'], ['dport:<443', 'web'], ['dport:>=80', 'deny web'], ['dport:80..443', 'deny web'], ['dport:*', 'deny web'], ['port:0', ''],
    ['domain:evil.example', 'web'], ['domain:vil.example', ''], ['domain:*.example', 'web'], ['url:a_b', 'web'], ['url:axb', ''], ['url:%20', 'web'], ['見た', 'web'], ['地図', 'json'], ['message:100%', 'json'], ['message:1%0%', ''],
    ['CORP\\tanaka', 'json'], ["it's", 'odd'], ['50%', 'odd'], ['"_off_ \\\\ {p0:String} --"', 'odd'], ['host:keiri-03', 'odd'], ['hash:abc', 'odd'], ['fields.id:web', 'web'], ['(tanaka OR evil) -json -blocked', 'deny json web'], ['tanaka (action:blocked OR -user:tanaka)', 'deny'],
  ];
  for (const [query, found] of CASES) test(query || 'an empty query finds everything of the organisation', async () => assert.equal(await find(query), found));
});
