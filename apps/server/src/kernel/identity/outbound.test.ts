import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { guardedFetch, insidePlace, insidePlaces, isOpenAddress } from './outbound.ts';

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.headers.host} ${request.url}`);
  if (request.url === '/away') response.writeHead(302, { Location: '/secret' }).end();
  else if (request.url === '/heavy') response.end(Buffer.alloc(2 * 1024 * 1024));
  else request.pipe(response.setHeader('X-Kind', 'echo'));
});
let port: number;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** Names that somebody else's name server answers for: each question gets the next answer. */
function names(...answers: string[][]): { resolve: NonNullable<Parameters<typeof guardedFetch>[1]>; questions: string[] } {
  const questions: string[] = [];
  return {
    questions,
    resolve: (name, _options, done) => {
      const answer = answers[Math.min(questions.push(name), answers.length) - 1]!;
      done(null, answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    },
  };
}
const nowhere = insidePlaces([]);
const get = { method: 'GET', headers: {}, body: undefined, redirect: 'manual' } as const;

test('only the open internet counts as open, in every spelling of an address', () => {
  for (const address of ['8.8.8.8', '1.1.1.1', '100.63.255.255', '172.32.0.1', '2606:4700::1111', '2400:4050::1']) assert.equal(isOpenAddress(address), true, address);
  for (const address of [
    '127.0.0.1', '127.8.8.8', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1', '100.127.255.255', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255',
    '::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'ff02::1', '2001::1', '2001:db8::1', '2002:7f00:1::', 'localhost', '',
  ]) assert.equal(isOpenAddress(address), false, address);
});

// A lead names the provider, and whoever owns a name says where it leads: to the database of this very machine, for one.
test('a name that leads inside is not called, whichever way it is spelt, and nothing is sent', async () => {
  for (const answer of [['127.0.0.1'], ['::ffff:127.0.0.1'], ['::1'], ['10.0.0.1', '192.168.1.1'], ['169.254.169.254'], []]) {
    await assert.rejects(guardedFetch(nowhere, names(answer).resolve)(`http://idp.example:${port}/`, get), /inside/, answer.join());
  }
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]']) await assert.rejects(guardedFetch(nowhere)(`http://${host}:${port}/`, get), /inside/, host);
  for (const host of ['localhost', 'localhost.']) await assert.rejects(guardedFetch(nowhere)(`http://${host}:${port}/`, get), /inside|ENOTFOUND/, host);
  assert.deepEqual(asked, []);
});

test('a name is asked once, and of its answers only those that were checked are called: a second answer changes nothing', async () => {
  const rebinding = names(['203.0.113.1', '127.0.0.1'], ['127.0.0.1']);
  await assert.rejects(guardedFetch(nowhere, rebinding.resolve)(`http://idp.example:${port}/`, get), /inside/);
  assert.deepEqual(rebinding.questions, ['idp.example']);
  assert.deepEqual(asked, [], 'this machine was not called');
});

test('a host that the operator allows is called; a redirect is handed back, and an endless answer is cut', async () => {
  const inside = names(['127.0.0.1']);
  const fetch = guardedFetch(insidePlaces([`Idp.example:${port}`]), inside.resolve);
  const answer = await fetch(`http://idp.example:${port}/token`, { ...get, method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ code: 'a b' }) });
  assert.deepEqual([answer.status, answer.headers.get('x-kind'), await answer.text()], [200, 'echo', 'code=a+b']);
  const away = await fetch(`http://idp.example:${port}/away`, get);
  assert.deepEqual([away.status, away.headers.get('location')], [302, '/secret']);
  await assert.rejects(fetch(`http://idp.example:${port}/heavy`, get), /more than/);
  await assert.rejects(fetch(`http://other.example:${port}/`, get), /inside/, 'the host alone is allowed, not what it names');
  assert.deepEqual(asked, [`POST idp.example:${port} /token`, `GET idp.example:${port} /away`, `GET idp.example:${port} /heavy`]);
});

// A provider inside is one door. Allowed by its host alone, every member could have any port of that machine knocked at: its database, its administration.
test('an allowed host is called on its own port only, which is 443 where none is named', async () => {
  for (const [entry, place] of [['idp.lan', ['idp.lan', 443]], ['IDP.lan:8443', ['idp.lan', 8443]], ['10.0.0.5', ['10.0.0.5', 443]], ['::1', ['::1', 443]], ['[FD00:0::1]:8443', ['fd00::1', 8443]]] as const) {
    const found = insidePlace(entry);
    assert.deepEqual([found?.host, found?.port], place, entry);
  }
  for (const entry of ['', 'idp.lan:0', 'idp.lan:70000', 'https://idp.lan', 'idp.lan/x', 'a b', '[10.0.0.1]:1', 'idp.lan:']) assert.equal(insidePlace(entry), null, entry);
  asked.length = 0;
  for (const entry of ['idp.example', 'idp.example:443', `idp.example:${port + 1}`, '127.0.0.1']) {
    await assert.rejects(guardedFetch(insidePlaces([entry]), names(['127.0.0.1']).resolve)(`http://idp.example:${port}/`, get), /inside/, entry);
    await assert.rejects(guardedFetch(insidePlaces([entry]))(`http://127.0.0.1:${port}/`, get), /inside/, entry);
  }
  assert.deepEqual(asked, []);
  assert.equal((await guardedFetch(insidePlaces([`127.0.0.1:${port}`]))(`http://127.0.0.1:${port}/`, get)).status, 200);
});

// The place in the list was taken for the port: the second host was open at port 1, and none where it is asked for.
test('each host of a list without a port is allowed at 443 and nowhere else', () => {
  const allowed = insidePlaces(['one.lan', 'two.lan', 'three.lan:8443']);
  for (const url of ['https://one.lan/', 'https://two.lan/', 'https://three.lan:8443/']) assert.equal(allowed(new URL(url)), true, url);
  for (const url of ['http://one.lan/', 'https://two.lan:1/', 'https://three.lan/', 'https://three.lan:2/', 'https://four.lan/']) assert.equal(allowed(new URL(url)), false, url);
});
