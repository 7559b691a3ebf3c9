import { Random } from '../random.ts';
import { DAY, HOUR } from '../world/calendar.ts';
import type { DemoDevice, DemoMember, DemoSource, World } from '../world/types.ts';
import { anyMoment, busy, dayMoment, officeMoment } from './rhythm.ts';
import { ATTACKS, BAD_SITES, CORRESPONDENTS, countryOf, MALWARE, scanner, SCANNED, SCANNED_WEIGHTS, service } from './outside.ts';
import { cef, fortigate, mail, router } from './shapes.ts';

export interface DemoLine {
  /** When the device wrote it, epoch milliseconds, whole seconds. */
  readonly at: number;
  readonly text: string;
}

interface Setting {
  readonly world: World;
  readonly member: DemoMember;
  readonly source: DemoSource;
  /** First midnight of the day. */
  readonly day: number;
  readonly random: Random;
  /** Brings traffic and refused connections to the wanted number of lines. */
  readonly scale: number;
}
type Put = (at: number, text: string) => void;

/** The signatures of this member's UTM have not come for so long. */
export const OLD_SIGNATURES = { member: 'kohakuneko', days: 12 } as const;

/** What a device writes on an ordinary day; nothing in it asks anybody to do anything. */
export function background(world: World, member: DemoMember, source: DemoSource, day: number, scale: number): DemoLine[] {
  const lines: DemoLine[] = [];
  const setting = { world, member, source, day, scale, random: new Random(`${world.seed} ${source.host} ${day}`) };
  WRITERS[source.family](setting, (at, text) => void lines.push({ at, text }));
  return lines;
}

/** Lines a day that are scaled, and those that are not, on average; for choosing the scale. */
export function expected(member: DemoMember, source: DemoSource, day: number): { scaled: number; fixed: number } {
  const people = computers(member).length;
  const b = busy(member, day);
  switch (source.family) {
    case 'fortigate': return { scaled: 150 + 11 * people * b, fixed: people * 1.1 * b + 12 };
    case 'yamaha-rtx': return { scaled: 110 + 9 * people * b, fixed: people * 1.1 * b };
    case 'cef': return { scaled: 0, fixed: people * 0.65 * b };
    case 'mail-gateway': return { scaled: 6 * member.people.length * b + 22, fixed: 6 };
  }
}

const computers = (member: DemoMember): DemoDevice[] => member.devices.filter((d) => d.kind === 'pc');
export const serialOf = (member: DemoMember): string => `FGT60F00000000${member.lan.slice(member.lan.lastIndexOf('.') + 1).padStart(2, '0')}`;

const WRITERS: Record<DemoSource['family'], (s: Setting, put: Put) => void> = {
  fortigate(s, put) {
    const { member, source: { host }, day, random, scale } = s;
    const pcs = computers(member);
    const b = busy(member, day);
    const serial = serialOf(member);
    const write = (at: number, head: Parameters<typeof fortigate>[3], rest: Parameters<typeof fortigate>[4]): void => put(at, fortigate(at, host, serial, head, rest));
    for (let i = random.about(150 * scale); i > 0; i--) {
      const [port, name] = SCANNED[random.weighted(SCANNED_WEIGHTS)]!;
      const from = scanner(random);
      write(anyMoment(random, day), { pri: 188, logid: '0001000014', type: 'traffic', subtype: 'local', level: 'warning' }, { srcip: from, srcport: random.int(1025, 65_000), srcintf: 'wan1', srcintfrole: 'wan', dstip: member.wan, dstport: port, dstintf: 'root', dstintfrole: 'undefined', srccountry: countryOf(from), dstcountry: 'Japan', proto: port === 5060 ? 17 : 6, action: 'deny', policyid: 0, policytype: 'local-in-policy', service: name, sentbyte: 0, rcvdbyte: 0 });
    }
    for (let i = random.about(11 * pcs.length * b * scale); i > 0; i--) {
      const pc = random.pick(pcs);
      const to = service(random);
      write(officeMoment(random, day), { logid: '0000000013', type: 'traffic', subtype: 'forward', level: 'notice' }, { srcip: pc.address, srcport: random.int(49_152, 65_000), srcname: pc.host, srcintf: 'lan', srcintfrole: 'lan', dstip: to, dstport: random.chance(0.92) ? 443 : 80, dstintf: 'wan1', dstintfrole: 'wan', srccountry: 'Reserved', dstcountry: random.chance(0.7) ? 'Japan' : countryOf(to), proto: 6, action: 'close', policyid: 3, policyname: 'LAN to Internet', service: 'HTTPS', trandisp: 'snat', transip: member.wan, duration: random.int(1, 300), sentbyte: random.int(400, 180_000), rcvdbyte: random.int(900, 4_000_000), srcmac: pc.mac });
    }
    for (const pc of pcs) {
      if (!random.chance(0.9 * b)) continue;
      write(day + random.int(8 * 3600, 9.5 * 3600) * 1000, { pri: 190, logid: '0100026001', type: 'event', subtype: 'system', level: 'information' }, { logdesc: 'DHCP Ack log', interface: 'lan', dhcp_msg: 'Ack', mac: pc.mac.toUpperCase(), ip: pc.address, lease: 86_400, hostname: pc.host, msg: 'DHCP server sends a DHCPACK' });
    }
    const stale = member.key === OLD_SIGNATURES.member ? s.world.anchor - OLD_SIGNATURES.days * DAY : Infinity;
    for (let hour = 1; hour < 24; hour += 6) {
      const at = day + hour * HOUR + random.int(0, 1200) * 1000;
      if (at < stale) write(at, { logid: '0100041000', type: 'event', subtype: 'system', level: 'notice' }, { logdesc: 'FortiGate update succeeded', status: 'update', msg: 'Fortigate scheduled update fcni=yes fdni=yes fsci=yes virdb=yes from 203.0.113.100:443' });
    }
    for (let i = random.about(4); i > 0; i--) {
      const from = scanner(random);
      write(anyMoment(random, day), { pri: 185, logid: '0419016384', type: 'utm', subtype: 'ips', level: 'alert' }, { eventtype: 'signature', severity: 'high', srcip: from, srccountry: countryOf(from), dstip: member.wan, srcintf: 'wan1', srcintfrole: 'wan', dstintf: 'dmz', dstintfrole: 'dmz', action: 'dropped', proto: 6, service: 'HTTP', policyid: 12, attack: random.pick(ATTACKS), srcport: random.int(1025, 65_000), dstport: 80, direction: 'outgoing', attackid: random.int(50_000, 52_000), profile: 'protect_http_server' });
    }
    if (random.chance(0.012 * pcs.length * b)) {
      const [bad, category, number] = random.pick(BAD_SITES);
      const pc = random.pick(pcs);
      write(dayMoment(random, day), { pri: 188, logid: '0316013056', type: 'utm', subtype: 'webfilter', level: 'warning' }, { eventtype: 'ftgd_blk', policyid: 3, srcip: pc.address, srcport: random.int(49_152, 65_000), srcintf: 'lan', srcintfrole: 'lan', dstip: service(random), dstport: 443, dstintf: 'wan1', dstintfrole: 'wan', proto: 6, service: 'HTTPS', hostname: bad, profile: 'default', action: 'blocked', url: '/', direction: 'outgoing', msg: 'URL belongs to a denied category in policy', cat: number, catdesc: category });
    }
    for (let i = random.about(0.08 * pcs.length * b); i > 0; i--) {
      const { account } = random.pick(member.people);
      const begins = dayMoment(random, day);
      const from = `203.0.113.${random.int(101, 127)}`;
      const tunnel = { tunneltype: 'ssl-tunnel', tunnelid: random.int(1000, 9_999_999), remip: from, tunnelip: `10.212.134.${random.int(10, 200)}`, user: account, group: 'remote' };
      if (random.chance(0.1)) write(begins - 20_000, { pri: 187, logid: '0101039426', type: 'event', subtype: 'vpn', level: 'alert' }, { logdesc: 'SSL VPN login fail', action: 'ssl-login-fail', tunneltype: 'ssl-web', tunnelid: 0, remip: from, user: account, group: 'N/A', reason: 'sslvpn_login_permission_denied', msg: 'SSL user failed to logged in' });
      write(begins, { pri: 190, logid: '0101039947', type: 'event', subtype: 'vpn', level: 'information' }, { logdesc: 'SSL VPN tunnel up', action: 'tunnel-up', ...tunnel, reason: 'tunnel established', msg: 'SSL tunnel established' });
      write(begins + random.int(1200, 14_400) * 1000, { pri: 190, logid: '0101039948', type: 'event', subtype: 'vpn', level: 'information' }, { logdesc: 'SSL VPN tunnel down', action: 'tunnel-down', ...tunnel, reason: 'N/A', msg: 'SSL tunnel shutdown' });
    }
  },

  'yamaha-rtx'(s, put) {
    const { member, source: { host }, day, random, scale } = s;
    const pcs = computers(member);
    const b = busy(member, day);
    for (let i = random.about(110 * scale); i > 0; i--) {
      const at = anyMoment(random, day);
      const [port] = SCANNED[random.weighted(SCANNED_WEIGHTS)]!;
      put(at, router(at, host, `PP[01] Rejected at IN(2000) filter: ${port === 5060 ? 'UDP' : 'TCP'} ${scanner(random)}:${random.int(1025, 65_000)} > ${member.wan}:${port}`));
    }
    for (let i = random.about(9 * pcs.length * b * scale); i > 0; i--) {
      const at = officeMoment(random, day);
      put(at, router(at, host, `[INSPECT] PP[01][out][101] TCP ${random.pick(pcs).address}:${random.int(49_152, 65_000)} > ${service(random)}:443`));
    }
    for (const [i, pc] of pcs.entries()) {
      if (!random.chance(0.9 * b)) continue;
      const at = day + random.int(8 * 3600, 9.5 * 3600) * 1000;
      put(at, router(at, host, `[DHCPD] LAN1(port${(i % 8) + 1}) ${random.chance(0.3) ? 'Allocates' : 'Extends'} ${pc.address}: ${pc.mac}`));
    }
  },

  cef(s, put) {
    const { member, source: { host }, day, random } = s;
    const pcs = computers(member);
    const b = busy(member, day);
    for (const pc of pcs) {
      const facts = { shost: pc.host, src: pc.address };
      if (random.chance(0.6 * b)) {
        const at = day + random.int(8 * 3600, 12 * 3600) * 1000;
        put(at, cef(at, host, 'AU:Pattern updated', 'Pattern updated', 1, { ...facts, cn1Label: 'Pattern', cn1: 19_000 + Math.floor(day / DAY) % 1000 }));
      }
      if (random.chance(0.03 * b)) {
        const at = dayMoment(random, day);
        put(at, cef(at, host, 'DAC:Device access', 'USB storage connected', 3, { ...facts, suser: pc.owner?.account ?? '', act: 'Allow', cs2Label: 'Device Model', cs2: 'USB Memory 32GB' }));
      }
      if (random.chance(0.0015 * b)) {
        const at = dayMoment(random, day);
        put(at, cef(at, host, 'AV:File cleaned', 'Virus/Malware detected', 5, { ...facts, act: 'Cleaned', fname: 'setup.exe', filePath: 'C:\\\\Users\\\\Public\\\\Downloads\\\\setup.exe', cs1Label: 'VirusName', cs1: random.pick(MALWARE) }));
      }
    }
  },

  'mail-gateway'(s, put) {
    const { member, source: { host }, day, random, scale } = s;
    const b = busy(member, day);
    const queue = (): string => `4X${random.int(36 ** 7, 36 ** 8 - 1).toString(36)}`;
    for (let i = random.about((6 * member.people.length * b * scale) / 2); i > 0; i--) {
      const at = officeMoment(random, day);
      const person = random.pick(member.people);
      const other = `${random.pick(['info', 'sales', 'order', 'news', 'contact'])}@${random.pick(CORRESPONDENTS)}`;
      const id = queue();
      const sent = random.chance(0.35);
      put(at, mail(at, host, `postfix/qmgr[${random.int(900, 999)}]`, `${id}: from=<${sent ? person.email : other}>, size=${random.int(2_000, 900_000)}, nrcpt=1 (queue active)`));
      put(at + 1000, mail(at + 1000, host, `postfix/smtp[${random.int(1000, 9999)}]`, `${id}: to=<${sent ? other : person.email}>, relay=${sent ? `mx.${other.slice(other.indexOf('@') + 1)}[${service(random)}]:25` : `${member.lan}.5[${member.lan}.5]:25`}, delay=0.${random.int(2, 9)}, dsn=2.0.0, status=sent (250 2.0.0 OK)`));
    }
    for (let i = random.about(22 * scale); i > 0; i--) {
      const at = anyMoment(random, day);
      const to = random.pick(member.people).email;
      const from = `info@${random.pick(CORRESPONDENTS)}`;
      const why = random.chance(0.4) ? `550 5.7.23 <${to}>: Recipient address rejected: Message rejected due to: SPF fail - not authorized` : `554 5.7.1 Service unavailable; Client host blocked`;
      put(at, mail(at, host, `postfix/smtpd[${random.int(1000, 9999)}]`, `NOQUEUE: reject: RCPT from unknown[${scanner(random)}]: ${why}; from=<${from}> to=<${to}> proto=ESMTP helo=<mail>`));
    }
    if (random.chance(0.3)) {
      const at = anyMoment(random, day);
      put(at, mail(at, host, 'amavis[771]', `(00771-0${random.int(1, 9)}) Blocked INFECTED (${random.pick(MALWARE)}) {DiscardedInbound,Quarantined}, [${scanner(random)}]:40000 <invoice@example.com> -> <${random.pick(member.people).email}>, quarantine: v/virus-${random.int(100, 999)}, Queue-ID: ${queue()}`));
    }
    if (random.chance(0.35)) {
      const begins = anyMoment(random, day);
      const from = scanner(random);
      for (let i = 0; i < 14; i++) {
        const at = begins + i * 25_000;
        put(at, mail(at, host, 'postfix/smtpd[4411]', `warning: unknown[${from}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=${random.pick(['info', 'sales', 'admin'])}@${member.domain}`));
      }
    }
  },
};
