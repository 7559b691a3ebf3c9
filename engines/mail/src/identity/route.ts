/** The way of a mail, and how far down it was written by the organisation's own server. */
import { isAddress, registrable } from '@banya/indicators/hosts';
import type { Analysis, HeaderField, Knowledge, ParsedMail } from '../types.ts';
import { parseReceived, type Received } from './received.ts';

const MAX_HOPS = 20;
const MAX_HEADERS = 1_000;

/** Who handed the mail to whom, newest first, at most 20. Only the part above the hand-over to us is beyond doubt. */
export function route(mail: ParsedMail, _knowledge?: Knowledge): Analysis['facts']['route'] {
  return mail.headers.filter(({ name }) => name === 'received').slice(0, MAX_HOPS).map(({ raw, value }) => {
    const { helo, name, by, ip, at } = parseReceived(raw === '' ? value : raw);
    const from = name === undefined || name === 'unknown' ? helo : name;
    return { ...(from === undefined ? {} : { from }), ...(by === undefined ? {} : { by }), ...(ip === undefined ? {} : { ip }), ...(at === undefined ? {} : { at }) };
  });
}

export interface TrustedTop {
  /** The Received in which our server took the mail from outside; undefined when there is none of ours. */
  readonly handover?: { readonly received: Received; readonly field: HeaderField };
  /** Authentication-Results that stand above it, or in its place right below it, with nobody else's Received before. */
  readonly results: readonly HeaderField[];
}

/**
 * The headers at the top that our own server wrote. Everything below the first Received of somebody else is the sender's
 * to forge. Servers put their Authentication-Results above their Received or right below it; above it, all that stand
 * together belong to it, below it only the topmost one, since what follows may have come with the mail.
 */
export function trustedTop(headers: readonly HeaderField[], knowledge: Pick<Knowledge, 'authservIds' | 'ownDomains'>, isOurs: (field: HeaderField) => boolean): TrustedTop {
  let handover: TrustedTop['handover'];
  const results: HeaderField[] = [];
  for (const field of headers.slice(0, MAX_HEADERS)) {
    if (field.name === 'authentication-results' && (handover === undefined || results.length === 0)) {
      if (isOurs(field)) results.push(field);
    } else if (field.name === 'received') {
      if (handover !== undefined) break;
      const received = parseReceived(field.raw === '' ? field.value : field.raw);
      if (!isOwnHost(received.by, knowledge)) break;
      // Several blocks of our own: the topmost one is the last word.
      if (isOwnHost(received.name ?? received.helo, knowledge) && isInner(received)) {
        if (results.length > 0) return { ...(handoverBelow(headers, field, knowledge)), results };
        continue;
      }
      handover = { received, field };
      if (results.length > 0) break;
    }
  }
  return { ...(handover === undefined ? {} : { handover }), results };
}

function handoverBelow(headers: readonly HeaderField[], from: HeaderField, knowledge: Pick<Knowledge, 'authservIds' | 'ownDomains'>): Pick<TrustedTop, 'handover'> {
  for (const field of headers.slice(headers.indexOf(from), MAX_HEADERS)) {
    if (field.name !== 'received') continue;
    const received = parseReceived(field.raw === '' ? field.value : field.raw);
    if (!isOwnHost(received.by, knowledge)) return {};
    if (!(isOwnHost(received.name ?? received.helo, knowledge) && isInner(received))) return { handover: { received, field } };
  }
  return {};
}

/** A host of ours: an authserv-id, a neighbour of one, a name below our domains, or one that only exists inside. */
function isOwnHost(host: string | undefined, { authservIds, ownDomains }: Pick<Knowledge, 'authservIds' | 'ownDomains'>): boolean {
  if (host === undefined) return false;
  const name = host.toLowerCase().replace(/[[\]]/g, '').replace(/\.$/, '');
  if (isPrivate(name) || (!name.includes('.') && !name.includes(':'))) return true;
  if (isAddress(name)) return false;
  const domain = registrable(name);
  return authservIds.some((id) => id.toLowerCase() === name || (domain !== undefined && registrable(id) === domain && sameSuffix(id, name))) || ownDomains.some((own) => name === own.toLowerCase() || name.endsWith(`.${own.toLowerCase()}`));
}

/** Below a domain that many share, such as a test suffix, only hosts beside the id are its neighbours. */
function sameSuffix(id: string, name: string): boolean {
  const parent = id.toLowerCase().split('.').slice(1).join('.');
  return parent.includes('.') ? name === parent || name.endsWith(`.${parent}`) : true;
}

/** From inside: no address is told, or one that does not exist outside. What a client calls itself proves nothing. */
function isInner({ ip, name, forged }: Received): boolean {
  return !forged && (ip === undefined || isPrivate(ip) || (name !== undefined && name !== 'unknown'));
}

function isPrivate(host: string): boolean {
  return host === 'localhost' || /^(?:10|127)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^169\.254\.|^::1$|^f[cd][0-9a-f]{2}:|^fe80:|^2002:/i.test(host);
}
