/** The parts of the contract (a route id before its dot) that a page reads again when something of a kind has changed. */
const TOPICS = {
  finding: ['findings', 'home', 'executive', 'overview'],
  ticket: ['tickets', 'queue', 'home', 'executive'],
  sample: ['samples', 'deskSamples', 'campaigns', 'home'],
  warning: ['warnings', 'bulletins', 'campaigns', 'home'],
  source: ['sources', 'devices', 'unknownSenders', 'home'],
  report: ['reports', 'federationReports', 'home', 'executive'],
  backup: ['operate'],
} as const;

/** What changed, by kind and id only: the page reads the thing itself through its own rights. */
export interface LiveEvent {
  readonly kind: keyof typeof TOPICS;
  readonly id: string;
}

/** Who reads a stream, and whether that person still may: signed in, and with the right it was opened by. */
export interface Reader {
  readonly personId: string | null;
  readonly stillAllowed: () => Promise<boolean>;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;
/** An end in this process is acted on at once; one in another process, and an expiry, within this time. */
const CHECK_MS = 60_000;

/**
 * Server-sent events by organisation. Streams of at most `perOrgMax` pages an organisation; the oldest of whoever has most gives way.
 * A page that reads too slowly is closed: its browser reconnects and reads afresh.
 */
export class Live {
  readonly #streams = new Map<string, Set<Controller>>();
  readonly #readers = new Map<Controller, Reader & { readonly orgId: string }>();
  readonly #checkMs: number;
  readonly #perOrgMax: number;
  readonly #encoder = new TextEncoder();
  #beat: NodeJS.Timeout | null = null;
  #check: NodeJS.Timeout | null = null;
  /** Tells the other processes, where there are any. */
  #elsewhere: ((orgId: string, event: LiveEvent) => void) | null = null;

  constructor(perOrgMax = 200, checkMs = CHECK_MS) {
    this.#perOrgMax = perOrgMax;
    this.#checkMs = checkMs;
  }

  publish(orgId: string, event: LiveEvent): void {
    this.deliver(orgId, event);
    this.#elsewhere?.(orgId, event);
  }

  /** To the pages of this process alone. */
  deliver(orgId: string, event: LiveEvent): void {
    this.#send(this.#streams.get(orgId), `data: ${JSON.stringify({ topics: TOPICS[event.kind], id: event.id })}\n\n`);
  }

  stream(orgId: string, reader: Reader): Response {
    let own: Controller;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          const set = this.#streams.get(orgId) ?? new Set();
          if (set.size >= this.#perOrgMax) this.#drop(set, this.#givesWay(set, reader.personId));
          set.add(controller);
          this.#streams.set(orgId, set);
          this.#readers.set(controller, { ...reader, orgId });
          controller.enqueue(this.#encoder.encode('retry: 5000\n\n'));
          this.#beat ??= setInterval(() => this.#streams.forEach((set) => this.#send(set, ': still here\n\n')), 25_000).unref();
          this.#check ??= setInterval(() => void this.recheck(), this.#checkMs).unref();
        },
        cancel: () => {
          this.#streams.get(orgId)?.delete(own);
          this.#readers.delete(own);
        },
      },
      { highWaterMark: 64 },
    );
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' } });
  }

  /** Closes streams whose reader may no longer read: one person's, or all. One after another, since each asks the database. */
  async recheck(personId?: string): Promise<void> {
    for (const [controller, reader] of [...this.#readers]) {
      if (personId !== undefined && reader.personId !== personId) continue;
      if (await reader.stillAllowed().catch(() => false)) continue;
      this.#drop(this.#streams.get(reader.orgId) ?? new Set(), controller);
    }
  }

  /** Sends what is published to other processes too. */
  relayBy(elsewhere: (orgId: string, event: LiveEvent) => void): void {
    this.#elsewhere = elsewhere;
  }

  /** Ends every stream: the browsers reconnect and read afresh what they may have missed. */
  renew(): void {
    for (const set of this.#streams.values()) for (const controller of [...set]) this.#drop(set, controller);
  }

  close(): void {
    if (this.#beat) clearInterval(this.#beat);
    if (this.#check) clearInterval(this.#check);
    this.renew();
  }

  #send(set: Set<Controller> | undefined, text: string): void {
    if (!set) return;
    const bytes = this.#encoder.encode(text);
    for (const controller of [...set]) {
      if ((controller.desiredSize ?? 0) <= 0) this.#drop(set, controller);
      else controller.enqueue(bytes);
    }
  }

  /** With a new stream of `newcomer` beside them: many pages of one person push out that person's own. */
  #givesWay(set: ReadonlySet<Controller>, newcomer: string | null): Controller {
    const personOf = (controller: Controller): string | null => this.#readers.get(controller)?.personId ?? null;
    const held = new Map<string | null, number>([[newcomer, 1]]);
    for (const controller of set) held.set(personOf(controller), (held.get(personOf(controller)) ?? 0) + 1);
    const most = Math.max(...held.values());
    return [...set].find((controller) => held.get(personOf(controller)) === most)!;
  }

  #drop(set: Set<Controller>, controller: Controller): void {
    set.delete(controller);
    this.#readers.delete(controller);
    try {
      controller.close();
    } catch {
      // The browser had gone already.
    }
  }
}

/** What another process published, or null for what is no event of ours. */
export function asLiveEvent(value: unknown): LiveEvent | null {
  const { kind, id } = (value ?? {}) as { kind?: unknown; id?: unknown };
  return typeof kind === 'string' && Object.hasOwn(TOPICS, kind) && typeof id === 'string' ? { kind: kind as LiveEvent['kind'], id } : null;
}
