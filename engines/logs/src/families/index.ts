/** The families known, in the order in which an unknown line is offered to them. */
import { auditd } from './auditd.ts';
import { cef } from './cef.ts';
import { checkPoint } from './check-point.ts';
import { dhcpd } from './dhcpd.ts';
import type { Family } from './family.ts';
import { fortigate } from './fortigate.ts';
import { generic } from './generic.ts';
import { leef } from './leef.ts';
import { linux } from './linux.ts';
import { m365 } from './m365.ts';
import { mailGateway } from './mail-gateway.ts';
import { paloAlto } from './palo-alto.ts';
import { rfc5424Sd } from './rfc5424-sd.ts';
import { sonicwall } from './sonicwall.ts';
import { sophos } from './sophos.ts';
import { squid } from './squid.ts';
import { suricata } from './suricata.ts';
import { trendMicro } from './trend-micro.ts';
import { watchguard } from './watchguard.ts';
import { webServer } from './web-server.ts';
import { windows } from './windows.ts';
import { yamahaRtx } from './yamaha-rtx.ts';

/** Those that can refuse a line; `generic` takes what remains. Those that name a maker come before the forms that many makers use. */
export const SPECIFIC: readonly Family[] = [
  fortigate, yamahaRtx, paloAlto, sonicwall, watchguard, sophos, checkPoint, trendMicro, cef, leef, windows, m365, suricata, squid, webServer, mailGateway, linux, auditd, dhcpd, rfc5424Sd,
];

export const FAMILIES: readonly Family[] = [...SPECIFIC, generic];

export { generic };
