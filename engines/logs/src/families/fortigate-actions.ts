/** What happened, told in the words every family shares, from type, subtype, action and status of a FortiGate line. */
import type { Action, EcsEvent } from '../ecs.ts';
import type { KvScanner } from '../kv.ts';
import { setAction } from './family.ts';
import { K } from './fortigate-keys.ts';

/** Words with which FortiOS says that something was stopped. */
const STOPPED: ReadonlySet<string> = new Set([
  'deny', 'denied', 'block', 'blocked', 'blocked-ip', 'drop', 'dropped', 'reset', 'reset_client', 'reset_server', 'drop_session', 'clear_session',
  'redirect', 'quarantine', 'quarantined', 'quarantine-ip', 'server-blocked', 'prohibited', 'exceed', 'block-notify', 'discard', 'violation',
]);

const CATEGORY: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  virus: 'malware', 'file-filter': 'file', webfilter: 'web', ips: 'intrusion_detection', anomaly: 'intrusion_detection', 'app-ctrl': 'network',
  dns: 'network', emailfilter: 'email', dlp: 'file', waf: 'web', ssl: 'network', voip: 'network', ssh: 'network', 'virtual-patch': 'intrusion_detection',
});

/** What is brought up to date from the maker, as opposed to certificates, routes and the like. */
const UPDATED: readonly string[] = ['database', 'fortigate', 'fortiguard', 'engine', 'signature', 'package', 'definition'];

export function classify(event: EcsEvent, type: string, subtype: string, kv: KvScanner): void {
  const word = kv.text(K.action)?.toLowerCase() ?? '';
  if (type === 'traffic') {
    // A session may be let through by the policy and then cut by a security profile.
    const said = word || (kv.text(K.status)?.toLowerCase() ?? '');
    const stopped = STOPPED.has(said) || STOPPED.has(kv.text(K.utmaction)?.toLowerCase() ?? '');
    event['event.kind'] = 'event';
    event['event.category'] = 'network';
    event['event.type'] = stopped ? 'denied' : 'allowed';
    setAction(event, stopped ? 'blocked' : 'allowed', said);
  } else if (type === 'utm' || type === 'anomaly') classifyUtm(event, type === 'anomaly' ? 'anomaly' : subtype, word);
  else {
    event['event.kind'] = 'event';
    classifyEvent(event, subtype, word, kv);
  }
}

function classifyUtm(event: EcsEvent, subtype: string, word: string): void {
  const harmful = subtype === 'virus' || subtype === 'ips' || subtype === 'anomaly' || subtype === 'waf' || subtype === 'dlp' || subtype === 'virtual-patch';
  const stopped = STOPPED.has(word);
  event['event.kind'] = harmful ? 'alert' : 'event';
  event['event.category'] = CATEGORY[subtype] ?? 'network';
  event['event.type'] = stopped ? 'denied' : harmful ? 'info' : 'allowed';
  let action: Action = stopped ? 'blocked' : harmful ? 'detected' : 'allowed';
  if (word.startsWith('quarantine')) action = 'quarantined';
  else if (word === 'analytics' || word === 'submitted') action = 'info';
  else if (subtype === 'emailfilter' && !stopped && (word === 'tagged' || word === 'detected' || word === 'spam')) action = 'detected';
  else if (subtype === 'anomaly' && !stopped) action = 'scan_detected';
  setAction(event, action, word);
}

/** event lines: what they are about stands in logdesc, action and status together. */
function classifyEvent(event: EcsEvent, subtype: string, word: string, kv: KvScanner): void {
  const status = kv.text(K.status)?.toLowerCase() ?? '';
  const description = (kv.text(K.logdesc) ?? kv.text(K.msg) ?? '').slice(0, 200).toLowerCase();
  const failed = status.includes('fail') || status.includes('error') || status === 'denied' || word.includes('fail') || description.includes('fail');
  const [category, type, action] = kindOf(subtype, word, status, description, failed, kv);
  event['event.category'] = category;
  event['event.type'] = type;
  setAction(event, action, word || status);
  if (action === 'info' && failed) event['event.outcome'] = 'failure';
  else if (action === 'info' && status === 'success') event['event.outcome'] = 'success';
}

function kindOf(subtype: string, word: string, status: string, description: string, failed: boolean, kv: KvScanner): [string, string, Action] {
  if ((kv.from[K.dhcp_msg] as number) >= 0) {
    const message = kv.text(K.dhcp_msg)?.toLowerCase() ?? '';
    return ['network', 'info', message === 'ack' ? 'lease_assigned' : message === 'release' || message === 'decline' ? 'lease_released' : 'info'];
  }
  if (subtype === 'vpn') return vpnKind(word, status, failed);
  if (word === 'logout' || word.endsWith('logoff') || word === 'auth-logout' || description.includes('logout')) return ['authentication', 'end', 'logout'];
  if (word === 'login' || word.endsWith('logon') || word === 'authentication' || description.includes('login')) {
    if (word === 'authentication' && status === 'timed_out') return ['authentication', 'info', 'login_failed'];
    return ['authentication', failed ? 'info' : 'start', failed ? 'login_failed' : 'login_succeeded'];
  }
  if (subtype === 'user' && word === 'auth-logon') return ['authentication', 'start', 'login_succeeded'];
  if ((kv.from[K.cfgpath] as number) >= 0) {
    const path = kv.text(K.cfgpath) ?? '';
    if (path === 'system.admin' || path.startsWith('user.local')) return ['iam', 'change', 'account_changed'];
    return ['configuration', 'change', 'config_changed'];
  }
  if (description.includes('configuration changed') || description.includes('configured') || description.includes('configuration is changed')) return ['configuration', 'change', 'config_changed'];
  if (description.includes('license') || description.includes('contract')) {
    return ['host', 'info', description.includes('expir') ? 'license_expired' : 'info'];
  }
  if (description.includes('update') && UPDATED.some((word) => description.includes(word))) return ['host', 'change', failed ? 'update_failed' : 'update_succeeded'];
  if (description.includes('firmware') && (description.includes('upgrade') || description.includes('image'))) return ['host', 'change', 'firmware_updated'];
  if (word === 'reboot' || word === 'shutdown' || description.includes('rebooted') || ((description.startsWith('system') || description.startsWith('fortigate')) && description.includes('start'))) return ['host', 'start', 'restarted'];
  if (description.includes('conserve') || description.includes('disk full') || description.includes('session table') || description.includes('temperature')) return ['host', 'info', 'resource_warning'];
  if (description.includes('interface') && (status === 'up' || status === 'down')) return ['network', 'info', status === 'up' ? 'link_up' : 'link_down'];
  if (description.includes('interface') && description.includes('status')) {
    const message = kv.text(K.msg)?.toLowerCase() ?? '';
    if (message.includes('down')) return ['network', 'info', 'link_down'];
    if (message.includes(' up')) return ['network', 'info', 'link_up'];
  }
  return ['host', 'info', 'info'];
}

function vpnKind(word: string, status: string, failed: boolean): [string, string, Action] {
  if (word.includes('login-fail') || word === 'ssl-login-fail') return ['authentication', 'info', 'login_failed'];
  if (word === 'tunnel-up' || word === 'ssl-tunnel-up' || word === 'phase2-up' || status === 'phase2-up') return ['network', 'start', 'tunnel_up'];
  if (word === 'tunnel-down' || word === 'ssl-tunnel-down' || word === 'phase2-down') return ['network', 'end', 'tunnel_down'];
  if (word === 'dpd') return ['network', failed ? 'end' : 'info', failed ? 'tunnel_down' : 'info'];
  if (failed || status === 'negotiate_error') return ['network', 'error', 'tunnel_failed'];
  return ['network', 'info', 'info'];
}
