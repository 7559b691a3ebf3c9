import type { TestContext } from 'node:test';
import type { OutgoingMail } from '../../kernel/kernel.ts';
import { call, eachKernel, scopeOf, type TestKernel } from '../notify/kernel.test-helper.ts';
import { openNotify } from '../notify/index.ts';
import { Directory, openOrgs, type OrgRow, type Orgs } from '../orgs/index.ts';
import { openFindings, type Findings, type RaisedFinding } from './index.ts';

export interface TestHouse {
  readonly kernel: TestKernel;
  readonly orgs: Orgs;
  readonly findings: Findings;
  readonly mails: OutgoingMail[];
  readonly federation: OrgRow;
  readonly member: OrgRow;
  readonly other: OrgRow;
  readonly lead: string;
  /** Raises in the member's transaction. */
  raise(...raised: Partial<RaisedFinding>[]): ReturnType<Findings['raise']>;
  /** Calls a route as somebody of the member. */
  call<T = never>(routeId: string, given?: { params?: object; query?: object; body?: unknown; lang?: 'ja' | 'en'; org?: string }): Promise<T>;
}

/** A federation with two members; the first has a lead, Aoki. Rules, orgs and store are the real ones. */
export async function eachHouse(t: TestContext, name: string, fn: (house: TestHouse) => Promise<void>): Promise<void> {
  await eachKernel(t, name, async (kernel) => {
    const identity = new Proxy({}, { get: () => new Proxy({}, { get: () => () => undefined }) }) as never;
    const orgs = openOrgs(kernel, { identity, directory: new Directory(kernel.tenancy, kernel.clock), saveMail: async () => {} });
    const mails: OutgoingMail[] = [];
    const findings = openFindings(kernel, {
      orgs,
      notify: {
        ...openNotify(kernel),
        mail: async (_tx, mail) => {
          if (!mail.key || !mails.some((m) => m.key === mail.key && m.orgId === mail.orgId)) mails.push(mail);
        },
      },
      langs: async (ids) => new Map(ids.map((id) => [id, 'ja'])),
      deviceName: async (_tx, orgId) => (orgId === made.member.id ? '本社のUTM' : null),
    });
    const made = await kernel.tenancy.asSystem('test organisations', async (tx) => {
      const federation = await orgs.createOrg(tx, 'federation', null, { name: '北浜商工会' });
      const member = await orgs.createOrg(tx, 'member', federation, { name: '青葉製作所' });
      const other = await orgs.createOrg(tx, 'member', federation, { name: '若竹運送' });
      const lead = await orgs.createPerson(tx, member.id, { name: '青木 花子', emails: ['aoki@example.jp'] });
      await orgs.grantRole(tx, member.id, 'member', { personId: lead.id, homeOrgId: member.id, role: 'lead' }, 'test');
      return { federation, member, other, lead: lead.id };
    });
    await kernel.settings.set('federation', { id: made.federation.id, name: '北浜商工会', deskPhone: '043-000-0000', lang: 'ja' });
    await kernel.gate.query('delete from kernel_outbox');
    await fn({
      kernel, orgs, findings, mails, ...made,
      raise: (...raised) => kernel.tenancy.inOrg(scopeOf(made.member.id), (tx) => findings.raise(tx, raised.map((r) => alert(kernel, { orgId: made.member.id, ...r }))), { retry: true }),
      call: (routeId, given = {}) => call(findings, routeId, { scope: scopeOf(given.org ?? made.member.id), ...given }),
    });
  });
}

const day = (ms: number): string => new Date(ms + 9 * 3_600_000).toISOString().slice(0, 10);

/** An alert of a rule nobody has explained, about KEIRI-03, seen now. */
export function alert(kernel: { readonly time: number }, more: Partial<RaisedFinding> = {}): RaisedFinding {
  const lastAt = more.lastAt ?? new Date(kernel.time);
  const count = more.count ?? 1;
  return {
    orgId: '', kind: 'detection', ruleId: 'test.rule', rule: { title: 'Odd traffic', author: 'Example Author', license: 'DRL-1.1', references: ['https://example.com/rule'] }, severity: 'look', direction: 'outbound', stopped: 'no',
    fingerprint: `${more.ruleId ?? 'test.rule'} outbound ${more.entity ?? '192.0.2.10'}`, entity: '192.0.2.10', slots: { 'source.ip': '192.0.2.10' }, asset: { deviceId: null, name: '経理のパソコン（KEIRI-03）', owner: null, department: '経理' },
    minutes: 10, count, firstAt: lastAt, lastAt, days: { [day(lastAt.getTime())]: count }, samples: [{ at: lastAt, raw: 'raw line', sourceName: '本社のUTM', matched: [{ field: 'source.ip', value: '192.0.2.10' }] }], deskTicket: false,
    ...more,
  };
}
