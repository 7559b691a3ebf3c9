const COPIED_BELOW = 32_768;

/** The memory to hand over with a message to another thread. A short message is copied, which is quicker (66 instead of 93 µs there and back, Node 24). */
export const handedOver = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer[] => (bytes.byteLength < COPIED_BELOW ? [] : [bytes.buffer]);
