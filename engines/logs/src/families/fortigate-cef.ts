/** FortiGate in CEF: the same lines, most keys with a prefix and some under the names of CEF (FortiOS Log Message Reference, "CEF support"). */
import type { ParseContext, ParsedEvent } from '../event.ts';
import { fortigateRecord } from './fortigate.ts';
import { timeValue } from './standard-keys.ts';

const PREFIX = 'FTNTFGT';

/** Keys of CEF, in lower case and also the labels of cs1–cs6 and cn1–cn3, by what FortiGate calls them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['deviceexternalid', 'devid'], ['dvchost', 'devname'], ['src', 'srcip'], ['spt', 'srcport'], ['smac', 'srcmac'], ['shost', 'srcname'], ['dst', 'dstip'], ['dpt', 'dstport'], ['dmac', 'dstmac'], ['deviceinboundinterface', 'srcintf'], ['deviceoutboundinterface', 'dstintf'],
  ['externalid', 'sessionid'], ['proto', 'proto'], ['act', 'action'], ['app', 'service'], ['sourcetranslatedaddress', 'transip'], ['sourcetranslatedport', 'transport'], ['destinationtranslatedaddress', 'tranip'], ['destinationtranslatedport', 'tranport'],
  ['out', 'sentbyte'], ['in', 'rcvdbyte'], ['msg', 'msg'], ['reason', 'reason'], ['outcome', 'status'], ['duser', 'user'], ['suser', 'user'], ['sproc', 'ui'], ['fname', 'filename'], ['fsize', 'filesize'], ['filetype', 'filetype'],
  ['request', 'url'], ['requestmethod', 'httpmethod'], ['requestclientapplication', 'agent'], ['requestcontext', 'catdesc'],
  ['policy id', 'policyid'], ['duration', 'duration'], ['packets sent', 'sentpkt'], ['packets received', 'rcvdpkt'],
]);

/** True where the line has keys as only FortiGate writes them. */
export function isFortigate(pairs: readonly [string, string][]): boolean {
  return pairs.some(([key]) => key.startsWith(PREFIX));
}

/**
 * The pairs under the names of FortiGate, read as its own lines are. The first value of a key stays. `signature` is the end
 * of the number and `name` begins with type and subtype, where no keys say so. Null where nothing does.
 */
export function fortigateCef(pairs: readonly [string, string, string?][], signature: string, name: string, ctx: ParseContext): ParsedEvent | null {
  const record: Record<string, string> = Object.create(null) as Record<string, string>;
  const set = (key: string, value: string): void => {
    record[key] ??= value;
  };
  const setType = (text: string): void => {
    const kind = /^([a-z]{2,16})(?::([\w-]{1,32}))?/.exec(text);
    if (kind?.[1] !== undefined) set('type', kind[1]);
    if (kind?.[2] !== undefined) set('subtype', kind[2]);
  };
  let rt: string | undefined;
  let host: string | undefined;
  for (const [key, value] of pairs) {
    if (value === '') continue;
    if (key.startsWith(PREFIX) && key.length > PREFIX.length) set(key.slice(PREFIX.length), value);
    else if (key === 'cat') setType(value);
    else if (key === 'rt' || key === 'start') rt ??= value;
    else if (key === 'dhost') host ??= value;
    else set(NAMES.get(key.toLowerCase()) ?? key, value);
  }
  if (name.includes(':')) setType(name);
  set('logid', signature);
  // A page is asked for by the name of its host; traffic only knows what the destination is called.
  if (host !== undefined) set(record['type'] === 'traffic' ? 'dstname' : 'hostname', host);
  const told = fortigateRecord(record, ctx);
  if (told !== null && Number.isNaN(told.event['@timestamp'] ?? NaN) && rt !== undefined) {
    const time = timeValue(rt, ctx);
    if (time !== undefined) told.event['@timestamp'] = time;
  }
  return told;
}
