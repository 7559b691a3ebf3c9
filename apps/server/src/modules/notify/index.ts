import type { Kernel, Module, OutgoingMail } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { CustomFetch } from 'openid-client';
import type {} from '../orgs/index.ts';
import type { Lang } from '@banya/contract';
import { guardedFetch } from '../../kernel/identity/outbound.ts';
import { notifyJobs } from './jobs.ts';
import { noticeRoutes } from './notices/routes.ts';
import type { Notice, Urgency } from './notices/rules.ts';
import { Notices } from './notices/service.ts';
import { channels } from './notices/store.ts';
import { notifyRoutes } from './routes.ts';
import type { MailErrorCode } from './rules.ts';
import { Post } from './service.ts';
import { mailSettings, type MailInput } from './settings.ts';
import * as store from './store.ts';
import './texts.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    /** A mail is given up: refused for good, in doubt, or not taken for a day. */
    'notify.failed': { orgId: string; mailId: string; code: MailErrorCode };
  }
  interface JobPayloads {
    'notify.send': { orgId: string; mailId: string };
    'notify.release': Record<string, never>;
    'notify.sweep': Record<string, never>;
    'notify.clean': Record<string, never>;
  }
}

export type { MailErrorCode } from './rules.ts';
export type { MailInput } from './settings.ts';
export { loopMark } from './service.ts';
export type { Notice, Urgency } from './notices/rules.ts';

/** Every outgoing mail: an outbox with a page, and the postman behind it. */
export interface Notify extends Module {
  /** Writes the mail with the caller's transaction (of the owner organisation, or a system one); it leaves after the commit. */
  mail(tx: Tx, mail: OutgoingMail): Promise<void>;
  /** The same in a transaction of its own, for sign-in links. */
  mailNow(mail: OutgoingMail): Promise<void>;
  /** How many mails of all organisations were given up. */
  failed(): Promise<number>;
  /** Minutes until the organisation's quiet hours end, from a minute of its day; 0 outside of them. */
  quietMinutes(tx: Tx, orgId: string, minuteOfDay: number): Promise<number>;
  /** Whether one more notice that can wait may be told in these seven days. */
  mayLook(tx: Tx, orgId: string): Promise<boolean>;
  /** Notes that the organisation is told of something, and posts it to its webhooks; mails are the caller's. With a key, once. */
  tell(tx: Tx, orgId: string, urgency: Urgency, notice: (lang: Lang) => Notice, key?: string): Promise<void>;
  /** Sets the outgoing mail server, for the set-up wizard. */
  saveServer(settings: MailInput): Promise<void>;
}

export interface NotifyDeps {
  /** How posts leave; to the open internet alone unless told. */
  readonly fetch?: CustomFetch;
}

export function openNotify(kernel: Kernel, { fetch }: NotifyDeps = {}): Notify {
  const notices = new Notices(kernel, fetch ?? guardedFetch(() => false));
  const settings = mailSettings(kernel);
  const post = new Post(kernel, settings);
  // Nobody can change them any more, and what waits must not go out for another day.
  kernel.bus.on('orgs.left', async (tx, { orgId }) => void (await channels.removeOf(tx, orgId)));
  return {
    name: 'notify',
    routes: [...notifyRoutes(kernel, post, settings), ...noticeRoutes(kernel, notices)],
    jobs: [...notifyJobs(kernel, post), ...notices.jobs()],
    mail: (tx, mail) => post.mail(tx, mail),
    mailNow: (mail) => post.mailNow(mail),
    failed: () => kernel.tenancy.asSystem('count mails that could not be delivered', (tx) => store.mails.failed(tx)),
    saveServer: (input) => settings.save(input),
    quietMinutes: (tx, orgId, minute) => notices.quietMinutes(tx, orgId, minute),
    mayLook: (tx, orgId) => notices.mayLook(tx, orgId),
    tell: (tx, orgId, urgency, notice, key) => notices.tell(tx, orgId, urgency, notice, key),
  };
}
