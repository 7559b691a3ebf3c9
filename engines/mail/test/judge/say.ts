/** Small mails said in one line, and a small world that receives them: for tests of single signals. */
import { analyse, open, type Analysis, type Knowledge } from '../../src/index.ts';
import { loadHosts, loadLures, loadWords } from '../../../../library/src/index.ts';
import { mail, multipart, part, words } from '../parse/build.ts';

const OWN_SERVER = 'mx.example.jp';

export const world: Knowledge = {
  ownDomains: ['example.jp'], ownName: '株式会社例示水産', authservIds: [OWN_SERVER],
  officers: [{ name: '例示 太郎', also: ['Taro Reiji'], title: '代表取締役社長', addresses: ['reiji@example.jp'] }],
  partners: [{ domain: 'kitahama-shoji.example', name: '株式会社北浜商事' }],
  brands: [
    { id: 'aozora-shinpan', name: { ja: 'アオゾラ信販', en: 'Aozora Shinpan' }, spellings: ['アオゾラ信販', 'Aozora Shinpan'], domains: ['aozora-shinpan.example'], trade: 'card' },
    { id: 'komorebi-bin', name: { ja: 'コモレビ便', en: 'Komorebi Express' }, spellings: ['コモレビ便', 'Komorebi Express'], domains: ['komorebi-bin.example'], trade: 'delivery' },
  ],
  lures: loadLures(), words: loadWords(), hosts: withOwn(), now: '2026-11-02T01:00:00Z',
};

function withOwn(): NonNullable<Knowledge['hosts']> {
  const list = loadHosts();
  return {
    ...list, shortener: [...list.shortener, 'mijikai.test'], storage: [...list.storage, 'oki-basho.test'], form: [...list.form, 'kaku.test'], translate: [...list.translate, 'yakusu.test'],
    freemail: [...list.freemail, 'tada-mail.test'], tracker: [...list.tracker, 'kazoe.test'], suffix: [...list.suffix, 'suteru'],
  };
}

export const STRANGER: NonNullable<Knowledge['history']> = { address: 0, domain: 0, sentTo: 0, names: [], mailers: [], replyDomains: [] };
export const FRIEND: NonNullable<Knowledge['history']> = { address: 20, domain: 30, sentTo: 12, names: ['南 花子'], mailers: ['Fude Mail 3.1'], replyDomains: [] };

export interface Said {
  /** Name and address; ` Name <address>` is made of it. */
  readonly from?: readonly [name: string, address: string];
  readonly rawFrom?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly files?: readonly (readonly [name: string, bytes: Uint8Array | string, type?: string])[];
  readonly headers?: readonly string[];
  /** What the receiving server wrote of it. */
  readonly auth?: 'pass' | 'fail' | 'none';
  readonly knowledge?: Partial<Knowledge>;
}

export function bytesOf({ from = ['南 花子', 'minami@minami-nouen.example'], rawFrom, to = 'taro@example.jp', subject = 'ご連絡', text, html, files = [], headers = [], auth }: Said): Buffer {
  const domain = from[1].slice(from[1].lastIndexOf('@') + 1);
  const results = auth === undefined ? [] : [`Authentication-Results: ${OWN_SERVER}; dmarc=${auth} header.from=${domain}; spf=${auth === 'none' ? 'none' : auth} smtp.mailfrom=${domain}`];
  const bodies = [...(text === undefined ? [] : [part(text)]), ...(html === undefined ? [] : [part(html, { type: 'text/html' })])];
  const body = bodies.length === 0 ? part('先日はありがとうございました。次の打合せは来週の木曜日でいかがでしょうか。') : bodies.length === 1 ? bodies[0]! : multipart('alternative', bodies);
  const content = files.length === 0 ? body : multipart('mixed', [body, ...files.map(([name, bytes, type = 'application/octet-stream']) => part(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, { type, encoding: 'base64', name: `filename*=utf-8''${encodeURIComponent(name)}` }))]);
  return mail({ from: rawFrom ?? (from[0] === '' ? from[1] : `${words(from[0], 'utf-8')} <${from[1]}>`), to, subject: subject === '' ? '' : words(subject, 'utf-8'), headers: [...results, ...headers] }, content);
}

/** Judged as a file that is the mail itself. */
export async function judged(said: Said): Promise<Analysis> {
  const { suspects } = await open(bytesOf(said), { forwards: false });
  return analyse(suspects[0]!.mail, suspects[0]!.passage, { ...world, ...said.knowledge });
}

export const codesOf = (analysis: Analysis): string[] => analysis.signals.map(({ code }) => code);
