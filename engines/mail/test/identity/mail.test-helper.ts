import type { Brand, Knowledge, Mailbox, ParsedMail } from '../../src/types.ts';

/** A mail with nothing in it but what the test gives. Headers are made of the same values. */
export function mailOf(given: Partial<ParsedMail> & { fromName?: string; fromAddress?: string }): ParsedMail {
  const { fromName = '', fromAddress = 'someone@stranger.test', ...rest } = given;
  const from: readonly Mailbox[] = rest.from ?? [{ name: fromName, address: fromAddress, ...(fromAddress === '' ? {} : { domain: fromAddress.split('@')[1]! }) }];
  const subject = rest.subject ?? '';
  const headers = rest.headers ?? [
    ...from.map(({ name, address }) => ({ name: 'from', value: `${name} <${address}>`, raw: '' })),
    { name: 'subject', value: subject, raw: '' },
  ];
  return {
    kind: 'eml', size: 0, raw: new Uint8Array(), replyTo: [], to: [], cc: [], references: [], text: '', hiddenText: '', links: [], attachments: [],
    automatic: { list: false, bulk: false, reply: false, bounce: false }, troubles: [], ...rest, subject, headers, from,
  };
}

/** What an organisation knows: the fishmonger Sakanaya, with invented brands. */
export function knowledgeOf(given: Partial<Knowledge> = {}): Knowledge {
  const brand = (id: string, spellings: string[], domains: string[], more: Partial<Brand> = {}): Brand => ({ id, name: { ja: spellings[0]!, en: id }, spellings, domains, trade: 'bank', ...more });
  return {
    ownDomains: ['sakanaya.example.jp'], ownName: '株式会社さかなや本店', partners: [{ domain: 'oroshi.example', name: '有限会社うみべ卸' }], authservIds: ['mx.sakanaya.example.jp'], lures: [], now: '2026-04-01T00:00:00Z',
    officers: [{ name: '磯野 大海', also: ['いその おおみ', 'Isono Oomi', '磯野社長'], title: '社長', addresses: ['isono@sakanaya.example.jp'] }],
    brands: [
      brand('minamoto', ['ミナモト銀行', 'ミナモト', 'Minamoto Bank', 'ｄミナモト'], ['minamoto.example'], { group: 'minamoto' }),
      brand('minamoto-card', ['ミナモト銀行カード', 'ミナモト・カード'], ['minamoto-card.example'], { group: 'minamoto', open: ['minamoto-card.example'] }),
      brand('gadget', ['Gadget', 'ガジェット'], ['gadget.example'], { everyday: true }),
      brand('tide', ['TIDE'], ['tide.example']),
    ],
    ...given,
  };
}
