import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readField } from '../src/fields.ts';
import { errorOf, matches, rule } from './helpers.ts';

const yes = (items: string, event: Record<string, unknown>, options = {}) => assert.equal(matches(items, event, options), true, `${items} should match ${JSON.stringify(event)}`);
const no = (items: string, event: Record<string, unknown>, options = {}) => assert.equal(matches(items, event, options), false, `${items} should not match ${JSON.stringify(event)}`);

test('values compare without regard to case, for every script', () => {
  yes('a: CMD.exe', { a: 'cmd.EXE' });
  yes('a: ÄÖÜ', { a: 'äöü' });
  yes('a|contains: ΣΊΣΥΦΟΣ', { a: '..σίσυφος..' });
  yes("a: '\u212a'", { a: 'k' });
  no("a: 'ı'", { a: 'I' });
  yes('a|contains: 経理', { a: '共有/経理/2026' });
});

test('cased compares exactly', () => {
  yes('a|cased: Abc', { a: 'Abc' });
  no('a|cased: Abc', { a: 'abc' });
  no('a|contains|cased: Abc', { a: 'xabcx' });
});

test('wildcards and their escapes follow the specification', () => {
  yes("a: 'prog?.exe'", { a: 'progA.exe' });
  no("a: 'prog?.exe'", { a: 'prog.exe' });
  yes("a: 'x?y'", { a: 'x\u{1f600}y' });
  yes("a: 'a*c*e'", { a: 'abcde' });
  no("a: 'a*c*e'", { a: 'abcdef' });
  yes("a: 'a\\*b'", { a: 'a*b' });
  no("a: 'a\\*b'", { a: 'axb' });
  yes("a: 'C:\\Windows\\x'", { a: 'c:\\windows\\X' });
  yes("a: '\\\\*'", { a: '\\anything' });
  yes("a: '\\\\\\*'", { a: '\\*' });
  no("a: '\\\\\\*'", { a: '\\x' });
});

test('null, empty and absent are told apart', () => {
  yes('a: null', {});
  yes('a: null', { a: null });
  no('a: null', { a: '' });
  yes("a: ''", { a: '' });
  no("a: ''", {});
  no("a: ''", { a: null });
  yes('a|exists: true', { a: null });
  yes('a|exists: false', { b: 1 });
  no('a|exists: true', {});
});

test('numbers and booleans compare as they are written', () => {
  yes('a: 4625', { a: 4625 });
  yes('a: 4625', { a: '4625' });
  yes('a: true', { a: true });
  no('a: 46', { a: 4625 });
  yes("a: '0x17'", { a: '0x17' });
});

test('comparisons only hold for numbers', () => {
  yes('a|gte: 10', { a: '10' });
  no('a|gt: 10', { a: 10 });
  yes('a|lt: -1.5', { a: '-2' });
  no('a|lt: 5', { a: '' });
  no('a|lte: 5', { a: 'three' });
  no('a|gte: 0', {});
});

test('one of several values of a field is enough', () => {
  yes('a: x', { a: ['y', 'X'] });
  no('a: x', { a: ['y', 'z'] });
  no('a|neq: x', { a: ['y', 'x'] });
});

test('all asks for every value, a list for any', () => {
  yes('a|contains:\n  - one\n  - two', { a: 'xx two' });
  no('a|contains|all:\n  - one\n  - two', { a: 'xx two' });
  yes('a|contains|all:\n  - one\n  - two', { a: 'two one' });
});

test('neq negates the whole item and holds where the field is absent', () => {
  yes('a|neq: x', { a: 'y' });
  no('a|neq:\n  - x\n  - y', { a: 'Y' });
  yes('a|neq: x', {});
  yes('a|fieldref|neq: b', { a: '1', b: '2' });
  yes('a|contains|neq: x', { a: 'abc' });
});

test('regular expressions search, count case, and take i, m and s', () => {
  yes('a|re: b+c', { a: 'abbbcd' });
  no('a|re: ^b', { a: 'ab' });
  no('a|re: ABC', { a: 'abc' });
  yes('a|re|i: ABC', { a: 'abc' });
  yes('a|re|m: ^two$', { a: 'one\ntwo\nthree' });
  no('a|re: one.two', { a: 'one\ntwo' });
  yes('a|re|s: one.two', { a: 'one\ntwo' });
});

test('a regular expression cannot make an event slow', () => {
  no('a|re: ^(a+)+$', { a: `${'a'.repeat(50_000)}!` });
  no("a: '*a*a*a*a*a*a*a*a*b'", { a: 'a'.repeat(20_000) });
});

test('cidr knows both address families and mapped addresses', () => {
  yes('a|cidr: 192.0.2.0/24', { a: '192.0.2.255' });
  no('a|cidr: 192.0.2.0/24', { a: '192.0.3.0' });
  yes('a|cidr: 192.0.2.0/24', { a: '::ffff:192.0.2.7' });
  yes("a|cidr: '2001:db8::/33'", { a: '2001:db8:7fff::1' });
  no("a|cidr: '2001:db8::/33'", { a: '2001:db8:8000::1' });
  no('a|cidr: 0.0.0.0/0', { a: '::1' });
  no('a|cidr: 0.0.0.0/0', { a: '999.1.1.1' });
});

test('base64 and base64offset find text inside encoded text at any offset', () => {
  yes('a|base64|contains: hello', { a: Buffer.from('hello').toString('base64') });
  for (const before of ['', 'x', 'xy', 'xyz']) {
    yes("a|base64offset|contains: 'secret word'", { a: Buffer.from(`${before}secret word and more`).toString('base64') });
    yes("a|wide|base64offset|contains: 'secret'", { a: Buffer.from(`${before}s\0e\0c\0r\0e\0t\0`, 'latin1').toString('base64') });
  }
  yes('a|utf16be|base64|startswith: ab', { a: `${Buffer.from('\0a\0b', 'latin1').toString('base64').slice(0, 8)}` });
  no('a|base64|contains: hello', { a: 'hello' });
});

test('windash takes every dash where a flag begins and only there', () => {
  for (const dash of '-/–—―') yes("a|windash|contains: ' -enc'", { a: `x ${dash}enc y` });
  no("a|windash|contains: 'foo-bar -x'", { a: 'foo/bar -x' });
  yes("a|windash|contains: '-a -b'", { a: '/a –b' });
});

test('fieldref compares two fields of one event', () => {
  yes('a|fieldref: b', { a: 'Same', b: 'sAME' });
  no('a|fieldref|cased: b', { a: 'Same', b: 'sAME' });
  yes('a|fieldref|startswith: b', { a: 'prefix-rest', b: 'prefix' });
  no('a|fieldref: b', { a: 'x' });
});

test('time parts are taken as written from text, and at the given offset from numbers', () => {
  yes("a|hour: 23", { a: '2026-11-24T23:10:00+09:00' });
  yes("a|hour|gte: 22", { a: Date.UTC(2026, 10, 24, 13, 30) }, { utcOffsetMinutes: 540 });
  no("a|hour|gte: 22", { a: Date.UTC(2026, 10, 24, 13, 30) });
  yes('a|minute: 30', { a: '2026-11-24 13:30:59' });
  yes('a|day: 24', { a: '2026-11-24' });
  yes('a|week: 1', { a: '2024-12-30' });
  yes('a|month: 11', { a: '2026/11/24' });
  yes('a|year: 2026', { a: '2026-11-24' });
  no('a|hour: 0', { a: 'yesterday' });
});

test('placeholders become their values, and an unknown one refuses the rule', () => {
  const options = { placeholders: { Servers: ['srv*', 'db1'] } };
  yes('a|expand: \'%Servers%\'', { a: 'SRV9' }, options);
  yes("a|expand: 'x-%Servers%'", { a: 'x-db1' }, options);
  yes("a|expand: '\\%Servers%'", { a: '%Servers%' }, options);
  yes("a: '%Servers%'", { a: '%Servers%' }, options);
  assert.equal(errorOf(rule("selection:\n  a|expand: '%Nobody%'\ncondition: selection"), options).code, 'placeholder');
});

test('of a list of objects on the way each is followed', () => {
  const target = { target: [{ name: 'x', of: [{ id: 1 }] }, { name: 'Console' }, 'text', null] };
  yes('target.name: console', target);
  yes('target.of.id: 1', target);
  yes('target.nobody: null', target);
  no('target.name: y', target);
  no('target.nobody|exists: true', target);
  assert.equal((readField({ a: Array.from({ length: 5_000 }, () => ({ b: 1 })) }, 'a.b') as unknown[]).length, 1_000);
  assert.equal(readField({ a: {} }, Array(40).fill('a').join('.')), undefined);
});

test('nested objects are reached by dotted names, and inherited keys do not exist', () => {
  yes('a.b: x', { a: { b: 'x' } });
  yes('a.b: x', { 'a.b': 'x' });
  yes('a.b.c: x', { 'a.b': { c: 'x' } });
  yes('a.b.c: x', { a: { 'b.c': 'x' } });
  yes('a.b.c: x', { a: { b: 'y' }, 'a.b': { c: 'x' } });
  no('constructor|exists: true', {});
  no('__proto__.constructor|exists: true', { a: {} });
});
