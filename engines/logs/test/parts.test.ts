import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ACTIONS, createParser, ECS, ECS_COLUMNS, ECS_NAMES, FAMILIES, leases, normaliseIp, normaliseMac, OwnRanges, template } from '../src/index.ts';
import { countryCode, countryName } from '../src/countries.ts';
import { KeyTable, KvScanner } from '../src/kv.ts';

const RECEIVED = Date.UTC(2026, 0, 2, 3, 10, 0);

describe('the ECS core', () => {
  test('has about 130 names and fewer than 50 columns, each described once', () => {
    assert.ok(ECS_NAMES.length >= 120 && ECS_NAMES.length <= 140);
    assert.ok(ECS_COLUMNS.length >= 40 && ECS_COLUMNS.length < 50);
    assert.equal(new Set(ECS_NAMES.map((name) => ECS[name].description)).size > 100, true);
    for (const family of FAMILIES) assert.ok(family.name.ja !== '' && family.name.en !== '');
  });
});

describe('the README', () => {
  test('lists every field and action as they are in the code', () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    for (const name of ECS_NAMES) {
      const { type, column, description } = ECS[name];
      assert.ok(readme.includes(`| \`${name}\` | ${type} | ${column ? '●' : ''} | ${description.replaceAll('|', '\\|')} |`), name);
    }
    for (const [name, meaning] of Object.entries(ACTIONS)) assert.ok(readme.includes(`| \`${name}\` | ${meaning} |`), name);
  });
});

describe('addresses', () => {
  test('are told from what only looks like them', () => {
    for (const text of ['1.2.3', '1.2.3.4.5', '256.1.1.1', '1..2.3', '1.2.3.4 ', 'a.b.c.d', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', ':1', '1:', '::1.2.3', '']) assert.equal(normaliseIp(text), undefined, text);
  });

  test('IPv6 is written the canonical way (RFC 5952)', () => {
    for (const [given, canonical] of [['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'], ['::', '::'], ['0:0:0:0:0:0:0:1', '::1'], ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], ['::ffff:192.0.2.1', '192.0.2.1'], ['fe80::1%eth0', 'fe80::1'], ['1::', '1::']]) {
      assert.equal(normaliseIp(given as string), canonical);
    }
  });

  test('every IPv4 address and every canonical IPv6 address stays as it is', () => {
    fc.assert(fc.property(fc.ipV4(), (ip) => assert.equal(normaliseIp(ip), ip)));
    fc.assert(fc.property(fc.ipV6(), (ip) => {
      const once = normaliseIp(ip);
      assert.ok(once !== undefined, ip);
      assert.equal(normaliseIp(once), once);
    }));
  });

  test('MAC addresses come in one form', () => {
    for (const text of ['02:00:5e:10:00:0a', '02-00-5E-10-00-0A', '0200.5e10.000a', '02005E10000A']) assert.equal(normaliseMac(text), '02-00-5E-10-00-0A');
    for (const text of ['02:00:5e:10:00', '02:00:5e:10:00:0g', '', '02:00:5e:10:00:0a:0b']) assert.equal(normaliseMac(text), undefined);
  });

  test('the direction follows from private and own ranges', () => {
    const own = new OwnRanges(['198.51.100.0/24', '203.0.113.7', '2001:db8:1::/48']);
    for (const [from, to, direction] of [
      ['192.168.1.1', '203.0.113.9', 'outbound'], ['203.0.113.9', '192.168.1.1', 'inbound'], ['10.0.0.1', '172.31.0.1', 'internal'], ['203.0.113.9', '192.0.2.1', 'external'],
      ['203.0.113.9', '198.51.100.255', 'inbound'], ['203.0.113.7', '203.0.113.8', 'outbound'], ['2001:db8:1:2::1', '2001:db8:2::1', 'outbound'], ['2001:db8:2::1', 'fd00::1', 'inbound'], ['172.32.0.1', '100.64.0.1', 'inbound'],
    ] as const) assert.equal(own.direction(from, to), direction, `${from} ${to}`);
  });

  test('countries are known by the names firewalls use', () => {
    for (const [name, code] of [['Japan', 'JP'], ['United States', 'US'], ['Russian Federation', 'RU'], ['Korea, Republic of', 'KR'], ['Viet Nam', 'VN'], ['CHINA', 'CN'], ['de', 'DE'], ['Reserved', undefined], ['ZZ', undefined], ['x'.repeat(1000), undefined]] as const) assert.equal(countryCode(name), code, name);
    for (const [name, code] of [['Cote D’Ivoire', 'CI'], ['Curacao', 'CW'], ['Saint Kitts and Nevis', 'KN'], ['St. Lucia', 'LC'], ['Sao Tome and Principe', 'ST'], ['Turkey', 'TR'], ['Turkiye', 'TR'], ['Iran (Islamic Republic of)', 'IR'], ['Bahamas, The', 'BS'], ['Nowhere', undefined]] as const) {
      for (let twice = 0; twice < 2; twice += 1) assert.equal(countryCode(name), code, name);
    }
    assert.deepEqual([countryName('DE', 'ja'), countryName('DE', 'en'), countryName('HK', 'ja'), countryName('ZZ', 'ja'), countryName('x', 'en')], ['ドイツ', 'Germany', '香港', undefined, undefined]);
  });
});

describe('leases', () => {
  const parser = createParser();
  test('say which computer had an address, from FortiGate, Yamaha, dnsmasq and ISC dhcpd', () => {
    const lines = [
      '<190>date=2026-01-02 time=12:09:07 devid="F" logid="0100026001" type="event" subtype="system" tz="+0900" logdesc="DHCP Ack log" dhcp_msg="Ack" mac="02:00:5E:10:00:07" ip=192.168.1.30 hostname="PC-ITO"',
      '<134>[DHCPD] LAN1(port1) Allocates 192.168.1.30: 02:00:5e:10:00:07',
      '<30>Jan  2 12:09:07 gw dnsmasq-dhcp[3]: DHCPACK(br0) 192.168.1.30 02:00:5e:10:00:07 PC-ITO',
      '<30>Jan  2 12:09:07 gw dhcpd: DHCPACK on 192.168.1.30 to 02:00:5e:10:00:07 (PC-ITO) via eth1',
    ];
    for (const line of lines) {
      const [lease] = leases(parser.parse(line, RECEIVED).event);
      const named = !line.includes('DHCPD');
      assert.deepEqual(lease, { kind: 'assigned', ip: '192.168.1.30', mac: '02-00-5E-10-00-07', hostname: named ? 'PC-ITO' : '', time: named ? Date.UTC(2026, 0, 2, 3, 9, 7) : RECEIVED });
    }
    assert.equal(leases(parser.parse('<30>Jan  2 12:09:07 gw dnsmasq-dhcp[3]: DHCPRELEASE(br0) 192.168.1.30 02:00:5e:10:00:07', RECEIVED).event)[0]?.kind, 'released');
  });
  test('come from nothing else', () => {
    assert.deepEqual(leases(parser.parse('IP Tunnel[1] Up', RECEIVED).event), []);
    assert.deepEqual(leases(parser.parse('<30>Jan  2 12:09:07 gw dnsmasq-dhcp[3]: DHCPOFFER(br0) 192.168.1.30 02:00:5e:10:00:07', RECEIVED).event), []);
  });
});

describe('templates', () => {
  test('lines that differ in their variable parts are one group', () => {
    assert.equal(template('Accepted password for user1 from 192.0.2.1 port 4000'), template('Accepted password for user22 from 192.0.2.77 port 51000'));
    assert.equal(template('sshd[123]: session opened'), 'sshd[<*>]: session opened');
    assert.equal(template('a=1 b="two words" c=x'), 'a=<*> b=<*> c=<*>');
    assert.equal(template('msg "one two" end'), template('msg "three" end'));
    assert.equal(template('ids 1 2 3 done'), template('ids 4 5 done'));
  });
  test('lines of different kinds are different groups', () => assert.notEqual(template('link up on port 1'), template('link down on port 1')));
  test('are bounded and stable for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (text) => {
      const once = template(text);
      assert.ok(once.length <= 1400);
      assert.equal(template(text), once);
    }));
    assert.equal(template(''), '');
  });
});

describe('the key=value scanner', () => {
  const scanner = new KvScanner(new KeyTable(['a', 'b', 'msg']));
  const unknown = (): [string, string][] =>
    Array.from({ length: scanner.unknown }, (_, i) => [scanner.line.slice(scanner.unknownKeyFrom[i], scanner.unknownKeyTo[i]), scanner.line.slice(scanner.unknownFrom[i], scanner.unknownTo[i])]);

  test('gives back every pair that was written', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcxyz019._-/:'), minLength: 1, maxLength: 12 });
    const text = fc.string({ unit: fc.constantFrom(...'abc =,"\\日本[]'), maxLength: 20 });
    const key = fc.string({ unit: fc.constantFrom(...'abcdefgh_'), minLength: 1, maxLength: 8 }).map((k) => `k${k}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.oneof(word, text.map((t) => ({ t })))), { maxLength: 20 }), (pairs) => {
        const line = pairs.map(([k, v]) => `${k}=${typeof v === 'string' ? v : `"${v.t.replaceAll(/["\\]/g, '\\$&')}"`}`).join(' ');
        scanner.scan(line, 0);
        assert.deepEqual(unknown(), pairs.map(([k, v]) => [k, typeof v === 'string' ? v : v.t.replaceAll(/["\\]/g, '\\$&')]));
      }),
      { numRuns: 500 },
    );
  });

  test('known keys are unescaped, empty and N/A values are absent', () => {
    scanner.scan('a="say \\"x\\" \\\\ end" b=N/A msg=""', 0);
    assert.deepEqual([scanner.text(0), scanner.text(1), scanner.text(2)], ['say "x" \\ end', undefined, undefined]);
  });

  test('unescaped quotes inside a value do not end it', () => {
    scanner.scan('msg="he said "hi" to me" a=1', 0);
    assert.deepEqual([scanner.text(2), scanner.text(0), scanner.brokenQuote], ['he said "hi" to me', '1', false]);
  });

  test('a quote never closed takes the rest and says so', () => {
    scanner.scan('a=1 msg="open end', 0);
    assert.deepEqual([scanner.text(2), scanner.brokenQuote], ['open end', true]);
  });
});

describe('public sample logs', () => {
  test('every line of the loghub samples becomes an event with its text', (t) => {
    const folder = join(import.meta.dirname, '../../../../shared/corpus/logs');
    if (!existsSync(folder)) return t.skip('needs the loghub samples of the development corpus in ../shared/corpus/logs (the 2k samples of logpai/loghub)');
    const parser = createParser();
    const templates = new Set<string>();
    let lines = 0;
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.log'))) {
      for (const line of readFileSync(join(folder, name), 'utf8').split(/\r?\n/)) {
        if (line === '') continue;
        lines++;
        const { event } = parser.parse(line, RECEIVED);
        assert.ok((event.message ?? '').length > 0, line);
        assert.ok(line.includes(event.message ?? ' '), line);
        templates.add(template(event.message ?? ''));
      }
    }
    assert.ok(lines > 0 && templates.size < lines / 3, `${templates.size} templates of ${lines} lines`);
  });
});
