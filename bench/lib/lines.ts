/**
 * FortiGate lines of a small office: mostly traffic, some web filter and VPN, and about `hits` of a hundred that detection
 * rules answer to. The texts are made once; `at` puts the moment in, so that a sender can make many a second.
 */
export interface Lines {
  /** The next line, as of `now` (epoch milliseconds), ASCII. */
  next(now: number): string;
}

const PREPARED = 20_000;

/** A linear congruential generator: the same lines for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param hits share of lines that rules answer to, 0 to 1 */
export function fortigateLines(seed: number, hits = 0.015): Lines {
  const next = random(seed);
  const int = (max: number): number => Math.floor(next() * max);
  const pick = <T>(list: readonly T[]): T => list[int(list.length)]!;
  const bodies = Array.from({ length: PREPARED }, () => (next() < hits ? alert(int, pick) : everyday(next, int, pick)));
  const device = `devname="FG-OFFICE-${seed}" devid="FGT60FTK2${String(seed).padStart(7, '0')}"`;
  let at = 0;
  let second = -1;
  let head = '';
  return {
    next(now) {
      if (Math.floor(now / 1000) !== second) {
        second = Math.floor(now / 1000);
        const local = new Date(now + 9 * 3_600_000).toISOString();
        head = `<189>date=${local.slice(0, 10)} time=${local.slice(11, 19)} ${device} eventtime=`;
      }
      const body = bodies[at]!;
      at = (at + 1) % PREPARED;
      return `${head}${now}${String((at * 37) % 1_000_000).padStart(6, '0')} tz="+0900" ${body}`;
    },
  };
}

type Int = (max: number) => number;
type Pick = <T>(list: readonly T[]) => T;

const inside = (int: Int): string => `192.168.${int(4)}.${int(60) + 2}`;
const outside = (int: Int, pick: Pick): string => `${pick(['203.0.113', '198.51.100', '192.0.2'])}.${int(254) + 1}`;

function everyday(next: () => number, int: Int, pick: Pick): string {
  const [src, dst] = [inside(int), outside(int, pick)];
  const flow = `srcip=${src} srcport=${int(60_000) + 1024}`;
  const kind = next();
  if (kind < 0.87) {
    const action = next() < 0.2 ? 'deny' : pick(['close', 'accept', 'timeout']);
    return (
      `logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" ${flow} srcname="PC-${int(200)}" srcintf="lan" srcintfrole="lan" dstip=${dst} dstport=${pick([443, 80, 53, 25, 123])} dstintf="wan1" dstintfrole="wan" ` +
      `srccountry="Reserved" dstcountry="${pick(['Japan', 'United States', 'Germany', 'Viet Nam'])}" sessionid=${int(9e6)} proto=${pick([6, 17])} action="${action}" policyid=${int(40)} policytype="policy" poluuid="51d4f64e-0c1a-51ee-8f3d-${String(int(1e12)).padStart(12, '0')}" ` +
      `policyname="LAN to WAN" service="${pick(['HTTPS', 'HTTP', 'DNS'])}" trandisp="snat" transip=192.0.2.1 transport=${int(60_000) + 1024} duration=${int(900)} sentbyte=${int(1e6)} rcvdbyte=${int(1e7)} sentpkt=${int(1000)} rcvdpkt=${int(5000)} appcat="unscanned" ` +
      `srchwvendor="Example" devtype="Computer" osname="Windows" mastersrcmac="02:00:5e:10:00:${int(90) + 10}" srcmac="02:00:5e:10:00:${int(90) + 10}" srcserver=0`
    );
  }
  if (kind < 0.98)
    return (
      `logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice" vd="root" policyid=${int(40)} sessionid=${int(9e6)} user="user${int(60)}" group="staff" ${flow} srcintf="lan" srcintfrole="lan" dstip=${dst} dstport=443 dstintf="wan1" dstintfrole="wan" ` +
      `proto=6 service="HTTPS" hostname="www${int(500)}.example.com" profile="default" action="passthrough" reqtype="direct" url="https://www.example.com/page/${int(1e5)}?q=${int(1e5)}" sentbyte=${int(9000)} rcvdbyte=${int(9000)} direction="outgoing" msg="URL belongs to an allowed category in policy" method="domain" cat=${int(20) + 30} catdesc="Business"`
    );
  return `logid="0101039424" type="event" subtype="vpn" level="information" vd="root" logdesc="SSL VPN statistics" action="tunnel-stats" tunneltype="ssl-tunnel" tunnelid=${int(9e6)} remip=${dst} tunnelip=10.212.134.${int(200) + 2} user="user${int(60)}" group="vpn" duration=${int(9000)} sentbyte=${int(1e6)} rcvdbyte=${int(1e6)} msg="SSL tunnel statistics"`;
}

/** What a rule answers to: a virus stopped, an attack signature, a sign-in refused, a page of a bad kind. */
function alert(int: Int, pick: Pick): string {
  const [src, dst] = [inside(int), outside(int, pick)];
  switch (int(4)) {
    case 0:
      return `logid="0211008192" type="utm" subtype="virus" eventtype="infected" level="warning" vd="root" msg="File is infected." action="blocked" service="HTTP" srcip=${src} dstip=${dst} srcport=${int(60_000) + 1024} dstport=80 policyid=3 proto=6 direction="incoming" filename="file${int(500)}.zip" virus="EICAR_TEST_FILE" url="http://files.example.net/file${int(500)}.zip"`;
    case 1:
      return `logid="0419016384" type="utm" subtype="ips" eventtype="signature" level="alert" vd="root" severity="critical" srcip=${dst} srccountry="Reserved" dstip=${src} srcintf="wan1" srcintfrole="wan" dstintf="lan" dstintfrole="lan" action="dropped" proto=6 service="HTTP" policyid=5 attack="Apache.Log4j.Error.Log.Remote.Code.Execution" srcport=${int(60_000) + 1024} dstport=80 direction="incoming" attackid=51006 msg="web_app3: Apache.Log4j.Error.Log.Remote.Code.Execution"`;
    case 2:
      return `logid="0100032002" type="event" subtype="system" level="alert" vd="root" logdesc="Admin login failed" sn="0" user="admin" ui="https(${dst})" method="https" srcip=${dst} dstip=192.0.2.1 action="login" status="failed" reason="passwd_invalid" msg="Administrator admin login failed from https(${dst}) because of invalid password"`;
    default:
      return `logid="0316013056" type="utm" subtype="webfilter" eventtype="ftgd_blk" level="warning" vd="root" policyid=${int(40)} sessionid=${int(9e6)} user="user${int(60)}" srcip=${src} srcport=${int(60_000) + 1024} srcintf="lan" srcintfrole="lan" dstip=${dst} dstport=443 dstintf="wan1" dstintfrole="wan" proto=6 service="HTTPS" hostname="bad${int(200)}.example.net" profile="default" action="blocked" reqtype="direct" url="https://bad.example.net/" direction="outgoing" msg="URL belongs to a denied category in policy" method="domain" cat=26 catdesc="Malicious Websites" crscore=30 crlevel="high"`;
  }
}
