import type { Analysis, SenderHistory } from '@banya/mail';
import type { Secrets } from '../../../kernel/secrets.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { SenderRow } from './schema.ts';

const NAMES_MAX = 5;
const NAME_MAX = 120;

/** Who has written to an organisation before, under keyed hashes: the table names no address. */
export class Senders {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  #keys(orgId: string, from: { address: string | null; domain: string | null }): { kind: 'address' | 'domain'; key: string }[] {
    const key = (kind: string, value: string): string => this.#secrets.mac(`samples.sender ${orgId}`, `${kind} ${value.toLowerCase()}`);
    return [...(from.address ? [{ kind: 'address' as const, key: key('address', from.address) }] : []), ...(from.domain ? [{ kind: 'domain' as const, key: key('domain', from.domain) }] : [])];
  }

  /** For the judging: undefined where the mail names no sender. */
  async history(tx: Tx, orgId: string, from: { address: string | null; domain: string | null }): Promise<SenderHistory | undefined> {
    const keys = this.#keys(orgId, from);
    if (keys.length === 0) return undefined;
    const rows = await tx.query<SenderRow>('select org_id, kind, key, seen, names, mailers, reply_domains from desk_senders where org_id = $1 and key = any($2)', [orgId, keys.map((k) => k.key)]);
    const address = rows.find((r) => r.kind === 'address');
    return { address: address?.seen ?? 0, domain: rows.find((r) => r.kind === 'domain')?.seen ?? 0, sentTo: 0, names: address?.names ?? [], mailers: address?.mailers ?? [], replyDomains: address?.reply_domains ?? [] };
  }

  /** A good mail of this sender; `by` -1 takes one back that turned out not to be good. */
  async learn(tx: Tx, orgId: string, analysis: Pick<Analysis, 'facts'>, mailer: string | null, by: 1 | -1): Promise<void> {
    const { from, replyTo } = analysis.facts;
    for (const { kind, key } of this.#keys(orgId, { address: from?.address || null, domain: from?.domain ?? null })) {
      if (by === -1) {
        await tx.query('update desk_senders set seen = seen - 1 where org_id = $1 and kind = $2 and key = $3', [orgId, kind, key]);
        await tx.query('delete from desk_senders where org_id = $1 and kind = $2 and key = $3 and seen <= 0', [orgId, kind, key]);
        continue;
      }
      const one = (text: string | null | undefined): string[] => (text ? [text.replaceAll('\0', '').slice(0, NAME_MAX).toWellFormed()] : []);
      await tx.query(
        `insert into desk_senders (org_id, kind, key, seen, first_at, last_at, names, mailers, reply_domains) values ($1, $2, $3, 1, $4, $4, $5, $6, $7)
         on conflict (org_id, kind, key) do update set seen = desk_senders.seen + 1, last_at = excluded.last_at,
           names = (excluded.names || array_remove(desk_senders.names, excluded.names[1]))[1:${NAMES_MAX}],
           mailers = (excluded.mailers || array_remove(desk_senders.mailers, excluded.mailers[1]))[1:${NAMES_MAX}],
           reply_domains = (excluded.reply_domains || array_remove(desk_senders.reply_domains, excluded.reply_domains[1]))[1:${NAMES_MAX}]`,
        // Names are of an address: of a whole domain they would be a list of people.
        [orgId, kind, key, tx.now, kind === 'address' ? one(from?.name) : [], kind === 'address' ? one(mailer) : [], kind === 'address' ? one(replyTo?.domain) : []],
      );
    }
  }
}
