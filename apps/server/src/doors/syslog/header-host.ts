import { parseHeader, SyslogHeader, Zone } from '@banya/logs';

// The host stands near the beginning in every header form; the rest of the line is not looked at.
const HEAD_BYTES = 512;
const UTC = new Zone('UTC');
const header = new SyslogHeader();

/** HOSTNAME of a line's syslog header as sent, or '' where there is none. Reads no more than the first 512 bytes. */
export function headerHost(line: Uint8Array): string {
  const head = Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, HEAD_BYTES)).toString('latin1');
  parseHeader(head, 0, UTC, header);
  return header.host;
}
