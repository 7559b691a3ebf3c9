import { consentKinds, desk, identity, inventory, notify, operate, orgs, type ConsentKind, type Role, type Route } from '@banya/contract';
import { Miniature, type Answer, type Said } from './miniature.ts';

/** A small member (or its federation) and what the server would say; every answer is checked against the contract. */
export const id = (n: number): string => `0193f0a0-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const org = id(1);
export const ids = { me: id(2), sato: id(11), tanaka: id(12), gone: id(13), pc: id(61), utm: id(71), router: id(72), relay: id(73), fresh: id(74), token: id(81), mail: id(91) } as const;
const started = Date.now();
export const ago = (hours: number): string => new Date(started - hours * 3_600_000).toISOString();

const me = (role: Role) => ({
  accountId: id(2), personId: ids.me, name: '山田 花子', email: 'hanako@example.jp', lang: 'ja', homeOrg: org,
  roles: [{ org, orgName: role === 'operator' ? '港町商工会' : '北原製作所', orgKind: role === 'operator' ? 'federation' : 'member', role }],
  start: { org, page: role === 'operator' ? 'overview' : 'home' }, deskPhone: '043-123-4567', demo: false, federation: { id: id(3), name: '港町商工会' }, secondFactors: { totp: true, passkeys: 0 },
});
const here = (role: Role) => ({
  id: org, parent: role === 'operator' ? null : id(3), federation: id(3), kind: role === 'operator' ? 'federation' : 'member', name: role === 'operator' ? '港町商工会' : '北原製作所', reading: 'きたはらせいさくしょ', industry: 'E', sizeBand: '21-50', prefecture: '12', corporateNumber: null, phone: '043-999-0000',
  timeZone: 'Asia/Tokyo', ownRanges: ['203.0.113.0/29'], domains: ['kitahara.example'], archivedAt: null,
});
type Roles = readonly { role: Role; deputyOf: string | null; until: string | null }[];
const person = (which: string, name: string, reading: string, department: string, email: string | null, roles: Roles = []) => ({
  id: which, org, name, reading, department, emails: email ? [email] : [], phone: '043-123-0001', roles: [{ role: 'staff', deputyOf: null, until: null }, ...roles], canSignIn: email !== null, archivedAt: null,
});
export const yamada = person(ids.me, '山田 花子', 'やまだ はなこ', '総務', 'hanako@example.jp', [{ role: 'lead', deputyOf: null, until: null }]);
export const sato = person(ids.sato, '佐藤 賢', 'さとう けん', '経理', 'sato@example.jp', [{ role: 'deputy', deputyOf: ids.me, until: '2027-01-15' }]);
const tanaka = { ...person(ids.tanaka, '田中 実', 'たなか みのる', '製造', 'tanaka.minoru.kitahara.factory@mail.kitahara-seisakusho.example', [{ role: 'lead', deputyOf: null, until: null }, { role: 'executive', deputyOf: null, until: null }]), canSignIn: false };
const left = { ...person(ids.gone, '鈴木 一', 'すずき はじめ', '製造', null), archivedAt: ago(200) };
const people = [yamada, sato, tanaka, left];

const pc = { id: ids.pc, org, name: '経理のパソコン（KEIRI-03）', kind: 'pc', owner: { id: ids.sato, name: '佐藤 賢' }, department: '経理', os: 'Windows 11 Pro 24H2', serial: 'SN-0001', addresses: ['192.168.1.34'], macs: ['00:1a:2b:3c:4d:5e'], hostNames: ['keiri-03'], note: null, seenAt: ago(0.4), source: null, archivedAt: null };
const machine = { ...pc, id: id(62), name: '3号旋盤', kind: 'machine', owner: null, department: '製造', os: null, serial: null, addresses: [], macs: [], hostNames: [], seenAt: null };
export const source = (which: string, name: string, more: object = {}) => ({
  id: which, org, name, family: 'fortigate', match: { by: 'address', listener: 'tcp', address: '203.0.113.5', headerHost: null }, device: null, timeZone: 'Asia/Tokyo', encoding: 'utf-8', retention: '1y', silentAfterHours: 24,
  verified: true, confirmed: true, createdAt: ago(900), archivedAt: null, state: 'flowing', seenAt: ago(0.1), linesToday: 12_345, linesLast7d: [20_100, 21_040, 19_400, 3200, 2800, 20_500, 12_345], notUnderstoodToday: 0, clockOffSeconds: null, ...more,
});
export const utm = source(ids.utm, '本社のUTM');
export const router = source(ids.router, '倉庫のルーター', { family: 'yamaha-rtx', state: 'silent', seenAt: ago(96), linesToday: 0, linesLast7d: [400, 420, 380, 12, 0, 0, 0], verified: false, match: { by: 'address', listener: 'udp', address: '198.51.100.7', headerHost: 'rtx-01' }, clockOffSeconds: -185, notUnderstoodToday: 3 });
const relay = source(ids.relay, '社内の収集役', { family: 'generic', match: { by: 'token' } });
export const fresh = source(ids.fresh, '支店のUTM', { state: 'waiting', seenAt: null, linesToday: 0, linesLast7d: [0, 0, 0, 0, 0, 0, 0] });
const stopped = source(id(75), '古いルーター', { archivedAt: ago(300) });
const sources = [utm, router, relay, fresh, stopped];
const guide = (family: string) => ({
  family, name: { ja: 'FortiGate（UTM）', en: 'FortiGate (UTM)' }, minutes: 10,
  steps: [{ text: { ja: '管理画面でCLIコンソールを開きます。', en: 'Open the CLI console.' }, paste: null }, { text: { ja: '次の文を貼り付けます。', en: 'Paste this.' }, paste: 'config log syslogd setting\n    set status enable\n    set server "banya.example.jp"\n    set port 6514\nend\n# https://banya.example.jp/api/v1/ingest/SOURCE' }, { text: { ja: 'この画面に戻ってお待ちください。', en: 'Come back and wait.' }, paste: null }],
  notes: [{ ja: '設定の保存は自動です。', en: 'The setting is kept by itself.' }],
});

const given: readonly ConsentKind[] = ['scores', 'alerts', 'inventory', 'tickets'];
const forTicket = (number: number, more: object) => ({ ticket: id(number), number, subject: `相談${number}`, kinds: ['logs'], askedAt: ago(100), askedBy: '窓口 太郎', answered: null, until: null, ended: null, ...more });
const token = { id: ids.token, name: '資産管理ソフト', scopes: ['inventory:write'], createdAt: ago(500), usedAt: ago(3), expiresAt: ago(-2000), source: null };
const mail = { id: ids.mail, at: ago(4), to: 'sato@example.jp', subject: '【番屋】サインインのリンク', text: 'リンクを押してください。\n（ここには表示しません）', state: 'failed', tries: 4, error: 'メールサーバにつながりません。サーバ名とポート番号、ネットワークを確かめてください。' };
const pageOf = (...items: unknown[]) => ({ items, next: null, total: { count: items.length, more: false } });
export const preview = {
  token: 'preview-1', headerRow: 2, columns: [{ header: '氏名', field: '氏名' }, { header: 'E-mail', field: 'メールアドレス' }, { header: '血液型', field: null }], counts: { new: 2, changed: 1, same: 3, wrong: 0 },
  rows: [{ row: 3, kind: 'new', name: '高橋 愛', email: 'takahashi@example.jp', department: '営業' }, { row: 4, kind: 'changed', name: '佐藤 賢', email: 'sato@example.jp', department: '総務' }, { row: 5, kind: 'same', name: '田中 実', email: '', department: '製造' }], errors: [] as { row: number; column: string; message: string }[],
};
export const previewWrong = { ...preview, counts: { ...preview.counts, wrong: 2 }, rows: [...preview.rows, { row: 7, kind: 'wrong', name: '', email: 'abc', department: '' }], errors: [{ row: 7, column: '氏名', message: '空です。' }, { row: 7, column: 'メールアドレス', message: '「@」がありません。' }] };

const nine: [string, string][] = [['09:00', '12:00'], ['13:00', '17:00']];
const times = {
  minutes: { now: { firstReply: 30, solve: 480 }, today: { firstReply: 120, solve: 480 }, normal: { firstReply: 480, solve: 2400 } },
  hours: [[], nine, nine, nine, nine, [['09:00', '17:00']], []], closedDays: ['2026-08-13', '2029-08-13', '2029-08-14'],
  holidays: [{ day: '2027-01-01', name: { ja: '元日', en: 'New Year’s Day' } }, { day: '2027-01-11', name: { ja: '成人の日', en: 'Coming of Age Day' } }],
  next: { now: { firstReply: ago(-0.5), solve: ago(-8) }, today: { firstReply: ago(-2), solve: ago(-24) }, normal: { firstReply: ago(-24), solve: ago(-120) } },
};

const nothing = (): undefined => undefined;
const one = <T extends { id: string }>(all: readonly T[], which: string | undefined): T | undefined => all.find((x) => x.id === which) ?? all[0];

/** What each route says. */
const usual: readonly (readonly [Route, Answer])[] = [
  [notify.policy, () => ({ quietFrom: '22:00', quietUntil: '07:00', look: true, channels: [{ id: ids.mail, name: '総務のチャット', form: 'teams', host: 'hook.example.jp', what: 'now', lang: 'ja', lastOkAt: ago(2), lastError: null }, { id: id(96), name: '古いチャット', form: 'slack', host: 'old.example.jp', what: 'now', lang: 'ja', lastOkAt: null, lastError: 'HTTP 404' }] })],
  [notify.setPolicy, nothing], [notify.removeChannel, nothing], [notify.testChannel, () => ({ ok: false, error: 'HTTP 404' })],
  [notify.addChannel, ({ body }) => ({ ...(body as object), id: id(97), host: 'hook.example.jp', lastOkAt: null, lastError: null, secret: (body as { form: string }).form === 'json' ? 'himitsu' : null })],
  [notify.phones, () => ({ items: [{ name: '社長', phone: '090-0000-0001', hours: '平日の昼' }] })], [notify.setPhones, nothing],
  [identity.setUp.state, () => ({ needed: false, demo: false, deskPhone: '043-123-4567', federation: '港町商工会' })],
  [identity.self.sessions, () => ({ items: [{ id: id(5), current: true, method: 'link', device: 'Chrome（Windows）', address: '203.0.113.9', startedAt: ago(3), seenAt: ago(0) }] })],
  [orgs.tree.update, ({ body }) => ({ ...here('lead'), ...(body as object) })], [orgs.tree.leave, () => ({ erasedOn: '2026-12-24' })],
  [orgs.people.list, () => pageOf(...people.slice(0, 3))], [orgs.people.get, ({ params: { person: which } }) => one(people, which)],
  [orgs.people.create, ({ body }) => ({ ...person(id(14), (body as { name: string }).name, '', '', null), reading: null, department: null })], [orgs.people.update, ({ params: { person: which } }) => one(people, which)], [orgs.people.archive, nothing], [orgs.people.restore, nothing],
  [orgs.people.importCommit, () => ({ created: 2, changed: 1 })],
  [orgs.roles.grant, nothing], [orgs.roles.revoke, nothing], [orgs.roles.deputy, nothing], [orgs.roles.handover, () => ({ moved: { findings: 3, tickets: 1 } })], [identity.lostPhone, nothing],
  [orgs.consents.get, () => ({
    federation: { id: id(3), name: '港町商工会' },
    items: consentKinds.map((kind) => ({ kind, given: given.includes(kind), fixed: kind === 'tickets', since: given.includes(kind) ? ago(2000) : null, by: given.includes(kind) ? (kind === 'alerts' ? '山田 花子' : 'setup') : null, until: null })),
    tickets: [forTicket(128, { state: 'asked' }), forTicket(121, { state: 'allowed', answered: { at: ago(90), by: '山田 花子' }, until: ago(-600) }), forTicket(115, { state: 'refused', answered: { at: ago(900), by: '山田 花子' } }), forTicket(110, { state: 'ended', answered: { at: ago(1900), by: '山田 花子' }, until: ago(1200), ended: { at: ago(1500), how: 'closed' } })],
    history: [{ at: ago(2000), kind: 'scores', given: true, by: 'setup' }, { at: ago(90), kind: 'logs', given: false, by: '山田 花子' }],
  })],
  [desk.settings.get, () => times], [desk.settings.save, ({ body }) => ({ ...times, ...(body as object) })],
  [orgs.consents.set, nothing], [desk.looks.withdraw, nothing],
  [orgs.audit.list, () => ({ items: [
    { seq: '12', at: ago(1), who: '窓口 太郎', whose: id(3), action: 'findings.read', text: '気づきを見ました', via: 'alerts', ticket: null, target: 'finding:1' },
    { seq: '13', at: ago(1), who: '窓口 太郎', whose: id(3), action: 'search.read', text: 'ログを探しました', via: 'logs', ticket: '#121', target: null },
    { seq: '11', at: ago(2), who: '山田 花子', whose: org, action: 'people.updated', text: '人の情報を変えました', via: null, ticket: null, target: 'person:1' },
    { seq: '10', at: ago(3), who: 'backup', whose: '', action: 'x', text: '自動で片づけました', via: null, ticket: null, target: null },
  ], next: null })],
  [orgs.audit.verify, () => ({ ok: true, entries: 1204, head: 'a3f1'.repeat(16), atSeq: null })],
  [identity.sso.get, () => ({ issuer: 'https://login.example.com/kitahara/v2.0', clientId: 'banya', domains: ['kitahara.example'], required: false, returnUrl: 'https://banya.example.jp/api/v1/sign-in/oidc/0192f0a0-0000-7000-8000-000000000001/return' })],
  [identity.sso.put, nothing], [identity.sso.remove, nothing],
  [identity.tokens.list, () => ({ items: [token, { ...token, id: id(82), name: '社内の収集役', scopes: ['ingest'], source: ids.relay, usedAt: null, expiresAt: null }] })],
  [identity.tokens.create, ({ body }) => ({ ...token, ...(body as object), expiresAt: null, secret: 'bny_secret_once' })], [identity.tokens.revoke, nothing],
  [notify.outbox, () => pageOf(mail, { ...mail, id: id(92), subject: '【番屋】10月の報告書ができました', state: 'sent', tries: 1, error: null }, { ...mail, id: id(93), state: 'kept', tries: 0, error: null, to: 'a-very-long-address.of.somebody@department.kitahara-seisakusho.example' })], [notify.again, nothing],
  [inventory.devices.list, () => pageOf(pc, machine)], [inventory.devices.get, () => pc], [inventory.devices.create, ({ body }) => ({ ...pc, ...(body as object), owner: null })], [inventory.devices.update, () => pc], [inventory.devices.archive, nothing], [inventory.devices.restore, nothing],
  [inventory.sources.guide, ({ params: { family } }) => guide(family ?? 'fortigate')],
  [inventory.sources.list, () => pageOf(...sources)], [inventory.sources.get, ({ params: { source: which } }) => one(sources, which)],
  [inventory.sources.create, ({ body }) => ({ ...fresh, ...(body as object), token: (body as { match: { by: string } }).match.by === 'token' ? 'bny_ingest_once' : null })],
  [inventory.sources.update, () => utm], [inventory.sources.archive, nothing], [inventory.sources.restore, nothing], [inventory.sources.newToken, () => ({ token: 'bny_new_once' })],
  [operate.mailGet, () => ({ host: 'smtp.example.jp', port: 465, secure: true, user: 'banya', from: 'banya@example.jp', hasPassword: true })], [operate.mailPut, nothing], [operate.mailTest, () => ({ ok: false, message: 'メールサーバにつながりません。サーバ名とポート番号、ネットワークを確かめてください。' })],
  [operate.health, () => ({
    checks: [{ key: 'state', state: 'ok', text: '記録の保存先は動いています（PostgreSQL 17.5）。', remedy: null }, { key: 'backup', state: 'look', text: '復元をひと月以上試していません。', remedy: '設定の「バックアップ」で「復元を試す」を押してください（数分）。' }, { key: 'disk', state: 'bad', text: '空き容量が 0.9 GB しかなく、ログの受け取りを止めています。', remedy: '不要なファイルを消すか、ディスクを増やしてください。' }],
    intake: { linesPerMinute: 1240, backlogBytes: 0, kernelDrops: 0, unknownLines: 311 }, version: '0.1.0',
  })],
  [operate.backups, () => ({ target: { kind: 'folder', path: '/mnt/share/banya', keep: 48, hasSecret: false, hasPassphrase: true }, items: [{ name: 'banya-20261124T1005Z.bak', at: ago(0.5), bytes: 48_123_456, ok: true, error: null }, { name: 'banya-20261124T0905Z.bak', at: ago(1.5), bytes: 0, ok: false, error: 'EACCES: permission denied, open /mnt/share/banya' }], lastTrial: { at: ago(50), ok: true, text: 'restored 31 tables, 12,034 rows; equal' }, running: false })],
  [operate.backupTarget, nothing], [operate.backupNow, () => ({ started: true })], [operate.restoreTrial, () => ({ started: true })],
];

/** The member's or federation's server. `instead` says something else from the beginning. */
export const house = (role: Role, instead: Said = []): Miniature =>
  new Miniature([[identity.self.get.id, () => me(role)], [orgs.tree.get.id, () => here(role)], ...usual.map(([route, answer]) => [route.id, answer] as const), ...instead]);
