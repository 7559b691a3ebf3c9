import { at, DAY, dayKind, HOUR, monthStart } from '../world/calendar.ts';
import type { DemoMember, World } from '../world/types.ts';
import { serialOf, type DemoLine, OLD_SIGNATURES } from './background.ts';
import { cef, fortigate, mail, router } from './shapes.ts';

/** What a story must lead to: the ground truth of the demonstration. */
export interface Story {
  readonly name: string;
  readonly member: string;
  /** Header host of the source that tells it. */
  readonly source: string;
  /** Rules that must fire at this member, with the severity of their findings. */
  readonly rules: readonly { readonly id: string; readonly severity: 'now' | 'look' | 'fyi' }[];
  /** open: still to be seen to. Otherwise how and when it ended. */
  readonly end: 'open' | { readonly outcome: 'known' | 'handled' | 'false_alarm'; readonly at: number; readonly reason: string };
  /** Lines up to the first opening; `after` those that come while the demonstration is open. */
  readonly lines: readonly DemoLine[];
  readonly after?: (from: number, to: number) => DemoLine[];
}

/** Rules of library/detections that stories meet, by a name of their own here. */
export const RULE = {
  controllerAllowed: 'c998bff9-8a73-5139-b886-2f477264c670', vpnBruteForce: 'd350bf9a-7568-591e-95be-5906060293f1', vpnEntered: '1763184c-f10e-5ab5-9e33-ba571a3e85e1',
  onUsb: '5c9130f7-664c-5396-9ec9-f4907274f114', notRemoved: '6b5ee6ef-e267-5f37-9122-50faa1e71538', settingsChanged: '4b50acd0-51ee-59c9-830c-40a8cd5af850', loginAtNight: 'a971c7e1-791f-54cb-8581-b1fa155ac012',
  patternOutdated: '0182b06c-c15e-56e0-9ef8-cf087438e79b', largeUpload: '7dfd678a-609b-5e58-8b8a-4f5078a5f2d9', outgoingVirus: '8c3fa395-34bd-580f-a0bf-6ec5573602ff', badNameAsked: 'c8b35b5a-f107-5ff5-9da6-18827161ae5c',
  lineUnsteady: '5c087ac4-d208-5e67-bebf-7e5881e01149', lineDown: '22d8e0f5-11b9-579c-b244-386d9d0eae17', licenceEnding: '3b3e8150-2875-51c9-80e6-29f50f2f2e66', agentSilent: 'b1f87012-040e-5641-8c7c-3483bc551327', deviceLoginFailures: 'a056b3e3-c40a-5863-8539-7e799c6ba2fe',
  deviceSilent: 'device.silent', signatureOld: 'signature.old',
} as const;

/** This member's endpoint protection has said nothing for so long. */
export const SILENT = { member: 'watagumo', source: 'epp-watagumo', days: 5 } as const;

export function storiesOf(world: World): Story[] {
  const { anchor } = world;
  const member = (key: string): DemoMember => world.members.find((m) => m.key === key)!;
  const device = (m: DemoMember, host: string) => m.devices.find((d) => d.host === host)!;
  const pc = (m: DemoMember, code: string) => m.devices.find((d) => d.kind === 'pc' && d.host.startsWith(code)) ?? m.devices.find((d) => d.kind === 'pc')!;
  const ago = (days: number, hour: number, minute: number): number => at(anchor - days * DAY, hour, minute);
  /** The nth working day of the month before, so that what happened then is over now. */
  const before = (nth: number, hour: number, minute: number): number => {
    let day = monthStart(anchor, -1);
    for (let left = nth; ; day += DAY) if (dayKind(day) === 'work' && --left < 0) return at(day, hour, minute);
  };
  const one = (when: number, text: (at: number) => string): DemoLine[] => [{ at: when, text: text(when) }];
  const many = (begins: number, n: number, everySeconds: number, text: (at: number) => string): DemoLine[] => Array.from({ length: n }, (_, i) => ({ at: begins + i * everySeconds * 1000, text: text(begins + i * everySeconds * 1000) }));
  const look = (...ids: string[]) => ids.map((id) => ({ id, severity: 'look' as const }));
  const now = (...ids: string[]) => ids.map((id) => ({ id, severity: 'now' as const }));

  const seiki = member('mihanada');
  const keiri = device(seiki, 'KEIRI-03');
  const beacon = (from: number, to: number): DemoLine[] => {
    const lines: DemoLine[] = [];
    for (let hour = Math.floor(from / HOUR); hour * HOUR <= to; hour++) {
      const when = hour * HOUR + 17 * 60_000;
      if (when <= from || when > to) continue;
      lines.push(...one(when, (t) => fortigate(t, 'fg-mihanada', serialOf(seiki), { pri: 188, logid: '0419016384', type: 'utm', subtype: 'ips', level: 'warning' }, { eventtype: 'botnet', severity: 'critical', srcip: keiri.address, dstip: '203.0.113.66', srcintf: 'lan', srcintfrole: 'lan', dstintf: 'wan1', dstintfrole: 'wan', srccountry: 'Reserved', dstcountry: 'Netherlands', action: 'detected', proto: 6, service: 'HTTPS', policyid: 3, attack: 'Example.Botnet', srcport: 51_000 + (hour % 1000), dstport: 443, direction: 'outgoing', attackid: 7_630_075, msg: 'Botnet C&C Communication.' })));
    }
    return lines;
  };

  const unyu = member('kazakiriba');
  const entered = unyu.people[8]!.account;
  const night = ago(2, 2, 10);
  const vpn = { tunneltype: 'ssl-web', tunnelid: 0, remip: '198.51.100.23', user: entered };
  const mailer = pc(unyu, 'HAISHA');
  const suisan = member('todaimori');
  const suisanPc = pc(suisan, 'SOUMU');
  const zeirishi = member('ainezu');
  const zeimu = pc(zeirishi, 'ZEIMU');
  const kensetsu = member('kodamazaka');
  const nightWork = ago(3, 23, 12);
  const ryokan = member('kasumiho');
  const gakuen = member('nijimasu');
  const joho = pc(gakuen, 'JOHO');
  const iryo = member('asanagino');
  const iji = pc(iryo, 'IJI');
  const shoten = member('kohakuneko');
  const tenpo = pc(shoten, 'TENPO');
  const over = (when: number, hours: number, outcome: 'known' | 'handled' | 'false_alarm', reason: string) => ({ outcome, at: when + hours * HOUR, reason });
  const linesDown = (m: DemoMember, when: number): DemoLine[] => many(when, 5, 420, (t) => router(t, `rtx-${m.key}`, 'LAN2: link down'));
  const putAside = { act: 'File quarantined', cs1Label: 'VirusName' };

  return [
    { name: 'a computer in accounting reports to a controller every hour, still', member: 'mihanada', source: 'fg-mihanada', rules: now(RULE.controllerAllowed), end: 'open', lines: beacon(anchor - 29 * HOUR, anchor), after: beacon },
    {
      name: 'passwords tried on the remote access at night, and then one fits', member: 'kazakiriba', source: 'fg-kazakiriba', rules: [...look(RULE.vpnBruteForce), ...now(RULE.vpnEntered)], end: 'open',
      lines: [
        ...many(night, 26, 38, (t) => fortigate(t, 'fg-kazakiriba', serialOf(unyu), { pri: 187, logid: '0101039426', type: 'event', subtype: 'vpn', level: 'alert' }, { logdesc: 'SSL VPN login fail', action: 'ssl-login-fail', ...vpn, group: 'N/A', reason: 'sslvpn_login_permission_denied', msg: 'SSL user failed to logged in' })),
        ...one(night + 31 * 60_000, (t) => fortigate(t, 'fg-kazakiriba', serialOf(unyu), { pri: 190, logid: '0101039947', type: 'event', subtype: 'vpn', level: 'information' }, { logdesc: 'SSL VPN tunnel up', action: 'tunnel-up', ...vpn, tunneltype: 'ssl-tunnel', tunnelid: 771_203, tunnelip: '10.212.134.201', group: 'remote', reason: 'tunnel established', msg: 'SSL tunnel established' })),
      ],
    },
    { name: 'a virus leaves by mail', member: 'kazakiriba', source: 'mx-kazakiriba', rules: now(RULE.outgoingVirus), end: 'open', lines: one(ago(1, 16, 12), (t) => mail(t, 'mx-kazakiriba', 'amavis[771]', `(00771-12) Blocked INFECTED (Example.Mailer.D) {DiscardedOutbound}, [${mailer.address}]:40112 <${mailer.owner!.email}> -> <order@partner.example.com>, Queue-ID: 4Xdemo12abch`)) },
    { name: 'the endpoint protection of a member has fallen silent', member: SILENT.member, source: SILENT.source, rules: look(RULE.deviceSilent), end: 'open', lines: [] },
    { name: 'an infected memory stick is put aside', member: 'todaimori', source: 'epp-todaimori', rules: look(RULE.onUsb), end: 'open', lines: one(ago(1, 14, 23), (t) => cef(t, 'epp-todaimori', 'AV:File quarantined', 'Virus/Malware detected', 8, { shost: suisanPc.host, src: suisanPc.address, suser: suisanPc.owner!.account, ...putAside, fname: 'nouhinsho.exe', filePath: 'E:\\\\nouhinsho.exe', cs1: 'Example.Worm.E' })) },
    { name: 'a virus that cannot be removed', member: 'ainezu', source: 'epp-ainezu', rules: now(RULE.notRemoved), end: 'open', lines: one(anchor - 26 * HOUR, (t) => cef(t, 'epp-ainezu', 'AV:Clean failed', 'Virus/Malware detected', 9, { shost: zeimu.host, src: zeimu.address, suser: zeimu.owner!.account, act: 'Unable to clean file', fname: 'kakunin.exe', filePath: 'C:\\\\Users\\\\Public\\\\kakunin.exe', cs1Label: 'VirusName', cs1: 'Example.Trojan.F' })) },
    {
      name: 'settings changed late at night', member: 'kodamazaka', source: 'rtx-kodamazaka', rules: look(RULE.settingsChanged, RULE.loginAtNight), end: 'open',
      lines: [...one(nightWork, (t) => router(t, 'rtx-kodamazaka', `Login succeeded for HTTP: ${kensetsu.lan}.52 admin`)), ...one(nightWork + 8 * 60_000, (t) => router(t, 'rtx-kodamazaka', `Configuration saved in "CONFIG0" by HTTP(${kensetsu.lan}.52)`))],
    },
    { name: 'virus patterns of a classroom computer are old', member: 'nijimasu', source: 'epp-nijimasu', rules: look(RULE.patternOutdated), end: 'open', lines: one(ago(2, 9, 40), (t) => cef(t, 'epp-nijimasu', 'AU:Out of date', 'Pattern file out-of-date', 6, { shost: joho.host, src: joho.address })) },
    { name: 'a UTM gets no signatures any more', member: OLD_SIGNATURES.member, source: `fg-${OLD_SIGNATURES.member}`, rules: look(RULE.signatureOld), end: 'open', lines: [] },
    {
      name: 'a large amount leaves at night', member: 'kasumiho', source: 'fg-kasumiho', rules: look(RULE.largeUpload), end: 'open',
      lines: one(ago(4, 1, 47), (t) => fortigate(t, 'fg-kasumiho', serialOf(ryokan), { logid: '0000000013', type: 'traffic', subtype: 'forward', level: 'notice' }, { srcip: pc(ryokan, 'FRONT').address, srcport: 52_144, srcname: pc(ryokan, 'FRONT').host, srcintf: 'lan', srcintfrole: 'lan', dstip: '203.0.113.88', dstport: 443, dstintf: 'wan1', dstintfrole: 'wan', srccountry: 'Reserved', dstcountry: 'United States', proto: 6, action: 'close', policyid: 3, policyname: 'LAN to Internet', service: 'HTTPS', duration: 2160, sentbyte: 3_214_880_112, rcvdbyte: 1_882_004 })),
    },
    // The month before: all seen to, as a month's report should show.
    { name: 'a name known as malicious was asked for', member: 'mihanada', source: 'fg-mihanada', rules: look(RULE.badNameAsked), end: over(before(8, 10, 31), 5, 'false_alarm', '取引先の新しいホームページでした。'), lines: one(before(8, 10, 31), (t) => fortigate(t, 'fg-mihanada', serialOf(seiki), { pri: 188, logid: '1501054803', type: 'utm', subtype: 'dns', level: 'warning' }, { eventtype: 'dns-response', srcip: pc(seiki, 'EIGYO').address, srcport: 53_430, dstip: '203.0.113.53', dstport: 53, proto: 17, srcintf: 'lan', srcintfrole: 'lan', dstintf: 'wan1', dstintfrole: 'wan', qname: 'new-office.example.org', qtype: 'A', action: 'redirect', msg: 'Domain belongs to a denied category in policy', cat: 90, catdesc: 'Newly Observed Domain' })) },
    { name: 'patterns of a reception computer were old', member: 'asanagino', source: 'epp-asanagino', rules: look(RULE.patternOutdated), end: over(before(4, 9, 12), 26, 'handled', '長く使っていなかったPCでした。更新しました。'), lines: one(before(4, 9, 12), (t) => cef(t, 'epp-asanagino', 'AU:Out of date', 'Pattern file out-of-date', 6, { shost: iji.host, src: iji.address })) },
    { name: 'a cable was loose', member: 'tsukishizuku', source: 'rtx-tsukishizuku', rules: [...look(RULE.lineUnsteady), { id: RULE.lineDown, severity: 'fyi' }], end: over(before(9, 13, 2), 4, 'handled', 'ケーブルを差し直しました。'), lines: linesDown(member('tsukishizuku'), before(9, 13, 2)) },
    { name: 'the maintenance company changed settings', member: 'hoshikuzuno', source: 'rtx-hoshikuzuno', rules: look(RULE.settingsChanged), end: over(before(7, 14, 20), 20, 'known', '保守の会社に頼んだ作業でした。'), lines: one(before(7, 14, 20), (t) => router(t, 'rtx-hoshikuzuno', `Configuration saved in "CONFIG0" by HTTP(${member('hoshikuzuno').lan}.52)`)) },
    { name: 'a former password was tried on the router', member: 'tsuraranono', source: 'rtx-tsuraranono', rules: look(RULE.deviceLoginFailures), end: over(before(11, 15, 41), 2, 'known', '担当者が前のパスワードを入れていました。'), lines: many(before(11, 15, 41), 6, 30, (t) => router(t, 'rtx-tsuraranono', `Login failed for HTTP: ${member('tsuraranono').lan}.52`)) },
    { name: 'a contract was about to end', member: 'todaimori', source: 'fg-todaimori', rules: look(RULE.licenceEnding), end: over(before(2, 9, 0), 52, 'handled', '更新の見積もりを取り、契約しました。'), lines: one(before(2, 9, 0), (t) => fortigate(t, 'fg-todaimori', serialOf(suisan), { pri: 186, logid: '0100041001', type: 'event', subtype: 'system', level: 'critical' }, { logdesc: 'FortiGuard license expiring', msg: 'FortiGuard antivirus license will expire in 14 days' })) },
    { name: 'a teacher’s computer had not been heard of', member: 'nijimasu', source: 'epp-nijimasu', rules: look(RULE.agentSilent), end: over(before(13, 10, 5), 30, 'handled', '休職中の先生のPCでした。台帳に書きました。'), lines: one(before(13, 10, 5), (t) => cef(t, 'epp-nijimasu', 'AG:Offline', 'Agent offline for 14 days', 5, { shost: pc(gakuen, 'KYOMU').host, src: pc(gakuen, 'KYOMU').address })) },
    { name: 'a memory stick of a supplier was infected', member: 'kohakuneko', source: 'epp-kohakuneko', rules: look(RULE.onUsb), end: over(before(15, 11, 48), 6, 'handled', '仕入先に返し、知らせました。'), lines: one(before(15, 11, 48), (t) => cef(t, 'epp-kohakuneko', 'AV:File quarantined', 'Virus/Malware detected', 8, { shost: tenpo.host, src: tenpo.address, ...putAside, fname: 'catalog.exe', filePath: 'E:\\\\catalog.exe', cs1: 'Example.Worm.G' })) },
  ];
}
