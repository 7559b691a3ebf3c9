import { setTimeout as sleep } from 'node:timers/promises';
import type { House } from '../house.ts';
import { SyslogSender, WebDoor } from './doors.ts';
import type { DemoLine, DemoLines } from './lines/index.ts';
import { dateOf } from './world/calendar.ts';
import type { DemoMember, DemoSource } from './world/types.ts';

/** Lines on their way at once; small enough to be stopped quickly. */
const PORTION = 1_000;
/** The intake is let catch up beyond this, so that pages stay quick. */
const BACKLOG_MAX = 6 * 1024 * 1024;
const HTTPS_LINES = 500;

export interface Fed {
  readonly member: DemoMember;
  readonly orgId: string;
}

/** One source as the house knows it. */
interface Lane {
  readonly source: DemoSource;
  readonly sourceId: string;
  readonly token: string | null;
  /** Instant up to which its lines are sent. */
  sent: number;
  /** Lines still to be left out, because the house has counted them before. */
  known: number;
  waiting: DemoLine[];
}

/**
 * Sends the demonstration's lines through the real doors. Members one after the other, those with a story first, so that
 * there is something to see at once; each source in the order of its own clock, as correlations need it. Where it stands
 * is not kept anywhere: the house has counted every line of every source, and lines are always the same, so after a stop,
 * even a kill, exactly those that are missing are sent.
 */
export class Feeder {
  readonly #house: House;
  readonly #lines: DemoLines;
  readonly #web: WebDoor;
  readonly #signal: AbortSignal;
  readonly #lanes = new Map<string, Lane[]>();
  #syslog: SyslogSender | null = null;
  lines = 0;

  constructor(house: House, lines: DemoLines, web: WebDoor, signal: AbortSignal) {
    this.#house = house;
    this.#lines = lines;
    this.#web = web;
    this.#signal = signal;
  }

  /** Sends what a member's sources wrote up to `until`. */
  async feed({ member, orgId }: Fed, until: number): Promise<void> {
    const lanes = this.#lanes.get(member.key) ?? (await this.#open(member, orgId));
    this.#lanes.set(member.key, lanes);
    if (this.#syslog === null || this.#syslog.closed) this.#syslog = await SyslogSender.open(this.#house);
    const streams = lanes.map((lane) => ({ lane, lines: this.#lines.of(member, lane.source, lane.sent, until), next: null as DemoLine | null }));
    for (const stream of streams) stream.next = take(stream.lines);
    for (let open = streams.filter((s) => s.next !== null); open.length > 0; open = open.filter((s) => s.next !== null)) {
      const syslog: string[] = [];
      for (let n = 0; n < PORTION; n++) {
        let first: (typeof streams)[number] | null = null;
        for (const stream of open) if (stream.next && (!first || stream.next.at < first.next!.at)) first = stream;
        if (!first) break;
        const { lane } = first;
        const line = first.next!;
        first.next = take(first.lines);
        if (lane.known > 0) lane.known -= 1;
        else {
          this.lines += 1;
          if (lane.token === null) syslog.push(line.text);
          else lane.waiting.push(line);
        }
      }
      this.#signal.throwIfAborted();
      await this.#syslog.send(syslog);
      for (const lane of lanes) if (lane.waiting.length >= HTTPS_LINES) await this.#flush(lane);
      while (this.#house.kernel.spool.position().backlogBytes > BACKLOG_MAX) await sleep(50, undefined, { signal: this.#signal });
    }
    for (const lane of lanes) {
      await this.#flush(lane);
      lane.sent = until;
    }
  }

  /** Waits until the house has counted everything it was given. */
  async drained(): Promise<void> {
    await this.#syslog?.close();
    this.#syslog = null;
    // The door closes a connection before its last lines are on disk.
    do await sleep(300, undefined, { signal: this.#signal });
    while (this.#house.kernel.spool.position().backlogBytes > 0);
  }

  /** After something went wrong on the way: what was on it is counted by the house or missing, and asked for anew. */
  async recount(): Promise<void> {
    this.#lanes.clear();
    await this.drained();
  }

  async #flush(lane: Lane): Promise<void> {
    const lines = lane.waiting;
    if (lines.length === 0) return;
    lane.waiting = [];
    await this.#web.ingest(lane.sourceId, lane.token!, lines, `demo ${lines[0]!.at} ${lines.at(-1)!.at} ${lines.length}`, this.#signal);
  }

  async #open(member: DemoMember, orgId: string): Promise<Lane[]> {
    const { kernel, identity, modules: { inventory } } = this.#house;
    const begins = dateOf(this.#lines.begins);
    const [rows, days] = await kernel.tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'demo' } }, async (tx) => [
      await inventory.sourcesOf(tx, orgId), await inventory.sourceDays(tx, orgId, begins, '9999-12-31'),
    ] as const);
    const lanes: Lane[] = [];
    for (const source of member.sources) {
      const row = rows.find((r) => r.family === source.family);
      // Somebody took the sender away: the demonstration is theirs to change.
      if (!row) continue;
      const known = days.reduce((sum, d) => sum + (d.source_id === row.id ? Number(d.lines) : 0), 0);
      let token: string | null = null;
      if (source.door === 'https') {
        // A token is shown once, when it is made; each start makes its own.
        await identity.tokens.revoke(orgId, { sourceId: row.id });
        token = (await identity.tokens.create(orgId, 'demo', { name: row.name, scopes: ['ingest'], sourceId: row.id })).secret;
      }
      lanes.push({ source, sourceId: row.id, token, sent: this.#lines.begins - 1, known, waiting: [] });
    }
    return lanes;
  }
}

function take(lines: Generator<DemoLine>): DemoLine | null {
  const { value, done } = lines.next();
  return done ? null : (value as DemoLine);
}
