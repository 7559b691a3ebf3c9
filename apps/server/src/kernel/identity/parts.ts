import type { Logger } from 'pino';
import type { KernelTenancy } from '../db/tenancy.ts';
import type { OutgoingMail, PeopleDirectory } from '../kernel.ts';
import type { Secrets } from '../secrets.ts';
import type { Clock } from '../types.ts';

/** People by address, for who may be mailed a link; the module orgs answers. */
export interface SignInDirectory extends PeopleDirectory {
  orgName(orgId: string): Promise<string | null>;
  /** The topmost organisation above this one, or itself. */
  federationOf(orgId: string): Promise<string | null>;
  /** The first of these mail domains in which people of another organisation, who hold a role there, have addresses. The units of an organisation are its own. */
  domainElsewhere(domains: readonly string[], orgId: string): Promise<string | null>;
  /** People who hold a role and have this address, oldest first. */
  byEmail(email: string): Promise<readonly { readonly personId: string; readonly orgId: string }[]>;
}

export interface IdentityParts {
  readonly tenancy: KernelTenancy;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Logger;
  readonly directory: () => SignInDirectory;
  readonly sendMail: (mail: OutgoingMail) => Promise<void>;
  readonly publicUrl: () => string;
  /** Hosts, or hosts with a port, of organisations' own sign-in that may stand inside, as the operator named them. */
  readonly insideProviders: readonly string[];
  /** Set when the server was started with --demo, and only then. */
  readonly demo?: boolean;
}

/** What is compared when an address is looked up: Unicode and case folded. */
export const emailKey = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

export const domainOf = (key: string): string => key.slice(key.lastIndexOf('@') + 1);
