import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { readyFolder, testHouse } from './house.ts';

test('a house that cannot open its last door closes all it had opened, and opens once the door is free', async (t) => {
  const folder = await readyFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const spare = createServer().listen(0, '127.0.0.1');
  await once(spare, 'listening');
  const http = (spare.address() as AddressInfo).port;
  await new Promise((resolve) => spare.close(resolve));
  const args = ['--port', String(http), '--syslog-port', String((taken.address() as AddressInfo).port)];
  await assert.rejects(testHouse(t, { folder, args }), (error: NodeJS.ErrnoException) => error.code === 'EADDRINUSE');
  await assert.rejects(fetch(`http://127.0.0.1:${http}/healthz`), 'nothing answers any more');
  await new Promise((resolve) => taken.close(resolve));
  const house = await testHouse(t, { folder, args });
  assert.equal((await fetch(`${house.base}/readyz`)).status, 200);
});
