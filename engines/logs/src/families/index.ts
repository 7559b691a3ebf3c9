/** The families known, in the order in which an unknown line is offered to them. */
import { cef } from './cef.ts';
import { dhcpd } from './dhcpd.ts';
import type { Family } from './family.ts';
import { fortigate } from './fortigate.ts';
import { generic } from './generic.ts';
import { leef } from './leef.ts';
import { mailGateway } from './mail-gateway.ts';
import { rfc5424Sd } from './rfc5424-sd.ts';
import { yamahaRtx } from './yamaha-rtx.ts';

/** Those that can refuse a line; `generic` takes what remains. */
export const SPECIFIC: readonly Family[] = [fortigate, yamahaRtx, cef, leef, mailGateway, dhcpd, rfc5424Sd];

export const FAMILIES: readonly Family[] = [...SPECIFIC, generic];

export { generic };
