import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EcsEvent } from '@banya/logs';
import { hourKey, judge, KEYS_MAX, LEARN_DAYS, neighbours, suffixOf, tells, valuesOf, WINDOW_DAYS, type Known } from './rules.ts';

const DAY = 86_400_000;
const now = new Date('2026-11-24T01:00:00Z');
const ago = (days: number): Date => new Date(now.getTime() - days * DAY);
const known = (more: Partial<Known> = {}): Known => ({ since: ago(40), keys: 3, lastAt: null, besideAt: null, loginDays: 20, ...more });

test('nothing is rare before the organisation was looked at for two weeks, or every member would get a list of everything it has', () => {
  assert.equal(judge('login_country', now, known({ since: null })), 'learning');
  assert.equal(judge('login_country', now, known({ since: ago(LEARN_DAYS - 0.01) })), 'learning');
  assert.equal(judge('login_country', now, known({ since: ago(LEARN_DAYS) })), 'rare');
});

test('what was seen within thirty days is usual, and what comes back later is news again', () => {
  assert.equal(judge('usb_model', now, known({ lastAt: ago(WINDOW_DAYS - 0.01) })), 'usual');
  assert.equal(judge('usb_model', now, known({ lastAt: ago(WINDOW_DAYS) })), 'rare');
});

test('where values vary without end nothing is unusual', () => {
  assert.equal(judge('program', now, known({ keys: KEYS_MAX })), 'varied');
});

test('an hour is unusual only beside no usual one, and only where people log in often enough', () => {
  assert.equal(judge('admin_hour', now, known()), 'rare');
  assert.equal(judge('admin_hour', now, known({ besideAt: ago(2) })), 'usual');
  assert.equal(judge('admin_hour', now, known({ besideAt: ago(31) })), 'rare');
  assert.equal(judge('admin_hour', now, known({ loginDays: 7 })), 'learning');
  assert.deepEqual(neighbours('w 00'), ['w 23', 'w 01']);
  assert.deepEqual(neighbours('e 23'), ['e 22', 'e 00']);
  assert.equal(hourKey(Date.parse('2026-11-21T23:59:00Z')), 'e 23');
  assert.equal(hourKey(Date.parse('2026-11-23T00:00:00Z')), 'w 00');
});

const vpn: EcsEvent = { 'event.action': 'tunnel_up', 'user.name': 'Tanaka', 'source.ip': '198.51.100.7', 'source.geo.country_iso_code': 'DE', 'observer.type': 'firewall' };
const kinds = (event: EcsEvent): string[] => valuesOf(event, 0).map((v) => `${v.kind} ${v.subject} ${v.key}`);

test('a log-in from outside tells a country and an hour; one to the settings a name and an hour; a tunnel between sites nothing', () => {
  assert.deepEqual(kinds(vpn), ['login_country  DE', 'remote_hour  w 00']);
  assert.deepEqual(kinds({ ...vpn, 'source.ip': '192.168.1.9' }), []);
  assert.deepEqual(kinds({ 'event.action': 'tunnel_up', 'source.ip': '198.51.100.7', 'observer.type': 'router' }), []);
  assert.deepEqual(kinds({ 'event.action': 'login_succeeded', 'user.name': 'Admin', 'source.ip': '192.168.1.5', 'observer.type': 'firewall', 'banya.vendor_action': 'login' }), ['admin_name  admin', 'admin_hour  w 00']);
  assert.deepEqual(kinds({ 'event.action': 'login_succeeded', 'user.name': 'n/a', 'observer.type': 'firewall' }), []);
});

test('programs are known by computer, USB devices by model, sites by their suffix alone', () => {
  assert.deepEqual(kinds({ 'event.action': 'info', 'event.category': 'process', 'event.type': 'start', 'host.name': 'KEIRI-03', 'process.name': 'Excel.exe' }), ['program keiri-03 excel.exe']);
  assert.deepEqual(kinds({ 'event.action': 'device_connected', 'device.model.name': ' Example Disk ' }), ['usb_model  example disk']);
  assert.deepEqual(kinds({ 'event.action': 'allowed', 'url.domain': 'www.shop.example.xyz', 'network.direction': 'outbound' }), ['suffix  xyz']);
  assert.deepEqual(kinds({ 'event.action': 'allowed', 'url.domain': 'www.shop.example.xyz', 'network.direction': 'inbound' }), []);
  for (const [name, suffix] of [['example.com', null], ['a.example.zip.', 'zip'], ['192.0.2.1', null], ['printer', null], ['', null], ['.xyz', null], ['a.b c', null], ['例え.テスト', null]] as const) assert.equal(suffixOf(name), suffix, name);
});

test('whatever an event holds, what tells nothing gives nothing, and a value fits its column', () => {
  const text = fc.option(fc.string({ maxLength: 300 }), { nil: undefined });
  const event = fc.record({
    'event.action': fc.constantFrom('login_succeeded', 'tunnel_up', 'device_connected', 'allowed', 'info', 'blocked', 'login_failed'), 'event.category': fc.constantFrom('process', 'network'), 'event.type': fc.constantFrom('start', 'end'), 'user.name': text, 'source.ip': text,
    'source.geo.country_iso_code': text, 'observer.type': fc.constantFrom('firewall', 'server'), 'host.name': text, 'process.name': text, 'device.model.name': text, 'url.domain': text, 'destination.domain': text, 'banya.vendor_action': text,
  });
  fc.assert(fc.property(event, (e) => {
    const values = valuesOf(e as EcsEvent, 0);
    if (!tells(e as EcsEvent)) assert.deepEqual(values.filter((v) => v.kind !== 'program'), []);
    for (const v of values) assert.ok(v.key.length > 0 && v.key.length <= 120 && v.subject.length <= 120);
  }));
});
