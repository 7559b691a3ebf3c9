import type { Received, samples, touches } from '@banya/contract';

export type Sample = Received<typeof samples.member.list>['items'][number];
export type Answer = Received<typeof samples.member.get>;
export type Detail = Received<typeof samples.queue.get>;
export type Touch = (typeof touches)[number];

/** What harms unless one acts soon: a link pressed, a file opened, a password given away. */
export const harmful = (touch: Touch | null): touch is 'link' | 'file' | 'typed' => touch === 'link' || touch === 'file' || touch === 'typed';
