/** What the DNS says for the mails in some bytes, asked by somebody else and kept, so that judging itself asks nobody. */
import { authenticate } from './identity/authenticate.ts';
import { recording } from './identity/dns.ts';
import { mailsInQuestion, type Sent } from './judge-bytes.ts';
import { open, type OpenOptions } from './parse/open.ts';
import type { AskDns, DnsAnswers, Knowledge } from './types.ts';

/**
 * Asks `ask` what proving the senders of these mails needs, and nothing else: SPF, DKIM, ARC and DMARC where the own server
 * has written no results, and the way back of the address that handed the mail over. The caller bounds number and time by
 * answering null. To be handed on as `dns` with `dnsInPart`.
 */
export async function dnsAnswers(bytes: Uint8Array, knowledge: Pick<Knowledge, 'authservIds' | 'ownDomains' | 'now'>, options: OpenOptions & { readonly sent: Sent }, ask: AskDns): Promise<DnsAnswers> {
  const kept = recording(ask);
  for (const { mail } of await mailsInQuestion(await open(bytes, options), options.sent)) await authenticate(mail, knowledge, kept.ask);
  return kept.answers();
}
