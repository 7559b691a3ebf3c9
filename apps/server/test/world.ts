import { roles, type Role } from '@banya/contract';
import { newId } from '../src/kernel/ids.ts';
import { TestHouse, type TestPerson } from './house.ts';

/** Two federations that know nothing of one another, members below them, and a person for each role at each place. */
export interface World {
  readonly house: TestHouse;
  readonly federation: string;
  readonly member: string;
  readonly sibling: string;
  readonly unit: string;
  readonly otherFederation: string;
  readonly otherMember: string;
  /** Somebody with this one role at that place. */
  at(place: string, role: Role): TestPerson;
}

/** Gives a role directly, also one that pages would refuse at this kind of organisation. */
export async function giveRole(house: TestHouse, orgId: string, personId: string, homeOrgId: string, role: Role): Promise<void> {
  await house.house.kernel.tenancy.asSystem('test: give a role', (tx) =>
    tx.query('insert into orgs_roles (org_id, person_id, home_org_id, role, granted_by, granted_at) values ($1,$2,$3,$4,$5,$6) on conflict do nothing', [orgId, personId, homeOrgId, role, 'test', tx.now]));
}

export async function buildWorld(house: TestHouse): Promise<World> {
  const { orgs } = house.house.modules;
  const { orgId: federation } = await house.federation();
  const otherFederation = await house.house.kernel.tenancy.asSystem('test: another federation', async (tx) => (await orgs.createOrg(tx, 'federation', null, { name: '別の連合会' })).id);
  const member = await house.org('member', federation, '試験商事');
  const sibling = await house.org('member', federation, '隣の商店');
  const unit = await house.org('unit', member, '試験商事 支店');
  const otherMember = await house.org('member', otherFederation, 'よその商会');
  const people = new Map<string, TestPerson>();
  for (const [place, kind] of [[federation, 'federation'], [member, 'member'], [sibling, 'member'], [unit, 'unit'], [otherFederation, 'federation'], [otherMember, 'member']] as const) {
    for (const role of roles) {
      const person = await house.person(place, kind);
      await giveRole(house, place, person.personId, place, role);
      people.set(`${place} ${role}`, person);
    }
  }
  house.house.identity.sessions.forgetAll();
  return { house, federation, member, sibling, unit, otherFederation, otherMember, at: (place, role) => people.get(`${place} ${role}`)! };
}

/** Ids of one thing of each kind, all of one organisation. */
export type Things = Readonly<Record<'person' | 'device' | 'source' | 'finding' | 'suppression' | 'maintenance' | 'channel' | 'ticket' | 'token' | 'mail' | 'article' | 'template' | 'sample' | 'campaign' | 'bulletin' | 'warning' | 'search', string>>;

/** A mail that the lead asked about, answered. */
export async function makeSample({ house, at }: World, orgId: string, subject = 'ご請求の件'): Promise<string> {
  const lead = at(orgId, 'lead');
  const mail = Buffer.from(`From: "Shop" <info@shop.example.jp>\r\nTo: lead@member.example\r\nSubject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\nMessage-ID: <${newId(house.house.kernel.clock.now())}@shop.example.jp>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nいつもありがとうございます。請求書をお送りします。\r\n`);
  const { status, body, text } = await house.send('POST', `/orgs/${orgId}/samples`, lead, new Uint8Array(mail), { 'Content-Type': 'message/rfc822' });
  if (status !== 201) throw new Error(`samples: ${status} ${text}`);
  for (let tries = 0; tries < 600; tries += 1) {
    if ((await house.send('GET', `/orgs/${orgId}/samples/${body.id}`, lead)).body.state !== 'waiting') return body.id as string;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('a mail was not judged within 30 seconds');
}

/** A campaign and a draft of a warning at a federation, and another's warning as a member has got it. */
async function makeWarnings({ house, at }: World, orgId: string, desk: string): Promise<Pick<Things, 'campaign' | 'bulletin' | 'warning'>> {
  const { kernel, modules } = house.house;
  const bulletin = (await house.send('POST', `/orgs/${desk}/desk/bulletins`, at(desk, 'desk'), {})).body.id as string;
  const [campaign, warning] = [newId(kernel.clock.now()), newId(kernel.clock.now())];
  await kernel.tenancy.asSystem('test: a campaign and a warning', async (tx) => {
    await tx.query('insert into federate_campaigns (org_id, id, first_at, last_at, members, reports, touched) values ($1, $2, $3, $3, 2, 2, 0)', [desk, campaign, tx.now]);
    await tx.query(
      `insert into federate_warnings (org_id, id, federation_id, bulletin_id, title_ja, title_en, body_ja, body_en, tlp, prints, kinds, indicators, at) values ($1, $2, $3, $4, '題', '', '本文', '', 'AMBER', '{}', '{}', '[]', $5)`,
      [orgId, warning, modules.orgs.federationOf((await modules.orgs.get(tx, orgId))!), newId(kernel.clock.now()), tx.now],
    );
  });
  return { campaign, bulletin, warning };
}

/** Makes one thing of each kind. Articles, templates, campaigns and drafts of warnings are made at `desk`. */
export async function makeThings(world: World, orgId: string, desk: string): Promise<Things> {
  const { house } = world;
  const { modules, kernel, identity } = house.house;
  const lead = world.at(orgId, 'lead');
  const made = async (path: string, body: unknown, as: TestPerson): Promise<string> => {
    const answer = await house.send('POST', path, as, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body.id;
  };
  const device = await made(`/orgs/${orgId}/devices`, { name: '経理のパソコン', addresses: ['192.168.7.7'] }, lead);
  const source = await made(`/orgs/${orgId}/sources`, { name: '入口の機器', family: 'generic', match: { by: 'token' } }, lead);
  const ticket = await made(`/orgs/${orgId}/tickets`, { subject: '教えてください', message: '困っています。' }, lead);
  const search = await made(`/orgs/${orgId}/searches`, { name: '夜の接続', q: 'vpn', span: '7d', shared: true }, lead);
  const article = await made(`/orgs/${desk}/articles`, { title: { ja: 'よくある質問' }, summary: { ja: 'まとめ' }, body: { ja: '本文' }, published: false }, world.at(desk, 'desk'));
  const template = newId(kernel.clock.now());
  await house.send('PUT', `/orgs/${desk}/templates/${template}`, world.at(desk, 'desk'), { name: '返事', text: 'お待ちください。', lang: 'ja' });
  const raise = (entity: string) => kernel.tenancy.asSystem('test: raise a finding', async (tx) => (await modules.findings.raise(tx, [{
    orgId, kind: 'detection', ruleId: 'test.rule', rule: { title: 'Test', author: 'Test', license: 'Apache-2.0', references: [] }, severity: 'look', direction: 'outbound', stopped: 'no', fingerprint: `test ${entity}`, entity, slots: {}, asset: null,
    minutes: 5, count: 1, firstAt: tx.now, lastAt: tx.now, days: { [tx.now.toISOString().slice(0, 10)]: 1 }, samples: [], deskTicket: false,
  }]))[0]!.id);
  const finding = await raise('192.0.2.1');
  const closed = await house.send('POST', `/orgs/${orgId}/findings/${await raise('192.0.2.2')}/close`, lead, { outcome: 'false_alarm', quietDays: 30 });
  if (closed.status !== 204) throw new Error(closed.text);
  const suppression = (await house.send('GET', `/orgs/${orgId}/suppressions`, lead)).body.items[0].id;
  const hour = (n: number): string => new Date(kernel.clock.now() + n * 3_600_000).toISOString();
  const maintenance = await made(`/orgs/${orgId}/maintenance`, { device: null, startsAt: hour(24), endsAt: hour(26), reason: '点検' }, lead);
  const channel = await made(`/orgs/${orgId}/notices/channels`, { name: '社内', form: 'json', url: 'https://hook.member.example/in', what: 'now', lang: 'ja' }, lead);
  const token = (await identity.tokens.create(orgId, 'test', { name: 'test', scopes: ['findings:read'] })).row.id;
  const mail = await kernel.tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'test' } }, async (tx) => {
    await modules.notify.mail(tx, { orgId, to: 'somebody@member.example', lang: 'ja', subject: '試験', text: '試験' });
    return (await tx.query<{ id: string }>('select id from notify_mails where org_id = $1 order by id desc limit 1', [orgId]))[0]!.id;
  });
  return { person: lead.personId, device, source, finding, suppression, maintenance, channel, ticket, token, mail, article, template, search, sample: await makeSample(world, orgId), ...(await makeWarnings(world, orgId, desk)) };
}
