/** Roles, per node of the tree. Operator runs the installation; the first manager is operator too. */
export const roles = ['staff', 'lead', 'deputy', 'executive', 'desk', 'manager', 'auditor', 'operator'] as const;
export type Role = (typeof roles)[number];

/** What may flow along an edge of the tree, agreed per edge. Tickets always reach the desk. */
export const consentKinds = [
  'scores', 'answers', 'evidence', 'alerts', 'indicators', 'drills', 'inventory', 'logs', 'samples', 'tickets',
] as const;
export type ConsentKind = (typeof consentKinds)[number];

/** Kinds that a member may also give for one question alone, until it is settled: for the permissions that say `ticket`. */
export const ticketConsentKinds = ['logs', 'alerts'] as const satisfies readonly ConsentKind[];

/**
 * Who may do what at an organisation.
 * - own: roles held at that organisation or at one above it inside the same member.
 * - desk: the desk of the federation above may too, if the member consented to this kind. Each such use is an
 *   entry in the member's ledger. 'always' is for tickets and for what the desk needs to find a member at all.
 * - ticket: that kind of consent may stand for one open ticket as well; nothing but a permission with this word is opened by it.
 * - federation: roles at the federation above that may too, without consent, because the row belongs to both
 *   (the tree itself, the members' names).
 */
export interface Grant {
  readonly own: readonly Role[];
  /** Roles at that organisation that may too, for what they asked or wrote themselves; others' things do not exist for them. */
  readonly self?: readonly Role[];
  readonly desk?: ConsentKind | 'always';
  readonly ticket?: true;
  readonly federation?: readonly Role[];
  /**
   * Instead of `own` where the organisation is a federation: its people's addresses, factors and sign-in open every member,
   * so only those who run it may touch them, whatever other roles it has given.
   */
  readonly atFederation?: readonly Role[];
}

const everyone = roles;
const lead: readonly Role[] = ['lead', 'deputy', 'manager', 'operator'];
const leadAndDesk: readonly Role[] = ['lead', 'deputy', 'manager', 'desk', 'operator'];
const readers: readonly Role[] = ['lead', 'deputy', 'executive', 'desk', 'manager', 'auditor', 'operator'];
const federationDesk: readonly Role[] = ['desk', 'manager', 'operator'];
const keepers: readonly Role[] = ['manager', 'operator'];

export const permissions = {
  'org.read': { own: everyone, desk: 'always', federation: federationDesk },
  'org.write': { own: lead, federation: ['manager', 'operator'] },
  'org.create': { own: ['manager', 'operator'], federation: keepers },
  'org.leave': { own: ['lead', 'manager'], atFederation: ['manager'] },
  'people.read': { own: readers, desk: 'always' },
  'people.write': { own: lead, federation: keepers, atFederation: keepers },
  'roles.write': { own: ['lead', 'manager', 'operator'], federation: keepers, atFederation: keepers },
  'consent.read': { own: readers, federation: federationDesk },
  'consent.write': { own: ['lead', 'executive', 'manager'] },
  'audit.read': { own: readers },
  'tokens.write': { own: ['lead', 'manager', 'operator'], atFederation: keepers },
  'sso.write': { own: ['lead', 'manager', 'operator'], federation: keepers, atFederation: keepers },
  'home.read': { own: readers, desk: 'alerts' },
  'findings.read': { own: readers, desk: 'alerts', ticket: true },
  'findings.write': { own: leadAndDesk, desk: 'alerts' },
  'events.read': { own: leadAndDesk, desk: 'logs', ticket: true },
  'inventory.read': { own: readers, desk: 'inventory' },
  'inventory.write': { own: leadAndDesk, desk: 'inventory' },
  'sources.read': { own: readers, desk: 'always' },
  'sources.write': { own: leadAndDesk, desk: 'always' },
  'tickets.read': { own: readers, self: ['staff'], desk: 'always' },
  'tickets.write': { own: readers, self: ['staff'], desk: 'always' },
  'tickets.ask': { own: everyone, desk: 'always' },
  'desk.work': { own: federationDesk },
  /** Counts in the logs of all members at once, so only whom each member's own logs would open to: the desk, by consent. */
  'members.trace': { own: ['desk'] },
  'samples.report': { own: everyone, desk: 'always' },
  'samples.read': { own: leadAndDesk, self: ['staff', 'executive', 'auditor'], desk: 'samples' },
  'mailCheck.read': { own: leadAndDesk, desk: 'always' },
  'mailCheck.write': { own: leadAndDesk, desk: 'always' },
  'warnings.read': { own: everyone },
  'knowledge.read': { own: everyone },
  'knowledge.write': { own: federationDesk },
  'reports.read': { own: readers, desk: 'scores' },
  'reports.write': { own: leadAndDesk },
  'federation.read': { own: ['desk', 'manager', 'executive', 'auditor', 'operator'] },
  'notify.read': { own: ['lead', 'deputy', 'manager', 'desk', 'operator'] },
  'notify.write': { own: ['lead', 'manager', 'operator'] },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof permissions;
