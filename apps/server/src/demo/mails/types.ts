/** Mails of the demonstration, before they are bytes. In texts: {you} {youMail} the receiver, {boss} its executive, {org} {domain} its organisation. */

export interface DemoFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface DemoMail {
  /** Names it in tests and in what is done with it later. */
  readonly key: string;
  /** Whether somebody means harm: the ground truth. */
  readonly truth: 'bad' | 'good';
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  /** What the receiver's own mail server found: `none` for a sender that signs nothing, `fail` for a forged one. */
  readonly proof: 'pass' | 'none' | 'fail';
  /** Where it came from, an address for documentation. */
  readonly ip: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly file?: DemoFile;
  readonly list?: true;
}

/** One person who asks about one mail. */
export interface DemoReport {
  readonly mail: string;
  readonly member: string;
  /** Place in the member's list of people. */
  readonly person: number;
  /** attached: forwarded as a file, with all its headers. inline: forwarded as most people do. upload: dragged into the page. */
  readonly how: 'attached' | 'inline' | 'upload';
  /** Written above the forward. */
  readonly note: string;
  /** When the mail reached its receiver: minutes before the first opening, or a morning or afternoon of a working day. */
  readonly came: { readonly minutesAgo: number } | { readonly daysAgo: number; readonly hour: number; readonly minute: number };
}
