import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { consentKinds, permissions, roles, type ConsentKind, type Grant, type Permission, type Role } from '@banya/contract';
import { decide, ownRoles, type OrgFacts } from './authorise.ts';

const permission = fc.constantFrom(...(Object.keys(permissions) as Permission[]));
const someRoles = fc.uniqueArray(fc.constantFrom(...roles), { maxLength: 4 });
const kind = fc.constantFrom('federation', 'member', 'unit' as const) as fc.Arbitrary<OrgFacts['kind']>;
const ticketConsent = fc.record({ desk: fc.constantFrom('target', 'above0', 'above1', 'above2', 'elsewhere1'), number: fc.constant('12'), kinds: fc.uniqueArray(fc.constantFrom(...consentKinds)) });
const org = fc.record({
  id: fc.constant('target'), kind, left: fc.boolean(), consents: fc.uniqueArray(fc.constantFrom(...consentKinds)).map((c) => new Set<ConsentKind>(c)),
  ticketConsents: fc.array(ticketConsent, { maxLength: 3 }),
  above: fc.array(kind, { maxLength: 3 }).map((kinds) => kinds.map((k, i) => ({ id: `above${i}`, kind: k }))),
});
const places = ['target', 'above0', 'above1', 'above2', 'elsewhere1', 'elsewhere2'];
const held = fc.dictionary(fc.constantFrom(...places), someRoles).map((d) => new Map<string, readonly Role[]>(Object.entries(d)));
const grantOf = (p: Permission): Grant => permissions[p];

test('who holds nothing at an organisation or above it learns nothing of it, whatever else that person is', () => {
  fc.assert(fc.property(org, permission, held, (facts, p, rolesAt) => {
    const elsewhere = new Map([...rolesAt].filter(([place]) => place.startsWith('elsewhere')));
    assert.deepEqual(decide(facts, grantOf(p), elsewhere), { kind: 'notFound' });
  }));
});

test('roles at other places never change a decision', () => {
  fc.assert(fc.property(org, permission, held, (facts, p, rolesAt) => {
    const related = new Set([facts.id, ...facts.above.map((a) => a.id)]);
    const only = new Map([...rolesAt].filter(([place]) => related.has(place)));
    assert.deepEqual(decide(facts, grantOf(p), rolesAt), decide(facts, grantOf(p), only));
  }));
});

test('one more role never takes a right away', () => {
  fc.assert(fc.property(org, permission, held, fc.constantFrom(...places), fc.constantFrom(...roles), (facts, p, rolesAt, place, role) => {
    const before = decide(facts, grantOf(p), rolesAt);
    const after = decide(facts, grantOf(p), new Map([...rolesAt, [place, [...(rolesAt.get(place) ?? []), role]]]));
    if (before.kind === 'allowed') assert.equal(after.kind, 'allowed');
  }));
});

test('an organisation that left is there for nobody', () => {
  fc.assert(fc.property(org, permission, held, (facts, p, rolesAt) => assert.deepEqual(decide({ ...facts, left: true }, grantOf(p), rolesAt), { kind: 'notFound' })));
});

test('a right from outside always says by what it came, so that the ledger can name it', () => {
  fc.assert(fc.property(org, permission, held, (facts, p, rolesAt) => {
    const inside = new Set([facts.id, ...facts.above.filter((a) => a.kind !== 'federation').map((a) => a.id)]);
    const ownRight = [...rolesAt].some(([place, own]) => inside.has(place) && own.some((r) => ownRoles(facts, grantOf(p)).includes(r)));
    const decision = decide(facts, grantOf(p), rolesAt);
    // Whoever sees what is his own is no outsider either.
    if (decision.kind === 'allowed') assert.equal(decision.via === undefined, ownRight || decision.self === true);
  }));
});

test('the desk gets by without consent only where the contract says always; a missing consent is named', () => {
  fc.assert(fc.property(permission, fc.uniqueArray(fc.constantFrom(...consentKinds)), (p, consents) => {
    const facts: OrgFacts = { id: 'target', kind: 'member', left: false, consents: new Set(consents), ticketConsents: [], above: [{ id: 'above0', kind: 'federation' }] };
    const grant = grantOf(p);
    const decision = decide(facts, grant, new Map([['above0', ['desk']]]));
    if (grant.federation?.includes('desk')) assert.deepEqual(decision, { kind: 'allowed', via: 'federation' });
    else if (grant.desk === undefined) assert.deepEqual(decision, { kind: 'notFound' });
    else if (grant.desk === 'always' || consents.includes(grant.desk)) assert.deepEqual(decision, { kind: 'allowed', via: grant.desk });
    else assert.deepEqual(decision, { kind: 'noConsent', consent: grant.desk });
  }));
});

test('what a member allows for one question opens the reading of logs and findings to the desk it was allowed to, names the question, and nothing else', () => {
  const byTicket: readonly Permission[] = ['events.read', 'findings.read'];
  fc.assert(fc.property(permission, someRoles, fc.constantFrom('above0', 'elsewhere1'), fc.uniqueArray(fc.constantFrom(...consentKinds)), (p, own, desk, kinds) => {
    const facts: OrgFacts = { id: 'target', kind: 'member', left: false, consents: new Set(), ticketConsents: [{ desk, number: '12', kinds }, { desk, number: '15', kinds }], above: [{ id: 'above0', kind: 'federation' }] };
    const rolesAt = new Map([['above0', own], ['elsewhere1', ['desk']]] as const) as ReadonlyMap<string, readonly Role[]>;
    const without = decide({ ...facts, ticketConsents: [] }, grantOf(p), rolesAt);
    const kind = grantOf(p).desk;
    const opened = without.kind === 'noConsent' && byTicket.includes(p) && desk === 'above0' && kinds.includes(kind as ConsentKind);
    assert.deepEqual(decide(facts, grantOf(p), rolesAt), opened ? { kind: 'allowed', via: kind, ticket: '#12 #15' } : without);
  }));
});

test('a federation is nobody’s inside: those of a federation above another one see nothing of it', () => {
  fc.assert(fc.property(permission, someRoles, (p, own) => {
    const facts: OrgFacts = { id: 'target', kind: 'federation', left: false, consents: new Set(consentKinds), ticketConsents: [{ desk: 'above0', number: '12', kinds: consentKinds }], above: [{ id: 'above0', kind: 'federation' }] };
    assert.deepEqual(decide(facts, grantOf(p), new Map([['above0', own]])), { kind: 'notFound' });
  }));
});
