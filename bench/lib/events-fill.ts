/** Events by the million, made by the store itself: one INSERT … SELECT … FROM numbers() writes what would take an hour through a door. */
import type { ChdbEngine } from '../../apps/server/src/kernel/events/chdb.ts';

export interface Filling {
  readonly rows: number;
  readonly orgs: readonly string[];
  /** The span the rows are spread over evenly, oldest first, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** What the engine may hold while it makes rows: blocks of long texts, several at once. */
export const FILL_MEMORY = 3_000_000_000;

/** Rows of one statement; a part of the table holds so many, as after some merges of a door's batches. */
const CHUNK = 500_000;

/**
 * Six of ten are firewall traffic, two web filter, one log-in, half a mail relay, half a virus scan, of about 300 to 600 bytes.
 * Organisations take turns; each has 60 PCs and 40 accounts, and outside addresses and domains from pools that are the same
 * for all, so that what is common is common everywhere.
 */
function sql(from: number, count: number, filling: Filling): string {
  const { orgs } = filling;
  const step = (filling.to - filling.from) / filling.rows;
  const h = (salt: number, max: number): string => `(cityHash64(n, ${salt}) % ${max})`;
  const at = `fromUnixTimestamp64Milli(toInt64(${Math.round(filling.from)} + n * ${step}))`;
  return `INSERT INTO events (org_id, event_id, source_id, device_id, received_at, timestamp, retention, message, event_kind, event_category, event_type, event_action, event_outcome, event_code, event_dataset, event_severity,
    observer_vendor, observer_product, host_name, source_ip, source_port, source_bytes, destination_ip, destination_port, destination_bytes, destination_domain, network_transport, network_protocol, network_direction,
    user_name, rule_id, url_full, url_domain, dns_question_name, file_name, file_hash_sha256, email_from_address, email_to_address, email_subject, log_level, fields, raw)
  WITH ${h(1, 100)} AS k, k < 60 AS traffic, k >= 60 AND k < 80 AS web, k >= 80 AND k < 90 AS login, k >= 90 AND k < 95 AS mail, k >= 95 AS scan,
    n % ${orgs.length} AS o, concat('192.168.', toString(10 + o % 40), '.', toString(20 + ${h(2, 60)})) AS src,
    concat(toString(23 + ${h(3, 180)}), '.', toString(${h(4, 250)}), '.', toString(${h(5, 250)}), '.', toString(1 + ${h(6, 250)})) AS dst,
    concat('PC-', toString(o), '-', toString(20 + ${h(2, 60)})) AS pc, concat('user', toString(${h(7, 40)})) AS person, 1024 + ${h(8, 60000)} AS sport, [443, 80, 53, 25, 22, 3389][1 + ${h(9, 6)}] AS dport,
    concat('host', toString(${h(10, 5000)}), '.site', toString(${h(11, 20000)}), '.example') AS site, ${h(12, 5)} = 0 AS deny, ${at} AS at,
    lower(hex(sipHash64(n, 1))) AS part, concat(part, part, lower(hex(sipHash64(n, 2))), part) AS sha
  SELECT ['${orgs.join("','")}'][1 + o]::UUID, generateUUIDv7(), toUUID('0190a000-0000-7000-8000-000000000001'), NULL, at, at, 'standard',
    if(traffic, 'forward traffic', ''), 'event', if(mail, 'email', if(login, 'authentication', 'network')), if(deny, 'denied', 'allowed'), if(login, if(deny, 'login_failed', 'login_succeeded'), if(mail, 'mail_sent', if(deny, 'blocked', 'allowed'))), if(login AND deny, 'failure', 'success'),
    '0000000013', if(traffic, 'fortigate.traffic', if(web, 'fortigate.webfilter', if(login, 'windows.security', if(mail, 'postfix', 'fortigate.virus')))), 5,
    'Fortinet', 'FortiGate', if(login, pc, ''), if(mail, '', src), if(mail, 0, sport), if(mail, 0, ${h(13, 90000)}), if(mail OR login, '', dst), if(mail OR login, 0, dport), if(mail, 0, ${h(14, 900000)}), if(web, site, ''),
    if(mail, '', 'tcp'), if(dport = 443, 'https', 'http'), if(mail, '', 'outbound'), if(login OR web, person, ''), toString(${h(15, 40)}), if(web, concat('https://', site, '/p/', part, '?id=', toString(sport)), ''), if(web, site, ''), if(web AND deny, site, ''),
    if(scan, concat('file', part, '.pdf'), ''), if(scan, sha, ''), if(mail, concat('sender', toString(${h(16, 3000)}), '@', site), ''), if(mail, concat(person, '@member', toString(o), '.example'), ''), if(mail, concat('ご案内 ', part), ''), 'notice',
    map('sessionid', toString(n), 'policytype', 'policy', 'trandisp', 'snat', 'appcat', 'unscanned'),
    multiIf(
      traffic OR web OR scan, concat('date=', toString(toDate(at)), ' time=', formatDateTime(at, '%H:%i:%S'), ' devname="FG-', toString(o), '" devid="FGT60FTK', toString(${h(17, 100000000)}), '" eventtime=', toString(toUnixTimestamp64Milli(at)), '000000 tz="+0900" logid="0000000013" type="', if(traffic, 'traffic', 'utm'), '" subtype="', if(web, 'webfilter', if(scan, 'virus', 'forward')), '" level="notice" vd="root" srcip=', src, ' srcport=', toString(sport),
        ' srcintf="internal" srcintfrole="lan" dstip=', dst, ' dstport=', toString(dport), ' dstintf="wan1" dstintfrole="wan" srccountry="Reserved" dstcountry="Japan" sessionid=', toString(n), ' proto=6 action="', if(deny, 'deny', 'close'), '" policyid=', toString(${h(15, 40)}), ' policytype="policy" poluuid="', toString(generateUUIDv4()), '" service="HTTPS" trandisp="snat" transip=198.51.100.7 transport=', toString(sport), ' duration=', toString(${h(18, 300)}), ' sentbyte=', toString(${h(13, 90000)}), ' rcvdbyte=', toString(${h(14, 900000)}), ' appcat="unscanned"',
        if(web, concat(' hostname="', site, '" url="https://', site, '/p/', part, '" user="', person, '"'), ''), if(scan, concat(' filename="file', part, '.pdf" analyticscksum="', sha, '"'), '')),
      login, concat('{"EventID":', if(deny, '4625', '4624'), ',"Channel":"Security","Computer":"', pc, '","TargetUserName":"', person, '","TargetDomainName":"MEMBER', toString(o), '","IpAddress":"', src, '","LogonType":', toString(2 + ${h(19, 9)}), ',"ProcessName":"C:\\\\\\\\Windows\\\\\\\\System32\\\\\\\\svchost.exe","RecordID":', toString(n), '}'),
      concat('<22>', formatDateTime(at, '%b %e %H:%i:%S'), ' mx postfix/smtp[', toString(${h(20, 30000)}), ']: ', part, ': from=<sender', toString(${h(16, 3000)}), '@', site, '>, to=<', person, '@member', toString(o), '.example>, relay=mx[192.168.0.5]:25, delay=0.4, dsn=2.0.0, status=sent'))
  FROM (SELECT number AS n FROM numbers(${from}, ${count}))`;
}

/** Fills the table; says what share is done. */
export async function fill(engine: ChdbEngine, filling: Filling, say: (done: number) => void): Promise<void> {
  for (let from = 0; from < filling.rows; from += CHUNK) {
    await engine.run({
      sql: sql(from, Math.min(CHUNK, filling.rows - from), filling),
      settings: { max_threads: 2, max_insert_threads: 1, max_block_size: 16_384, min_insert_block_size_rows: 60_000, min_insert_block_size_bytes: 60_000_000, max_memory_usage: 1_500_000_000, insert_deduplicate: 0 },
    });
    say(Math.min(1, (from + CHUNK) / filling.rows));
  }
}
