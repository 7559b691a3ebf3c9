import { isIP } from 'node:net';
import type { Lang } from '@banya/contract';

const MINUTE = 60_000;
/** Minutes to wait after the first, second, … try; the last one repeats. */
const WAITS = [1, 5, 30, 120, 240] as const;
/** A mail is tried for a day. */
export const RETRY_HOURS = 24;
/** Kept mails older than this are no longer sent when a mail server is set. */
export const RELEASE_DAYS = 7;
export const KEEP_DAYS = 90;
const SUBJECT_MAX = 200;
const TEXT_MAX = 100_000;

/** When a mail that could not be sent is tried again; null when a day has passed and it counts as failed. */
export function nextTry(tries: number, retryFrom: Date, now: Date): Date | null {
  const end = retryFrom.getTime() + RETRY_HOURS * 60 * MINUTE;
  if (now.getTime() >= end) return null;
  const wait = WAITS[Math.min(Math.max(tries, 1), WAITS.length) - 1]!;
  return new Date(Math.min(now.getTime() + wait * MINUTE, end));
}

/** Why a try failed, as a code with a text in texts.ts. */
export type MailErrorCode =
  | 'address_broken' | 'recipient_refused' | 'message_refused' | 'in_doubt' | 'server_busy' | 'no_connection' | 'no_such_host' | 'timeout' | 'no_tls' | 'certificate' | 'login_refused' | 'server_refuses' | 'text_gone';

export interface Failure {
  readonly kind: 'temporary' | 'permanent' | 'inDoubt';
  readonly code: MailErrorCode;
  /** What the server or the system said, one line. */
  readonly detail: string | null;
}

/** What nodemailer puts on its errors, as far as it is used here. */
export interface SmtpError {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly message?: unknown;
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

/**
 * Decides what a failed try means. `handed` says that the text was on its way when it failed: without the server's answer
 * nobody knows then whether the mail was taken (RFC 5321 §4.5.3.2.6 and §6.1), and it is not sent a second time by itself.
 * Codes of replies: RFC 5321 §4.2.1, authentication RFC 4954 §6.
 */
export function failureOf(error: SmtpError, handed: boolean): Failure {
  const reply = typeof error.responseCode === 'number' ? error.responseCode : null;
  const command = typeof error.command === 'string' ? error.command : '';
  const code = typeof error.code === 'string' ? error.code : '';
  const detail = oneLine(typeof error.response === 'string' && error.response ? error.response : typeof error.message === 'string' ? error.message : '', 300) || null;
  const temporary = (name: MailErrorCode): Failure => ({ kind: 'temporary', code: name, detail });
  const permanent = (name: MailErrorCode): Failure => ({ kind: 'permanent', code: name, detail });
  if (handed && reply === null) return { kind: 'inDoubt', code: 'in_doubt', detail };
  if (code === 'EAUTH' || reply === 530 || reply === 535) return temporary('login_refused');
  if (command === 'STARTTLS' || (command === 'EHLO' && /STARTTLS/.test(String(error.message)))) return temporary('no_tls');
  if (reply !== null) {
    const inMail = command === 'MAIL FROM' || command === 'RCPT TO' || command === 'DATA';
    if (reply >= 500 && inMail) return permanent(command === 'RCPT TO' ? 'recipient_refused' : 'message_refused');
    return temporary(reply >= 500 ? 'server_refuses' : 'server_busy');
  }
  if (code === 'EENVELOPE') return permanent('address_broken');
  if (code === 'EMESSAGE') return permanent('message_refused');
  if (CERTIFICATE.test(String(error.originalCode ?? ''))) return temporary('certificate');
  if (code === 'ETLS') return temporary('no_tls');
  if (code === 'EDNS' || error.originalCode === 'ENOTFOUND') return temporary('no_such_host');
  if (code === 'ETIMEDOUT' || error.originalCode === 'ETIMEDOUT') return temporary('timeout');
  return temporary('no_connection');
}

/** Replaces parts that must not be shown, longest first so that no rest of a longer one stays. */
export function mask(text: string, parts: readonly string[], lang: Lang): string {
  const mark = lang === 'ja' ? '（ここには表示しません）' : '(not shown here)';
  return [...parts].filter((p) => p !== '').sort((a, b) => b.length - a.length).reduce((shown, part) => shown.replaceAll(part, mark), text);
}

/** Text for a header or a single-line column: control characters and line separators become spaces. */
export function oneLine(text: string, max: number): string {
  return [...text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ').trim()].slice(0, max).join('');
}

export const cleanSubject = (subject: string): string => oneLine(subject, SUBJECT_MAX) || '(no subject)';

/** Body text: lines end with \n, other control characters go. */
export function cleanText(text: string): string {
  return text.slice(0, TEXT_MAX).toWellFormed().replace(/\r\n?|\u2028|\u2029/g, '\n').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
}

/** One plain address as this house sends to: no display name, no list, nothing that could become a header. */
export const plainAddress = (address: string): boolean => address.length <= 254 && /^[^\s@<>()[\],;:"\\\u0000-\u001f\u007f-\u009f]{1,64}@[^\s@<>()[\],;:"\\\u0000-\u001f\u007f-\u009f]+$/u.test(address);

/** Mail to this machine itself may go without encryption. */
export function isLocalHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
