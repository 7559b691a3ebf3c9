import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import tls from 'node:tls';
import type { Registration } from './rules.ts';
import { closed, openForTest, until } from './testing.ts';
import type { SyslogTls } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'banya-syslog-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Pair {
  key: Buffer;
  cert: Buffer;
  fingerprint: string;
}

function openssl(...args: string[]): boolean {
  return spawnSync('openssl', args, { cwd: folder, stdio: 'ignore' }).status === 0;
}

/** A throw-away authority with a server and a client under it, and a client of nobody; null without openssl. */
function makeCertificates(): { ca: Buffer; server: Pair; client: Pair; stranger: Pair } | null {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  writeFileSync(join(folder, 'san'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const made =
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority', '-days', '2') &&
    openssl('req', '-x509', ...key, '-keyout', 'stranger.key', '-out', 'stranger.pem', '-subj', '/CN=stranger', '-days', '2') &&
    ['server', 'client'].every(
      (name) =>
        openssl('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`) &&
        openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san', '-out', `${name}.pem`),
    );
  if (!made) return null;
  const pair = (name: string): Pair => {
    const cert = readFileSync(join(folder, `${name}.pem`));
    return { key: readFileSync(join(folder, `${name}.key`)), cert, fingerprint: new X509Certificate(cert).fingerprint256 };
  };
  return { ca: readFileSync(join(folder, 'ca.pem')), server: pair('server'), client: pair('client'), stranger: pair('stranger') };
}

const made = makeCertificates();
const SKIP = made === null && 'the openssl command is needed to make throw-away certificates (apt install openssl)';
const certificates = made as NonNullable<typeof made>;

const byCertificate = (sourceId: string, fingerprint: string): Registration => ({ by: 'certificate', sourceId, orgId: 'o', fingerprint });
const byAddress: Registration = { by: 'address', sourceId: 'plain', orgId: 'o', listener: 'tls', address: '127.0.0.1' };

async function opened(t: TestContext, registrations: Registration[], settings: Partial<SyslogTls> = {}, handshakeMs = 10_000) {
  const { key, cert } = certificates.server;
  const all = await openForTest(registrations, { tls: { port: 0, key, cert, ca: certificates.ca, clientCertificates: 'optional', ...settings }, stream: { handshakeMs } });
  t.after(() => all.door.close());
  return { ...all, port: all.door.ports.tls as number };
}

async function connectTls(port: number, client?: Pair): Promise<tls.TLSSocket> {
  const socket = tls.connect({ port, host: '127.0.0.1', ca: certificates.ca, ...(client === undefined ? {} : { key: client.key, cert: client.cert }) });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

test('a device with a registered certificate is known by it, with counted frames (RFC 5425)', { skip: SKIP }, async (t) => {
  const { port, spool } = await opened(t, [byCertificate('c', certificates.client.fingerprint), byAddress]);
  const socket = await connectTls(port, certificates.client);
  socket.end('9 <13>hello10 <13>hello2');
  await until(() => spool.records.length === 2, 'two lines');
  assert.deepEqual(spool.lines('c'), ['<13>hello', '<13>hello2']);
  assert.ok(spool.records.every((record) => record.flags === 0));
});

test('without a certificate only the address counts', { skip: SKIP }, async (t) => {
  const { port, spool } = await opened(t, [byCertificate('c', certificates.client.fingerprint), byAddress]);
  const socket = await connectTls(port);
  socket.end('<13>plain\n');
  await until(() => spool.records.length === 1, 'the line');
  assert.deepEqual(spool.lines('plain'), ['<13>plain']);
});

test('a certificate of another authority proves nothing, even when its fingerprint is registered', { skip: SKIP }, async (t) => {
  const { door, port, spool } = await opened(t, [byCertificate('c', certificates.stranger.fingerprint)]);
  const socket = await connectTls(port, certificates.stranger);
  socket.end('<13>not mine\n');
  await until(() => door.stats().tls?.unknown === 1, 'counted as unknown');
  assert.equal(spool.records.length, 0);
});

test('without an authority a self-signed certificate is known by its registered fingerprint (RFC 5425, section 4.2.2)', { skip: SKIP }, async (t) => {
  const { key, cert } = certificates.server;
  const all = await openForTest([byCertificate('c', certificates.stranger.fingerprint)], { tls: { port: 0, key, cert, clientCertificates: 'optional' } });
  t.after(() => all.door.close());
  const socket = await connectTls(all.door.ports.tls as number, certificates.stranger);
  socket.end('<13>pinned\n');
  await until(() => all.spool.records.length === 1, 'the line');
  assert.deepEqual(all.spool.lines('c'), ['<13>pinned']);
});

test('where certificates are required a client without one is refused', { skip: SKIP }, async (t) => {
  const { door, port, spool } = await opened(t, [byAddress], { clientCertificates: 'required' });
  const socket = await connectTls(port);
  socket.write('<13>no\n');
  await closed(socket);
  assert.equal(door.stats().tls?.refused, 1);
  assert.equal(spool.records.length, 0);
});

test('plain text on the TLS port and handshakes that never end are closed', { skip: SKIP }, async (t) => {
  const { door, port } = await opened(t, [byAddress], {}, 200);
  const plain = net.connect(port, '127.0.0.1');
  plain.on('error', () => undefined);
  plain.resume();
  plain.write('<13>this is no TLS\n');
  const silent = net.connect(port, '127.0.0.1');
  silent.on('error', () => undefined);
  silent.resume();
  await Promise.all([closed(plain), closed(silent)]);
  await until(() => door.stats().tls?.connections === 0, 'places given back');
});

test('closing reads what a TLS sender has already sent', { skip: SKIP }, async (t) => {
  const { door, port, spool } = await opened(t, [byAddress]);
  const socket = await connectTls(port);
  for (let i = 0; i < 2000; i++) socket.write(`<13>${i}\n`);
  await until(() => socket.writableLength === 0, 'all handed over');
  await door.close();
  assert.equal(new Set(spool.lines()).size, 2000);
});

// Two members may claim one device's certificate to be theirs; behind one address only the fingerprint tells the claimants apart.
test('lines of unconfirmed certificates are counted by fingerprint', { skip: SKIP }, async (t) => {
  const { key, cert } = certificates.server;
  const all = await openForTest([], { tls: { port: 0, key, cert, clientCertificates: 'optional' } });
  t.after(() => all.door.close());
  for (const [client, lines] of [[certificates.client, 2], [certificates.stranger, 1]] as const) {
    const socket = await connectTls(all.door.ports.tls as number, client);
    socket.end('<13>Nov 22 10:05:00 fw a: b\n'.repeat(lines));
  }
  await until(() => all.door.stats().tls?.unknown === 3, 'all counted');
  const plain = (text: string): string => text.replaceAll(':', '').toLowerCase();
  assert.deepEqual(Object.fromEntries(all.unknown.snapshot().senders.map((s) => [s.fingerprint, s.lines])), { [plain(certificates.client.fingerprint)]: 2, [plain(certificates.stranger.fingerprint)]: 1 });
});
