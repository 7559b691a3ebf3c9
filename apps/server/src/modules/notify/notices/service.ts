import { randomBytes } from 'node:crypto';
import type { CustomFetch } from 'openid-client';
import type { Lang } from '@banya/contract';
import { newId } from '../../../kernel/ids.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { JobHandler, Scope, Tx } from '../../../kernel/types.ts';
import { bodyOf, mayLook, nextPost, quietFor, refusedForGood, signature, USUAL, WEEK_MS, type Form, type Notice, type Policy, type Urgency } from './rules.ts';
import * as store from './store.ts';

const URL_SEAL = 'notify.channel.url';
const SECRET_SEAL = 'notify.channel.secret';
const POST_MS = 15_000;
const LOST_MS = 5 * 60_000;
const DAY = 86_400_000;
const KEEP_DAYS = 30;

declare module '../../../kernel/types.ts' {
  interface JobPayloads {
    'notify.post': { orgId: string; postId: string };
    'notify.posts': Record<string, never>;
  }
}

const scopeOf = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'post notices' } });

export interface NewChannel {
  readonly name: string;
  readonly form: Form;
  readonly url: string;
  readonly what: 'now' | 'all';
  readonly lang: Lang;
}

/** When and where an organisation is told: its times, and its webhooks with an outbox of their own. */
export class Notices {
  readonly #kernel: Kernel;
  readonly #fetch: CustomFetch;

  constructor(kernel: Kernel, fetch: CustomFetch) {
    this.#kernel = kernel;
    this.#fetch = fetch;
  }

  async policy(tx: Tx, orgId: string): Promise<Policy> {
    return (await store.policies.get(tx, orgId)) ?? USUAL;
  }

  /** Minutes until the organisation's quiet hours end; 0 outside of them. */
  async quietMinutes(tx: Tx, orgId: string, minuteOfDay: number): Promise<number> {
    return quietFor(await this.policy(tx, orgId), minuteOfDay);
  }

  /** Whether one more notice that can wait may be told this week; holds the organisation's notices until the transaction ends. */
  async mayLook(tx: Tx, orgId: string): Promise<boolean> {
    const told = await store.told.since(tx, orgId, new Date(tx.now.getTime() - WEEK_MS));
    return mayLook(await this.policy(tx, orgId), told.map((t) => t.urgency));
  }

  /** Notes that a member is told, and posts it to its channels; mails are the caller's. With a key, once. */
  async tell(tx: Tx, orgId: string, urgency: Urgency, notice: (lang: Lang) => Notice, key: string | null = null): Promise<void> {
    if (!(await store.told.note(tx, orgId, newId(tx.now.getTime()), urgency, key))) return;
    for (const channel of await store.channels.list(tx, orgId)) {
      if (channel.what === 'now' && urgency !== 'now') continue;
      await this.#queue(tx, channel, bodyOf(channel.form, notice(channel.lang), channel.lang));
    }
  }

  async #queue(tx: Tx, channel: store.ChannelRow, body: string): Promise<string> {
    const id = newId(tx.now.getTime());
    await store.posts.insert(tx, { org_id: channel.org_id, id, channel_id: channel.id, body, tries: 0, created_at: tx.now });
    tx.job('notify.post', { orgId: channel.org_id, postId: id });
    return id;
  }

  /** Makes a channel; gives the secret that posts of the form json are signed with, this once. */
  async add(tx: Tx, orgId: string, channel: NewChannel): Promise<{ row: store.ChannelRow; secret: string | null }> {
    const id = newId(tx.now.getTime());
    const secret = channel.form === 'json' ? randomBytes(32).toString('base64url') : null;
    const row: store.ChannelRow = {
      org_id: orgId, id, name: channel.name, form: channel.form, url_sealed: this.#kernel.secrets.seal(URL_SEAL, channel.url, id), host: new URL(channel.url).host, secret_sealed: secret === null ? null : this.#kernel.secrets.seal(SECRET_SEAL, secret, id),
      what: channel.what, lang: channel.lang, created_at: tx.now, last_ok_at: null, last_error: null, last_error_at: null,
    };
    await store.channels.insert(tx, row);
    return { row, secret };
  }

  /** Posts a trial at once. @returns what went wrong, in words of the other side; null when it was taken */
  async test(channel: store.ChannelRow, notice: Notice): Promise<string | null> {
    const { error } = await this.#post(channel, bodyOf(channel.form, notice, channel.lang));
    await this.#kernel.tenancy.inOrg(scopeOf(channel.org_id), (tx) => store.channels.result(tx, channel.org_id, channel.id, error));
    return error;
  }

  async #post(channel: store.ChannelRow, body: string): Promise<{ error: string | null; forGood: boolean }> {
    const url = this.#kernel.secrets.open(URL_SEAL, channel.url_sealed, channel.id).toString('utf8');
    const secret = channel.secret_sealed === null ? null : this.#kernel.secrets.open(SECRET_SEAL, channel.secret_sealed, channel.id).toString('utf8');
    const seconds = Math.floor(this.#kernel.clock.now() / 1000);
    try {
      const response = await this.#fetch(url, {
        method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(POST_MS),
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Banya', ...(secret === null ? {} : { 'banya-signature': signature(secret, seconds, body) }) },
      } as never);
      return response.status >= 200 && response.status < 300 ? { error: null, forGood: false } : { error: `HTTP ${response.status}`, forGood: refusedForGood(response.status) };
    } catch (error) {
      return { error: (error as Error).message || 'no answer', forGood: false };
    }
  }

  /** One try of one post. May arrive twice when the process dies in between; its id says that it is the same. */
  async send(orgId: string, postId: string): Promise<void> {
    const found = await this.#kernel.tenancy.inOrg(scopeOf(orgId), async (tx) => {
      const post = await store.posts.claim(tx, orgId, postId);
      const channel = post && (await store.channels.get(tx, orgId, post.channel_id));
      return post && channel ? { post, channel } : null;
    });
    if (!found) return;
    const { error, forGood } = await this.#post(found.channel, found.post.body);
    await this.#kernel.tenancy.inOrg(scopeOf(orgId), async (tx) => {
      await store.channels.result(tx, orgId, found.channel.id, error);
      const again = error === null || forGood ? null : nextPost(found.post.tries, found.post.created_at, tx.now);
      await store.posts.finish(tx, orgId, postId, error === null ? 'sent' : again ? 'waiting' : 'failed', again);
      if (again) tx.job('notify.post', { orgId, postId }, { startAfter: again });
    });
  }

  // Each handler was checked against its own job's payload where it is written.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  jobs(): JobHandler<any>[] {
    const post: JobHandler<'notify.post'> = { name: 'notify.post', concurrency: 4, run: ({ orgId, postId }) => this.send(orgId, postId) };
    const lost: JobHandler<'notify.posts'> = {
      name: 'notify.posts', cron: { expression: '*/10 * * * *', zone: 'Asia/Tokyo', payload: {} },
      run: () => this.#kernel.tenancy.asSystem('find posts whose sending was cut off, and forget old ones', async (tx) => {
        for (const { org_id: orgId, id: postId } of await store.posts.overdue(tx, new Date(tx.now.getTime() - LOST_MS))) tx.job('notify.post', { orgId, postId });
        const before = new Date(tx.now.getTime() - KEEP_DAYS * DAY);
        await store.posts.forget(tx, before);
        await store.told.forget(tx, before);
      }),
    };
    return [post, lost];
  }
}
