/** Sign-ins and accounts of Linux and other Unix machines: sshd, sudo, su, login, PAM, systemd-logind, useradd and its kin, cron (the programs' own sources and manual pages). */
import type { Action, EcsEvent } from '../ecs.ts';
import { newBag, newEvent, parsed, type Unmapped } from '../event.ts';
import { normaliseIp } from '../net.ts';
import { setAction, setText, wholeNumber, type Family } from './family.ts';

const MAX_TEXT = 2048;

/** Programs and the service of the Sigma taxonomy they belong to. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['sshd', 'sshd'], ['sshd-session', 'sshd'], ['dropbear', 'sshd'], ['sudo', 'sudo'], ['su', 'auth'], ['login', 'auth'], ['systemd-logind', 'auth'], ['polkitd', 'auth'], ['pkexec', 'auth'], ['gdm-password', 'auth'], ['lightdm', 'auth'],
  ['useradd', 'auth'], ['usermod', 'auth'], ['userdel', 'auth'], ['groupadd', 'auth'], ['groupdel', 'auth'], ['groupmod', 'auth'], ['gpasswd', 'auth'], ['passwd', 'auth'], ['chpasswd', 'auth'], ['chage', 'auth'], ['chsh', 'auth'], ['cron', 'cron'], ['CRON', 'cron'], ['crond', 'cron'], ['crontab', 'cron'], ['anacron', 'cron'], ['vsftpd', 'auth'], ['samba', 'auth'], ['smbd_audit', 'auth'],
]);

const ACCEPTED = /^(Accepted|Failed|Postponed) (\S{1,32}) for (invalid user |illegal user )?/;
/** PAM's word for a sign-in, told by sshd. */
const PAM_SSH = /^(?:error: )?PAM: (.{1,80}?) for (?:illegal user |invalid user )?/;
/** Ways to sign in of which sshd tells the key or the ticket. */
const DESCRIBED = /^(?:publickey|hostbased|gssapi)/;
const INVALID = /^(?:Invalid|Illegal) user /;
const MAXIMUM = /^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?/;
/** How a line about a name ends: the peer and what sshd itself puts behind it. */
const PEER = / from ([\w.:%-]{2,64})(?: port (\d{1,5}))?(?: ssh\d)?(?:(?: \[preauth\])?$|(: ))/y;
const PEER_CUT = / from ([0-9a-fA-F.:]{2,45})(?: port (\d{1,5}))?\b/y;
const PREAUTH = / ([0-9a-fA-F]{0,4}[.:][\w.:%]{2,60})(?: port (\d{1,5}))?(?:: [A-Za-z ,.'-]{1,100})?(?: \[preauth\])?$/y;
/** The longest text that PREAUTH reads. */
const PREAUTH_LENGTH = 200;
const CLOSED_USER = /^(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting) (?:authenticating |invalid )?user /;
const CLOSED = /^(?:Connection (?:closed|reset)|Disconnected|Received disconnect|Disconnecting|Connection from|Did not receive identification string|Unable to negotiate|banner exchange|kex_exchange_identification|Bad packet length).{0,200}?(?:by|from|with|for)?\b ?(?:from )?([0-9a-fA-F]{0,4}[.:][0-9a-fA-F.:]{2,45})(?: port (\d{1,5}))?/;
const CHANGED_NAME = ': Change of username or service not allowed: (';
const NOT_ALLOWED = /^User (\S{1,128}) from (\S{1,255}) not allowed because (.{1,200})/;
const PAM = /^(?:pam_\w{1,32}\(([\w-]{1,32}):(auth|session|account|chauthtok)\)|\(pam_unix\) |PAM \d{1,6} more authentication failures?;|PAM)[: ]? ?(.{0,1500})$/;
const SUDO = /^ *(\S{1,128}) : (?:(.{1,160}?) ; )?TTY=(\S{1,64}) ; PWD=(.{1,512}?) ; USER=(\S{1,128}) ;(?: GROUP=\S{1,64} ;)?(?: ENV=.{1,400}? ;)? COMMAND=(.{0,1500})$/;
const SESSION = /^session (opened|closed) for user ([^\s(]{1,128})(?:\(uid=(\d{1,10})\))?(?: by (?:([^\s(]{1,128}))?\(uid=(\d{1,10})\))?/;
const FAILURE = /^(?:check pass; user unknown|authentication failure;|\d more authentication failure)/;

export const linux: Family = {
  id: 'linux',
  name: { ja: 'Linux サーバ（sshd・sudo など）', en: 'Linux server (sshd, sudo and others)' },

  match(sample) {
    const text = sample.slice(0, MAX_TEXT);
    if (isSignIn(text) || SUDO.test(text)) return 1;
    return /^pam_\w{1,32}\([\w-]{1,32}:(?:auth|session)\)|^new (?:user|group): name=|^\(\S{1,64}\) CMD \(/.test(text) ? 1 : 0;
  },

  parse(line, ctx) {
    const program = programOf(ctx.header.app);
    const text = line.slice(ctx.start, ctx.start + MAX_TEXT);
    // A tag like su(pam_unix)[123] of old systems is no tag to the header.
    const old = program === '' ? /^(sshd|su|login|sudo|ftpd)\(pam_unix\)\[(\d{1,10})\]: (.{0,1900})/.exec(text) : null;
    const service = PROGRAMS.get(old?.[1] ?? program) ?? (ctx.header.app === '' && this.match(text) === 1 && !old ? 'auth' : undefined);
    if (service === undefined) return null;
    const body = old?.[3] ?? text;
    const event = newEvent();
    const unmapped = newBag();
    event['event.kind'] = 'event';
    event['event.category'] = 'host';
    event['event.type'] = 'info';
    event['event.dataset'] = `linux.${service === 'auth' && isSignIn(body) ? 'sshd' : service}`;
    event['observer.type'] = 'server';
    event['host.os.name'] = 'Linux';
    event.message = line.slice(ctx.start);
    setText(event, 'host.name', ctx.header.host);
    setText(event, 'event.provider', old?.[1] ?? ctx.header.app);
    setAction(event, 'info');
    const understood = read(old?.[1] ?? program, body, event, unmapped);
    // The program is known, what it says is not: the desk sees such lines in groups.
    if (!understood) ctx.note('unparsed');
    return parsed('linux', event, unmapped);
  },
};

/** A sign-in as sshd writes it, for lines that do not name their program. */
function isSignIn(text: string): boolean {
  return (ACCEPTED.test(text) || INVALID.test(text)) && text.includes(' from ');
}

/** `/usr/sbin/CRON`, `sshd-session`, `su-l`. */
function programOf(app: string): string {
  const name = app.slice(app.lastIndexOf('/') + 1);
  return name === 'su-l' ? 'su' : name;
}

function read(program: string, text: string, event: EcsEvent, unmapped: Unmapped): boolean {
  if ((program === 'sshd' || program === 'sshd-session') && readPamSsh(text, event)) return true;
  const pam = PAM.exec(text);
  if (pam) return readPam(pam[1] ?? '', pam[3] ?? '', event);
  if (FAILURE.test(text) || SESSION.test(text)) return readPam(program, text, event);
  switch (program) {
    case 'sudo':
      return readSudo(text, event, unmapped);
    case 'su':
      return readSu(text, event);
    case 'cron':
    case 'CRON':
    case 'crond':
    case 'crontab':
    case 'anacron':
      return readCron(text, event);
    case 'login':
      return readLogin(text, event);
    case 'systemd-logind':
      return readLogind(text, event);
    case 'sshd':
    case 'sshd-session':
    case 'dropbear':
    case '':
      return readSsh(text, event) || readSudo(text, event, unmapped);
    default:
      return readAccount(program, text, event);
  }
}

function auth(event: EcsEvent, action: Action, word: string, type = 'start'): true {
  event['event.category'] = 'authentication';
  event['event.type'] = type;
  setAction(event, action, word);
  return true;
}

function setPeer(event: EcsEvent, address: string | undefined, port: string | undefined): void {
  const ip = normaliseIp(address ?? '');
  if (ip !== undefined) event['source.ip'] = ip;
  else if (address !== undefined && address !== '') event['source.domain'] = address;
  const number = wholeNumber(port, 65_535);
  if (number !== undefined) event['source.port'] = number;
}

interface Peer {
  name: string;
  address: string | undefined;
  port: string | undefined;
}

/**
 * The name from `from` on and the peer behind it. A client chooses its name and sshd writes it as it came, so a name may hold
 * a peer of its own: the true one is the last, with nothing behind it or a description of the key (`: RSA SHA256:…`). A
 * certificate describes itself in words of the client, too; where the account exists (`described`) the name holds no peer, and
 * the first is the true one.
 */
function peerOf(text: string, from: number, described = false): Peer | undefined {
  let found = -1;
  for (let at = text.lastIndexOf(' from '); at > 0 && at >= from - 1; at = text.lastIndexOf(' from ', at - 1)) {
    PEER.lastIndex = at;
    const m = PEER.exec(text);
    if (!m) continue;
    found = at;
    if (!described) break;
  }
  if (found >= 0) return peerAt(PEER, text, from, found);
  // A line that was cut, or that somebody added to.
  for (let at = text.lastIndexOf(' from '); at > 0 && at >= from - 1; at = text.lastIndexOf(' from ', at - 1)) {
    const peer = peerAt(PEER_CUT, text, from, at);
    if (peer) return peer;
  }
  return undefined;
}

function peerAt(pattern: RegExp, text: string, from: number, at: number): Peer | undefined {
  pattern.lastIndex = at;
  const m = pattern.exec(text);
  return m ? { name: text.slice(from, Math.max(from, at)), address: m[1], port: m[2] } : undefined;
}

/** The peer of a connection that ended with a name (`Connection closed by invalid user NAME ADDRESS port N`). */
function peerOfEnd(line: string, from: number): Peer | undefined {
  // Behind the peer, a change of names repeats both.
  const changed = line.startsWith('Disconnecting') && !/: Too many authentication failures(?: \[preauth\])?$/.test(line.slice(-60)) ? line.lastIndexOf(CHANGED_NAME) : -1;
  const text = changed < 0 ? line : line.slice(0, changed);
  for (let at = text.lastIndexOf(' '); at > 0 && at >= from - 1 && text.length - at <= PREAUTH_LENGTH; at = text.lastIndexOf(' ', at - 1)) {
    const peer = peerAt(PREAUTH, text, from, at);
    if (peer) return peer;
  }
  return undefined;
}

function setNamed(event: EcsEvent, peer: Peer): void {
  setText(event, 'user.name', peer.name);
  setPeer(event, peer.address, peer.port);
}

function readSsh(text: string, event: EcsEvent): boolean {
  event['network.protocol'] = 'ssh';
  const m = ACCEPTED.exec(text);
  const peer = m ? peerOf(text, m[0].length, m[3] === undefined && DESCRIBED.test(m[2] ?? '')) : undefined;
  if (m && peer) {
    setNamed(event, peer);
    if (m[1] === 'Postponed') return auth(event, 'info', m[1]);
    return auth(event, m[1] === 'Failed' ? 'login_failed' : 'login_succeeded', `${m[1] ?? ''} ${m[2] ?? ''}`);
  }
  const invalid = INVALID.exec(text);
  const stranger = invalid ? peerOf(text, invalid[0].length) : undefined;
  if (stranger) {
    setNamed(event, stranger);
    event['event.reason'] = 'invalid user';
    return auth(event, 'login_failed', 'Invalid user');
  }
  const most = MAXIMUM.exec(text);
  const tireless = most ? peerOf(text, most[0].length) : undefined;
  if (tireless) {
    setNamed(event, tireless);
    event['event.reason'] = 'maximum authentication attempts exceeded';
    return auth(event, 'login_failed', 'maximum attempts');
  }
  const denied = NOT_ALLOWED.exec(text);
  if (denied) {
    setText(event, 'user.name', denied[1]);
    setPeer(event, denied[2], undefined);
    setText(event, 'event.reason', denied[3]);
    return auth(event, 'login_failed', 'not allowed');
  }
  const unknown = /^input_userauth_request: (?:invalid|illegal) user (.{0,200}?)(?: \[preauth\])?$/.exec(text);
  if (unknown) {
    // A line of its own says from where.
    setText(event, 'user.name', unknown[1]);
    setAction(event, 'info', 'invalid user');
    return true;
  }
  const ended = readEnd(text, event);
  if (ended) {
    event['event.category'] = 'network';
    event['event.type'] = text.startsWith('Connection from') ? 'start' : 'end';
    setAction(event, 'info', text.split(' ', 2).join(' '));
    return true;
  }
  const listening = /^Server listening on (\S{2,45}) port (\d{1,5})/.exec(text);
  if (listening) {
    setAction(event, 'restarted', 'listening');
    return true;
  }
  // A name may hold an address.
  if (/ user /.test(text.slice(0, 400))) return false;
  const address = /\b(?:from|rhost=|\[)((?:\d{1,3}\.){3}\d{1,3})\b/.exec(text.slice(0, 400))?.[1] ?? / from ((?:\d{1,3}\.){3}\d{1,3})\b/.exec(text.slice(0, 400))?.[1];
  if (address !== undefined) setPeer(event, address, undefined);
  if (/POSSIBLE BREAK-IN ATTEMPT|Nasty PTR record/.test(text.slice(0, 400))) {
    event['event.category'] = 'intrusion_detection';
    setAction(event, 'detected', 'reverse mapping');
    return true;
  }
  return false;
}

function readPamSsh(text: string, event: EcsEvent): boolean {
  const m = PAM_SSH.exec(text);
  const peer = m ? peerOf(text, m[0].length) : undefined;
  if (!m || !peer) return false;
  event['network.protocol'] = 'ssh';
  setNamed(event, peer);
  setText(event, 'event.reason', m[1]);
  return auth(event, 'login_failed', 'PAM');
}

/** Connections that began or ended; false where the line is no such or names no peer. */
function readEnd(text: string, event: EcsEvent): boolean {
  const named = CLOSED_USER.exec(text);
  if (named) {
    const peer = peerOfEnd(text, named[0].length);
    if (peer) setNamed(event, peer);
    return peer !== undefined;
  }
  if (text.startsWith('Bad protocol version identification ')) {
    const peer = peerOf(text, 0);
    if (peer) setPeer(event, peer.address, peer.port);
    return peer !== undefined;
  }
  const closed = CLOSED.exec(text);
  if (closed) setPeer(event, closed[1], closed[2]);
  return closed !== null;
}

function readPam(service: string, text: string, event: EcsEvent): boolean {
  if (service === 'sshd') event['network.protocol'] = 'ssh';
  const session = SESSION.exec(text);
  if (session) {
    event['user.name'] = session[2] as string;
    setText(event, 'user.id', session[3]);
    if (session[4] !== undefined && session[4] !== session[2]) {
      // Somebody became somebody else.
      event['destination.user.name'] = session[2] as string;
      event['user.name'] = session[4];
      setText(event, 'user.id', session[5]);
    }
    const opened = session[1] === 'opened';
    // Jobs of cron and steps of sudo are sessions of nobody who signs in.
    const person = service !== 'cron' && service !== 'crond' && service !== 'sudo' && service !== 'systemd-user' && service !== 'runuser';
    event['event.category'] = person ? 'authentication' : 'session';
    event['event.type'] = opened ? 'start' : 'end';
    setAction(event, person ? (opened ? 'login_succeeded' : 'logout') : 'info', `session ${session[1] ?? ''}`);
    if (!person) event['event.outcome'] = 'success';
    return true;
  }
  if (FAILURE.test(text) || /authentication failure|password check failed|could not identify password/i.test(text.slice(0, 200))) {
    const value = (name: string): string | undefined => new RegExp(`(?:^|[ ;])${name}=([^ ;]{1,255})`).exec(text)?.[1];
    const known = /password check failed for user \(([^)]{1,128})\)/.exec(text)?.[1];
    setText(event, 'user.name', value('user') ?? known);
    const ruser = value('ruser') ?? value('logname');
    if (ruser !== undefined && event['user.name'] !== undefined && ruser !== event['user.name']) {
      event['destination.user.name'] = event['user.name'];
      event['user.name'] = ruser;
    } else setText(event, 'user.name', event['user.name'] ?? ruser);
    setPeer(event, value('rhost'), undefined);
    return auth(event, 'login_failed', 'authentication failure');
  }
  const changed = /^password changed for (\S{1,128})/.exec(text);
  if (changed) {
    event['destination.user.name'] = changed[1] as string;
    event['event.category'] = 'iam';
    event['event.type'] = 'change';
    setAction(event, 'account_changed', 'password changed');
    return true;
  }
  return false;
}

function readSudo(text: string, event: EcsEvent, unmapped: Unmapped): boolean {
  const m = SUDO.exec(text);
  if (!m) return false;
  const [, user = '', reason, tty = '', folder = '', target = '', command = ''] = m;
  event['user.name'] = user;
  event['destination.user.name'] = target;
  event['process.command_line'] = command;
  event['process.executable'] = command.split(' ', 1)[0] as string;
  setText(event, 'process.name', event['process.executable'].slice(event['process.executable'].lastIndexOf('/') + 1));
  unmapped['tty'] = tty;
  unmapped['pwd'] = folder;
  if (reason !== undefined) {
    event['event.reason'] = reason;
    return auth(event, 'login_failed', reason);
  }
  event['event.category'] = 'process';
  event['event.type'] = 'start';
  setAction(event, 'info', 'COMMAND');
  event['event.outcome'] = 'success';
  return true;
}

function readSu(text: string, event: EcsEvent): boolean {
  const m = /^(FAILED SU |[+-] |Successful su for |FAILED su for |BAD SU )?(?:\(to (\S{1,128})\) (\S{1,128})(?: on (\S{1,64}))?|(\S{1,128}) by (\S{1,128})|(\S{1,64}) (\S{1,128}):(\S{1,128}))/.exec(text);
  if (!m) return false;
  const target = m[2] ?? m[5] ?? m[9];
  const user = m[3] ?? m[6] ?? m[8];
  setText(event, 'user.name', user);
  setText(event, 'destination.user.name', target);
  const failed = /^(?:FAILED|BAD|- )/.test(text);
  return auth(event, failed ? 'login_failed' : 'login_succeeded', failed ? 'FAILED SU' : 'su');
}

function readCron(text: string, event: EcsEvent): boolean {
  const m = /^\((\S{1,128})\) (CMD|CMDOUT|CMDEND|RELOAD|LIST|EDIT|BEGIN EDIT|END EDIT|REPLACE|DELETE|ORPHAN|STARTUP|INFO|MAIL|AUTH|error) ?(?:\((.{0,1500})\))?/.exec(text);
  if (!m) return false;
  const [, user = '', what = '', rest = ''] = m;
  event['user.name'] = user;
  if (what.startsWith('CMD')) {
    event['event.category'] = 'process';
    event['event.type'] = what === 'CMDEND' ? 'end' : 'start';
    event['process.command_line'] = rest;
    setAction(event, 'info', what);
    event['event.outcome'] = 'success';
  } else if (/EDIT|REPLACE|DELETE|RELOAD/.test(what) && what !== 'BEGIN EDIT') {
    event['event.category'] = 'configuration';
    event['event.type'] = 'change';
    setAction(event, 'config_changed', what);
  } else setAction(event, 'info', what);
  return true;
}

function readLogin(text: string, event: EcsEvent): boolean {
  const good = /^(?:LOGIN ON (\S{1,64}) BY (\S{1,128})|ROOT LOGIN (?:ON|on) '?(\S{1,64}?)'?)(?: FROM (\S{1,255}))?/.exec(text);
  if (good) {
    event['user.name'] = good[2] ?? 'root';
    setPeer(event, good[4], undefined);
    return auth(event, 'login_succeeded', 'LOGIN');
  }
  const bad = /^FAILED LOGIN (?:SESSION|\(?\d{1,5}\)?)? ?(?:on '?\S{1,64}'? )?(?:FROM (\S{1,255}) )?FOR '?([^',\s]{0,128})/i.exec(text);
  if (!bad) return false;
  setText(event, 'user.name', bad[2]);
  if (bad[1] !== undefined && bad[1] !== '(null)') setPeer(event, bad[1], undefined);
  return auth(event, 'login_failed', 'FAILED LOGIN');
}

function readLogind(text: string, event: EcsEvent): boolean {
  const m = /^New session (\S{1,32}) of user (\S{1,128}?)\.?(?: with class .{1,60})?$/.exec(text);
  if (m) {
    event['user.name'] = (m[2] as string).replace(/^'|'$/g, '');
    event['event.id'] = m[1] as string;
    event['event.category'] = 'session';
    event['event.type'] = 'start';
    setAction(event, 'info', 'New session');
    event['event.outcome'] = 'success';
    return true;
  }
  const gone = /^(?:Removed session|Session) (\S{1,32}?)\b/.exec(text);
  if (gone) {
    event['event.id'] = gone[1] as string;
    event['event.category'] = 'session';
    event['event.type'] = 'end';
    return true;
  }
  if (/^System is (?:powering down|rebooting|halting)/.test(text)) {
    setAction(event, 'restarted', text.slice(0, 60));
    return true;
  }
  return false;
}

/** useradd, usermod, passwd and the others that change accounts. */
function readAccount(program: string, text: string, event: EcsEvent): boolean {
  const failed = /^failed|cannot|error/i.test(text.slice(0, 60));
  const name = /(?:new (?:user|group|account): name=|name=|account=|user '|for user |member |add '|delete '|change user '|delete user '|removed group '|group added to \S{1,64} name=|password for '|changed by )'?([^\s,'();:]{1,128})/.exec(text.slice(0, 400))?.[1];
  if (name === undefined && !/password|group|user|shell/.test(text.slice(0, 200))) return false;
  setText(event, 'destination.user.name', name);
  setText(event, 'user.group.name', /(?:to group|from group|group|shadow group) '([^']{1,128})'/.exec(text.slice(0, 400))?.[1]);
  const uid = /UID=(\d{1,10})/.exec(text)?.[1];
  setText(event, 'user.id', uid);
  event['event.category'] = 'iam';
  event['event.type'] = /^new|useradd|groupadd/.test(`${text.slice(0, 4)}`) ? 'creation' : /^delete|^remove/.test(text) ? 'deletion' : 'change';
  setAction(event, 'account_changed', program);
  if (failed) event['event.outcome'] = 'failure';
  return true;
}

