const LINE_MAX = 64 * 1024;

/** Splits a body at line feeds; carriage returns at the end and empty lines fall away; a line keeps at most `lineMax` bytes. */
export function* linesOf(body: Uint8Array, lineMax = LINE_MAX): Generator<Uint8Array> {
  let start = 0;
  while (start < body.length) {
    let end = body.indexOf(10, start);
    if (end < 0) end = body.length;
    let stop = end;
    if (stop > start && body[stop - 1] === 13) stop -= 1;
    if (stop > start) yield body.subarray(start, Math.min(stop, start + lineMax));
    start = end + 1;
  }
}

export interface RelayLine {
  /** Arrival at the collector, epoch milliseconds. */
  readonly at: number;
  /** Address of the device on the site's network. */
  readonly from: string;
  /** The collector cut it at 64 KiB. */
  readonly cut: boolean;
  readonly bytes: Uint8Array;
}

/** The collector's envelope (apps/relay/src/wire.ts): one JSON object a line. What is not one is kept whole, as a line without a device. */
export function* relayLines(body: Uint8Array): Generator<RelayLine> {
  const text = new TextDecoder();
  // The envelope is longer than its line, by base64 and escapes; the body as a whole is bounded.
  for (const raw of linesOf(body, Infinity)) {
    const parsed = envelope(text.decode(raw));
    const at = typeof parsed?.at === 'number' && Number.isFinite(parsed.at) && parsed.at > 0 ? parsed.at : Number.MAX_SAFE_INTEGER;
    const from = typeof parsed?.from === 'string' ? parsed.from.slice(0, 64) : '';
    const bytes = typeof parsed?.line === 'string' ? Buffer.from(parsed.line) : typeof parsed?.line64 === 'string' ? Buffer.from(parsed.line64, 'base64') : raw;
    yield { at, from, cut: parsed?.cut === true || bytes.length > LINE_MAX, bytes: bytes.subarray(0, LINE_MAX) };
  }
}

interface Envelope { readonly at?: unknown; readonly from?: unknown; readonly cut?: unknown; readonly line?: unknown; readonly line64?: unknown }
function envelope(text: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Envelope | null) : null;
  } catch {
    return null;
  }
}
