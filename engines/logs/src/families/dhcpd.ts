/** Leases of ISC dhcpd and dnsmasq (dnsmasq(8), --log-dhcp; dhcpd(8)). */
import { newBag, newEvent, parsed } from '../event.ts';
import { normaliseIp, normaliseMac } from '../net.ts';
import { setAction, setText, type Family } from './family.ts';

const DNSMASQ = /^(?:\d{1,12} )?(DHCP[A-Z]+)\(([\w.-]{1,32})\) (?:([0-9.]{7,15}) )?([0-9a-fA-F:]{17})(?: (\S{1,253}))?/;
const ISC = /^(DHCP[A-Z]+) (?:on|of|for|from|to) ([0-9a-fA-F.:]{7,17})(?: (?:to|from) ([0-9a-fA-F:]{17}))?(?: \(([^)]{1,253})\))?(?: (?:to [0-9a-fA-F:]{17} )?via (\S{1,32}))?/;

export const dhcpd: Family = {
  id: 'dhcpd',
  name: { ja: 'DHCP サーバ（dnsmasq・ISC）', en: 'DHCP server (dnsmasq, ISC)' },

  match(sample) {
    return DNSMASQ.test(sample) || ISC.test(sample) ? 1 : 0;
  },

  parse(line, ctx) {
    const text = line.slice(ctx.start, ctx.start + 1024);
    if (!text.startsWith('DHCP') && !ctx.header.app.startsWith('dnsmasq-dhcp')) return null;
    const d = DNSMASQ.exec(text);
    const m = d ?? ISC.exec(text);
    if (!m) return null;
    const verb = m[1] ?? '';
    const [address, hardware, name, port] = d ? [d[3], d[4], d[5], d[2]] : normaliseMac(m[2] ?? '') ? [undefined, m[2], m[4], m[5]] : [m[2], m[3], m[4], m[5]];
    const event = newEvent();
    event['event.kind'] = 'event';
    event['event.category'] = 'network';
    event['event.dataset'] = d ? 'dhcpd.dnsmasq' : 'dhcpd.isc';
    event['observer.product'] = d ? 'dnsmasq' : 'ISC DHCP';
    event['observer.type'] = 'dhcp';
    event.message = line.slice(ctx.start);
    const ip = address === undefined ? undefined : normaliseIp(address);
    const mac = hardware === undefined ? undefined : normaliseMac(hardware);
    if (ip !== undefined) event['host.ip'] = ip;
    if (mac !== undefined) event['host.mac'] = mac;
    setText(event, 'host.name', name === '*' ? undefined : name);
    setText(event, 'observer.ingress.interface.name', port?.replace(/[:;,]$/, ''));
    if (/no (?:free leases|address available)/.test(text)) {
      event['event.type'] = 'error';
      setAction(event, 'lease_exhausted', verb);
    } else if (verb === 'DHCPACK') {
      event['event.type'] = 'start';
      setAction(event, 'lease_assigned', verb);
    } else if (verb === 'DHCPRELEASE' || verb === 'DHCPEXPIRE' || verb === 'DHCPDECLINE') {
      event['event.type'] = 'end';
      setAction(event, 'lease_released', verb);
    } else {
      event['event.type'] = 'info';
      setAction(event, 'info', verb);
    }
    return parsed('dhcpd', event, newBag());
  },
};
