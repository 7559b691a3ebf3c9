import { createHash } from 'node:crypto';
import type { Analysis, MailVerdict } from '@banya/mail';
import { Problem } from '../../../kernel/errors.ts';
import type { JudgedMail, OwnKnowledge, Peeked, ShownMail } from './engine.ts';
import type { MailJudge } from './judge.ts';

export interface Letter {
  readonly verdict?: MailVerdict;
  readonly subject?: string;
  readonly from?: string;
  readonly name?: string;
  readonly messageId?: string;
  readonly body?: string;
  readonly note?: string;
  /** Of a drill, as it stands in the mail. */
  readonly drill?: string;
  /** Of its link. */
  readonly host?: string;
  /** The bytes of the mail in question, where it came wrapped in another. */
  readonly mail?: string;
  readonly explode?: boolean;
  /** SimHash of its text, 16 hex digits. */
  readonly print?: string;
  /** It wants money. */
  readonly bank?: string;
}

/** A letter as bytes; what the scripted judge says of it stands in its headers. */
export const letter = (l: Letter = {}): Uint8Array => Buffer.from([
  `Verdict: ${l.verdict ?? 'clear'}`, `Subject: ${l.subject ?? 'お知らせ'}`, `From: ${l.from ?? 'info@shop.example.jp'}`, `Name: ${l.name ?? '試験商店'}`, `Message-ID: ${l.messageId ?? ''}`, `Note: ${l.note ?? ''}`, `Mail: ${l.mail ?? ''}`,
  ...(l.drill ? [`Banya-Drill: ${l.drill}`] : []), ...(l.host ? [`Host: ${l.host}`] : []), ...(l.explode ? ['Explode: yes'] : []), ...(l.print ? [`Print: ${l.print}`] : []), ...(l.bank ? ['Bank: yes'] : []), '', l.body ?? '本文です。',
].join('\r\n'));

/** Says of a letter what stands in its headers: for tests of everything around the engine. */
export class ScriptedJudge implements MailJudge {
  readonly asked: OwnKnowledge[] = [];
  #read(bytes: Uint8Array): { headers: Map<string, string>; body: string } {
    const [head = '', ...rest] = Buffer.from(bytes).toString('utf8').split('\r\n\r\n');
    return { headers: new Map(head.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])), body: rest.join('\r\n\r\n') };
  }

  warm(): void {}
  close(): void {}

  async peek(bytes: Uint8Array): Promise<Peeked> {
    const { headers } = this.#read(bytes);
    if (headers.get('explode')) throw new Problem(422, 'file_too_heavy');
    return { suspects: [{ from: headers.get('from') ?? null, fromDomain: headers.get('from')?.split('@')[1] ?? null, messageId: headers.get('message-id') || null, subject: headers.get('subject') ?? '', hosts: headers.get('host') ? [headers.get('host')!] : [], files: [], drill: headers.get('banya-drill') ?? null }] };
  }

  async judge(bytes: Uint8Array, knowledge: OwnKnowledge): Promise<JudgedMail> {
    this.asked.push(knowledge);
    const { headers } = this.#read(bytes);
    const [verdict, address] = [headers.get('verdict') as MailVerdict, headers.get('from') ?? ''];
    const text = { ja: `差出人 ${address} のドメインは、名乗りと違います。`, en: `The domain of ${address} is not the one it claims.` };
    const analysis: Analysis = {
      verdict, score: { dangerous: 90, suspicious: 60, insufficient: 30, clear: 5 }[verdict], passage: 'original', asks: verdict === 'clear' ? [] : headers.get('bank') ? ['bank_change'] : ['credentials'], signals: [], lookalikes: [], files: [],
      reasons: [{ code: 'claim', severity: 'high', text, evidence: [{ where: 'header', name: 'From', quote: address }], points: 3 }, { code: 'link', severity: 'medium', text: { ja: 'リンク先は https://login.example.com/x です。', en: 'It leads to https://login.example.com/x.' }, evidence: [{ where: 'link', quote: 'https://login.example.com/x' }], points: 1 }],
      authentication: { by: 'none', spf: 'unknown', dkim: 'unknown', dmarc: 'unknown', arc: 'unknown', evidence: [] }, links: [{ url: 'https://login.example.com/x', host: 'login.example.com', domain: 'example.com', from: 'text' }], indicators: [], troubles: [],
      fingerprints: { ...(headers.get('print') ? { simhash: headers.get('print')! } : {}), urlTemplates: [], senderPattern: '', attachmentHashes: [], subjectSkeleton: '' },
      facts: { from: { name: headers.get('name') ?? '', address, ...(address.includes('@') ? { domain: address.split('@')[1]! } : {}) }, replyTo: undefined, returnPath: undefined, to: [], subject: headers.get('subject') ?? '', route: [], date: '2026-11-24T00:30:00Z' },
    };
    return { analysis, index: 0, count: 1, note: headers.get('note') ?? '', mailer: null, digest: createHash('sha256').update(headers.get('mail') || bytes).digest('hex'), engine: 'test' };
  }

  async show(bytes: Uint8Array): Promise<ShownMail> {
    const { headers, body } = this.#read(bytes);
    return { text: body, hiddenText: '', headers: [...headers].map(([name, value]) => ({ name, value })), html: null };
  }
}
