import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createParser, parseHeader, SyslogHeader, Zone } from '../src/index.ts';

const tokyo = new Zone('Asia/Tokyo');
const utc = Date.UTC;

function timeOf(line: string, receivedAt: number, zone: Zone = tokyo): number {
  const header = new SyslogHeader();
  parseHeader(line, receivedAt, zone, header);
  return header.time;
}

describe('times of devices', () => {
  test('a line of New Year’s Eve read in January belongs to the old year', () => {
    assert.equal(timeOf('<13>Dec 31 23:59:58 h x: y', utc(2026, 0, 1, 0, 5)), utc(2025, 11, 31, 14, 59, 58));
  });

  test('a line of January from a clock ahead, read in December, belongs to the new year', () => {
    assert.equal(timeOf('<13>Jan  1 00:00:10 h x: y', utc(2025, 11, 31, 14, 59, 50)), utc(2025, 11, 31, 15, 0, 10));
  });

  test('a clock ahead by a week is followed over New Year, one further ahead is not', () => {
    const received = utc(2025, 11, 31, 3);
    assert.equal(timeOf('<13>Jan  7 12:00:00 h x: y', received), utc(2026, 0, 7, 3));
    assert.equal(timeOf('<13>Jan  7 12:00:01 h x: y', received), utc(2025, 0, 7, 3, 0, 1));
  });

  test('a date without year is never far in the future', () => {
    const received = utc(2026, 11, 1, 3);
    assert.equal(timeOf('<13>Mar 10 12:00:00 h x: y', received), utc(2026, 2, 10, 3));
    assert.equal(timeOf('<13>May 30 12:00:00 h x: y', received), utc(2026, 4, 30, 3));
    assert.equal(timeOf('<13>Dec  2 12:00:00 h x: y', received), utc(2026, 11, 2, 3));
    assert.equal(timeOf('<13>Dec 27 12:00:00 h x: y', received), utc(2025, 11, 27, 3));
    // Here it is New Year already, in UTC it is not.
    assert.equal(timeOf('<13>Jan  1 08:00:00 h x: y', utc(2025, 11, 31, 23, 30)), utc(2025, 11, 31, 23));
    assert.equal(timeOf('<13>Dec 31 20:00:00 h x: y', utc(2026, 0, 1, 2), new Zone('America/New_York')), utc(2026, 0, 1, 1));
  });

  test('29 February falls in the last leap year', () => {
    assert.equal(timeOf('<13>Feb 29 12:00:00 h x: y', utc(2028, 1, 29, 4)), utc(2028, 1, 29, 3));
    assert.equal(timeOf('<13>Feb 29 12:00:00 h x: y', utc(2028, 11, 1)), utc(2028, 1, 29, 3));
    assert.equal(timeOf('<13>Feb 29 12:00:00 h x: y', utc(2030, 4, 1)), utc(2028, 1, 29, 3));
    assert.equal(timeOf('<13>Feb 29 12:00:00 h x: y', utc(2103, 4, 1)), utc(2096, 1, 29, 3));
    assert.ok(Number.isNaN(timeOf('<13>Feb 30 12:00:00 h x: y', utc(2028, 4, 1))));
  });

  test('a time without zone is Japanese, without summer time, on every day of the year', () => {
    for (let month = 0; month < 12; month++) assert.equal(tokyo.toUtc(utc(2026, month, 15, 9)), utc(2026, month, 15, 0));
  });

  test('CEF times in Java’s way of writing zones (Jan 02 2026 12:00:00 GMT+09:00) are read with that zone, whatever it is', () => {
    const rt = (text: string) => createParser({ family: 'cef', timeZone: 'America/New_York' }).parse(Buffer.from(`CEF:0|V|P|1|100|x|5|rt=${text} src=192.0.2.1`), utc(2026, 0, 2, 3)).event['@timestamp'];
    assert.equal(rt('Jan 02 2026 12:00:00 GMT+09:00'), utc(2026, 0, 2, 3));
    assert.equal(rt('Jan 02 2026 12:00:00.250 GMT+0900'), utc(2026, 0, 2, 3, 0, 0, 250));
    assert.equal(rt('Jan 02 2026 12:00:00 UTC-5'), utc(2026, 0, 2, 17));
    assert.equal(rt('Jan 02 2026 12:00:00 GMT'), utc(2026, 0, 2, 12));
    fc.assert(fc.property(fc.constantFrom('GMT', 'UTC'), fc.integer({ min: -12 * 4, max: 14 * 4 }), (name, quarters) => {
      const size = Math.abs(quarters) * 15;
      const two = (n: number) => String(n).padStart(2, '0');
      assert.equal(rt(`Jan 02 2026 12:00:00 ${name}${quarters < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`), utc(2026, 0, 2, 12) - quarters * 900_000);
    }));
  });

  test('zones with summer time are kept on both sides of the change', () => {
    const zone = new Zone('America/New_York');
    assert.equal(zone.toUtc(utc(2026, 2, 8, 1, 59)), utc(2026, 2, 8, 6, 59));
    assert.equal(zone.toUtc(utc(2026, 2, 8, 3, 0)), utc(2026, 2, 8, 7, 0));
    assert.equal(zone.toUtc(utc(2026, 10, 1, 1, 30)), utc(2026, 10, 1, 5, 30));
    assert.equal(zone.toUtc(utc(2026, 10, 1, 2, 30)), utc(2026, 10, 1, 7, 30));
  });

  test('an offset is a zone too, and a wrong name is refused', () => {
    assert.equal(new Zone('+09:00').toUtc(utc(2026, 0, 1, 9)), utc(2026, 0, 1));
    assert.equal(new Zone('-0330').toUtc(utc(2026, 0, 1)), utc(2026, 0, 1, 3, 30));
    assert.throws(() => new Zone('Mars/Olympus'), RangeError);
    assert.throws(() => createParser({ timeZone: 'Nowhere' }), RangeError);
  });

  test('every way of writing one moment gives that moment', () => {
    const moment = utc(2026, 0, 2, 3, 4, 5);
    for (const text of [
      'Jan  2 12:04:05 h a: x', 'Jan 02 12:04:05 h a: x', 'Jan  2 2026 12:04:05 h a: x', 'Jan  2 12:04:05 2026 h a: x', '2026 Jan  2 12:04:05 h a: x', '2026-01-02T03:04:05Z h a: x',
      '2026-01-02T12:04:05+09:00 h a: x', '2026-01-02 12:04:05 h a: x', '2026/01/02 12:04:05 h a: x', '26/01/02 12:04:05 h a: x', 'Jan  2 03:04:05 UTC: a: x', '000017: *Jan  2 12:04:05: a: x', '17: .Jan  2 12:04:05 JST: a: x',
    ]) {
      assert.equal(timeOf(`<13>${text}`, utc(2026, 0, 2, 4)), moment, text);
      assert.equal(timeOf(text, utc(2026, 0, 2, 4)), moment, text);
    }
  });

  test('the sender behind the clock is no year: an IPv6 address, or a number that is far from this year', () => {
    const received = utc(2026, 10, 30, 2);
    const moment = utc(2026, 10, 30, 1, 20, 30);
    const read = (text: string) => createParser().parse(text, received).event;
    for (const host of ['2001:db8::1', '2001::1', '2026:db8::1', '2001', '1999', '2024', '2028']) {
      const event = read(`<38>Nov 30 10:20:30 ${host} sshd[1]: Failed password for root from 203.0.113.66 port 51234 ssh2`);
      assert.equal(event['@timestamp'], moment, host);
      assert.equal(event['host.name'], host);
      assert.equal(event['event.action'], 'login_failed', host);
    }
    for (const year of [2025, 2026, 2027]) assert.equal(timeOf(`<38>Nov 30 10:20:30 ${year} web sshd[1]: x`, received), utc(year, 10, 30, 1, 20, 30));
    assert.equal(timeOf('<38>Nov 30 10:20:30 2001: sw: x', received), utc(2001, 10, 30, 1, 20, 30));
    assert.equal(timeOf('<38>Jan  1 00:00:10 1970: sw: x', received, new Zone('UTC')), 10_000);
  });

  test('what only looks like a time is none', () => {
    for (const text of ['Jan 32 12:04:05 x', 'Foo  2 12:04:05 x', 'Jan  2 25:04:05 x', '2026-13-02 12:04:05', '2026-02-30 12:04:05', 'an  2', '2026/01-02 12:04:05', '12', '']) {
      assert.ok(Number.isNaN(timeOf(`<13>${text}`, utc(2026, 0, 2))), text);
    }
  });

  test('a clock within bounds is believed, beyond them it is kept aside and flagged', () => {
    const received = utc(2026, 0, 2, 3);
    const day = 86_400_000;
    for (const [offset, believed] of [[0, true], [day, true], [day + 1000, false], [-400 * day, true], [-400 * day - 1000, false]] as const) {
      const device = received + offset;
      const { event, problems } = createParser().parse(`<13>${new Date(device).toISOString()} h a: x`, received);
      assert.equal(event['@timestamp'], believed ? device : received);
      assert.equal(event['banya.device_time'], believed ? undefined : device);
      assert.equal(event['banya.clock_suspect'], believed ? undefined : true);
      assert.equal(problems.includes('clock_suspect'), !believed);
    }
  });

  test('FortiGate without tz: the zone follows from eventtime, else it is the one of the source', () => {
    const received = utc(2026, 0, 2, 4);
    const line = (eventtime: string) => `<189>date=2026-01-02 time=05:04:05 devid="F" logid="0000000013" type="traffic" subtype="forward" ${eventtime} srcip=192.0.2.1`;
    const parser = createParser();
    assert.equal(parser.parse(line(`eventtime=${utc(2026, 0, 2, 3, 4, 5) / 1000}`), received).event['@timestamp'], utc(2026, 0, 2, 3, 4, 5));
    assert.equal(parser.parse(line('eventtime=12'), received).event['@timestamp'], utc(2026, 0, 1, 20, 4, 5));
    assert.equal(parser.parse(line(''), received).event['@timestamp'], utc(2026, 0, 1, 20, 4, 5));
  });

  test('a clock some days ahead stays ahead, and is not a year behind', () => {
    const received = utc(2026, 10, 30, 12);
    assert.equal(timeOf('<13>Dec  3 10:00:00 h x: y', received, new Zone('UTC')), utc(2026, 11, 3, 10));
    assert.equal(createParser().parse('<13>Dec  3 10:00:00 h x: y', received).event['banya.clock_suspect'], true);
    assert.equal(timeOf('<13>Dec 27 10:00:00 h x: y', received, new Zone('UTC')), utc(2025, 11, 27, 10));
  });

  test('without year the result is at most a week ahead of the receipt and less than a year behind that', () => {
    const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 28 }), fc.integer({ min: utc(2000, 0), max: utc(2060, 0) }), (month, day, received) => {
        const time = timeOf(`<13>${months[month]} ${String(day).padStart(2)} 10:00:00 h x: y`, received);
        const behind = received + 7 * 86_400_000 - time;
        assert.ok(behind >= 0 && behind < 366 * 86_400_000);
      }),
    );
  });
});
