import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { failureOf, isLocalHost, type Failure } from './rules.ts';

/** How mail leaves: kept under 'mail' in kernel.settings, the password sealed there. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (port 465); otherwise STARTTLS is demanded, except from this machine itself. */
  readonly secure: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly from: string;
}

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly date: Date;
  readonly lang: 'ja' | 'en';
  readonly threading?: { readonly replyTo: string; readonly references: readonly string[] } | null;
  readonly loopMark?: string;
}

const CONNECT_MS = 15_000;
const SILENCE_MS = 60_000;

/** The mail as bytes (RFC 5322, UTF-8). Header values are encoded by the composer; nothing of `text` reaches a header. */
export function compose(server: Pick<MailServer, 'from'>, letter: Letter): Promise<Buffer> {
  return new MailComposer({
    from: { name: letter.lang === 'ja' ? '番屋' : 'Banya', address: server.from },
    to: { name: '', address: letter.to },
    subject: letter.subject,
    text: letter.text,
    textEncoding: 'base64',
    messageId: letter.messageId,
    date: letter.date,
    ...(letter.threading ? { replyTo: letter.threading.replyTo, references: [...letter.threading.references], ...(letter.threading.references.length > 0 ? { inReplyTo: letter.threading.references.at(-1)! } : {}) } : {}),
    // RFC 3834 §5: no automatic answers to an automatic mail.
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': letter.lang, ...(letter.loopMark ? { 'Banya-Loop': letter.loopMark } : {}) },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile().build();
}

/**
 * Sends one mail over a connection of its own. `beforeText` runs after the server has accepted the addresses and before it
 * gets the text; if it throws, nothing is sent. Never throws for what a server or network does: null means sent.
 */
export async function deliver(server: MailServer, letter: Letter, beforeText: () => Promise<void>): Promise<Failure | null> {
  const bytes = await compose(server, letter);
  const local = isLocalHost(server.host);
  const connection = new SMTPConnection({
    host: server.host, port: server.port, secure: server.secure,
    ...(local ? {} : { requireTLS: !server.secure }),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: !local },
    connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, dnsTimeout: CONNECT_MS, socketTimeout: SILENCE_MS,
  });
  let handed = false;
  const text = Readable.from(
    (async function* (): AsyncGenerator<Buffer> {
      await beforeText();
      handed = true;
      yield bytes;
    })(),
    { objectMode: false },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.connect((refused) => {
        if (refused) return reject(refused);
        const send = (): void =>
          connection.send({ from: server.from, to: [letter.to], size: bytes.length }, text, (error) => (error ? reject(error) : resolve()));
        if (server.user === null) return send();
        connection.login({ user: server.user, credentials: { user: server.user, pass: server.password ?? '' } }, (error) => (error ? reject(error) : send()));
      });
    });
    connection.quit();
    return null;
  } catch (error) {
    connection.close();
    return failureOf(error as object, handed);
  } finally {
    text.destroy();
  }
}
