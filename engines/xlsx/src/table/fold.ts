const HEADER_UNITS_MAX = 200
const READINGS_MAX = 8

/**
 * Folds text so that spellings people take for the same compare equal: NFKC (full-width letters,
 * half-width kana), lower case, katakana as hiragana, no white space or line breaks, one kind of
 * dash (none in Latin words: e-mail is email), no middle dots and marks such as ※ * : ●.
 */
export function foldText(text: string): string {
  return text
    .slice(0, HEADER_UNITS_MAX)
    .normalize('NFKC')
    .toLowerCase()
    .replace(KATAKANA, asHiragana)
    .replace(/[\s\u200b\ufeff_]/g, '')
    .replace(/[‐‑‒–—―−ｰ-]/g, 'ー')
    .replace(/(?<=[a-z0-9])ー|ー(?=[a-z0-9])/g, '')
    .replace(/[・･.:：※*●◎□■◆▼▲★☆#]/g, '')
}

/** The folded readings of a header, best first, each with how sure a match by it is (0 to 1). */
export function headerReadings(header: string): { text: string; weight: number }[] {
  const short = header.slice(0, HEADER_UNITS_MAX).normalize('NFKC')
  const readings = new Map<string, number>()
  const add = (text: string, weight: number) => {
    const folded = foldText(text)
    if (folded !== '' && !readings.has(folded) && readings.size < READINGS_MAX) readings.set(folded, weight)
  }
  add(short, 1)
  // 「氏名（必須）」「【必須】氏名」: what stands in brackets is a hint, seldom the name.
  const outside = short.replace(/[([{【〔〈《「『<][^)\]}】〕〉》」』>]*[)\]}】〕〉》」』>]/g, ' ')
  add(outside, 0.95)
  for (const inside of short.match(/[([{【〔][^)\]}】〕]*[)\]}】〕]/g) ?? []) add(inside.slice(1, -1), 0.85)
  // 「氏名／Name」 and two lines in two languages.
  const parts = outside.split(/[/\n\r|]/)
  if (parts.length > 1) for (const part of parts) add(part, 0.9)
  // 「サーバー」 and 「サーバ」.
  add(outside.replaceAll('ー', ''), 0.85)
  return [...readings].map(([text, weight]) => ({ text, weight }))
}

/**
 * Folds the value of a choice: as `foldText` for width, case and kana, but marks are what counts here, so the
 * look-alikes of circle, cross, triangle and dash each become one character.
 */
export function foldChoice(text: string): string {
  return text
    .slice(0, HEADER_UNITS_MAX)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u200b\ufeff]/g, '')
    .replace(/[〇◯⭕⚪]\ufe0f?/g, '○')
    .replace(/[✕✖❌╳⨯]\ufe0f?|^x$/g, '×')
    .replace(/[▲▵]/g, '△')
    .replace(/[✔☑✅]\ufe0f?|^レ$/g, '✓')
    .replace(KATAKANA, asHiragana)
    .replace(/[‐‑‒–—―−ｰ-]/g, 'ー')
}

/** Whether one insertion, deletion or substitution at most separates two texts; linear in their length. */
export function withinOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let from = 0
  while (from < a.length && from < b.length && a[from] === b[from]) from++
  let back = 0
  while (back < a.length - from && back < b.length - from && a[a.length - 1 - back] === b[b.length - 1 - back]) back++
  return Math.max(a.length, b.length) - from - back <= 1
}

const KATAKANA = /[\u30a1-\u30f6]/g

function asHiragana(kana: string): string {
  return String.fromCharCode(kana.charCodeAt(0) - 0x60)
}
