const NAME_LENGTH_MAX = 31

/**
 * Makes names Excel accepts as sheet names: 31 UTF-16 units at most, none of `[ ] : * ? / \` or control
 * characters, no apostrophe at either end, not the reserved word History, no two alike without case.
 */
export function safeSheetNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const base = clean(name)
    let candidate = base
    for (let number = 2; taken.has(candidate.toLowerCase()); number++) {
      const suffix = ` (${number})`
      candidate = cut(base, NAME_LENGTH_MAX - suffix.length) + suffix
    }
    taken.add(candidate.toLowerCase())
    return candidate
  })
}

function clean(name: string): string {
  const plain = name.toWellFormed().replace(/[[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]/g, ' ')
  const short = cut(plain.trim().replace(/^'+/, ''), NAME_LENGTH_MAX).replace(/'+$/, '').trim()
  return short === '' || short.toLowerCase() === 'history' ? `Sheet ${short}`.trim() : short
}

/** Cuts without leaving half a surrogate pair. */
function cut(text: string, unitsMax: number): string {
  if (text.length <= unitsMax) return text
  const end = (text.charCodeAt(unitsMax) & 0xfc00) === 0xdc00 ? unitsMax - 1 : unitsMax
  return text.slice(0, end)
}
