import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatSetting, keptSetting, readSetting, settingOfPage } from '../shared/setting.ts';

const org = '019a0c3e-7a10-7c11-9d3e-0123456789ab';
const setting = { url: 'https://banya.example.jp:8443', org, token: 'bny_abcDEF-123_456789' };

test('a setting that is copied out of one place and pasted into another is the same, also where the line was broken on the way', () => {
  const line = formatSetting(setting);
  assert.match(line, /^banya1:[\w-]+$/);
  for (const pasted of [line, ` ${line}\r\n`, line.replace(/(.{20})/g, '$1\n'), `　${line}　`, line.replace(/(.{30})/g, '$1\u200b')]) assert.deepEqual(readSetting(pasted), setting);
  fc.assert(fc.property(fc.uuid(), fc.stringMatching(/^[\w.~+/=-]{8,80}$/), fc.domain(), (id, token, host) => {
    const given = { url: `https://${host}`, org: id, token };
    assert.deepEqual(readSetting(formatSetting(given)), given);
  }));
});

test('the address of a page and a token do as well', () => {
  assert.deepEqual(settingOfPage(` https://banya.example.jp:8443/o/${org.toUpperCase()}/settings/tokens?x=1#y `, ` ${setting.token} `), setting);
  assert.equal(settingOfPage('https://banya.example.jp:8443/sign-in', setting.token), null);
  assert.equal(settingOfPage(`https://banya.example.jp/o/${org}`, ''), null);
});

test('a setting that would send mails and the token unencrypted, or to somebody in disguise, is refused', () => {
  for (const url of ['http://banya.example.jp', 'http://192.0.2.10:8420', 'ftp://banya.example.jp', 'javascript:alert(1)', 'https://user:pass@banya.example.jp', 'http://localhost.example.jp', 'banya.example.jp', ''])
    assert.equal(readSetting(formatSetting({ ...setting, url })), null, url);
  for (const url of ['http://localhost:8420', 'http://127.0.0.1:8420']) assert.equal(readSetting(formatSetting({ ...setting, url }))?.url, url);
  assert.equal(readSetting(formatSetting({ ...setting, org: '../../x' })), null);
  assert.equal(readSetting(formatSetting({ ...setting, token: 'two words\r\nX: y' })), null);
  assert.deepEqual(readSetting(formatSetting({ ...setting, url: 'https://banya.example.jp/some/where?x' }))?.url, 'https://banya.example.jp');
});

test('whatever else is pasted or was kept is told apart and never throws', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
    assert.equal(readSetting(text), null);
    assert.equal(settingOfPage(text, text), null);
    const broken = readSetting(`banya1:${text}`);
    assert.ok(broken === null || keptSetting(broken) !== null);
  }));
  fc.assert(fc.property(fc.json(), (text) => assert.equal(readSetting(`banya1:${btoa(encodeURIComponent(text))}`), null)));
  fc.assert(fc.property(fc.anything(), (value) => assert.equal(keptSetting(value), null)));
  assert.equal(readSetting(formatSetting(setting) + 'A'.repeat(3000)), null);
});
