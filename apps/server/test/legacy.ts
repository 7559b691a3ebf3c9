const tables = new Map<string, Map<string, readonly number[]>>();

/** Encodes text as CP932 or EUC-JP with a table turned round from the decoder; for fixtures. */
export function encodeLegacy(text: string, encoding: 'shift_jis' | 'euc-jp'): Uint8Array {
  let table = tables.get(encoding);
  if (!table) {
    tables.set(encoding, (table = new Map()));
    const decoder = new TextDecoder(encoding, { fatal: true });
    for (let first = 0; first < 256; first++) {
      for (const bytes of [[first], ...Array.from({ length: 256 }, (_, second) => [first, second])]) {
        try {
          const character = decoder.decode(Uint8Array.from(bytes));
          if ([...character].length === 1 && !table.has(character)) table.set(character, bytes);
        } catch {
          // Not a character.
        }
      }
    }
  }
  return Uint8Array.from([...text].flatMap((character) => {
    const bytes = table.get(character);
    if (!bytes) throw new RangeError(`${character} is not in ${encoding}`);
    return bytes;
  }));
}
