import type { devices as ja } from '../ja/devices.ts';

export const devices: typeof ja = {
  kinds: { pc: 'PC', server: 'Server', phone: 'Phone or tablet', printer: 'Printer', network: 'Router or switch', utm: 'UTM or firewall', camera: 'Camera', machine: 'Machine tool or instrument', other: 'Other' },
  families: {
    fortigate: 'FortiGate (UTM)', 'yamaha-rtx': 'Yamaha RTX (router)', 'palo-alto': 'Palo Alto Networks (firewall)', 'check-point': 'Check Point (firewall)', sonicwall: 'SonicWall (UTM)', watchguard: 'WatchGuard Firebox (UTM)', sophos: 'Sophos Firewall (UTM)',
    'trend-micro': 'Apex One, Vision One (Trend Micro)', cef: 'Antivirus console (CEF)', leef: 'Antivirus console (LEEF)', windows: 'Windows PCs and servers', linux: 'Linux servers and NAS', auditd: 'Linux audit log (auditd)',
    m365: 'Microsoft 365 (audit log, Defender)', 'mail-gateway': 'Mail server (Postfix)', 'web-server': 'Web server (nginx, Apache)', squid: 'Squid (proxy)', suricata: 'Suricata (intrusion detection)', rfc5424: 'Other device (syslog)', generic: 'Program or collector (HTTPS)',
  },
  familyHelp: {
    fortigate: 'The box at the company’s door. It tells the most.', 'yamaha-rtx': 'A router. Best through the collector.', 'palo-alto': 'It begins to send once the change is committed.', 'check-point': 'Two commands on the management server.', sonicwall: 'Best through the collector.', watchguard: 'Best through the collector.', sophos: 'Best through the collector.',
    'trend-micro': 'Sent by Apex Central or Vision One.', cef: 'Sent by the console that manages the antivirus.', leef: 'For products that do not offer CEF.', windows: 'A small program sends what happens. Ask somebody who knows the computers.', linux: 'Sends who signed in.', auditd: 'Tells who ran what.',
    m365: 'Tells of strange sign-ins to mail and files.', 'mail-gateway': 'Sends sender, recipient and result only; never the text.', 'web-server': 'For a site or booking system you run yourselves.', squid: 'Tells which sites were opened from inside.', suricata: 'Watches the traffic.', rfc5424: 'Nearly every device with a “syslog” setting.', generic: 'For your own programs, or the collector in your office.',
  },
  retention: { '30d': '30 days', '90d': '90 days', '1y': '1 year', '3y': '3 years' },
  retentionHelp: { '30d': 'For devices with very many lines that nobody will look into later.', '90d': 'Enough for what is noticed soon.', '1y': 'Recommended: intrusions are sometimes found after months.', '3y': 'When customers or rules of your trade ask for it.' },
  tabs: 'Views of devices',
  list: {
    title: 'Who uses which device?', lead: 'When something happens, this is where you find whose device it is.', tab: 'Devices', caption: 'Devices', search: 'Search by name, address or department', kind: 'Kind', everyKind: 'All', shown: 'Devices shown', here: 'In use', gone: 'Taken off the list', add: 'Add a device',
    name: 'Name', owner: 'Used by', department: 'Department', os: 'System', addresses: 'IP address', seen: 'Last seen', never: 'Not seen yet', none: 'Nobody yet', serial: 'Serial number',
    emptyTitle: 'No devices yet', emptyWhy: 'Begin with those you cannot do without: firewall, servers, the accounting PC.', emptyOther: 'The lead can add devices.', silentNote: (n) => `Of the devices that send logs, ${n} stopped.`, silentGo: 'See which stopped',
  },
  form: {
    newTitle: 'Which device do you add?', newLead: 'Name and kind are enough. With its address, findings can name the owner.', name: 'Name', nameHelp: 'A name people recognise. Example: Accounting PC (KEIRI-03)', kind: 'Kind', owner: 'Used by', department: 'Department', os: 'System', osHelp: 'Example: Windows 11 Pro 24H2', serial: 'Serial number',
    addresses: 'IP addresses', addressesHelp: 'Only fixed ones, one a line. Example: 192.168.1.20', macs: 'Hardware addresses', macsHelp: 'One a line. Example: 00:1a:2b:3c:4d:5e. Recognises the device even when its address changes.', hostNames: 'Computer names', hostNamesHelp: 'One a line. Example: KEIRI-03', note: 'Note',
    add: 'Add the device', save: 'Save the changes', added: (name) => `Added “${name}”`, saved: (name) => `Changed “${name}”`, toList: 'To the devices', edit: 'Change the device', more: 'Numbers to recognise it by',
  },
  device: { loading: 'Device', lead: 'What it is and whose.', goneLead: 'This device has been taken off the list.', facts: 'About this device', unset: 'Not filled in', edit: 'Change', archiveTitle: 'Thrown away or returned', archiveBody: 'Takes it off the list. Its records stay.', archive: 'Take off the list', archived: (name) => `Took “${name}” off the list`, restore: 'Put back on the list', restored: (name) => `“${name}” is back on the list`, goneOn: (day) => `Taken off the list on ${day}.` },
  senders: {
    title: 'Do the logs arrive?', lead: 'When they stop, nobody can tell what happens there.', tab: 'Senders of logs', caption: 'Devices that send logs', add: 'Connect a device',
    name: 'Device', state: 'Now', week: 'Last 7 days', unread: 'Lines not understood', clock: 'Clock', verified: 'Sender', family: 'Kind', last: 'Last line',
    states: { flowing: 'Arriving', waiting: 'Nothing yet', silent: 'Stopped' }, unconfirmed: 'Waiting for the desk', since: (when) => `since ${when}`,
    week7: (total, today) => `${total} lines in 7 days, ${today} today`, rowsToday: (n) => `${n} today`, none: 'None', clockRight: 'Right', ahead: (by) => `${by} fast`, behind: (by) => `${by} slow`, sure: 'Verified', unsure: 'As claimed',
    emptyTitle: 'No device sends logs yet', emptyWhy: 'Connect one firewall or router and the watch begins. About ten minutes.', emptyOther: 'The lead or the desk can connect devices.', stopped: 'Devices whose logs you stopped', restore: 'Receive its logs again', restored: (name) => `Receiving logs of “${name}” again`,
    seconds: (n) => `${n} s`, minutes: (n) => `${n} min`, hours: (n) => `${n} h`, days: (n) => `${n} d`,
  },
  sender: {
    loading: 'Sender of logs', flowingLead: 'Logs arrive. There is nothing to do.', waitingLead: 'Not one line has arrived. Check the device’s settings with the steps below.', silentLead: (when) => `Nothing since ${when}. Check that the device is on and that its settings have not changed.`, goneLead: 'Its logs are no longer received: what arrives is not kept.', unconfirmedLead: 'Waiting for the desk to confirm. You can already set the device up.',
    arrival: 'What arrives', weekTable: 'Lines by day', day: 'Day', lines: 'Lines', now: 'Now', last: 'Last line', never: 'Nothing yet', today: 'Lines today', unread: 'Lines not understood', unreadNone: 'None today', unreadSome: (n, part) => `${n} today (${part}). They are kept. If there are many, check that the kind is right.`,
    clock: 'The device’s clock', clockRight: 'It is right.', clockOff: (text) => `${text}. Banya goes by the time of arrival. Turn on time synchronisation (NTP) on the device.`,
    trust: 'How sure is the sender?', sureTitle: 'Verified', sureBody: 'A connection, certificate or secret (token) shows that it came from this device.', unsureTitle: 'Taken as claimed', unsureBody: 'Anybody can pretend to be a UDP sender, so nothing important is decided on it. Use TCP or the collector if the device can.',
    setting: 'How its logs are received', edit: 'Change', editTitle: 'Change how its logs are received', family: 'Kind', how: 'Recognised by', device: 'Device', timeZone: 'Time zone of the device', encoding: 'Characters', retention: 'Kept for', retentionHelp: 'Older lines are deleted automatically. Findings and reports stay.', silentAfter: 'Tell me after how many hours of silence', silentAfterWrong: 'Write a number from 1 to 720.', silentAfterHelp: 'Longer for devices that are off at night or on holidays (1–720 hours).', hours: (n) => `${n} hours`, save: 'Save the changes', saved: (name) => `Changed how logs of “${name}” are received`, unset: 'None',
    guide: 'How to set the device up', minutes: (text) => `Takes ${text}`, paste: (n) => `Text to paste in step ${n}`, noted: 'Good to know', showGuide: 'Show how to set it up',
    token: 'Secret for sending (token)', tokenBody: 'It was shown once, when the device was connected. If it is lost, make a new one.', newToken: 'Make a new secret', newTokenTitle: 'Make a new secret?', newTokenBody: 'The present one stops working at once, and logs stop until the device has the new one.', newTokenGo: 'Make it', once: 'This secret can be seen only now. Paste it into the device or keep it safely before you close this.', tokenLabel: 'Secret (token)', tokenKept: 'I have kept it',
    archiveTitle: 'Stop receiving its logs', archiveBody: 'What arrives is no longer kept. What has arrived stays for the chosen time.', archive: 'Stop receiving its logs', archived: (name) => `Stopped receiving logs of “${name}”`, toList: 'To the senders',
  },
  unconfirmed: {
    title: 'Waiting for the desk', why: 'The desk checks once that a device known by its address or certificate is yours, so that nobody’s lines are mixed up. The desk has been told. Its lines are kept as soon as the desk has confirmed.',
    meanwhile: 'Until then what arrives is counted and not kept. If you cannot wait, connect it with a secret (token) or through a collector (relay): that starts at once.', other: 'Connect it another way',
  },
  match: {
    rarely: (now) => `Another way (now: ${now})`, how: 'Which way do they come?', direct: 'Straight from the device', directHelp: 'The device sends syslog to Banya.', relay: 'Through the collector in the office', relayHelp: 'The collector on one of your computers sends them on.', relayNone: 'First connect the collector as “Program or collector”.', token: 'By HTTPS with a secret (token)', tokenHelp: 'For programs and the collector.', certificate: 'With a certificate (TLS)', certificateHelp: 'When the device can hold a certificate. The surest way.',
    address: 'IP address of the sender', addressHelp: 'As Banya sees it. If it comes over the internet, your company’s public address.', yours: (address) => `You are reading this from ${address}.`, useYours: 'Use this address', listener: 'Sent by', tcp: 'TCP (recommended: loses less)', udp: 'UDP (for devices with no choice)', tls: 'TLS (encrypted)', headerHost: 'Host name in the lines', headerHostHelp: 'Only when two devices share one address.', relaySource: 'Collector', lanAddress: 'Address of the device in the office', lanAddressHelp: 'Example: 192.168.100.1', fingerprint: 'Fingerprint of the certificate (SHA-256)', fingerprintHelp: '64 hexadecimal digits, colons allowed.', addressWrong: 'Write an address like 203.0.113.5.', fingerprintWrong: 'Write 64 characters, 0–9 and a–f.',
    said: { address: (address, how) => `from ${address} by ${how}`, host: (host) => `host ${host}`, relay: (address) => `through the collector (${address})`, token: 'by secret (token)', certificate: 'by certificate' },
  },
  connect: {
    title: 'Which device shall send logs?', lead: 'Three steps, about ten minutes. You can stop and go on later.', name: 'Name', nameHelp: 'A name people recognise. Example: UTM, head office', family: 'Kind', groups: { gate: 'At the company’s door', computers: 'Computers and servers', services: 'Mail and services on the net', others: 'Others' }, next: 'Next: register this device', toList: 'Stop and go to the list',
    pasteTitle: 'Paste the settings into the device', pasteNext: 'Pasted: wait for lines', waitTitle: 'Waiting for the first line', waiting: 'Nothing yet. If the settings are right, this turns green within about two minutes. Please wait.', arrived: 'Arrived', arrivedTitle: (name) => `“${name}” is connected`, arrivedBody: 'The watch has begun. There is nothing to do.', see: 'See this device', another: 'Connect another', later: 'Look later', check: 'Check now',
    stuck: 'If nothing changes in five minutes', stuckItems: ['Are address and port in the settings as above?', 'Does your firewall let this port through?', 'Is the sender’s address right, as seen from outside?', 'Does the device have anything to write? Open some web page.'], stuckAsk: 'If in doubt, phone the desk with this page open.', backToPaste: 'See the settings again',
  },
};
