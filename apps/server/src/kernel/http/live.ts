/** The parts of the contract (a route id before its dot) that a page reads again when something of a kind has changed. */
const TOPICS = {
  finding: ['findings', 'home', 'executive', 'overview'],
  ticket: ['tickets', 'queue', 'home', 'executive'],
  source: ['sources', 'devices', 'unknownSenders', 'home'],
  report: ['reports', 'federationReports', 'home', 'executive'],
  backup: ['operate'],
} as const;

/** What changed, by kind and id only: the page reads the thing itself through its own rights. */
export interface LiveEvent {
  readonly kind: keyof typeof TOPICS;
  readonly id: string;
}

/**
 * Server-sent events by organisation. Streams of at most `perOrgMax` pages an organisation; the oldest gives way.
 * A page that reads too slowly is closed: its browser reconnects and reads afresh.
 */
export class Live {
  readonly #streams = new Map<string, Set<ReadableStreamDefaultController<Uint8Array>>>();
  readonly #perOrgMax: number;
  readonly #encoder = new TextEncoder();
  #beat: NodeJS.Timeout | null = null;
  /** Tells the other processes, where there are any. */
  #elsewhere: ((orgId: string, event: LiveEvent) => void) | null = null;

  constructor(perOrgMax = 200) {
    this.#perOrgMax = perOrgMax;
  }

  publish(orgId: string, event: LiveEvent): void {
    this.deliver(orgId, event);
    this.#elsewhere?.(orgId, event);
  }

  /** To the pages of this process alone. */
  deliver(orgId: string, event: LiveEvent): void {
    this.#send(this.#streams.get(orgId), `data: ${JSON.stringify({ topics: TOPICS[event.kind], id: event.id })}\n\n`);
  }

  stream(orgId: string): Response {
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          const set = this.#streams.get(orgId) ?? new Set();
          if (set.size >= this.#perOrgMax) this.#drop(set, set.values().next().value!);
          set.add(controller);
          this.#streams.set(orgId, set);
          controller.enqueue(this.#encoder.encode('retry: 5000\n\n'));
          this.#beat ??= setInterval(() => this.#streams.forEach((set) => this.#send(set, ': still here\n\n')), 25_000).unref();
        },
        cancel: () => {
          this.#streams.get(orgId)?.delete(own);
        },
      },
      { highWaterMark: 64 },
    );
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' } });
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
    this.renew();
  }

  #send(set: Set<ReadableStreamDefaultController<Uint8Array>> | undefined, text: string): void {
    if (!set) return;
    const bytes = this.#encoder.encode(text);
    for (const controller of [...set]) {
      if ((controller.desiredSize ?? 0) <= 0) this.#drop(set, controller);
      else controller.enqueue(bytes);
    }
  }

  #drop(set: Set<ReadableStreamDefaultController<Uint8Array>>, controller: ReadableStreamDefaultController<Uint8Array>): void {
    set.delete(controller);
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
