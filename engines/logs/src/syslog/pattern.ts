/** Times written by a pattern that the line itself gives, in the letters of Java (`dd/MM/yyyy HH:mm:ss`). */
import { fullYear, type Zone } from './time.ts';
import { timeOf } from './timestamp.ts';

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * Epoch milliseconds of `text` by `pattern`, or NaN where one does not fit the other. Letters understood: y M d H h k K m s S
 * a E z Z X, text between apostrophes, and all other signs as themselves. Without a year it is the latest one that is not far ahead of the receipt.
 */
export function timeByPattern(text: string, pattern: string, receivedAt: number, zone: Zone): number {
  if (text.length > 64 || pattern.length > 64) return NaN;
  let [year, month, day, hour, minute, second, fraction, rest] = [-1, -1, -1, 0, 0, 0, '', ''];
  let half = -1;
  let pos = 0;
  const digits = (max: number): number => {
    const from = pos;
    while (pos - from < max && text.charCodeAt(pos) >= 48 && text.charCodeAt(pos) <= 57) pos++;
    return pos === from ? NaN : Number(text.slice(from, pos));
  };
  const word = (): string => {
    const from = pos;
    while (/[^\s,;()]/.test(text.charAt(pos))) pos++;
    return text.slice(from, pos);
  };
  for (let i = 0; i < pattern.length; ) {
    const letter = pattern.charAt(i);
    if (letter === "'") {
      const end = pattern.indexOf("'", i + 1);
      const fixed = end === i + 1 ? "'" : pattern.slice(i + 1, end < 0 ? pattern.length : end);
      if (!text.startsWith(fixed, pos)) return NaN;
      pos += fixed.length;
      i = end < 0 ? pattern.length : end + 1;
      continue;
    }
    if (!/[A-Za-z]/.test(letter)) {
      if (text.charAt(pos) !== letter) return NaN;
      pos++;
      i++;
      continue;
    }
    let count = 1;
    while (pattern.charAt(i + count) === letter) count++;
    i += count;
    // Where figures follow at once, a part is as wide as its letters.
    const width = /[A-Za-z]/.test(pattern.charAt(i)) ? count : undefined;
    if (letter === 'y' || letter === 'u') {
      const from = pos;
      year = digits(width ?? 4);
      if (pos - from === 2) year = fullYear(year);
    } else if (letter === 'M' || letter === 'L') {
      if (count < 3) month = digits(width ?? 2);
      else {
        const from = pos;
        while (/[A-Za-z]/.test(text.charAt(pos))) pos++;
        if (text.charAt(pos) === '.' && pattern.charAt(i) !== '.') pos++;
        const begun = text.slice(from, from + 3).toLowerCase();
        month = NAMES.findIndex((name) => name.toLowerCase() === begun) + 1;
      }
    } else if (letter === 'd') {
      if (text.charCodeAt(pos) === 32) pos++;
      day = digits(width ?? 2);
    } else if (letter === 'H' || letter === 'h' || letter === 'k' || letter === 'K') hour = digits(width ?? 2);
    else if (letter === 'm') minute = digits(width ?? 2);
    else if (letter === 's') second = digits(width ?? 2);
    else if (letter === 'S') {
      const from = pos;
      digits(9);
      fraction = text.slice(from, pos);
    } else if (letter === 'a') half = word().toLowerCase().startsWith('p') ? 1 : 0;
    else if (letter === 'E') word();
    else if (letter === 'z' || letter === 'Z' || letter === 'X' || letter === 'x') rest = word();
    else return NaN;
  }
  if (half >= 0) hour = (hour % 12) + half * 12;
  else if (hour === 24) hour = 0;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60) || Number.isNaN(year)) return NaN;
  const clock = `${two(hour)}:${two(minute)}:${two(second)}${fraction === '' ? '' : `.${fraction}`}`;
  // A written zone is read as in all other times: beside the clock where it is an offset, behind a space where it is a name.
  const tail = rest === '' || /^(?:Z$|[+-])/.test(rest) ? rest : ` ${rest}`;
  const whole = year < 0 ? `${NAMES[month - 1] ?? ''} ${day} ${clock}${tail}` : `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${clock}${tail}`;
  return timeOf(whole, receivedAt, zone);
}
