import { corporateNumberOfRegistry, sizeBand } from '@banya/jp';
import { Random } from '../random.ts';
import { devicesOf, sourcesOf } from './devices.ts';
import { ACCOUNTS, DEMO_DOMAIN, FEDERATION, GENERAL, MANAGEMENT, MEMBERS, type MemberPlan } from './members.ts';
import { GIVEN, SURNAMES } from './names.ts';
import type { DemoMember, DemoPerson, DemoRole, World } from './types.ts';

export type * from './types.ts';
export { DEMO_DOMAIN } from './members.ts';

/** Everybody and everything, from a seed and the instant of the first opening. The same arguments give the same world. */
export function makeWorld(seed: string, anchor: number): World {
  const names = new Names(new Random(`${seed} people`));
  const desk: readonly [string, readonly DemoRole[]][] = [['事務局', ['manager', 'desk']], ['事務局', ['desk']], ['事務局', ['desk']], ['役員室', ['executive']], ['監査室', ['auditor']]];
  return {
    seed, anchor,
    federation: { name: FEDERATION, phone: '050-0000-0100', domain: DEMO_DOMAIN, people: desk.map(([department, roles], i) => names.person(DEMO_DOMAIN, department, roles, `050-0000-01${10 + i}`)) },
    members: MEMBERS.map((plan, i) => memberOf(seed, plan, i, names)),
  };
}

function memberOf(seed: string, plan: MemberPlan, index: number, names: Names): DemoMember {
  const random = new Random(`${seed} ${plan.key}`);
  const domain = `${plan.key}.${DEMO_DOMAIN}`;
  const people: DemoPerson[] = [];
  for (let i = 0; i < plan.people; i++) {
    const accounts = plan.departments.includes(ACCOUNTS);
    const department = i === 0 ? MANAGEMENT : i <= 2 ? GENERAL : accounts && i <= 5 ? ACCOUNTS : random.pick(plan.departments);
    const roles: DemoRole[] = i === 0 ? ['executive'] : i === 1 ? ['lead'] : i === 2 && plan.people > 12 ? ['deputy'] : i === 6 ? ['staff'] : [];
    people.push(names.person(domain, department.name, roles, i <= 2 ? `050-0000-${String(1000 + index * 10 + i)}` : null));
  }
  const lan = `192.168.${10 + index}`;
  const devices = devicesOf(plan, people, lan, index, random);
  return {
    key: plan.key, name: plan.name, reading: plan.reading, industry: plan.industry, prefecture: plan.prefecture, sizeBand: sizeBand(plan.people).id,
    // Register numbers begin with the number of a registry office; there is none numbered 9999, so these are nobody's.
    corporateNumber: corporateNumberOfRegistry(`9999990000${String(index + 1).padStart(2, '0')}`),
    phone: `050-0000-${2000 + index}`, domain, ownRange: `192.0.2.${8 + 8 * index}/29`, wan: `192.0.2.${9 + 8 * index}`, lan, everyDay: plan.everyDay,
    people, devices, sources: sourcesOf(plan), shares: plan.shares,
  };
}

/** Draws names so that nobody has another's. */
class Names {
  readonly #random: Random;
  readonly #taken = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  person(domain: string, department: string, roles: readonly DemoRole[], phone: string | null): DemoPerson {
    for (;;) {
      const [surname, surnameReading, surnameLatin] = this.#random.pick(SURNAMES);
      const [given, givenReading, givenLatin] = this.#random.pick(GIVEN);
      const account = `${givenLatin}.${surnameLatin}`;
      if (this.#taken.has(account)) continue;
      this.#taken.add(account);
      return { name: `${surname} ${given}`, reading: `${surnameReading} ${givenReading}`, account, email: `${account}@${domain}`, department, roles, phone };
    }
  }
}
