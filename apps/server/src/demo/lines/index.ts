import { dayStart, DAY, monthStart } from '../world/calendar.ts';
import type { DemoMember, DemoSource, World } from '../world/types.ts';
import { background, expected, type DemoLine } from './background.ts';
import { SILENT, storiesOf, type Story } from './stories.ts';

export type { DemoLine } from './background.ts';
export { RULE, SILENT, storiesOf, type Story } from './stories.ts';

/** Lines wanted from the first of last month to the first opening: enough for a real month, few enough for two minutes. */
export const WANTED = 220_000;

/** The lines of the demonstration, source by source, each in order of its clock. */
export class DemoLines {
  readonly world: World;
  readonly stories: readonly Story[];
  /** Where the lines begin: the month before the first opening. */
  readonly begins: number;
  /** What brings traffic and refused connections to the wanted number. */
  readonly scale: number;

  constructor(world: World, wanted: number = WANTED) {
    this.world = world;
    this.stories = storiesOf(world);
    this.begins = monthStart(world.anchor, -1);
    let [scaled, fixed] = [0, 0];
    for (const member of world.members) {
      for (const source of member.sources) {
        for (let day = this.begins; day <= world.anchor; day += DAY) {
          const share = Math.min(1, (world.anchor - day) / DAY);
          const mean = expected(member, source, day);
          scaled += mean.scaled * share;
          fixed += mean.fixed * share;
        }
      }
    }
    this.scale = Math.max(0, (wanted - fixed) / scaled);
  }

  /** Lines of one source written after `from` and up to `to`, in the order in which the device wrote them. */
  *of(member: DemoMember, source: DemoSource, from: number, to: number): Generator<DemoLine> {
    const { anchor } = this.world;
    const until = source.host === SILENT.source ? Math.min(to, anchor - SILENT.days * DAY) : to;
    const told = this.stories.filter((s) => s.source === source.host);
    for (let day = dayStart(Math.max(from, this.begins)); day <= until; day += DAY) {
      const within = ({ at }: DemoLine): boolean => at > from && at <= until && at >= day && at < day + DAY;
      const lines = background(this.world, member, source, day, this.scale);
      for (const story of told) lines.push(...story.lines, ...(story.after && until > anchor ? story.after(Math.max(anchor, day - 1), Math.min(until, day + DAY)) : []));
      // What an evening leaves over midnight is dropped: a day is made without looking at the one before.
      yield* lines.filter(within).sort((a, b) => a.at - b.at);
    }
  }
}
