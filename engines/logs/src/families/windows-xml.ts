/** Events as Windows renders them in XML: one pass over the text, no entities but the five of XML and numbers. */
const MAX_DEPTH = 16;
const MAX_TAGS = 2_048;

const ENTITIES: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });

/**
 * Calls `put` with the flat names of the event: members of System under their names, their attributes as `Provider_Name`,
 * values of EventData and UserData under theirs. Returns the time. Text that is cut ends the reading, never fails it.
 */
export function readXmlEvent(line: string, start: number, put: (name: string, value: string) => void): string | undefined {
  let time: string | undefined;
  const path: string[] = [];
  let pos = start;
  let text = '';
  let dataName: string | undefined;
  let unnamed = '';
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    const open = line.indexOf('<', pos);
    if (open < 0) break;
    text += line.slice(pos, open);
    if (line.startsWith('<![CDATA[', open)) {
      const end = line.indexOf(']]>', open);
      if (end < 0) break;
      text += line.slice(open + 9, end);
      pos = end + 3;
      continue;
    }
    const close = line.indexOf('>', open);
    if (close < 0) break;
    pos = close + 1;
    const first = line.charCodeAt(open + 1);
    if (first === 33 || first === 63) continue;
    if (first === 47) {
      const name = path.pop() ?? '';
      const value = decode(text);
      text = '';
      if (name === 'Data' && path.at(-1) === 'EventData') {
        if (dataName !== undefined) put(dataName, value);
        else unnamed += unnamed === '' ? value : `\n${value}`;
        dataName = undefined;
      } else if (path[1] === 'System') {
        if (value !== '') put(name, value);
      } else if (path[1] === 'RenderingInfo') {
        if (name === 'Message') put('Message', value);
      } else if ((path[1] === 'UserData' || path[1] === 'EventData') && value.trim() !== '') put(name, value);
      if (path.length === 0) break;
      continue;
    }
    const alone = line.charCodeAt(close - 1) === 47;
    const tag = line.slice(open + 1, alone ? close - 1 : close);
    const space = tag.search(/\s/);
    const name = space < 0 ? tag : tag.slice(0, space);
    text = '';
    if (space > 0) {
      for (const [key, value] of attributes(tag, space)) {
        if (path[1] === 'System') {
          put(`${name}_${key}`, value);
          if (name === 'TimeCreated' && key === 'SystemTime') time = value;
        } else if (name === 'Data' && key === 'Name') dataName = value;
      }
    }
    if (alone) dataName = name === 'Data' ? undefined : dataName;
    else {
      if (path.length >= MAX_DEPTH) break;
      path.push(name);
    }
  }
  if (unnamed !== '') put('Data', unnamed);
  return time;
}

function attributes(tag: string, from: number): [string, string][] {
  const out: [string, string][] = [];
  let pos = from;
  while (out.length < 16) {
    const equals = tag.indexOf('=', pos);
    if (equals < 0) return out;
    const quote = tag.charAt(equals + 1);
    if (quote !== '"' && quote !== "'") return out;
    const end = tag.indexOf(quote, equals + 2);
    if (end < 0) return out;
    out.push([tag.slice(pos, equals).trim().slice(0, 64), decode(tag.slice(equals + 2, end))]);
    pos = end + 1;
  }
  return out;
}

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
