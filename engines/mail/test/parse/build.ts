/** Writes mails as programs write them, well and badly: charsets, transfer encodings, headers, parts. All names and domains are invented. */
import iconv from 'iconv-lite';

export type Charset = 'utf-8' | 'iso-2022-jp' | 'shift_jis' | 'euc-jp';
export const CHARSETS: readonly Charset[] = ['utf-8', 'iso-2022-jp', 'shift_jis', 'euc-jp'];

/** ISO-2022-JP of a text, made from Shift_JIS the other way round than the reader does it; half-width kana by ESC ( I. */
function iso2022(text: string): Buffer {
  const out: number[] = [];
  let mode = 'ascii';
  const to = (next: string, escape: readonly number[]): void => {
    if (mode !== next) out.push(0x1b, ...escape);
    mode = next;
  };
  for (const char of text) {
    const bytes = iconv.encode(char, 'cp932');
    if (bytes.length === 2) {
      to('kanji', [0x24, 0x42]);
      const lead = bytes[0]! >= 0xe0 ? bytes[0]! - 0x40 : bytes[0]!;
      const second = bytes[1]! >= 0x9f;
      const row = (lead - 0x81) * 2 + 0x21 + (second ? 1 : 0);
      out.push(row, second ? bytes[1]! - 0x7e : bytes[1]! - (bytes[1]! >= 0x80 ? 0x20 : 0x1f));
    } else if (bytes[0]! >= 0xa1) {
      to('kana', [0x28, 0x49]);
      out.push(bytes[0]! & 0x7f);
    } else {
      to('ascii', [0x28, 0x42]);
      out.push(bytes[0]!);
    }
  }
  to('ascii', [0x28, 0x42]);
  return Buffer.from(out);
}

export function encode(text: string, charset: Charset): Buffer {
  if (charset === 'iso-2022-jp') return iso2022(text);
  return iconv.encode(text, charset === 'shift_jis' ? 'cp932' : charset);
}

/** One encoded word. */
export function word(bytes: Buffer, charset: string, form: 'B' | 'Q' = 'B'): string {
  const payload = form === 'B' ? bytes.toString('base64') : [...bytes].map((byte) => (byte === 0x20 ? '_' : /[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('');
  return `=?${charset}?${form}?${payload}?=`;
}

export function words(text: string, charset: Charset, form: 'B' | 'Q' = 'B'): string {
  return word(encode(text, charset), charset, form);
}

export function quotedPrintable(bytes: Buffer): Buffer {
  let out = '';
  let line = 0;
  for (const byte of bytes) {
    const char = byte === 0x0a ? '\r\n' : byte === 0x0d ? '' : byte === 0x3d || byte > 0x7e || byte < 0x20 ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}` : String.fromCharCode(byte);
    if (char === '\r\n') line = 0;
    else if (line + char.length > 74) {
      out += '=\r\n';
      line = char.length;
    } else line += char.length;
    out += char;
  }
  return Buffer.from(out, 'latin1');
}

export function base64(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('base64').replace(/.{76}/g, '$&\r\n'), 'latin1');
}

export interface PartOptions {
  readonly type?: string;
  readonly charset?: Charset;
  /** What the header claims, when it lies or is silent (''). */
  readonly label?: string;
  readonly encoding?: '8bit' | 'base64' | 'quoted-printable';
  readonly name?: string;
  readonly headers?: readonly string[];
}

/** A leaf: header lines and body, as bytes. */
export function part(content: string | Uint8Array, options: PartOptions = {}): Buffer {
  const { type = 'text/plain', charset = 'utf-8', encoding = '8bit' } = options;
  const bytes = typeof content === 'string' ? encode(content, charset) : Buffer.from(content);
  const label = options.label ?? (typeof content === 'string' ? charset : '');
  const lines = [`Content-Type: ${type}${label === '' ? '' : `; charset=${label}`}`, `Content-Transfer-Encoding: ${encoding}`];
  if (options.name !== undefined) lines.push(`Content-Disposition: attachment; ${options.name}`);
  const body = encoding === 'base64' ? base64(bytes) : encoding === 'quoted-printable' ? quotedPrintable(bytes) : bytes;
  return Buffer.concat([Buffer.from(`${[...lines, ...(options.headers ?? [])].join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

let boundaries = 0;

/** A multipart of these parts. */
export function multipart(kind: string, parts: readonly Uint8Array[], boundary = `=_b${++boundaries}_`): Buffer {
  const pieces: Uint8Array[] = [Buffer.from(`Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n`, 'latin1')];
  for (const one of parts) pieces.push(Buffer.from(`--${boundary}\r\n`, 'latin1'), one, Buffer.from('\r\n', 'latin1'));
  pieces.push(Buffer.from(`--${boundary}--\r\n`, 'latin1'));
  return Buffer.concat(pieces);
}

export interface MailOptions {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly headers?: readonly string[];
}

/** Header lines of a mail; strings hold bytes as latin1. */
export function head(options: MailOptions = {}): string {
  const lines = [
    ...(options.headers ?? []),
    `From: ${options.from ?? 'Sender <sender@bank.example>'}`,
    `To: ${options.to ?? 'taro@example.jp'}`,
    `Subject: ${options.subject ?? 'test'}`,
    'Date: Mon, 5 Jan 2026 10:20:30 +0900',
    'Message-ID: <m1@bank.example>',
    'MIME-Version: 1.0',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** A mail: its header and what `part` or `multipart` made. */
export function mail(options: MailOptions, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(head(options), 'latin1'), content]);
}

/** A plain mail in one charset, header and body. */
export function simple(subject: string, text: string, charset: Charset = 'utf-8', options: MailOptions = {}): Buffer {
  return mail({ ...options, subject: words(subject, charset) }, part(text, { charset, encoding: charset === 'iso-2022-jp' ? '8bit' : 'base64' }));
}

export function raw(text: string): Buffer {
  return Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'utf8');
}
