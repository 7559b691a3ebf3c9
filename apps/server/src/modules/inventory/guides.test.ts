import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceGuides } from '@banya/library';
import { guideFor } from './guides.ts';
import type { Family } from './schema.ts';

const pastes = (host: string, lang: 'ja' | 'en' = 'ja'): string =>
  deviceGuides().flatMap(({ id }) => guideFor((id === 'rfc5424-sd' ? 'rfc5424' : id) as Family, { host, syslogPort: 5514, ingestUrl: `http://${host}:8080/api/v1/ingest/SOURCE` }, lang).steps.map((s) => s.paste ?? '')).join('\n');

// A device that is told to send to "localhost" sends to itself.
test('where Banya is opened by the name a machine has for itself, settings say where its address goes', () => {
  for (const host of ['localhost', '127.0.0.1', '127.0.1.1', '[::1]']) {
    assert.ok(!pastes(host).includes(host), host);
    assert.match(pastes(host), /set server "【番屋のアドレス】"/);
    assert.match(pastes(host), /http:\/\/【番屋のアドレス】:8080\/api/);
  }
  assert.match(pastes('localhost', 'en'), /set server "【address of Banya】"/);
  for (const host of ['banya.example.jp', '192.0.2.10', 'localhost.example.jp']) assert.ok(pastes(host).includes(`set server "${host}"`) && !pastes(host).includes('【番屋'), host);
});
