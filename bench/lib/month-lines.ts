/** Lines of a member's firewall through a month: what is ordinary, with its small accidents, and what an intruder leaves. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const JST = 9 * HOUR;

export type Random = () => number;
/** A linear congruential generator: the same month for the same seed. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface TimedLine {
  readonly at: number;
  readonly text: string;
}

/** A member as the generator knows it. */
export interface Habits {
  readonly index: number;
  readonly users: readonly string[];
  /** Somebody looks at the firewall's settings every working day; elsewhere once a week. */
  readonly daily: boolean;
}

export const habitsOf = (index: number): Habits => ({ index, users: Array.from({ length: 4 + (index % 9) }, (_, i) => `user${index}-${i}`), daily: index % 5 === 0 });

/** A FortiGate's line at a moment, in Japan's time. */
export function fortigate(member: number, at: number, body: string): TimedLine {
  const local = new Date(at + JST).toISOString();
  return { at, text: `<189>date=${local.slice(0, 10)} time=${local.slice(11, 19)} devname="FG-${member}" devid="FGT60F${String(member).padStart(10, '0')}" tz="+0900" ${body}` };
}

export const vpnUp = (user: string, ip: string, country: string): string => `logid="0101039424" type="event" subtype="vpn" level="information" logdesc="SSL VPN tunnel up" action="tunnel-up" tunneltype="ssl-web" remip=${ip} srccountry="${country}" user="${user}" msg="SSL tunnel established"`;
export const vpnFailed = (user: string, ip: string): string => `logid="0101039426" type="event" subtype="vpn" level="alert" logdesc="SSL VPN login fail" action="ssl-login-fail" tunneltype="ssl-web" remip=${ip} user="${user}" reason="sslvpn_login_permission_denied" msg="SSL user failed to logged in"`;
export const adminIn = (user: string): string => `logid="0100032001" type="event" subtype="system" level="information" logdesc="Admin login successful" user="${user}" ui="https(192.168.1.5)" method="https" srcip=192.168.1.5 dstip=192.168.1.1 action="login" status="success" msg="Administrator ${user} logged in successfully from https(192.168.1.5)"`;
const lan = 'srcintf="lan" srcintfrole="lan" dstintf="wan1" dstintfrole="wan"';
const wan = 'srcintf="wan1" srcintfrole="wan" dstintf="lan" dstintfrole="lan"';
export const botnet = (ip: string, action: 'dropped' | 'detected'): string => `logid="0419016384" type="utm" subtype="ips" eventtype="botnet" level="warning" severity="critical" srcip=192.168.1.23 dstip=${ip} ${lan} action="${action}" proto=6 service="HTTPS" attack="Example.Botnet" srcport=51000 dstport=443 direction="outgoing" attackid=7630075 msg="Botnet C&C Communication."`;
export const ips = (source: string, target: string, action: 'dropped' | 'detected', inbound: boolean): string => `logid="0419016384" type="utm" subtype="ips" eventtype="signature" level="alert" severity="high" srcip=${source} srccountry="Germany" dstip=${target} ${inbound ? wan : lan} action="${action}" proto=6 service="HTTP" attack="Example.Server.Remote.Code.Execution" srcport=44444 dstport=80 direction="${inbound ? 'incoming' : 'outgoing'}" attackid=51006 msg="web_server: Example.Server.Remote.Code.Execution"`;
export const virus = (action: 'blocked' | 'monitored', from: string): string => `logid="0211008192" type="utm" subtype="virus" eventtype="infected" level="warning" msg="File is infected." action="${action}" service="HTTP" srcip=192.168.1.23 dstip=${from} srcport=51000 dstport=80 ${lan} policyid=3 proto=6 direction="incoming" filename="invoice.zip" virus="EICAR_TEST_FILE"`;
export const upload = (bytes: number, to: string): string => `logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 srcport=40022 ${lan} dstip=${to} dstport=443 proto=6 action="close" policyid=9 sentbyte=${bytes} rcvdbyte=9000`;
export const newAdmin = 'logid="0100044547" type="event" subtype="system" level="information" logdesc="Object attribute configured" user="admin" ui="GUI(192.168.1.9)" action="Add" cfgtid=1 cfgpath="system.admin" cfgobj="x" msg="Add system.admin support2"';
export const smbDenied = (n: number): string => `logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 srcport=40022 dstip=10.1.2.${n} dstport=445 proto=6 action="deny" policyid=0 service="SMB"`;

const web = (user: string, host: string): string => `logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice" policyid=3 user="${user}" srcip=192.168.1.24 srcport=50001 ${lan} dstip=203.0.113.80 dstport=443 proto=6 service="HTTPS" hostname="${host}" profile="default" action="passthrough" reqtype="direct" url="https://${host}/" sentbyte=900 rcvdbyte=9000 direction="outgoing" msg="URL belongs to an allowed category in policy" cat=52 catdesc="Business"`;
const traffic = (roll: Random): string => `logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.${10 + Math.floor(roll() * 40)} srcport=${20_000 + Math.floor(roll() * 30_000)} ${lan} dstip=203.0.113.${1 + Math.floor(roll() * 250)} dstport=443 proto=6 action="close" policyid=3 service="HTTPS" sentbyte=${Math.floor(roll() * 9e5)} rcvdbyte=${Math.floor(roll() * 9e6)}`;
const refused = (roll: Random): string => `logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=198.51.100.${1 + Math.floor(roll() * 250)} srcport=50000 ${wan} dstip=192.168.1.1 dstport=${[22, 23, 3389, 445][Math.floor(roll() * 4)]} proto=6 action="deny" policyid=0 service="tcp"`;
const updated = 'logid="0100041000" type="event" subtype="system" level="notice" logdesc="FortiGate update succeeded" status="update" msg="Fortigate scheduled update fcni=yes fdni=yes fsci=yes virdb update succeeded"';
const restarted = 'logid="0100032009" type="event" subtype="system" level="information" logdesc="FortiGate started" msg="Fortigate started"';
const changed = 'logid="0100044547" type="event" subtype="system" level="information" logdesc="Object attribute configured" user="hoshu" ui="GUI(192.168.1.9)" action="Edit" cfgtid=1 cfgpath="firewall.policy" cfgobj="12" msg="Edit firewall.policy 12"';
const SUFFIXES = ['com', 'jp', 'net', 'com', 'jp', 'com', 'io', 'org', 'dev', 'cloud', 'app', 'info', 'biz', 'tv', 'me', 'co', 'site', 'store', 'xyz', 'de', 'uk'];
const COUNTRIES = ['United States', 'Germany', 'Viet Nam', 'Thailand', 'Korea, Republic of'];

/** The ordinary lines of one hour. `perDay`: lines of a working day, most of them between eight and seven. */
export function ordinary(member: Habits, from: number, perDay: number, roll: Random): TimedLine[] {
  const local = new Date(from + JST);
  const hour = local.getUTCHours();
  const workday = local.getUTCDay() > 0 && local.getUTCDay() < 6;
  const working = workday && hour >= 8 && hour < 19;
  const lines: TimedLine[] = [];
  const say = (body: string): void => void lines.push(fortigate(member.index, from + Math.floor(roll() * HOUR), body));
  /** Where this member's people are at home. */
  const home = `198.18.${member.index >> 8}.${member.index & 255}`;
  const user = (): string => member.users[Math.floor(roll() * member.users.length)]!;
  /** So often a day, spread over the hours in which it happens. */
  const often = (aDay: number, hours: number): boolean => roll() < aDay / hours;
  const count = Math.floor(perDay * (working ? 0.065 : workday ? 0.02 : 0.012) + roll());
  for (let i = 0; i < count; i++) {
    const kind = roll();
    say(kind < 0.72 ? traffic(roll) : kind < 0.85 ? refused(roll) : web(user(), `www${Math.floor(roll() * 400)}.example.${SUFFIXES[Math.floor(roll() ** 2 * SUFFIXES.length)]}`));
  }
  if (working) {
    if (often(3, 11)) {
      const who = user();
      // Somebody mistypes, and gets in.
      if (roll() < 0.15) say(vpnFailed(who, home));
      say(vpnUp(who, home, 'Japan'));
    }
    if (member.daily ? often(1, 3) && hour >= 9 && hour < 12 : local.getUTCDay() === 3 && hour === 10) say(adminIn('hoshu'));
    if (often(0.02, 11)) say(changed);
    // A trip abroad.
    if (often(0.003, 11)) say(vpnUp(user(), '203.0.113.44', COUNTRIES[Math.floor(roll() * COUNTRIES.length)]!));
    if (often(0.04, 11)) say(virus('blocked', '203.0.113.90'));
    if (often(0.004, 11)) say(botnet(`203.0.113.${100 + Math.floor(roll() * 100)}`, 'dropped'));
  } else if (workday && hour >= 19 && hour < 23 && often(0.2, 4)) say(vpnUp(user(), home, 'Japan'));
  if (often(3, 24)) say(ips(`198.51.100.${1 + Math.floor(roll() * 250)}`, '192.168.1.5', 'dropped', true));
  if (hour === 4) say(updated);
  if (often(0.01, 24)) say(restarted);
  return lines;
}

/** What an intruder leaves at one member, or at several, and the finding that must come of it. */
export interface Story {
  readonly name: string;
  /** Day of the month and hour in Japan at which it begins. */
  readonly day: number;
  readonly hour: number;
  /** Places among the members, as shares of their number. */
  readonly where: readonly number[];
  /** Hours between one member and the next. */
  readonly apartHours: number;
  /** Rule ids, one of which must have found it. */
  readonly rules: readonly string[];
  /** What the finding must know besides. */
  readonly slot?: string;
  /** At a member whose settings are looked at every working day. */
  readonly daily?: boolean;
  lines(member: number, from: number): TimedLine[];
}

const every = (member: number, from: number, seconds: number, times: number, body: (n: number) => string): TimedLine[] => Array.from({ length: times }, (_, n) => fortigate(member, from + n * seconds * 1000, body(n + 1)));
const once = (body: string) => (member: number, from: number): TimedLine[] => [fortigate(member, from, body)];
const one = (name: string, day: number, hour: number, where: number, rules: readonly string[], lines: Story['lines']): Story => ({ name, day, hour, where: [where], apartHours: 0, rules, lines });

export const STORIES: readonly Story[] = [
  one('remote access entered after many failures', 2, 2, 0.03, ['1763184c-f10e-5ab5-9e33-ba571a3e85e1'], (m, from) => [...every(m, from, 20, 12, () => vpnFailed(`user${m}-0`, '203.0.113.9')), fortigate(m, from + 260_000, vpnUp(`user${m}-0`, '203.0.113.9', 'Japan'))]),
  // Every sign-in from abroad is told; this one must be told as the first from there.
  { ...one('stolen password used from a country never used', 4, 15, 0.13, ['512f08e2-e0f2-5ec0-b971-987bdee9a96c'], (m, from) => [fortigate(m, from, vpnUp(`user${m}-1`, '203.0.113.201', 'Brazil'))]), slot: 'banya.new_days' },
  { ...one('settings opened under a name never used', 6, 10, 0.2, ['first.admin_name'], once(adminIn('sysop7'))), daily: true },
  { ...one('settings opened at an hour at which nobody does', 8, 21, 0.3, ['first.admin_hour'], once(adminIn('hoshu'))), daily: true },
  one('a computer talks to a controller', 9, 11, 0.37, ['c998bff9-8a73-5139-b886-2f477264c670'], (m, from) => every(m, from, 600, 4, () => botnet('203.0.113.66', 'detected'))),
  one('a virus is let through', 11, 14, 0.43, ['5501788a-cdc9-5e03-b9af-0006b3f1d597'], once(virus('monitored', '203.0.113.91'))),
  one('one computer tries all others', 13, 3, 0.53, ['7beb54b7-a650-5267-a44d-25383545d394'], (m, from) => every(m, from, 2, 40, smbDenied)),
  one('one computer attacks others', 16, 16, 0.57, ['4395a615-3558-5ca2-a37d-a1f61082bcfc'], once(ips('192.168.1.5', '198.51.100.66', 'dropped', false))),
  one('files leave in the night', 18, 1, 0.63, ['7dfd678a-609b-5e58-8b8a-4f5078a5f2d9'], (m, from) => every(m, from, 300, 3, () => upload(700_000_000, '203.0.113.70'))),
  one('a new administrator is made', 21, 23, 0.73, ['133b0e02-5368-5735-9eb7-7e7aa23c48aa'], once(newAdmin)),
  one('an attack on a server is not stopped', 24, 5, 0.83, ['7ecd49f5-2f49-56dd-9af4-73f0ff28da85'], once(ips('198.51.100.200', '192.168.1.5', 'detected', true))),
  { name: 'the same controller at four members', day: 26, hour: 9, where: [0.07, 0.47, 0.67, 0.93], apartHours: 3, rules: ['6a1645f2-e229-5c7e-8f9e-d5a994bf785f'], lines: (m, from) => every(m, from, 120, 2, () => botnet('203.0.113.250', 'dropped')) },
];

export const atJapan = (start: number, day: number, hour: number): number => start + (day - 1) * DAY + hour * HOUR;
