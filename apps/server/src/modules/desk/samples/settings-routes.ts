import { api } from '@banya/contract';
import type { Lang } from '@banya/contract';
import { Problem } from '../../../kernel/errors.ts';
import { bind, type Bound } from '../../../kernel/http/call.ts';
import type { Scope, Tx } from '../../../kernel/types.ts';
import { orgOf } from '../routes.ts';
import { addresses, LOCAL_PREFIX, noMailbox, profiles } from './profile.ts';
import type { MailboxSettings } from './schema.ts';
import type { SampleParts } from './service.ts';

/** A member's mailbox with its secret, for whoever reads it. */
export interface MailboxOf extends MailboxSettings {
  readonly orgId: string;
  readonly secret: string | null;
}

/** The door that reads mailboxes answers this. */
export interface Mailboxes {
  /** One try, now; `message` is for the person who set it up. */
  test(mailbox: MailboxOf, lang: Lang): Promise<{ readonly ok: boolean; readonly message: string }>;
  /** Why these settings cannot be taken at all (a server inside the own network), null where they can. */
  refusal?(mailbox: MailboxOf, lang: Lang): Promise<string | null>;
}

const SEAL = 'samples.mailbox';
const absent = { ja: 'メールボックスの読み取りは、この番屋ではまだ使えません。', en: 'Reading mailboxes is not switched on in this Banya yet.' };
const none = { ja: 'メールボックスは設定されていません。', en: 'No mailbox is set.' };

/** The mailbox of an organisation with its secret opened; null where none is set. */
export async function mailboxOf(parts: Pick<SampleParts, 'kernel'>, tx: Tx, orgId: string): Promise<MailboxOf | null> {
  const row = await profiles.get(tx, orgId);
  if (row.mailbox === null || row.mailbox.kind === 'none') return null;
  return { orgId, ...row.mailbox, secret: row.mailbox_sealed === null ? null : parts.kernel.secrets.open(SEAL, row.mailbox_sealed, orgId).toString('utf8') };
}

/** What the check knows of an organisation, and how mails reach it. */
export function settingsRoutes(parts: SampleParts, mailboxes: () => Mailboxes | null, mailDomain: () => string | null): Bound[] {
  const { tenancy, secrets } = parts.kernel;
  const whole = (token: string | null): string | null => {
    const domain = mailDomain();
    return token === null || domain === null ? null : `${LOCAL_PREFIX}${token}@${domain}`;
  };
  // Made by its own people when they first look, so that there is something to print.
  const addressOf = async (tx: Tx, scope: Scope): Promise<string | null> => whole(scope.via === undefined && mailDomain() !== null ? await addresses.ensure(tx, scope.orgId) : await addresses.current(tx, scope.orgId));
  return [
    bind(api.samples.member.address, ({ scope }) => tenancy.inOrg(scope, async (tx) => ({ address: await addressOf(tx, scope) }))),
    bind(api.samples.settings.get, ({ scope }) =>
      tenancy.inOrg(scope, async (tx) => {
        const org = await orgOf(parts, tx, scope.orgId);
        const row = await profiles.get(tx, scope.orgId);
        return {
          officers: row.officers, partners: row.partners, authservIds: row.authserv_ids, keepDays: row.keep_days, address: await addressOf(tx, scope), ownDomains: org.domains,
          mailbox: { ...(row.mailbox ?? noMailbox), hasSecret: row.mailbox_sealed !== null, lastAt: row.mailbox_at?.toISOString() ?? null, error: row.mailbox_error },
        };
      })),
    bind(api.samples.settings.save, ({ scope, body }) =>
      tenancy.inOrg(scope, async (tx) => {
        await profiles.save(tx, scope.orgId, body);
        tx.audit({ action: 'samples.profile_saved', facts: { officers: body.officers.length, partners: body.partners.length, keepDays: body.keepDays } });
      })),
    bind(api.samples.settings.newAddress, ({ scope }) =>
      tenancy.inOrg(scope, async (tx) => {
        const token = await addresses.renew(tx, scope.orgId);
        tx.audit({ action: 'samples.address_renewed' });
        return { address: whole(token) };
      })),
    bind(api.samples.settings.mailbox, async ({ scope, body, lang }) => {
      const { secret, ...mailbox } = body;
      const before = await tenancy.inOrg(scope, (tx) => mailboxOf(parts, tx, scope.orgId));
      // The same place keeps its secret; another one never gets it.
      const kept = before !== null && before.kind === mailbox.kind && before.host === mailbox.host && before.user === mailbox.user && before.tenant === mailbox.tenant && before.clientId === mailbox.clientId ? before.secret : null;
      const next: MailboxOf = { orgId: scope.orgId, ...mailbox, secret: secret ?? kept };
      const reason = mailbox.kind === 'none' ? null : await mailboxes()?.refusal?.(next, lang);
      if (reason) throw new Problem(422, 'mailbox_refused', { reason });
      await tenancy.inOrg(scope, async (tx) => {
        await profiles.saveMailbox(tx, scope.orgId, mailbox, mailbox.kind === 'none' || next.secret === null ? null : secrets.seal(SEAL, next.secret, scope.orgId));
        tx.audit({ action: 'samples.mailbox_set', facts: { kind: mailbox.kind, host: mailbox.host } });
      });
    }),
    bind(api.samples.settings.mailboxTest, async ({ scope, lang }) => {
      const port = mailboxes();
      const mailbox = await tenancy.inOrg(scope, (tx) => mailboxOf(parts, tx, scope.orgId));
      if (!mailbox) return { ok: false, message: none[lang] };
      return port ? port.test(mailbox, lang) : { ok: false, message: absent[lang] };
    }),
  ];
}
