import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadConfig } from '../src/kernel/config.ts';
import { StartError } from '../src/kernel/errors.ts';
import { testHouse, type TestHouse } from './house.ts';

let house: TestHouse;
let close: () => Promise<void>;
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) });
});
after(() => close());

test('whatever is no page may run nothing, be framed by nobody and be taken for nothing else', async () => {
  const { manager, orgId } = await house.federation();
  for (const [path, as] of [[`/orgs/${orgId}`, manager], ['/me', null], ['/nothing/here', null], ['/api/v1/openapi.json', null], [`/orgs/${orgId}/devices.xlsx`, manager]] as const) {
    const { headers } = await house.send('GET', path, as);
    assert.deepEqual([headers.get('content-security-policy'), headers.get('x-content-type-options')], ["default-src 'none'; frame-ancestors 'none'", 'nosniff'], path);
  }
});

test('a trusted proxy that is no address is refused at the start, with the key and what to write', () => {
  for (const entry of ['10.0.0.0/33', 'proxy.example', '10.0.0.300']) {
    assert.throws(() => loadConfig(['--trusted-proxies', `192.0.2.1,${entry}`], {}), (error: unknown) => error instanceof StartError && error.message.includes('--trusted-proxies') && error.message.includes('10.0.0.0/8') && error.remedy.includes('BANYA_TRUSTED_PROXIES'));
  }
  assert.deepEqual(loadConfig(['--trusted-proxies', '192.0.2.1, 10.0.0.0/8'], {}).trustedProxies, ['192.0.2.1', '10.0.0.0/8']);
});
