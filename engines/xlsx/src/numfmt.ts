/** What a number format makes of a number. 'duration' is elapsed time, as in `[h]:mm`. */
export type NumberKind = 'number' | 'percent' | 'date' | 'time' | 'datetime' | 'duration' | 'text'

/**
 * Formats that files name by number only (ECMA-376 part 1, 18.8.30). 27-36 and 50-58 are those of
 * Japanese Excel; in other East Asian locales they are dates as well.
 */
const BUILT_IN: ReadonlyMap<number, string> = new Map([
  [0, 'General'], [1, '0'], [2, '0.00'], [3, '#,##0'], [4, '#,##0.00'], [9, '0%'], [10, '0.00%'], [11, '0.00E+00'],
  [12, '# ?/?'], [13, '# ??/??'], [14, 'yyyy/m/d'], [15, 'd-mmm-yy'], [16, 'd-mmm'], [17, 'mmm-yy'], [18, 'h:mm AM/PM'],
  [19, 'h:mm:ss AM/PM'], [20, 'h:mm'], [21, 'h:mm:ss'], [22, 'yyyy/m/d h:mm'],
  [27, '[$-411]ge.m.d'], [28, '[$-411]ggge"年"m"月"d"日"'], [29, '[$-411]ggge"年"m"月"d"日"'], [30, 'm/d/yy'],
  [31, 'yyyy"年"m"月"d"日"'], [32, 'h"時"mm"分"'], [33, 'h"時"mm"分"ss"秒"'], [34, 'yyyy"年"m"月"'], [35, 'm"月"d"日"'],
  [36, '[$-411]ge.m.d'], [45, 'mm:ss'], [46, '[h]:mm:ss'], [47, 'mm:ss.0'], [48, '##0.0E+0'], [49, '@'],
  [50, '[$-411]ge.m.d'], [51, '[$-411]ggge"年"m"月"d"日"'], [52, 'yyyy"年"m"月"'], [53, 'm"月"d"日"'],
  [54, '[$-411]ggge"年"m"月"d"日"'], [55, 'yyyy"年"m"月"'], [56, 'm"月"d"日"'], [57, '[$-411]ge.m.d'],
  [58, '[$-411]ggge"年"m"月"d"日"'],
])

/** The code of a built-in format; undefined when the number is not one of them. */
export function builtInFormat(id: number): string | undefined {
  return BUILT_IN.get(id)
}

/**
 * Classifies a number format code (ECMA-376 part 1, 18.8.31) by its first section, the one for
 * positive numbers: quoted text, escapes, colours, conditions and locales (`[$-411]`) carry no kind.
 * Understands the Japanese letters g, e (era) and a (weekday).
 */
export function classifyFormat(code: string): NumberKind {
  let date = false
  let time = false
  let months = false
  let percent = false
  let digits = false
  let text = false
  const section = firstSection(code.slice(0, 1_000))
  if (/general|標準/i.test(section)) return 'number'
  for (let at = 0; at < section.length; at++) {
    const letter = (section[at] as string).toLowerCase()
    switch (letter) {
      case '[':
        if (/^\[(?:h+|m+|s+)\]/i.test(section.slice(at, at + 12))) return 'duration'
        at = closing(section, at, ']')
        break
      case '"':
        at = closing(section, at, '"')
        break
      case '\\': case '_': case '*':
        at++
        break
      case 'e':
        if (digits && /[+-]/.test(section[at + 1] ?? '')) at++
        else date = true
        break
      case 'a':
        if (/^(?:am\/pm|a\/p)/i.test(section.slice(at, at + 5))) {
          time = true
          at += section.slice(at, at + 5).length === 5 && section[at + 1]?.toLowerCase() === 'm' ? 4 : 2
        } else date = true
        break
      case 'y': case 'd': case 'g': case 'b':
        date = true
        break
      case 'h': case 's':
        time = true
        break
      case 'm':
        months = true
        break
      case '0': case '#': case '?':
        digits = true
        break
      case '%':
        percent = true
        break
      case '@':
        text = true
        break
    }
  }
  // A lone m is a month; beside hours or seconds it is minutes, and a date with a month has y or d as well.
  if (months && !time) date = true
  if (date) return time ? 'datetime' : 'date'
  if (time) return 'time'
  if (percent) return 'percent'
  return text && !digits ? 'text' : 'number'
}

/**
 * Writes an integer through a format of zeros and hyphens such as `00000` or `000-0000`, the way
 * staff numbers and postal codes are kept in sheets. Null when the format is of another sort.
 */
export function applyDigitMask(value: number, code: string): string | null {
  if (code.length > 40 || !/^0[0-]*0$|^00+$/.test(code.replaceAll('\\-', '-').replaceAll('"-"', '-'))) return null
  if (!Number.isSafeInteger(value) || value < 0) return null
  const mask = code.replaceAll('\\-', '-').replaceAll('"-"', '-')
  const places = mask.replaceAll('-', '').length
  const digits = String(value).padStart(places, '0')
  let result = ''
  let from = digits.length
  for (let at = mask.length - 1; at >= 0; at--) {
    result = mask[at] === '-' ? `-${result}` : (digits[--from] as string) + result
  }
  return digits.slice(0, from) + result
}

function firstSection(code: string): string {
  for (let at = 0; at < code.length; at++) {
    const letter = code[at]
    if (letter === ';') return code.slice(0, at)
    if (letter === '"') at = closing(code, at, '"')
    else if (letter === '[') at = closing(code, at, ']')
    else if (letter === '\\') at++
  }
  return code
}

function closing(code: string, from: number, mark: string): number {
  const found = code.indexOf(mark, from + 1)
  return found < 0 ? code.length : found
}
