/** Synthetic FortiGate lines in the proportions of a small office: mostly traffic, some UTM, few events. Seeded. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function fortigateLines(count: number, seed = 1): string[] {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const int = (max: number): number => Math.floor(next() * max);
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const epoch = 1_767_323_045_000 + i * 37;
    const local = new Date(epoch + 9 * 3_600_000).toISOString();
    const head = `<189>date=${local.slice(0, 10)} time=${local.slice(11, 19)} devname="FG-OFFICE-${int(30)}" devid="FGT60FTK2${int(9)}00${int(90) + 10}" eventtime=${epoch}${String(int(1e6)).padStart(6, '0')} tz="+0900"`;
    const src = `192.168.${int(4)}.${int(250) + 2}`;
    const dst = `${pick(['203.0.113', '198.51.100', '192.0.2'])}.${int(254) + 1}`;
    const flow = `srcip=${src} srcport=${int(60000) + 1024}`;
    const kind = next();
    if (kind < 0.85) {
      const denied = next() < 0.2;
      lines.push(
        `${head} logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" ${flow} srcname="PC-${int(200)}" srcintf="lan" srcintfrole="lan" dstip=${dst} dstport=${pick([443, 80, 53, 25, 123])} dstintf="wan1" dstintfrole="wan" srccountry="Reserved" dstcountry="${pick(['Japan', 'United States', 'Germany', 'Viet Nam'])}" sessionid=${int(9e6)} proto=${pick([6, 17])} action="${denied ? 'deny' : pick(['close', 'accept', 'timeout'])}" policyid=${int(40)} policytype="policy" poluuid="51d4f64e-0c1a-51ee-8f3d-${String(int(1e12)).padStart(12, '0')}" policyname="LAN to WAN" service="${pick(['HTTPS', 'HTTP', 'DNS'])}" trandisp="snat" transip=192.0.2.1 transport=${int(60000) + 1024} duration=${int(900)} sentbyte=${int(1e6)} rcvdbyte=${int(1e7)} sentpkt=${int(1000)} rcvdpkt=${int(5000)} appcat="unscanned" srchwvendor="Example" devtype="Computer" osname="Windows" mastersrcmac="02:00:5e:10:00:${String(int(90) + 10)}" srcmac="02:00:5e:10:00:${String(int(90) + 10)}" srcserver=0`,
      );
    } else if (kind < 0.97) {
      lines.push(
        `${head} logid="0316013056" type="utm" subtype="webfilter" eventtype="ftgd_blk" level="warning" vd="root" policyid=${int(40)} sessionid=${int(9e6)} user="user${int(60)}" group="staff" ${flow} srcintf="lan" srcintfrole="lan" dstip=${dst} dstport=443 dstintf="wan1" dstintfrole="wan" proto=6 service="HTTPS" hostname="www${int(500)}.example.com" profile="default" action="${pick(['blocked', 'passthrough'])}" reqtype="direct" url="https://www.example.com/page/${int(1e5)}?q=${int(1e5)}" sentbyte=${int(9000)} rcvdbyte=${int(9000)} direction="outgoing" msg="URL belongs to a denied category in policy" method="domain" cat=${int(90)} catdesc="Newly Observed Domain" crscore=30 craction=4194304 crlevel="high"`,
      );
    } else {
      lines.push(
        `${head} logid="0101039947" type="event" subtype="vpn" level="information" vd="root" logdesc="SSL VPN tunnel up" action="tunnel-up" tunneltype="ssl-tunnel" tunnelid=${int(9e6)} remip=${dst} tunnelip=10.212.134.${int(200) + 2} user="user${int(60)}" group="vpn" dst_host="N/A" reason="tunnel established" msg="SSL tunnel established"`,
      );
    }
  }
  return lines;
}
