import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
}

export interface TestMailServer {
  readonly port: number;
  readonly received: Received[];
  /** Recipients to refuse: address → reply code. */
  readonly refuse: Map<string, number>;
  /** Set to end the connection right after the text, before any answer. */
  cutAfterText: boolean;
  /** Set to answer the text with this code. */
  answerText: number | null;
  close(): Promise<void>;
}

/** A real SMTP server on this machine: plain or STARTTLS with the library's own certificate, user "banya" with password "himitsu-1". */
export async function openMailServer(options: SMTPServerOptions = {}): Promise<TestMailServer> {
  const reply = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });
  const state: TestMailServer = { port: 0, received: [], refuse: new Map(), cutAfterText: false, answerText: null, close: async () => {} };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: (auth, _session, done) => (auth.username === 'banya' && auth.password === 'himitsu-1' ? done(null, { user: auth.username }) : done(reply(535, '5.7.8 Authentication credentials invalid'))),
    onRcptTo: (address, _session, done) => {
      const code = state.refuse.get(address.address);
      return code ? done(reply(code, 'not here')) : done();
    },
    onData: (stream, session, done) => {
      void buffer(stream).then((bytes) => {
        state.received.push({ from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '', to: session.envelope.rcptTo.map((r) => r.address), raw: bytes.toString('utf8'), secure: session.secure });
        if (state.cutAfterText) for (const connection of server.connections) (connection as unknown as { _socket: Socket })._socket.destroy();
        else if (state.answerText) done(reply(state.answerText, 'no'));
        else done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return Object.assign(state, { port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
}

/** A port of this machine where nobody listens. */
export async function closedPort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const header = (raw: string, name: string): string | undefined =>
  raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ').split('\r\n').find((l) => l.toLowerCase().startsWith(`${name.toLowerCase()}:`))?.slice(name.length + 1).trim();
export const headerNames = (raw: string): string[] =>
  raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((l) => l.slice(0, l.indexOf(':')).toLowerCase());
export function decodedBody(raw: string): string {
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4);
  return header(raw, 'Content-Transfer-Encoding') === 'base64' ? Buffer.from(body.replaceAll('\r\n', ''), 'base64').toString('utf8') : body;
}
