import type { z } from 'zod';
import { api, type Lang } from '@banya/contract';
import { Problem, tooMany } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import { RateLimit } from '../../kernel/http/limits.ts';
import type { Identity } from '../../kernel/identity/identity.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { randomToken } from '../../kernel/secrets.ts';
import { createOrg, createPerson, grantRole } from './service.ts';

/** Outgoing mail as the wizard asks for it. */
export type SetupMail = NonNullable<z.output<(typeof api.identity.setUp.finish)['body']>['mail']>;

/** Setting `federation`: what every page shows of it. */
export interface FederationSettings {
  readonly id: string;
  readonly name: string;
  readonly deskPhone: string | null;
  readonly lang: Lang;
}
/** Setting `setup`: the keyed hash of the one-time link while set-up is still to be done. */
interface SetupSettings {
  readonly tokenMac: string;
}

/** A one-time set-up link while nobody has set Banya up; null afterwards. Each start without set-up makes a new one. */
export async function setupLink(kernel: Kernel): Promise<string | null> {
  if (await kernel.settings.get('federation')) return null;
  const token = randomToken();
  await kernel.settings.set('setup', { tokenMac: kernel.secrets.mac('setup', token) } satisfies SetupSettings);
  return `${kernel.publicUrl()}/setup#token=${token}`;
}

export interface FirstManager {
  readonly name: string;
  readonly reading?: string | undefined;
  readonly email: string;
}

/** Makes the federation with its first manager, who is operator and desk too. */
export async function setUp(kernel: Kernel, fields: { federation: string; manager: FirstManager; deskPhone: string | null; timeZone: string; lang: Lang }): Promise<{ orgId: string; personId: string }> {
  const made = await kernel.tenancy.asSystem('first set-up', async (tx) => {
    const org = await createOrg(tx, 'federation', null, { name: fields.federation, timeZone: fields.timeZone, phone: fields.deskPhone });
    const person = await createPerson(tx, org.id, { name: fields.manager.name, reading: fields.manager.reading, emails: [fields.manager.email] });
    for (const role of ['manager', 'operator', 'desk'] as const) await grantRole(tx, org.id, 'federation', { personId: person.id, homeOrgId: org.id, role }, 'setup');
    return { orgId: org.id, personId: person.id };
  });
  await kernel.settings.set('federation', { id: made.orgId, name: fields.federation, deskPhone: fields.deskPhone, lang: fields.lang } satisfies FederationSettings);
  return made;
}

/** `saveMail` keeps outgoing mail settings given in the wizard; the module notify owns them. */
export function setupRoutes(kernel: Kernel, identity: Identity, saveMail: (settings: SetupMail) => Promise<void>): Bound[] {
  const tries = new RateLimit(kernel.clock, 10, 1 / 60);
  let running = false;
  return [
    bind(api.identity.setUp.state, async () => {
      const federation = await kernel.settings.get<FederationSettings>('federation');
      return { needed: federation === null, demo: kernel.config.demo, deskPhone: federation?.deskPhone ?? null, federation: federation?.name ?? null };
    }),
    bind(api.identity.setUp.finish, async (call) => {
      const wait = tries.take(call.network);
      if (wait > 0) throw tooMany(wait);
      const setup = await kernel.settings.get<SetupSettings>('setup');
      if (running || (await kernel.settings.get('federation'))) throw new Problem(409, 'setup_done');
      if (!setup || !kernel.secrets.macMatches('setup', call.body.token, setup.tokenMac)) throw new Problem(403, 'setup_token_wrong');
      running = true;
      try {
        const { body } = call;
        const made = await setUp(kernel, { federation: body.federation, manager: body.manager, deskPhone: body.deskPhone ?? null, timeZone: body.timeZone, lang: body.lang });
        await kernel.settings.set('setup', null);
        if (body.mail) await saveMail(body.mail);
        const account = await identity.accounts.ensure(made.personId, made.orgId, body.manager.email, body.lang);
        // The set-up link came from the server's console: it is the first factor, and the second is set up now.
        call.reply.append('Set-Cookie', await kernel.tenancy.asAuth('first sign-in after set-up', (tx) => identity.sessions.open(tx, account, 'link', false, call.request, call.address)));
        return { step: 'enrol' as const };
      } finally {
        running = false;
      }
    }),
  ];
}
