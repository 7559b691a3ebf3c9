/**
 * What is proven of the sender. Two sources count: what the organisation's own server wrote when the mail came in, and
 * what is computed here from the bytes with DNS answers that the caller gave. Nothing is asked of the network.
 */
import { registrable } from '@banya/indicators/hosts';
import type { AskDns, Authentication, Evidence, Knowledge, ParsedMail } from '../types.ts';
import { answering, leadsBack, resolverOf } from './dns.ts';
import { type MethodResult, parseResults } from './results.ts';
import { trustedTop, type TrustedTop } from './route.ts';

const NONE: Authentication = { by: 'none', spf: 'unknown', dkim: 'unknown', dmarc: 'unknown', arc: 'unknown', evidence: [] };
const MAX_EVIDENCE = 6;

/**
 * SPF, DKIM, DMARC and ARC of a mail. `provenDomain` is set only by a pass that is aligned with a From of one domain. A
 * failing DKIM signature that was computed here is `unknown`: a mail changes on its way through lists, gateways and mail
 * programs, and that is nobody's guilt. The own server must write, or strip, Authentication-Results on every mail
 * (RFC 8601, section 5): where it does neither, a forged one right below its Received cannot be told from its own.
 * `ask` answers questions about names, unless told from the answers that the caller gave.
 */
export async function authenticate(mail: ParsedMail, knowledge: Pick<Knowledge, 'authservIds' | 'ownDomains' | 'dns' | 'dnsInPart' | 'now'>, ask = answering(knowledge)): Promise<Authentication> {
  if (mail.kind === 'text') return NONE;
  const ids = new Set(knowledge.authservIds.map((id) => id.toLowerCase()));
  const top = trustedTop(mail.headers, knowledge, ({ raw, value }) => ids.has(parseResults(raw === '' ? value : raw).id));
  const told = top.results.flatMap(({ raw, value }) => parseResults(raw === '' ? value : raw).results);
  const found = told.some(({ method }) => METHODS.has(method)) ? fromOwnServer(mail, told) : await computed(mail, ask, top, knowledge.now);
  // Last, since reverse zones are often slow and nothing rests on them.
  const fcrdns = await wayBack(top, told, ask);
  return { ...found, ...(fcrdns === undefined ? {} : { fcrdns }) };
}

async function computed(mail: ParsedMail, ask: AskDns | undefined, top: TrustedTop, now: string): Promise<Authentication> {
  if (ask === undefined || mail.raw.length === 0 || mail.kind !== 'eml' || isTooCostly(mail)) return NONE;
  try {
    return await compute(mail, ask, top, now);
  } catch {
    // A mail that cannot be computed is a mail of which nothing is known.
    return NONE;
  }
}

/** Bytes of one header field, and signatures of one mail, beyond which nothing is computed: the library's time grows with their square. */
const FIELD_MAX = 16 * 1024;
const HEADERS_MAX = 128 * 1024;
const SIGNATURES_MAX = 25;

/** Measured: a header of a megabyte, folded 120,000 times, takes the library 110 s. Read from the bytes, since fields that are kept are cut. */
function isTooCostly({ raw, headers }: ParsedMail): boolean {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const ends = [bytes.indexOf('\r\n\r\n'), bytes.indexOf('\n\n')].filter((at) => at >= 0);
  const block = bytes.subarray(0, ends.length === 0 ? bytes.length : Math.min(...ends));
  if (block.length > HEADERS_MAX || headers.filter(({ name }) => name === 'dkim-signature' || name.startsWith('arc-')).length > SIGNATURES_MAX) return true;
  let start = 0;
  for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) {
    const next = block[at + 1];
    if (next === 32 || next === 9) continue;
    if (at - start > FIELD_MAX) return true;
    start = at + 1;
  }
  return block.length - start > FIELD_MAX;
}

const METHODS: ReadonlySet<string> = new Set(['spf', 'dkim', 'dmarc', 'arc']);

// ---------------------------------------------------------------- what our own server wrote

function fromOwnServer(mail: ParsedMail, told: readonly MethodResult[]): Authentication {
  const of = (method: string): MethodResult[] => told.filter((result) => result.method === method);
  const author = authorDomain(mail);
  const [spfResult, dmarcResult, arcResult] = [of('spf')[0], of('dmarc')[0], of('arc')[0]];
  const signatures = of('dkim');
  const passes = signatures.filter(({ result }) => result === 'pass');
  const aligned = [
    ...passes.filter(({ properties }) => isAligned(properties.get('header.d') ?? properties.get('header.i'), author)),
    ...(spfResult?.result === 'pass' && isAligned(spfResult.properties.get('smtp.mailfrom') || spfResult.properties.get('smtp.helo'), author) ? [spfResult] : []),
  ];
  const about = dmarcResult?.properties.get('header.from');
  const dmarcState = dmarcResult?.result === 'pass' && (author === undefined || (about !== undefined && !isAligned(about, author))) ? 'unknown' : dmarcOf(dmarcResult?.result);
  // Without a policy of the domain (`none`) its own aligned signature or SPF proves it as well.
  const proven = author !== undefined && (dmarcState === 'pass' || (dmarcState === 'none' && aligned.length > 0));
  const evidence = [dmarcResult, passes[0] ?? signatures[0], spfResult, arcResult].flatMap((result): Evidence[] => {
    const stands = result !== undefined && mail.headers.some(({ name, value }) => name === 'authentication-results' && value.includes(result.quote));
    return stands ? [{ where: 'header', name: 'authentication-results', quote: result.quote }] : [];
  });
  return {
    by: 'own', spf: spfOf(spfResult?.result), dkim: passes.length > 0 ? 'pass' : dkimOf(signatures.find(({ result }) => result === 'fail')?.result ?? signatures[0]?.result), dmarc: dmarcState, arc: arcOf(arcResult?.result),
    ...(proven ? { provenDomain: author } : {}), evidence: evidence.slice(0, MAX_EVIDENCE),
  };
}

// ---------------------------------------------------------------- what is computed here

async function compute(mail: ParsedMail, ask: AskDns, { handover }: TrustedTop, now: string): Promise<Authentication> {
  // Loaded with the first mail that has DNS answers: it costs more than the rest of the engine together.
  const { arc, dkimVerify, dmarc, spf } = await import('mailauth');
  const { resolve: resolver, failed } = resolverOf(ask);
  const author = authorDomain(mail);
  // The signature had to be valid when the mail came in, not when somebody asks about it.
  const curTime = new Date(handover?.received.at ?? now);
  const signed = await dkimVerify(Buffer.from(mail.raw), { resolver, curTime, rejectRsaSha1: true } as Parameters<typeof dkimVerify>[1]);
  const ip = handover?.received.ip;
  const checkedSpf = ip === undefined || mail.returnPath === undefined ? undefined
    : await spf({ sender: mail.returnPath.address, ip, helo: handover?.received.helo ?? ip, mta: 'localhost', resolver, maxElapsedTime: 2_000 } as Parameters<typeof spf>[0]);
  const chain = await arc((signed as unknown as { arc: Parameters<typeof arc>[0] }).arc, { resolver });
  const passes = signed.results.filter(({ status }) => status.result === 'pass');
  const whole = passes.filter(({ status }) => !(status as { underSized?: number }).underSized);
  const spfDomains = checkedSpf?.status.result === 'pass' ? [checkedSpf.domain] : [];
  // A signature over a part of the body (l=) proves nothing of what was put behind it: it is not offered.
  const policy = author === undefined ? false : await dmarc({
    headerFrom: signed.headerFrom, fromFields: signed.fromFields, spfDomains, dkimDomains: whole.map(({ id, signingDomain }) => ({ id, domain: signingDomain })), arcResult: chain, resolver,
  } as Parameters<typeof dmarc>[0]);
  const aligned = [...whole.map(({ signingDomain }) => signingDomain), ...spfDomains].filter((domain) => isAligned(domain, author));
  const result = policy === false ? undefined : policy.status.result;
  // It may have been signed by them and changed on the way.
  const excused = checkedSpf === undefined || arcOf(chain.status.result) === 'pass' || signed.results.some(({ signingDomain }) => isAligned(signingDomain, author));
  const proven = author !== undefined && (result === 'pass' ? aligned.length > 0 : (result === undefined || result === 'none') && aligned.length > 0);
  // What was not answered may have spoken for it.
  if (!proven && failed()) return NONE;
  const dmarcState = author === undefined ? 'unknown' : excused && !proven && result !== 'pass' ? 'unknown' : dmarcOf(result ?? 'none');
  const dkimState = passes.length > 0 ? 'pass' : signed.results.every(({ signingDomain }) => signingDomain === undefined) ? 'none' : 'unknown';
  return {
    by: 'checked', spf: failed() && checkedSpf?.status.result !== 'pass' ? 'unknown' : spfOf(checkedSpf?.status.result), dkim: dkimState, dmarc: dmarcState, arc: arcOf(chain.status.result), ...(proven ? { provenDomain: author } : {}),
    evidence: computedEvidence(mail, passes[0]?.signingDomain ?? signed.results.find(({ signingDomain }) => signingDomain !== undefined)?.signingDomain, ip),
  };
}

function computedEvidence(mail: ParsedMail, signer: string | undefined, ip: string | undefined): Evidence[] {
  const wanted: [string, string | undefined][] = [['dkim-signature', signer === undefined ? undefined : `d=${signer}`], ['received', ip], ['from', mail.from[0]?.address]];
  return wanted.flatMap(([name, quote]): Evidence[] => {
    const field = quote === undefined || quote === '' ? undefined : mail.headers.find((header) => header.name === name && header.value.toLowerCase().includes(quote.toLowerCase()));
    if (field === undefined) return [];
    const at = field.value.toLowerCase().indexOf(quote!.toLowerCase());
    return [{ where: 'header', name, quote: field.value.slice(at, at + quote!.length) }];
  });
}

// ---------------------------------------------------------------- small things

/** Registrable domain of the author; undefined without one, and when several authors or From fields do not agree. */
function authorDomain(mail: ParsedMail): string | undefined {
  if (mail.headers.filter(({ name }) => name === 'from').length > 1) return undefined;
  const domains = new Set(mail.from.map(({ address }) => domainOf(address)));
  const [only] = domains;
  return domains.size === 1 ? only : undefined;
}

function domainOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  return at === -1 ? undefined : registrable(address.slice(at + 1));
}

/** Relaxed alignment: the same registrable domain. `identity` is a domain or an address. */
function isAligned(identity: string | undefined, author: string | undefined): boolean {
  if (identity === undefined || author === undefined) return false;
  return registrable(identity.slice(identity.lastIndexOf('@') + 1)) === author;
}

/** Whether the name of the sending host leads back to its address: by DNS answers, else as our server wrote. */
async function wayBack({ handover }: TrustedTop, told: readonly MethodResult[], ask: AskDns | undefined): Promise<boolean | undefined> {
  const { ip, name, forged } = handover?.received ?? { forged: false };
  const back = ip === undefined || ask === undefined ? undefined : await leadsBack(ip, ask);
  if (back !== undefined) return back;
  const iprev = told.find(({ method }) => method === 'iprev')?.result;
  if (iprev === 'pass' || iprev === 'fail') return iprev === 'pass';
  if (ip === undefined) return undefined;
  if (forged || name === 'unknown') return false;
  return name === undefined ? undefined : true;
}

function spfOf(result: string | undefined): Authentication['spf'] {
  if (result === 'hardfail') return 'fail';
  return result === 'pass' || result === 'fail' || result === 'softfail' || result === 'neutral' || result === 'none' ? result : 'unknown';
}

function dkimOf(result: string | undefined): Authentication['dkim'] {
  return result === undefined ? 'none' : result === 'pass' || result === 'fail' || result === 'none' ? result : 'unknown';
}

function dmarcOf(result: string | undefined): Authentication['dmarc'] {
  // `bestguesspass`: it would have passed if there were a policy.
  return result === undefined || result === 'none' || result === 'bestguesspass' ? 'none' : result === 'pass' || result === 'fail' ? result : 'unknown';
}

function arcOf(result: string | undefined): Authentication['arc'] {
  return result === undefined || result === 'none' ? 'none' : result === 'pass' || result === 'fail' ? result : 'unknown';
}
