import type { Kernel, Module, OutgoingMail } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import { notifyJobs } from './jobs.ts';
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

/** Every outgoing mail: an outbox with a page, and the postman behind it. */
export interface Notify extends Module {
  /** Writes the mail with the caller's transaction (of the owner organisation, or a system one); it leaves after the commit. */
  mail(tx: Tx, mail: OutgoingMail): Promise<void>;
  /** The same in a transaction of its own, for sign-in links. */
  mailNow(mail: OutgoingMail): Promise<void>;
  /** How many mails of all organisations were given up. */
  failed(): Promise<number>;
  /** Sets the outgoing mail server, for the set-up wizard. */
  saveServer(settings: MailInput): Promise<void>;
}

export function openNotify(kernel: Kernel): Notify {
  const settings = mailSettings(kernel);
  const post = new Post(kernel, settings);
  return {
    name: 'notify',
    routes: notifyRoutes(kernel, post, settings),
    jobs: notifyJobs(kernel, post),
    mail: (tx, mail) => post.mail(tx, mail),
    mailNow: (mail) => post.mailNow(mail),
    failed: () => kernel.tenancy.asSystem('count mails that could not be delivered', (tx) => store.mails.failed(tx)),
    saveServer: (input) => settings.save(input),
  };
}
