/** From sightings to who must be called, and why: pure, at most three hops from the indicator. */
import type { IndicatorKind } from '@banya/indicators';
import type { Role } from './ask.ts';

export type Confidence = 'sure' | 'likely' | 'possible';
export type CallState = 'communicated' | 'opened' | 'possible' | 'received' | 'stopped';
/** Why an edge is there; each has a sentence in words.ts. */
export type Why = 'traffic' | 'traffic_stopped' | 'login' | 'login_failed' | 'file' | 'mentioned' | 'mail_got' | 'mail_stopped' | 'mail_reported' | 'mail_opened' | 'uses' | 'same_line' | 'near' | 'signed_in' | 'worked_on';

/** A machine as the inventory knows it, or as its lines call it. */
export interface Machine {
  readonly key: string;
  readonly name: string;
  readonly deviceId: string | null;
  readonly ownerId: string | null;
  readonly department: string | null;
  /** What its lines are searched by. */
  readonly host: string;
  readonly ip: string;
}
export interface Person {
  readonly key: string;
  readonly name: string;
  readonly personId: string | null;
}

interface Moment {
  readonly count: number;
  readonly first: number;
  readonly last: number;
}
/** Lines of one machine that mention the indicator. */
export interface Touch extends Moment {
  readonly role: Exclude<Role, 'mail'>;
  readonly machine: Machine;
  /** The account of these very lines; '' where they name none. */
  readonly user: string;
  readonly stopped: number;
}
export interface Letter extends Moment {
  readonly person: Person;
  readonly how: 'got' | 'stopped' | 'reported' | 'opened';
}
/** What was found by following: an account at a machine, an account's sign-in elsewhere, a machine that worked on another. */
export interface AtMachine extends Moment {
  readonly machine: Machine;
  readonly user: string;
}
export interface WorkedOn extends Moment {
  readonly from: Machine;
  readonly machine: Machine;
}

export interface Found {
  readonly kind: IndicatorKind;
  readonly touches: readonly Touch[];
  readonly letters: readonly Letter[];
  /** Machines of people who have opened something, by the person's key. */
  readonly used: ReadonlyMap<string, readonly Machine[]>;
  readonly accounts: readonly AtMachine[];
  readonly logins: readonly AtMachine[];
  readonly worked: readonly WorkedOn[];
}

export interface Node {
  readonly key: string;
  readonly kind: 'indicator' | 'machine' | 'account' | 'person';
  readonly name: string;
  readonly hop: number;
  /** It stands for so many that nothing follows from it. */
  readonly common: boolean;
}
export interface Edge extends Moment {
  readonly from: string;
  readonly to: string;
  readonly why: Why;
  readonly hop: number;
  readonly confidence: Confidence;
}
export interface Call extends Moment {
  readonly key: string;
  readonly kind: 'machine' | 'person';
  readonly state: CallState;
  readonly hop: number;
  readonly confidence: Confidence;
  readonly why: Why;
  /** What the edge comes from, by name: "from PC-3", "account tanaka". */
  readonly via: string;
  readonly machine: Machine | null;
  readonly person: Person | null;
}
export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly calls: readonly Call[];
  readonly counts: { readonly received: number; readonly opened: number; readonly machines: number; readonly stopped: number; readonly possible: number; readonly lines: number };
}

/** The indicator's own node. */
export const ROOT = 'indicator';
/** An account that signs in to more machines than this is one of many people or of a service: it leads nowhere. */
export const COMMON_ACCOUNT = 5;
/** A machine that reaches more others than this does so for its living (a monitor, a backup), or is scanning, which is a finding of its own. */
export const COMMON_REACH = 20;
const HOUR = 3_600_000;

const ORDER: readonly CallState[] = ['communicated', 'opened', 'possible', 'received', 'stopped'];
const SURE: readonly Confidence[] = ['sure', 'likely', 'possible'];

function how({ role, count, stopped }: Pick<Touch, 'role' | 'count' | 'stopped'>): { state: CallState; why: Why; confidence: Confidence } {
  const all = stopped >= count;
  if (role === 'mentioned') return { state: 'possible', why: 'mentioned', confidence: 'likely' };
  if (role === 'login') return all ? { state: 'stopped', why: 'login_failed', confidence: 'sure' } : { state: 'communicated', why: 'login', confidence: 'sure' };
  if (all) return { state: 'stopped', why: role === 'file' ? 'file' : 'traffic_stopped', confidence: 'sure' };
  return { state: 'communicated', why: role === 'file' ? 'file' : 'traffic', confidence: 'sure' };
}

class Builder {
  readonly nodes = new Map<string, Node>();
  readonly edges = new Map<string, Edge>();
  readonly calls = new Map<string, Call>();

  node(key: string, kind: Node['kind'], name: string, hop: number, common = false): void {
    const before = this.nodes.get(key);
    if (!before || hop < before.hop) this.nodes.set(key, { key, kind, name, hop, common: common || (before?.common ?? false) });
  }

  /** Edges of one reason are one; it is as sure as its surest line. */
  edge(edge: Edge): void {
    const key = `${edge.from} ${edge.to} ${edge.why}`;
    const before = this.edges.get(key);
    if (!before) this.edges.set(key, edge);
    else this.edges.set(key, { ...before, count: before.count + edge.count, first: Math.min(before.first, edge.first), last: Math.max(before.last, edge.last), confidence: SURE[Math.min(SURE.indexOf(before.confidence), SURE.indexOf(edge.confidence))]! });
  }

  /** One line of the call list for each machine and person: the worst that is known of it, in the nearest hop. */
  call(call: Call): void {
    const before = this.calls.get(call.key);
    const moment = before ? { count: before.count + call.count, first: Math.min(before.first, call.first), last: Math.max(before.last, call.last) } : { count: call.count, first: call.first, last: call.last };
    const worse = !before || ORDER.indexOf(call.state) < ORDER.indexOf(before.state) || (call.state === before.state && call.hop < before.hop);
    this.calls.set(call.key, { ...(worse ? call : before), ...moment });
  }

  get isKnown(): (key: string) => boolean {
    return (key) => this.calls.has(key);
  }
}

/** Puts together who is concerned. `stop`: the indicator is a common value, so nothing is followed beyond it. */
export function build(found: Found, name: string, stop: boolean): Graph {
  const b = new Builder();
  b.node(ROOT, 'indicator', name, 0, stop);
  for (const touch of found.touches) {
    const { state, why, confidence } = how(touch);
    const moment = { count: touch.count, first: touch.first, last: touch.last };
    b.node(touch.machine.key, 'machine', touch.machine.name, 1);
    b.edge({ from: ROOT, to: touch.machine.key, why, hop: 1, confidence, ...moment });
    b.call({ key: touch.machine.key, kind: 'machine', state, hop: 1, confidence, why, via: '', machine: touch.machine, person: null, ...moment });
    if (touch.user !== '' && found.kind !== 'account') {
      b.node(`a:${touch.user}`, 'account', touch.user, 2);
      b.edge({ from: touch.machine.key, to: `a:${touch.user}`, why: 'same_line', hop: 2, confidence: 'sure', ...moment });
    }
  }
  for (const letter of found.letters) {
    const moment = { count: letter.count, first: letter.first, last: letter.last };
    const state = ({ got: 'received', stopped: 'stopped', reported: 'received', opened: 'opened' } as const)[letter.how];
    const why = ({ got: 'mail_got', stopped: 'mail_stopped', reported: 'mail_reported', opened: 'mail_opened' } as const)[letter.how];
    b.node(letter.person.key, 'person', letter.person.name, 1);
    b.edge({ from: ROOT, to: letter.person.key, why, hop: 1, confidence: 'sure', ...moment });
    b.call({ key: letter.person.key, kind: 'person', state, hop: 1, confidence: 'sure', why, via: '', machine: null, person: letter.person, ...moment });
    if (letter.how !== 'opened' || stop) continue;
    for (const machine of found.used.get(letter.person.key) ?? []) {
      b.node(machine.key, 'machine', machine.name, 2);
      b.edge({ from: letter.person.key, to: machine.key, why: 'uses', hop: 2, confidence: 'possible', ...moment });
      b.call({ key: machine.key, kind: 'machine', state: 'possible', hop: 2, confidence: 'possible', why: 'uses', via: letter.person.name, machine, person: null, ...moment });
    }
  }
  if (!stop) followOn(b, found);
  const calls = [...b.calls.values()].sort((x, y) => ORDER.indexOf(x.state) - ORDER.indexOf(y.state) || x.first - y.first || (x.key < y.key ? -1 : 1));
  const count = (kind: Call['kind'], ...states: CallState[]): number => calls.filter((c) => c.kind === kind && states.includes(c.state)).length;
  return {
    nodes: [...b.nodes.values()], edges: [...b.edges.values()].sort((x, y) => x.hop - y.hop || x.first - y.first), calls,
    counts: {
      received: count('person', 'received', 'opened'), opened: count('person', 'opened'), machines: count('machine', 'communicated'), stopped: count('machine', 'stopped'), possible: count('machine', 'possible'),
      lines: found.touches.reduce((n, t) => n + t.count, 0) + found.letters.filter((l) => l.how === 'got' || l.how === 'stopped').reduce((n, l) => n + l.count, 0),
    },
  };
}

function followOn(b: Builder, found: Found): void {
  // Only from machines where it got through.
  const open = new Map(found.touches.filter((t) => how(t).state === 'communicated').map((t) => [t.machine.key, t]));
  for (const at of found.accounts) {
    const touch = open.get(at.machine.key);
    if (!touch || found.kind === 'account') continue;
    const near = at.first <= touch.last + HOUR && at.last >= touch.first - HOUR;
    b.node(`a:${at.user}`, 'account', at.user, 2);
    if (!b.edges.has(`${at.machine.key} a:${at.user} same_line`)) b.edge({ from: at.machine.key, to: `a:${at.user}`, why: 'near', hop: 2, confidence: near ? 'likely' : 'possible', count: at.count, first: at.first, last: at.last });
  }
  const known = new Set(b.calls.keys());
  const byUser = Map.groupBy(found.logins.filter((l) => b.nodes.has(`a:${l.user}`)), (l) => l.user);
  for (const [user, logins] of byUser) {
    const key = `a:${user}`;
    const elsewhere = logins.filter((l) => !known.has(l.machine.key));
    if (new Set(elsewhere.map((l) => l.machine.key)).size > COMMON_ACCOUNT) {
      b.nodes.set(key, { ...b.nodes.get(key)!, common: true });
      continue;
    }
    // From the moment the account was seen together with the indicator.
    const since = Math.min(...[...b.edges.values()].filter((e) => e.to === key).map((e) => e.first));
    const sure = [...b.edges.values()].some((e) => e.to === key && e.why === 'same_line');
    for (const login of elsewhere.filter((l) => l.last >= since)) {
      const moment = { count: login.count, first: Math.max(login.first, since), last: login.last };
      const confidence = sure ? 'likely' : 'possible';
      b.node(login.machine.key, 'machine', login.machine.name, 3);
      b.edge({ from: key, to: login.machine.key, why: 'signed_in', hop: 3, confidence, ...moment });
      b.call({ key: login.machine.key, kind: 'machine', state: 'possible', hop: 3, confidence, why: 'signed_in', via: user, machine: login.machine, person: null, ...moment });
    }
  }
  for (const [, reached] of Map.groupBy(found.worked.filter((w) => open.has(w.from.key)), (w) => w.from.key)) {
    const from = reached[0]!.from;
    if (new Set(reached.map((w) => w.machine.key)).size > COMMON_REACH) {
      b.nodes.set(from.key, { ...b.nodes.get(from.key)!, common: true });
      continue;
    }
    for (const w of reached.filter((one) => !known.has(one.machine.key) && one.last >= open.get(from.key)!.first)) {
      const moment = { count: w.count, first: w.first, last: w.last };
      b.node(w.machine.key, 'machine', w.machine.name, 2);
      b.edge({ from: from.key, to: w.machine.key, why: 'worked_on', hop: 2, confidence: 'possible', ...moment });
      b.call({ key: w.machine.key, kind: 'machine', state: 'possible', hop: 2, confidence: 'possible', why: 'worked_on', via: from.name, machine: w.machine, person: null, ...moment });
    }
  }
}

/** Very many of the machines that say anything had it: a value of the house, not of an attacker. */
export const isVeryMany = (touched: number, heard: number): boolean => touched >= 10 && touched * 5 >= heard * 2;
