/** Records of the Linux audit system: `type=USER_LOGIN msg=audit(1767323045.123:456): …` (auditd(8), "Audit event fields"). */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type ParseContext, type ParsedEvent } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { setAction, setText, wholeNumber, type Family } from './family.ts';
import { keyValues, said, targets, tell, type Values } from './pairs.ts';

const FIELDS = targets({
  type: null, msg: null, node: 'host.name', pid: null, ppid: null, uid: null, auid: null, ses: null, acct: null, exe: 'process.executable', comm: 'process.name', hostname: null, addr: null, laddr: null, rport: 'source.port', lport: 'destination.port', terminal: null, tty: null, res: null, success: null, op: null, cwd: null, name: 'file.path', key: null, proctitle: null, cmd: null, unit: 'service.name', AUID: null, UID: null, arch: null, syscall: null, exit: null, id: null, grp: 'user.group.name', vm: null, grantors: null,
});

export const auditd: Family = {
  id: 'auditd',
  name: { ja: 'Linux 監査ログ（auditd）', en: 'Linux audit log (auditd)' },

  match(sample) {
    return markAt(sample, 0) >= 0 || /^[A-Z][A-Z0-9_]{2,40} pid=\d{1,10} uid=\d{1,10} auid=\d/.test(sample) ? 1 : 0;
  },

  parse(line, ctx) {
    const at = markAt(line, ctx.header.tagStart);
    if (at >= 0) return build(line, at, ctx);
    if (ctx.header.app !== 'audit') return null;
    JOURNAL.lastIndex = ctx.start;
    const m = JOURNAL.exec(line);
    return m ? tellRecord(m[1] ?? m[2] ?? '', line, ctx.start, JOURNAL.lastIndex, newEvent(), ctx) : null;
  },
};

/** What the journal makes of a record: `audit[1]: USER_AUTH pid=…`, without time and number. */
const JOURNAL = /(?:([A-Z][A-Z0-9_]{1,39}|UNKNOWN\[\d{1,6}\])|<audit-(\d{1,6})>) (?=\S)/y;

/** The kernel writes the numbers of types instead of their names (audit.h of Linux, audit-records.h of the audit library). 1400 keeps its number, by which it is known. */
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ['1006', 'LOGIN'], ['1100', 'USER_AUTH'], ['1101', 'USER_ACCT'], ['1102', 'USER_MGMT'], ['1103', 'CRED_ACQ'], ['1104', 'CRED_DISP'], ['1105', 'USER_START'], ['1106', 'USER_END'], ['1107', 'USER_AVC'], ['1108', 'USER_CHAUTHTOK'],
  ['1109', 'USER_ERR'], ['1110', 'CRED_REFR'], ['1112', 'USER_LOGIN'], ['1113', 'USER_LOGOUT'], ['1114', 'ADD_USER'], ['1115', 'DEL_USER'], ['1116', 'ADD_GROUP'], ['1117', 'DEL_GROUP'], ['1123', 'USER_CMD'],
  ['1127', 'SYSTEM_BOOT'], ['1128', 'SYSTEM_SHUTDOWN'], ['1130', 'SERVICE_START'], ['1131', 'SERVICE_STOP'],
  ['1300', 'SYSCALL'], ['1302', 'PATH'], ['1305', 'CONFIG_CHANGE'], ['1306', 'SOCKADDR'], ['1307', 'CWD'], ['1309', 'EXECVE'], ['1325', 'NETFILTER_CFG'], ['1326', 'SECCOMP'], ['1327', 'PROCTITLE'],
]);

/** Where `type=X msg=audit(` or, from the kernel, `audit: type=1400 audit(` begins; -1 when absent. */
function markAt(line: string, start: number): number {
  const mark = line.indexOf('audit(', start);
  if (mark < 0 || mark - start > 300) return -1;
  const head = line.slice(start, mark);
  const at = head.lastIndexOf('type=');
  return at >= 0 && /^type=(?:[A-Z0-9_]{2,40}|UNKNOWN\[\d{1,6}\]) (?:msg=)?$/.test(head.slice(at)) ? start + at : -1;
}

function build(line: string, at: number, ctx: ParseContext): ParsedEvent {
  const event = newEvent();
  const open = line.indexOf('audit(', at) + 6;
  const close = line.indexOf(')', open);
  const head = line.slice(open, close < 0 || close - open > 64 ? open : close);
  const stamp = /^(\d{9,11})(?:\.(\d{3}))?:(\d{1,15})$/.exec(head);
  if (stamp) {
    event['@timestamp'] = Number(stamp[1]) * 1000 + Number(stamp[2] ?? 0);
    event['event.id'] = stamp[3] as string;
  }
  return tellRecord(line.slice(at + 5, line.indexOf(' ', at)), line, at, close < 0 ? open : close + 1, event, ctx);
}

/** The record of `code` that begins at `at` and has its fields from `from` on. */
function tellRecord(code: string, line: string, at: number, from: number, event: EcsEvent, ctx: ParseContext): ParsedEvent {
  const type = NUMBERS.get(code) ?? code;
  const unmapped = newBag();
  // The inner part of user-space messages stands in single quotes and is read like the outer.
  const values = keyValues(line, from, ctx);
  const inner = values.get('msg');
  if (inner !== undefined) for (const [key, value] of keyValues(inner, 0, ctx)) if (!values.has(key) || key === 'res') values.set(key, value);
  const node = /(?:^|\s)node=(\S{1,255}) $/.exec(line.slice(Math.max(0, at - 300), at))?.[1];
  event['event.kind'] = 'event';
  event['event.dataset'] = 'linux.auditd';
  event['event.code'] = type;
  event['event.provider'] = 'auditd';
  event['observer.type'] = 'server';
  event['host.os.name'] = 'Linux';
  setText(event, 'host.name', node ?? ctx.header.host);
  readNames(type, values, event);
  for (const key of ['subj', 'old-auid', 'old-ses', 'inode', 'dev', 'ouid', 'ogid', 'rdev', 'nametype', 'cap_fp', 'cap_fi', 'cap_fe', 'cap_fver', 'cap_frootid']) if (values.get(key) === '0' || values.get(key) === '?') values.delete(key);
  values.delete('msg');
  tell(values, FIELDS, event, unmapped, ctx);
  for (const key of ['key', 'syscall', 'success', 'auid', 'uid', 'ses', 'tty', 'terminal', 'op', 'cwd'] as const) {
    const value = said(values, key);
    if (value !== undefined && value !== '?' && unmapped[key] === undefined) unmapped[key] = value;
  }
  unmapped['type'] = type;
  event.message = line.slice(at);
  classify(type, values, event);
  return parsed('auditd', event, unmapped);
}

function readNames(type: string, values: Values, event: EcsEvent): void {
  const text = (key: string): string | undefined => {
    const value = said(values, key);
    return value === undefined || value === '?' || value === '(unknown)' || value === '(none)' ? undefined : value;
  };
  const account = decodeHex(text('acct'));
  const acted = IAM.test(type);
  // Who changes an account is told by auid; the account is what is changed.
  if (acted) setText(event, /^(?:ADD|DEL)_GROUP$/.test(type) ? 'user.group.name' : 'destination.user.name', account);
  setText(event, 'user.name', (acted ? undefined : account) ?? text('AUID') ?? text('UID'));
  const uid = text('auid');
  // 4294967295 stands for nobody who signed in.
  setText(event, 'user.id', uid === '4294967295' || uid === 'unset' || uid === undefined ? text('uid') : uid);
  const pid = wholeNumber(text('pid'));
  if (pid !== undefined) event['process.pid'] = pid;
  const address = normaliseIp(text('addr') ?? '') ?? normaliseIp(text('hostname') ?? '');
  if (address !== undefined) event['source.ip'] = address;
  const local = normaliseIp(text('laddr') ?? '');
  if (local !== undefined) event['destination.ip'] = local;
  const host = text('hostname');
  if (host !== undefined && normaliseIp(host) === undefined) event['source.domain'] = host;
  setText(event, 'process.command_line', decodeHex(text('proctitle')) ?? decodeHex(text('cmd')) ?? commandOf(values));
  for (const key of ['exe', 'comm', 'name', 'cwd'] as const) {
    const value = text(key);
    if (value === undefined) values.delete(key);
    else {
      const plain = decodeHex(value);
      if (plain !== undefined && plain !== value) values.set(key, plain);
    }
  }
}

/** Texts with spaces or quotes are written in hexadecimal without quotes. */
function decodeHex(text: string | undefined): string | undefined {
  if (text === undefined || text.length < 8 || text.length % 2 !== 0 || text.length > 8192 || !/^[0-9A-F]+$/.test(text) || /^\d+$/.test(text)) return text;
  const plain = Buffer.from(text, 'hex').toString('utf8').replaceAll('\0', ' ').trim();
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(plain) ? text : plain;
}

/** The arguments of EXECVE, a0 to a63. */
function commandOf(values: Values): string | undefined {
  if (!values.has('argc')) return undefined;
  const parts: string[] = [];
  for (let i = 0; i < 64; i++) {
    const part = values.get(`a${i}`);
    if (part === undefined) break;
    parts.push(decodeHex(part) ?? part);
    values.delete(`a${i}`);
  }
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** Types that change accounts. */
const IAM = /^(?:ADD_USER|DEL_USER|ADD_GROUP|DEL_GROUP|USER_CHAUTHTOK|USER_MGMT|ACCT_LOCK|ACCT_UNLOCK|GRP_|CHGRP_ID|ROLE_)/;

const KINDS: readonly (readonly [RegExp, string, string, Action, Action])[] = [
  [/^(?:USER_LOGIN|USER_AUTH)$/, 'authentication', 'start', 'login_succeeded', 'login_failed'],
  [/^(?:USER_LOGOUT|USER_END)$/, 'authentication', 'end', 'logout', 'logout'],
  [/^(?:USER_ERR|ANOM_LOGIN_|RESP_ACCT_LOCK)/, 'authentication', 'start', 'info', 'login_failed'],
  [/^(?:USER_START|USER_ACCT|CRED_|LOGIN)/, 'session', 'start', 'info', 'info'],
  [IAM, 'iam', 'change', 'account_changed', 'account_changed'],
  [/^USER_CMD$/, 'process', 'start', 'info', 'login_failed'],
  [/^(?:EXECVE|SYSCALL|PROCTITLE|OBJ_PID)$/, 'process', 'info', 'info', 'info'],
  [/^(?:PATH|CWD)$/, 'file', 'access', 'info', 'info'],
  [/^(?:SOCKADDR|NETFILTER_PKT)$/, 'network', 'info', 'info', 'info'],
  [/^(?:CONFIG_CHANGE|USYS_CONFIG|NETFILTER_CFG|MAC_POLICY_LOAD|MAC_CONFIG_CHANGE|FEATURE_CHANGE)$/, 'configuration', 'change', 'config_changed', 'config_changed'],
  [/^(?:DAEMON_END|DAEMON_ABORT|DAEMON_ERR)$/, 'configuration', 'change', 'protection_disabled', 'protection_disabled'],
  [/^(?:SYSTEM_BOOT|SYSTEM_SHUTDOWN)$/, 'host', 'info', 'restarted', 'restarted'],
  [/^(?:AVC|USER_AVC|SELINUX_ERR|SECCOMP|1400|1326)$/, 'intrusion_detection', 'denied', 'blocked', 'blocked'],
  [/^ANOM_/, 'intrusion_detection', 'info', 'detected', 'detected'],
];

function classify(type: string, values: Values, event: EcsEvent): void {
  const word = said(values, 'res') ?? said(values, 'success');
  const failed = word !== undefined && /^(?:failed|no|0)/i.test(word);
  const known = KINDS.find(([words]) => words.test(type));
  event['event.category'] = known?.[1] ?? 'host';
  event['event.type'] = /^ADD_(?:USER|GROUP)$/.test(type) ? 'creation' : /^DEL_(?:USER|GROUP)$/.test(type) ? 'deletion' : (known?.[2] ?? 'info');
  // Only what the kernel says of a refusal tells whether it was enforced.
  const permitted = /^(?:AVC|1400)$/.test(type) && (/permissive=1/.test(event.message?.slice(-400) ?? '') || values.get('apparmor') === 'ALLOWED' || / granted /.test(event.message?.slice(0, 200) ?? ''));
  const action: Action = permitted ? 'detected' : known === undefined ? 'info' : failed ? known[4] : known[3];
  setAction(event, action, said(values, 'op') ?? type);
  if (action === 'info' && word !== undefined) event['event.outcome'] = failed ? 'failure' : 'success';
  if (failed && action !== 'login_failed') event['event.outcome'] = 'failure';
  if (action === 'detected' || /^(?:AVC|SECCOMP)$/.test(type)) event['event.kind'] = 'alert';
}
