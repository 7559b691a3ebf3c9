import { parseHeader, SyslogHeader, Zone } from '@banya/logs';

// The host stands near the beginning in every header form; the rest of the line is not looked at.
const HEAD_BYTES = 512;
const UTC = new Zone('UTC');
const header = new SyslogHeader();
/** FortiGate's default format has no syslog header beyond the priority: the device's name is its third field. */
const DEVICE_NAME = /\bdevname=(?:"([^"]{1,255})"|([^\s"]{1,255}))/;

/** HOSTNAME of a line's syslog header as sent, else the device's name as FortiGate writes it, or '' where there is neither. Reads no more than the first 512 bytes. */
export function headerHost(line: Uint8Array): string {
  const head = Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, HEAD_BYTES)).toString('latin1');
  // What looks like a year may be a host: the parser tells them by how far from now it is.
  parseHeader(head, Date.now(), UTC, header);
  if (header.host !== '') return header.host;
  const named = DEVICE_NAME.exec(head);
  return named?.[1] ?? named?.[2] ?? '';
}
