import { bsdTime, cefTime, dateOf, timeOf } from '../world/calendar.ts';

/** How each device writes a line. The shapes are those of the makers; what stands in them is invented. */

type Value = string | number;
/** Of a FortiGate (FortiOS log message reference): pairs of key and value; texts in quotes, numbers and addresses bare. */
export function fortigate(at: number, host: string, serial: string, head: { readonly pri?: number; readonly logid: string; readonly type: string; readonly subtype: string; readonly level: string }, rest: Readonly<Record<string, Value>>): string {
  let line = `<${head.pri ?? 189}>${bsdTime(at)} ${host} date=${dateOf(at)} time=${timeOf(at)} devname="${host.toUpperCase()}" devid="${serial}" tz="+0900" logid="${head.logid}" type="${head.type}" subtype="${head.subtype}" level="${head.level}" vd="root"`;
  for (const key in rest) {
    const value = rest[key]!;
    line += typeof value === 'number' || BARE.has(key) ? ` ${key}=${value}` : ` ${key}="${value}"`;
  }
  return line;
}
const BARE = new Set(['srcip', 'dstip', 'remip', 'locip', 'tunnelip', 'transip', 'ip']);

/** Of a Yamaha router: its text behind an RFC 3164 header. */
export const router = (at: number, host: string, text: string): string => `<134>${bsdTime(at)} ${host} ${text}`;

/** Of Postfix and amavis. */
export const mail = (at: number, host: string, program: string, text: string): string => `<22>${bsdTime(at)} ${host} ${program}: ${text}`;

/** CEF (ArcSight, "Implementing CEF") of endpoint protection; values must be free of = and backslash, or escaped by the caller. */
export function cef(at: number, console: string, code: string, name: string, severity: number, rest: Readonly<Record<string, Value>>): string {
  let line = `CEF:0|Trend Micro|Apex Central|2019|${code}|${name}|${severity}|rt=${cefTime(at)} dvchost=${console}`;
  for (const key in rest) line += ` ${key}=${rest[key]!}`;
  return line;
}
