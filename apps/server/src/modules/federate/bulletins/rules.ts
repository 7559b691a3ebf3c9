import type { Role } from '@banya/contract';
import type { Tlp } from './schema.ts';

/**
 * TLP 2.0 (FIRST, Standards Definitions and Usage Guidance, 2022): AMBER+STRICT stays in the organisation, RED with the people
 * named. Here both reach only who leads the named members; RED leaves this house in no mail.
 */
export const isStrict = (tlp: Tlp): boolean => tlp === 'AMBER+STRICT' || tlp === 'RED';
export const textInMail = (tlp: Tlp): boolean => tlp !== 'RED';
/** RED is for people one has named; "everybody" names nobody. */
export const needsNames = (tlp: Tlp): boolean => tlp === 'RED';

/** Who leads a member: reads strict warnings, and whose opening is the receipt. */
export const LEADING: readonly Role[] = ['lead', 'deputy'];
/** Whoever runs the organisation beside its leads; their opening counts where the warning is open to them. */
const ANSWERING: readonly Role[] = [...LEADING, 'manager', 'executive', 'operator'];

export const mayRead = (tlp: Tlp, roles: readonly Role[]): boolean => !isStrict(tlp) || roles.some((r) => LEADING.includes(r));
/** That staff have opened it tells the desk nothing: the member has read it once somebody has who answers for it. */
export const isReceipt = (roles: readonly Role[]): boolean => roles.some((r) => ANSWERING.includes(r));

/** Warnings that a member is mailed at once, in a day; further ones wait on the home page and stand in Monday’s mail. */
export const MAILS_A_DAY = 3;

export const LOOK_BACK_DAYS = 30;
export const LOOK_AGAIN_MS = 86_400_000;
/** A warning nobody has read asks for a place on the home page so long. */
export const CARD_DAYS = 30;
