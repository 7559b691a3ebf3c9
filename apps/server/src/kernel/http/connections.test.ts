import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { boundConnections, connectionOptions, CONNECTION_LIMITS, type ConnectionLimits } from './connections.ts';

async function opened(t: TestContext, limits: Partial<ConnectionLimits>, exempt: (address: string) => boolean = () => false) {
  const whole = { ...CONNECTION_LIMITS, checkMs: 20, ...limits };
  const server = createServer(connectionOptions(whole), (request, response) => {
    request.resume();
    request.once('end', () => response.end('ok'));
  });
  boundConnections(server, whole, exempt);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    /** A raw connection from one of loopback's addresses. */
    raw: (localAddress = '127.0.0.1'): Socket => connect({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined),
    answer: (localAddress: string) => new Promise<number | undefined>((resolve) => get({ port, host: '127.0.0.1', localAddress, agent: false }, (response) => resolve(response.resume().statusCode)).on('error', () => resolve(undefined))),
  };
}
const within = (socket: Socket, ms: number): Promise<unknown> => Promise.race([new Promise((resolve) => socket.resume().once('close', resolve)), new Promise((_, reject) => setTimeout(() => reject(new Error('still open')), ms).unref())]);

test('headers and bodies that drip in byte by byte end with their time, however steadily they drip', async (t) => {
  const { raw } = await opened(t, { headersMs: 200, requestMs: 400 });
  const headers = raw();
  headers.write('GET / HTTP/1.1\r\nHost: x\r\n');
  const body = raw();
  body.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');
  const drip = setInterval(() => {
    headers.write('X-A: b\r\n');
    body.write('x');
  }, 30);
  t.after(() => clearInterval(drip));
  await Promise.all([within(headers, 3_000), within(body, 3_000)]);
});

test('one address that opens connections and says nothing does not shut others out', async (t) => {
  const { raw, answer } = await opened(t, { maxConnections: 20, maxPerAddress: 5 });
  const held = Array.from({ length: 30 }, () => raw('127.0.0.2'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await answer('127.0.0.2'), undefined, 'its own share is used up');
  assert.equal(await answer('127.0.0.3'), 200);
  held.forEach((socket) => socket.destroy());
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await answer('127.0.0.2'), 200, 'places are given back');
});

test('behind a named proxy everybody comes from one address, so it is not counted', async (t) => {
  const { raw, answer } = await opened(t, { maxPerAddress: 2 }, (address) => address === '127.0.0.2');
  const held = Array.from({ length: 5 }, () => raw('127.0.0.2'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await answer('127.0.0.2'), 200);
  held.forEach((socket) => socket.destroy());
});

test('a connection on which nothing moves is closed', async (t) => {
  const { raw } = await opened(t, { quietMs: 150 });
  await within(raw(), 3_000);
});
