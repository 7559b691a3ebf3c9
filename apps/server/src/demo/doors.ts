import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { House } from '../house.ts';

/** Where a listener bound to `host` is reached from the same machine. */
const near = (host: string): string => (host === '0.0.0.0' || host === '::' || host === '' ? '127.0.0.1' : host);

interface Answer {
  readonly status: number;
  readonly retryAfter: number;
  readonly body: string;
  readonly cookies: readonly string[];
}

/** The house's own web server, from outside. */
export class WebDoor {
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
  }

  send(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): Promise<Answer> {
    const { config } = this.#house.kernel;
    const options = { host: near(config.host), port: this.#house.ports.http, method, path, headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) } };
    return new Promise((resolve, reject) => {
      // It is this very process at the other end, so whose name its certificate bears says nothing.
      const request = config.tlsCert ? secure({ ...options, rejectUnauthorized: false }) : plain(options);
      request.once('error', reject);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, retryAfter: Number(response.headers['retry-after'] ?? 1), body: Buffer.concat(chunks).toString(), cookies: response.headers['set-cookie'] ?? [] }));
      });
      request.end(body);
    });
  }

  /** JSON in and out, as whoever holds the cookie or token. @throws Error on anything but success */
  async call<T>(method: string, path: string, who: { readonly cookie: string } | { readonly token: string }, body?: unknown): Promise<T> {
    const answer = await this.send(method, `/api/v1${path}`, { 'Banya-Request': '1', 'Content-Type': 'application/json', ...('cookie' in who ? { Cookie: who.cookie } : { Authorization: `Bearer ${who.token}` }) }, body === undefined ? '' : JSON.stringify(body));
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status}: ${answer.body.slice(0, 300)}`);
    return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T;
  }

  /** Uses a link of the demonstration; gives the Cookie header of the session. */
  async signIn(token: string): Promise<string> {
    const answer = await this.send('POST', '/api/v1/sign-in/redeem', { 'Banya-Request': '1', 'Content-Type': 'application/json' }, JSON.stringify({ token }));
    const [cookie] = answer.cookies;
    if (answer.status !== 200 || cookie === undefined) throw new Error(`signing in was answered with ${answer.status}: ${answer.body.slice(0, 300)}`);
    return cookie.split(';', 1)[0]!;
  }

  /** Lines of one source in the collector's envelope, which says when each arrived there; waits while the house asks for it. */
  async ingest(sourceId: string, token: string, lines: readonly { readonly at: number; readonly text: string }[], key: string, signal: AbortSignal): Promise<void> {
    const body = lines.map(({ at, text }) => JSON.stringify({ at, from: '', line: text })).join('\n');
    for (;;) {
      const answer = await this.send('POST', `/api/v1/ingest/${sourceId}`, { 'Content-Type': 'application/x-banya-relay+ndjson', 'Banya-Request': '1', Authorization: `Bearer ${token}`, 'Idempotency-Key': key }, body);
      if (answer.status === 202 || answer.status === 200) return;
      if (answer.status !== 503 && answer.status !== 429) throw new Error(`the intake answered with ${answer.status}: ${answer.body.slice(0, 300)}`);
      await sleep(answer.retryAfter * 1000, undefined, { signal });
    }
  }
}

/** Syslog over TCP with octet counting (RFC 6587, section 3.4.1). The door stops reading when it has enough, and so this waits. */
export class SyslogSender {
  readonly #socket: Socket;
  #error: Error | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', (error) => (this.#error = error));
    socket.on('close', () => (this.#error ??= new Error('the syslog door closed the connection')));
  }

  static async open(house: House): Promise<SyslogSender> {
    const socket = connect({ host: near(house.kernel.config.syslogHost), port: house.ports.syslog! });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new SyslogSender(socket);
  }

  /** The door closes a connection that says nothing for long; another is opened then. */
  get closed(): boolean {
    return this.#error !== null;
  }

  async send(lines: readonly string[]): Promise<void> {
    if (this.#error) throw this.#error;
    const frames = lines.map((line) => `${Buffer.byteLength(line)} ${line}`).join('');
    if (frames === '' || this.#socket.write(frames)) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        this.#socket.off('drain', settle).off('close', settle);
        if (this.#error) reject(this.#error);
        else resolve();
      };
      this.#socket.once('drain', settle).once('close', settle);
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end();
      if (this.#socket.destroyed) resolve();
    });
  }
}

const MAIL_MS = 30_000;

/** Hands one mail to the mail door, as a member's mail server does, and waits for its 250. @throws Error with the door's answer for anything else */
export async function sendMail(house: House, from: string, to: string, raw: string): Promise<void> {
  const connection = new SMTPConnection({ host: near(house.kernel.config.smtpHost), port: house.ports.smtp!, secure: false, ignoreTLS: true, connectionTimeout: MAIL_MS, greetingTimeout: MAIL_MS, socketTimeout: MAIL_MS });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.connect((refused) => (refused ? reject(refused) : connection.send({ from, to: [to] }, raw, (error) => (error ? reject(error) : resolve()))));
    });
    connection.quit();
  } catch (error) {
    connection.close();
    throw error;
  }
}
