/** One mail, from what is parsed to what is said of it. */
import { Budget } from '../attach/budget.ts';
import { drawnCodes } from '../attach/drawn.ts';
import { inspectFiles } from '../attach/inspect.ts';
import { fingerprints } from '../fingerprint.ts';
import { authenticate } from '../identity/authenticate.ts';
import { route } from '../identity/route.ts';
import type { Analysis, Knowledge, ParsedMail, Passage, Reason, Trouble } from '../types.ts';
import { signal } from './evidence.ts';
import { fileSignals } from './files.ts';
import { goodSignals, lackSignals } from './good.ts';
import { historySignals } from './history.ts';
import { holds } from './holds.ts';
import { indicatorsOf } from './indicators.ts';
import { linkSignals } from './links.ts';
import { photoLimits } from './photos.ts';
import { pressureSignals } from './pressure.ts';
import { reasonText } from './reasons.ts';
import { requestSignals } from './request.ts';
import { sceneOf } from './scene.ts';
import { senderSignals } from './sender.ts';
import { takenOverSignals, unfamiliarSignals } from './unfamiliar.ts';
import { judge, type Weighed } from './verdict.ts';
import { HEAVY, type SignalCode } from './weights.ts';

const REASONS_MAX = 12;
/** Of the five seconds a mail has, for its attachments. */
const MILLIS = 3_000;
/** A fact of so many points is worth a word by itself. */
const MEDIUM = 15;

/**
 * Judges one parsed mail by what the caller knows. Never throws on what a mail holds; takes no clock, network or database.
 * Reasons rest on evidence that was found again in the mail: what does not hold is dropped before anything is said.
 * `millis` is what its attachments may take; what is not reached by then is told as `time_out`. `rest`: how many mails came
 * together and were looked at, and how many were not.
 */
export async function analyse(mail: ParsedMail, passage: Passage, knowledge: Knowledge, millis: number = MILLIS, rest = { looked: 1, left: 0 }): Promise<Analysis> {
  const authentication = await authenticate(mail, knowledge);
  const budget = new Budget({ millis: Math.min(millis, MILLIS), ...photoLimits(mail) });
  const inspected = await inspectFiles(mail.attachments, budget);
  const drawn = budget.late ? [] : await drawnCodes(mail, budget);
  const scene = sceneOf({ mail, knowledge, passage, authentication, files: inspected.files, fileLinks: [...inspected.links, ...drawn], fileTexts: inspected.texts });
  const place = { mail, links: scene.links, files: scene.files, fileTexts: inspected.texts };
  const pressure = pressureSignals(scene);
  const presses = pressure.some(({ code }) => code !== 'presses_reward');
  const more = rest.left === 0 ? [] : [signal('more_mails', [], { total: String(rest.looked + rest.left), looked: String(rest.looked) })];
  const signals = [...more, ...senderSignals(scene), ...unfamiliarSignals(scene, presses), ...takenOverSignals(scene), ...linkSignals(scene), ...requestSignals(scene), ...pressure, ...historySignals(scene, pressure.length > 0), ...fileSignals(scene), ...goodSignals(scene), ...lackSignals(scene)]
    .flatMap((one) => {
      const evidence = one.evidence.filter((piece) => holds(piece, place));
      return one.evidence.length > 0 && evidence.length === 0 ? [] : [{ ...one, evidence }];
    });
  const { verdict, score, weighed } = judge(signals);
  return {
    verdict, score, reasons: reasonsOf(weighed), signals: weighed.map(({ signal }) => signal), passage, authentication,
    lookalikes: [...scene.senderLookalikes, ...scene.linkLookalikes].map(({ target, targetKind, domain, how }) => ({ target, targetKind, domain, how })).filter((one, i, all) => all.findIndex((other) => other.domain === one.domain && other.target === one.target) === i),
    files: inspected.files, links: scene.links.slice(0, 200), indicators: indicatorsOf(scene), fingerprints: fingerprints(mail, inspected.files),
    troubles: unique([...mail.troubles, ...inspected.troubles]),
    facts: {
      from: scene.from, replyTo: mail.replyTo[0], returnPath: mail.returnPath, to: mail.to.slice(0, 20).map(({ address }) => address), subject: mail.subject,
      ...(mail.date === undefined ? {} : { date: mail.date }), ...(mail.messageId === undefined ? {} : { messageId: mail.messageId }), route: route(mail, knowledge),
    },
    asks: [...scene.asks],
  };
}

/** What is said: facts against the mail first, then what speaks for it or is merely so; at least two where two are known. */
function reasonsOf(weighed: readonly Weighed[]): Reason[] {
  const said = weighed.filter(({ points, signal }) => points !== 0 || QUIET.has(signal.code));
  return said.slice(0, REASONS_MAX).map(({ signal, points }): Reason => ({
    code: signal.code, severity: signal.code === 'proven_domain' ? 'note' : severityOf(points), text: reasonText(signal.code as SignalCode, signal.slots), evidence: signal.evidence, points: Math.round(points * 10) / 10,
  }));
}

/** Facts without weight that are worth a word all the same. */
const QUIET: ReadonlySet<string> = new Set<SignalCode>(['no_links', 'no_files', 'asks_nothing', 'too_little_text', 'headers_lost', 'unreadable', 'more_mails']);

const severityOf = (points: number): Reason['severity'] => (points >= HEAVY ? 'high' : points >= MEDIUM ? 'medium' : points > 0 ? 'low' : points < 0 ? 'good' : 'note');

function unique(troubles: readonly Trouble[]): Trouble[] {
  return troubles.filter((one, i) => troubles.findIndex(({ code, where }) => code === one.code && where === one.where) === i).slice(0, 50);
}
