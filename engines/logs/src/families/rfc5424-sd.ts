/** RFC 5424 lines whose facts stand in STRUCTURED-DATA (section 6.3). */
import { newBag, newEvent, parsed } from '../event.ts';
import type { Family } from './family.ts';
import { leave, setAction, setText } from './family.ts';
import { putStandard } from './standard-keys.ts';

export const rfc5424Sd: Family = {
  id: 'rfc5424-sd',
  name: { ja: 'syslog（RFC 5424 構造化データ）', en: 'syslog (RFC 5424 structured data)' },

  match() {
    // The structured data stands in the header, which a sample no longer has.
    return 0;
  },

  parse(line, ctx) {
    const { header } = ctx;
    if (header.version !== 1 || header.sdEnd <= header.sdStart) return null;
    const event = newEvent();
    const unmapped = newBag();
    event['event.kind'] = 'event';
    event['event.category'] = 'host';
    event['event.type'] = 'info';
    event['event.dataset'] = 'rfc5424-sd';
    setAction(event, 'info');
    setText(event, 'event.code', header.msgid);
    setText(event, 'message', line.slice(ctx.start));
    let count = 0;
    for (const [id, name, value] of structuredData(line, header.sdStart, header.sdEnd)) {
      if (id === 'timeQuality' || id === 'meta') count = leave(unmapped, count, `${id}.${name}`, value, ctx);
      else if (id === 'origin' && name === 'software') event['observer.product'] = value;
      else if (id === 'origin' && name === 'swVersion') event['observer.version'] = value;
      else count = putStandard(event, unmapped, count, name, value, ctx, `${id}.${name}`);
    }
    return parsed('rfc5424-sd', event, unmapped);
  },
};

/** The parameters as [SD-ID, PARAM-NAME, PARAM-VALUE]; `\"`, `\\` and `\]` are escapes (section 6.3.3). */
export function structuredData(line: string, from: number, to: number): [string, string, string][] {
  const out: [string, string, string][] = [];
  let pos = from;
  while (pos < to && line.charCodeAt(pos) === 91) {
    let end = ++pos;
    while (end < to && line.charCodeAt(end) !== 32 && line.charCodeAt(end) !== 93) end++;
    const id = line.slice(pos, end).slice(0, 64);
    pos = end;
    while (pos < to && line.charCodeAt(pos) === 32) {
      pos++;
      const equals = line.indexOf('=', pos);
      if (equals < 0 || equals >= to || line.charCodeAt(equals + 1) !== 34) return out;
      const name = line.slice(pos, equals).slice(0, 64);
      let value = '';
      pos = equals + 2;
      let runFrom = pos;
      while (pos < to && line.charCodeAt(pos) !== 34) {
        const next = line.charCodeAt(pos + 1);
        if (line.charCodeAt(pos) === 92 && (next === 34 || next === 92 || next === 93)) {
          value += line.slice(runFrom, pos);
          runFrom = pos + 1;
          pos++;
        }
        pos++;
      }
      out.push([id, name, value + line.slice(runFrom, pos)]);
      pos++;
    }
    if (line.charCodeAt(pos) !== 93) return out;
    pos++;
  }
  return out;
}
