import SMTPConnection from 'nodemailer/lib/smtp-connection';

export interface Sending {
  readonly host?: string;
  readonly from?: string;
  readonly to: string | readonly string[];
  readonly raw: string | Buffer;
  /** STARTTLS is demanded. */
  readonly tls?: boolean;
}
export interface Outcome {
  /** 250, the code it was refused with, or 0 when the connection ended without an answer. */
  readonly code: number;
  readonly text: string;
  readonly rejected: readonly string[];
}

/** Sends one mail over a connection of its own, as a mail server does. Never throws. */
export function sendMail(port: number, { host = '127.0.0.1', from = 'sender@member.example', to, raw, tls = false }: Sending): Promise<Outcome> {
  const connection = new SMTPConnection({ host, port, secure: false, ...(tls ? { requireTLS: true, tls: { rejectUnauthorized: false } } : { ignoreTLS: true }), connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 20_000 });
  return new Promise((resolve) => {
    const failed = (error: { responseCode?: number | undefined; message: string }): void => {
      connection.close();
      resolve({ code: error.responseCode ?? 0, text: error.message, rejected: [] });
    };
    connection.on('error', failed);
    // The reason, where there is one, is told right after the end.
    connection.on('end', () => setTimeout(failed, 20, { message: 'the connection ended' }));
    connection.connect((refused) => {
      if (refused) return failed(refused);
      connection.send({ from, to: typeof to === 'string' ? [to] : [...to] }, raw, (error, info) => {
        if (error) return failed(error);
        connection.quit();
        resolve({ code: 250, text: info.response, rejected: info.rejected });
      });
    });
  });
}

export interface Letter {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly id?: string;
  readonly headers?: readonly string[];
}

/** A plain mail as bytes would be; header values are as given, the text is UTF-8. */
export function letter({ from = 'sender@member.example', to = 'desk@banya.test', subject = 'Question', text = 'Hello', id = `<${Math.random().toString(36).slice(2)}@member.example>`, headers = [] }: Letter): string {
  return [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Message-ID: ${id}`, 'Date: Tue, 24 Nov 2026 10:00:00 +0900', 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', ...headers, '', ...text.split('\n'), ''].join('\r\n');
}
