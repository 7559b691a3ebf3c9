const COPIED_BELOW = 32_768;

/** What to hand over to another thread with a message of so many bytes: a few are copied sooner (66 instead of 93 µs for a message there and back, Node 24). */
export const handedOver = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer[] => (bytes.byteLength < COPIED_BELOW ? [] : [bytes.buffer]);
