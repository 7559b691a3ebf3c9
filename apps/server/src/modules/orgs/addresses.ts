import type { Lang } from '@banya/contract';
import type { Identity } from '../../kernel/identity/identity.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { JobHandler, Tx } from '../../kernel/types.ts';
import type { Directory } from './directory.ts';
import type { FederationSettings } from './setup.ts';

export interface AddressChange {
  readonly personId: string;
  readonly before: readonly string[];
  readonly emails: readonly string[];
  /** Whether the person holds a role, and so signs in with the address. */
  readonly signsIn: boolean;
}

/** An address is what somebody signs in with: a change of it is in the ledger, ends what was open, and is told to both addresses. */
export async function addressesChanged(tx: Tx, orgId: string, changes: readonly AddressChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.emit('people.emailsChanged', { orgId, changes });
  const told = changes.filter((c) => c.signsIn);
  if (told.length === 0) return;
  for (const { personId } of told) tx.audit({ action: 'people.address_changed', target: `person:${personId}`, orgId });
  tx.job('orgs.tellAddresses', { orgId, at: tx.now.toISOString(), by: tx.actor.name, changes: told });
}

/** Mails old and new addresses. Each mail leaves once however often the job runs: its key says so. */
export function tellAddresses(kernel: Kernel, identity: Identity, directory: Directory): JobHandler<'orgs.tellAddresses'> {
  return {
    name: 'orgs.tellAddresses',
    run: async ({ orgId, at, by, changes }) => {
      const org = (await directory.orgName(orgId)) ?? '';
      const deskPhone = (await kernel.settings.get<FederationSettings>('federation'))?.deskPhone ?? null;
      const langs = await identity.accounts.langs(changes.map((c) => c.personId));
      for (const { personId, before, emails } of changes) {
        const lang = langs.get(personId) ?? 'ja';
        for (const to of new Set([...before, ...emails])) {
          await identity.parts.sendMail({ orgId, to, lang, key: `address ${personId} ${at} ${to}`, ...mailText(lang, { org, by, now: emails, deskPhone, gone: !emails.includes(to) }) });
        }
      }
    },
  };
}

function mailText(lang: Lang, { org, by, now, deskPhone, gone }: { org: string; by: string; now: readonly string[]; deskPhone: string | null; gone: boolean }): { subject: string; text: string } {
  const addresses = now.join(lang === 'ja' ? '、' : ', ');
  if (lang === 'ja') {
    return {
      subject: '【番屋】サインインのアドレスが変わりました',
      text: `${org}の名簿で、番屋に入るときのメールアドレスが変わりました（変えた人：${by}）。\n\n今のアドレス：${addresses || 'ありません'}\n\n・開いていた画面は、サインアウトしました。${gone ? 'このアドレスでは、もう入れません。' : '次も、今のアドレスで入れます。'}\n・心当たりがないときは、すぐに${deskPhone ? `デスク（${deskPhone}）` : 'デスク'}か、${org}の担当者へお知らせください。\n`,
    };
  }
  return {
    subject: 'Banya: your sign-in address was changed',
    text: `In the list of ${org}, the address you sign in to Banya with was changed by ${by}.\n\nNow: ${addresses || 'none'}\n\nYou were signed out everywhere. ${gone ? 'This address no longer signs in.' : 'Sign in with the address above.'}\nIf you did not expect this, tell the desk${deskPhone ? ` (${deskPhone})` : ''} or the lead of ${org} at once.\n`,
  };
}
