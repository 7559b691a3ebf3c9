import type { Texts } from '../index.tsx';

export const search: Texts['search'] = {
  title: 'Search the logs', lead: 'Find what devices have written, by words and fields.', toTrace: 'Trace how far it spread',
  q: 'What to look for', qHelp: 'Empty finds everything.', span: 'Time', go: 'Search', spans: { '1h': '1 hour', '24h': '24 hours', '7d': '7 days', '30d': '30 days', '90d': '90 days' },
  how: 'How to search', examples: [
    ['vpn failed', 'Lines with both words'], ['"login failed"', 'Lines with these words as they stand'], ['vpn OR remote', 'Lines with either'], ['-normal', 'Lines without this word'],
    ['user:tanaka', 'By name of the account'], ['ip:192.168.1.0/24', 'By address or network'], ['domain:example.com', 'That domain and all below it'], ['dport:3389', 'By port'], ['subject:invoice*', '* stands for any letters'],
  ],
  startTitle: 'What are you looking for?', startWhy: 'Enter words and press Search. Empty shows everything of 24 hours.',
  found: 'Lines found', at: 'Time', said: 'In short', source: 'Sender', received: 'Received', whole: 'The whole line', understood: 'What was understood', narrow: (value) => `Narrow to “${value}”`, traceThis: 'Trace it',
  noneTitle: 'Nothing was found', noneWhy: 'Try a longer time or fewer words.',
  over: 'When and how many', countsSaid: (total, top, most) => `${total} in all. Most were on ${top}: ${most}.`, count: 'Lines', asTable: 'As a table',
  values: 'Commonest values', field: 'Field', valuesNone: 'No line has a value here.', fields: { 'source.ip': 'Source', 'destination.ip': 'Destination', 'user.name': 'Account', 'host.name': 'Device', 'url.domain': 'Domain', 'event.action': 'Action', 'event.dataset': 'Kind', 'destination.port': 'Port' },
  exportCut: (n) => `Files hold the newest ${n} lines.`,
  saved: 'Saved searches', sharedBy: (name, by) => `${name} (${by})`, forget: (name) => `Delete “${name}”`, save: 'Save this search', saveTitle: 'Save the search', name: 'Name', nameHelp: 'For example: remote access at night', share: 'Others here may use it', shareHelp: 'It shows in the lists of those who may see this page.', saveDo: 'Save',
  ofFinding: 'See the lines of this device around it', traceFinding: 'Trace how far it spread',
  trace: {
    title: 'How far did it spread?', lead: 'From one trace to the devices and people it reached.', toSearch: 'Search the logs',
    indicator: 'Trace', indicatorHelp: 'One of: IP address, domain, URL, mail address, device, account, or the fingerprint of a file (hash). hxxp and [.] may stay as they are.', go: 'Trace',
    startTitle: 'What do you want to trace?', startWhy: 'Enter one value to see whom to call.', allStartWhy: 'Enter one value to see which members have it.',
    between: (from, to) => `${from} to ${to}`, common: 'Common value',
    kinds: { ip: 'IP address', domain: 'Domain', url: 'URL', address: 'Mail address', sha256: 'File fingerprint (SHA-256)', sha1: 'File fingerprint (SHA-1)', md5: 'File fingerprint (MD5)', account: 'Account', name: 'Name' },
    calls: 'Whom to check', cut: 'There is more than is shown. Choose a shorter time to see all.', state: 'State', who: 'Device or person', owner: 'Used by', why: 'Why', first: 'First', last: 'Last', lines: 'Lines', see: 'See', sure: 'How sure',
    states: { communicated: 'In touch', opened: 'Opened', possible: 'To check', received: 'Received', stopped: 'Stopped' }, confidences: { sure: 'Sure', likely: 'Likely', possible: 'To be safe' }, hop: (n) => (n === 1 ? 'Direct' : n === 2 ? 'One step on' : 'Two steps on'),
    silent: 'Devices that sent no lines', silentWhy: 'From these devices nothing came on some days. Of that time nothing is known.', silentDays: (days, of) => (of === 0 ? 'Nothing in this time' : `lines on ${days} of ${of} days`), lastHeard: (at) => `last on ${at}`, neverHeard: 'never heard of',
    related: 'May belong to it', finding: 'Finding', ticket: 'Question', mail: 'Reported mail', mailOpened: 'Mail somebody opened', noSubject: '(no subject)',
    picture: {
      title: 'Picture of the spread', said: 'From the trace onwards, link by link. Of what comes from the same place, earlier is higher.', allSaid: 'The members where it was found, and those of which nothing is known. Members where it was not found are not drawn.', label: (title, said) => `${title}. ${said} The tables on this page say the same.`,
      account: 'Account', unknown: 'Days without lines: unknown',
      more: ({ machines, people, accounts, members }) => `${[machines > 0 && `${machines} more device${machines === 1 ? '' : 's'}`, people > 0 && `${people} more ${people === 1 ? 'person' : 'people'}`, accounts > 0 && `${accounts} more account${accounts === 1 ? '' : 's'}`, members > 0 && `${members} more member${members === 1 ? '' : 's'}`].filter(Boolean).join(', ')}`,
      guess: 'Dashed: likely, or to be safe', blank: 'Dotted: unknown', many: 'Double frame: it stands for very many devices and was not followed',
    },
    links: 'The links as a table', linksCaption: 'Links from the trace, at most three steps', edgeFrom: 'From', edgeTo: 'To', commonNodes: (names) => `${names} stand for very many devices, so they were not followed.`,
    allTitle: 'Which members did it reach?', allLead: 'All members are looked through, as far as each has agreed.', deep: 'Look into the text of every line', deepHelp: 'Also finds what was not understood. It takes longer.',
    members: 'By member', member: 'Member', said: 'What is known', phone: 'Phone', open: 'More', card: 'The member’s card', warn: 'Tell the members', numbersOnly: 'By its consent only numbers are known.',
    stands: { reached: 'Found', stopped: 'Stopped', silent: 'No lines', clear: 'Not found', closed: 'Not shared', failed: 'Not looked at' },
  },
};
