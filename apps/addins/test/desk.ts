import { type Ending, type HouseOptions, testHouse, type TestHouse } from '../../server/test/house.ts';

/** A house with one member, and a token that may report. */
export interface Desk {
  readonly house: TestHouse;
  readonly org: string;
  readonly token: string;
  /** What was reported, newest last, with the very bytes that were kept. */
  reported(): Promise<readonly { readonly id: string; readonly channel: string; readonly touched: string | null; readonly bytes: Buffer }[]>;
}

export async function openDesk(t: Ending, options: HouseOptions = {}): Promise<Desk> {
  const house = await testHouse(t, options);
  const { orgId } = await house.federation();
  const org = await house.org('member', orgId, '試験商事');
  const { secret } = await house.house.identity.tokens.create(org, 'test', { name: '報告ボタン', scopes: ['samples:write'] });
  const { gate, kernel, modules } = house.house;
  return {
    house, org, token: secret,
    reported: async () => {
      const { rows } = await gate.query<{ id: string; channel: string; touched: string | null; file_id: string }>('select id, channel, touched, file_id from desk_samples order by id');
      return Promise.all(rows.map(async ({ id, channel, touched, file_id }) => ({ id, channel, touched, bytes: (await kernel.tenancy.inOrg({ orgId: org, actor: { kind: 'system', name: 'test' } }, (tx) => modules.files.get(tx, org, file_id)))! })));
    },
  };
}

/** A mail in ISO-2022-JP with an attachment of bytes that any change of charset or line ends would spoil. */
export const letter: Buffer = Buffer.concat([
  Buffer.from(['Return-Path: <info@shop.example.jp>', 'Received: from mx.shop.example.jp (mx.shop.example.jp [203.0.113.9]) by mx.member.example; Tue, 24 Nov 2026 09:00:01 +0900', 'From: =?ISO-2022-JP?B?GyRCJSsbKEI=?= <info@shop.example.jp>', 'To: hanako@member.example', 'Subject: =?utf-8?B?44GU6KuL5rGC44Gu5Lu2?=', 'Date: Tue, 24 Nov 2026 09:00:00 +0900', 'Message-ID: <1@shop.example.jp>', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain; charset=ISO-2022-JP', '', '\u001b$B@A5a=q$r$*Aw$j$7$^$9!#\u001b(B', '--b', 'Content-Type: application/octet-stream; name=raw.bin', 'Content-Transfer-Encoding: 8bit', 'Content-Disposition: attachment; filename=raw.bin', '', ''].join('\r\n'), 'latin1'),
  Buffer.from([0xff, 0xfe, 0x80, 0xe3, 0x81, 0x20, 0x20, 0xc0]),
  Buffer.from('\r\n--b--\r\n'),
]);
