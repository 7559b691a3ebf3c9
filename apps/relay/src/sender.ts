/** Sends sealed files to the server, one after another, until it has them. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RelaySpool, Segment } from './spool.ts';
import { RELAY_MEDIA_TYPE } from './wire.ts';

const compress = promisify(gzip);
const BACKOFF_MAX_MS = 5 * 60_000;
const RETRY_AFTER_MAX_MS = 60 * 60_000;

export interface SenderOptions {
  readonly server: URL;
  readonly source: string;
  /** Read again before every try, so that a corrected token file works without a restart. */
  readonly token: () => string;
  readonly caFile?: string;
  readonly spool: RelaySpool;
  readonly log: (text: string) => void;
  readonly backoffMs?: number;
  readonly answerMs?: number;
  readonly tokenCheckMs?: number;
}

/** What the sender does now, for people. */
export type SenderState =
  | { readonly kind: 'ok' }
  | { readonly kind: 'waiting'; readonly reason: string }
  /** The server does not accept the token: nothing is sent until it changes. */
  | { readonly kind: 'token-refused' }
  /** The address or the source is wrong: tried again now and then. */
  | { readonly kind: 'misconfigured'; readonly reason: string };

export interface Sender {
  readonly state: SenderState;
  readonly lastSuccess: number | null;
  readonly sentLines: number;
  readonly done: Promise<void>;
  stop(): void;
}

export type Verdict =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly afterMs: number | null }
  | { readonly kind: 'token' }
  | { readonly kind: 'misconfigured'; readonly reason: string }
  | { readonly kind: 'never' };

/** What an answer means (RFC 9110 status codes; Retry-After in seconds or as a date, section 10.2.3). */
export function judge(status: number, retryAfter: string | undefined, nowMs: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 401 || status === 403) return { kind: 'token' };
  if (status === 404 || status === 405) return { kind: 'misconfigured', reason: `the server does not know this source (${status})` };
  if (status >= 300 && status < 400) return { kind: 'misconfigured', reason: `the server points elsewhere (${status}); give its final address` };
  if (status === 400 || status === 413 || status === 415 || status === 422) return { kind: 'never' };
  return { kind: 'retry', afterMs: parseRetryAfter(retryAfter, nowMs) };
}

function parseRetryAfter(text: string | undefined, nowMs: number): number | null {
  if (text === undefined) return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), RETRY_AFTER_MAX_MS) : null;
}

/** Full jitter: anywhere between nothing and the doubled limit, so that many relays do not come back at once. */
export function backoff(failures: number, baseMs: number, random: number): number {
  return random * Math.min(BACKOFF_MAX_MS, baseMs * 2 ** Math.min(failures, 20));
}

export function startSender(options: SenderOptions): Sender {
  const { spool, log, backoffMs = 1000, answerMs = 60_000, tokenCheckMs = 10_000 } = options;
  const secure = options.server.protocol === 'https:';
  const agent = secure
    ? new https.Agent({ keepAlive: true, maxSockets: 1, proxyEnv: process.env, ...(options.caFile === undefined ? {} : { ca: readFileSync(options.caFile) }) })
    : new http.Agent({ keepAlive: true, maxSockets: 1 });
  const base = options.server.pathname.replace(/\/$/, '');
  const url = new URL(`${base}/api/v1/ingest/${encodeURIComponent(options.source)}`, options.server);
  const stopped = new AbortController();
  let state: SenderState = { kind: 'ok' };
  let lastSuccess: number | null = null;
  let sentLines = 0;

  function become(next: SenderState): void {
    if (next.kind !== state.kind) log(sayState(next));
    state = next;
  }

  function post(segment: Segment, body: Buffer, token: string): Promise<{ status: number; retryAfter: string | undefined }> {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': RELAY_MEDIA_TYPE,
      'content-encoding': 'gzip',
      'content-length': body.length,
      'idempotency-key': segment.key,
      'banya-relay-dropped': String(spool.dropped),
    };
    return new Promise((resolve, reject) => {
      const request = (secure ? https : http).request(url, { method: 'POST', agent, headers, signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(answerMs)]) }, (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }));
        response.once('error', reject);
        response.once('close', () => reject(new Error('the answer broke off')));
      });
      request.once('error', reject);
      request.end(body);
    });
  }

  async function pause(ms: number): Promise<void> {
    if (stopped.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      stopped.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }

  async function tokenChanged(old: string): Promise<void> {
    while (!stopped.signal.aborted && safeToken(options.token) === old) await pause(tokenCheckMs);
  }

  /** Tries one sealed file until the server has it or never will. */
  async function deliver(segment: Segment, body: Buffer): Promise<void> {
    const packed = await compress(body);
    for (let failures = 0; !stopped.signal.aborted; ) {
      const token = safeToken(options.token);
      let verdict: Verdict;
      let reason = '';
      try {
        const { status, retryAfter } = await post(segment, packed, token);
        verdict = judge(status, retryAfter, Date.now());
        reason = `the server answers ${status}`;
      } catch (error) {
        if (stopped.signal.aborted) return;
        verdict = { kind: 'retry', afterMs: null };
        reason = (error as Error).message;
      }
      if (verdict.kind === 'sent') {
        spool.sent(segment);
        sentLines += segment.lines;
        lastSuccess = Date.now();
        return become({ kind: 'ok' });
      }
      if (verdict.kind === 'never') {
        spool.putAside(segment);
        return log(`The server refused ${segment.lines} lines for good (${reason}). They are kept in the folder "refused".`);
      }
      if (verdict.kind === 'token') {
        become({ kind: 'token-refused' });
        await tokenChanged(token);
        continue;
      }
      const wait = backoff(failures++, backoffMs, Math.random());
      if (verdict.kind === 'misconfigured') become(verdict);
      else become({ kind: 'waiting', reason });
      await pause(Math.max(wait, (verdict.kind === 'retry' ? verdict.afterMs : null) ?? 0));
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const item = await spool.next();
      if (item === null) return;
      await deliver(item.segment, item.body);
    }
  }

  const done = run().finally(() => agent.destroy());
  return {
    get state() {
      return state;
    },
    get lastSuccess() {
      return lastSuccess;
    },
    get sentLines() {
      return sentLines;
    },
    done,
    stop: () => stopped.abort(),
  };
}

function safeToken(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

export function sayState(state: SenderState): string {
  switch (state.kind) {
    case 'ok':
      return 'Sending works.';
    case 'waiting':
      return `The server cannot be reached or is busy (${state.reason}). Lines are kept on disk and sent later.`;
    case 'token-refused':
      return 'The token is wrong or has been withdrawn. Sending has stopped; lines are kept on disk. Put the right token into the token file.';
    case 'misconfigured':
      return `Nothing can be sent: ${state.reason}. Check --server and --source. Lines are kept on disk.`;
  }
}
