import { setTimeout as sleep } from 'node:timers/promises';
import type { House } from '../house.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { MemberMonth } from '../modules/prove/index.ts';
import { closeOld } from './aftermath.ts';
import { WebDoor } from './doors.ts';
import { Feeder, type Fed } from './feed.ts';
import { DemoLines } from './lines/index.ts';
import { MailFeeder } from './mails/feed.ts';
import { linkToken, personas } from './personas.ts';
import { seedDesk } from './seed/desk.ts';
import { seedWorld } from './seed/index.ts';
import { DemoProgress } from './state.ts';
import { dateOf, monthStart } from './world/calendar.ts';
import { makeWorld } from './world/index.ts';

const SEED = 'banya';
const SAY_EVERY_MS = 10_000;
const RETRIES = 5;
const RETRY_MS = 2_000;
/** How often the devices of the demonstration say something, once all that is past is told. */
const LIVE_EVERY_MS = 30_000;

export interface Demo {
  /** One for each kind of person; they work until this process ends. */
  links(): Promise<{ who: string; link: string }[]>;
  /** Sends the lines of last month and this one, then goes on as the devices would; ends when the house closes. */
  feed(): Promise<void>;
  /** Ends the feeding and waits for it. */
  stop(): Promise<void>;
}

export interface DemoOptions {
  readonly say: (line: string) => void;
  /** Lines wanted up to the first opening; the usual number unless told. */
  readonly wanted?: number;
  /** False ends feeding with what is past. */
  readonly live?: boolean;
}

/** Fills a house with the demonstration; does again only what is not there yet. */
export async function openDemo(house: House, { say, wanted, live = true }: DemoOptions): Promise<Demo> {
  const { kernel } = house;
  const progress = await DemoProgress.open(kernel, SEED);
  const world = makeWorld(progress.seed, progress.anchor);
  const lines = new DemoLines(world, wanted);
  const web = new WebDoor(house);
  const { federationId, orgIds } = await seedWorld(house, lines, progress);
  const seed = { house, web, world, federationId, orgIds, progress };
  await seedDesk(seed);

  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  // Those with something to see come first.
  const weight = (key: string): number => lines.stories.filter((s) => s.member === key && s.end === 'open').length;
  const members: Fed[] = world.members.map((member) => ({ member, orgId: orgIds.get(member.key)! })).sort((a, b) => Number(b.member === world.members[0]) - Number(a.member === world.members[0]) || weight(b.member.key) - weight(a.member.key));

  const run = async (): Promise<void> => {
    const { signal } = stopping;
    const feeder = new Feeder(house, lines, web, signal);
    const started = performance.now();
    const seconds = (): number => Math.round((performance.now() - started) / 1000);
    let told = 0;
    const talk = setInterval(() => say(`デモのログを流しています / Feeding the demonstration: ${told}/${members.length}, ${feeder.lines.toLocaleString('en')} lines, ${seconds()} s`), SAY_EVERY_MS).unref();
    /** Whatever goes wrong on the way to the doors, the next try sends what is missing. */
    const bearing = async (work: () => Promise<void>, recount = true): Promise<void> => {
      for (let failures = 0; ; failures++) {
        try {
          return await work();
        } catch (error) {
          if (signal.aborted || failures === RETRIES) throw error;
          kernel.log.warn({ err: error }, 'feeding the demonstration was interrupted and goes on');
          await sleep(RETRY_MS, undefined, { signal });
          if (recount) await feeder.recount();
        }
      }
    };
    const letters = new MailFeeder(seed, signal);
    let mails: Promise<void> | null = null;
    try {
      // Lines of an earlier run may wait in the spool still; they must be counted before it is known what is missing.
      await feeder.drained();
      for (const fed of members) {
        await bearing(() => feeder.feed(fed, kernel.clock.now()));
        told += 1;
        // Mails go their own way beside the lines, once there is a first finding to see.
        mails ??= bearing(() => letters.feed(), false);
        mails.catch(() => undefined);
        if (!lines.stories.some((s) => s.member === fed.member.key && s.end !== 'open')) continue;
        await progress.once(`closed ${fed.member.key}`, async () => {
          await feeder.drained();
          await closeOld(house, web, lines.stories, fed.member, fed.orgId);
        });
      }
      await feeder.drained();
      await mails;
    } finally {
      clearInterval(talk);
    }
    await kernel.tenancy.asSystem('look after the devices of the demonstration', async (tx) => tx.job('detect.watchAll', {}));
    await progress.once('reports', async () => {
      const month = dateOf(monthStart(progress.anchor, -1)).slice(0, 7);
      for (const orgId of [...orgIds.values(), federationId]) await house.modules.prove.make({ orgId, actor: { kind: 'system', name: 'demo' } }, month);
      await pushedUp(kernel, federationId, month, orgIds.size - 1);
      await house.modules.prove.closeFederation(federationId);
    });
    say(`デモの準備ができました / The demonstration is complete: ${feeder.lines.toLocaleString('en')} lines in ${seconds()} s`);
    while (live) {
      await sleep(LIVE_EVERY_MS, undefined, { signal, ref: false });
      for (const fed of members) await bearing(() => feeder.feed(fed, kernel.clock.now()));
    }
  };
  return {
    links: async () => Promise.all(personas(world).map(async ({ who, email }) => ({ who, link: house.identity.linkUrl(await linkToken(house, email)) }))),
    feed: () => (running = run().catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    })),
    stop: async () => {
      stopping.abort();
      await running.catch(() => undefined);
    },
  };
}

/** Waits until the members' figures of a month stand in the federation's space; one of them shares nothing. At most half a minute. */
async function pushedUp(kernel: Kernel, federationId: string, month: string, wanted: number): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const members: MemberMonth[] = [];
    await kernel.tenancy.inOrg({ orgId: federationId, actor: { kind: 'system', name: 'demo' } }, (tx) => tx.emit('prove.monthsWanted', { orgId: federationId, month, members }));
    if (members.filter((m) => m.figures?.scores !== undefined).length >= wanted) return;
    await sleep(500);
  }
}
