import type { overview as ja } from '../ja/overview.ts';

export const overview: typeof ja = {
  title: 'Which member needs a hand?',
  sum: (members, openNow) => `${members}, with ${openNow} to act on now.`,
  sumCalm: (members) => `${members}, with nothing to act on now.`,
  members: (n) => `${n} ${n === 1 ? 'member' : 'members'}`,
  also: (parts) => ` Also: ${parts}.`,
  silent: (n) => `${n} whose logs have stopped`, late: (n) => `${n} with something overdue`, noLead: (n) => `${n} without a lead`,
  join: ', ',
  search: 'Name of a member', sort: 'Order', sortNeed: 'Most in need first', sortName: 'By name',
  caption: 'Map of members', member: 'Member', trend: '12 weeks', trendWords: (last, before) => `New findings: ${last} in the last 4 weeks, ${before} in the 4 before.`, trendShort: (last) => `${last} in 4 weeks`, trendBefore: (before) => `${before} before`, allCalm: 'Nothing to see to', trendNone: 'Not shared',
  columns: { flowing: 'Logs', openNow: 'Now', openLook: 'To look at', overdue: 'Overdue', tickets: 'Questions', leadSeen: 'Lead' },
  cells: {
    notShared: 'Not shared', old: 'Old figure', none: 'None', unknown: 'Not known',
    devices: (n) => n, count: (n) => n, days: (n) => `${n} d ago`, today: 'Today',
    flowingGood: 'Arriving', flowingLook: 'Some missing', flowingNow: 'Stopped', flowingNone: 'No device yet',
    now: 'Act now', look: 'Please look', overdue: 'Overdue', ticketsGood: 'Open', ticketsLook: 'Wait for us', ticketsNow: 'Late',
    leadGood: 'Was here', leadLook: 'Over 2 weeks', leadNow: 'Long away', leadNone: 'No lead', leadNever: 'Never yet',
  },
  updated: 'Updated',
  howTitle: 'How to ask about “Not shared”', how: ['What to share is for the member to decide. It can be changed any time under “What we share” in the member’s settings.', 'Press a member to see the lead’s phone number and what is shared now. Say first what you would use it for; that makes deciding easier.'],
  emptyTitle: 'No members yet', emptyWhy: 'Register members and the map draws itself.', emptyAction: 'Register a member', emptyWait: 'A member registered just now appears within an hour.',
  noneTitle: 'No member fits', noneWhy: 'Try only a part of the name.',
  all: (n) => `Showing ${n}`,
  reports: {
    title: 'How did the month go for all members?', lead: 'A PDF: all members on the first page, then one page each.',
    list: 'Reports of months', month: 'Month', verdict: 'In a word', closed: 'Made on', version: 'Version', file: 'PDF', pdf: 'Open the PDF', versionOf: (n) => `Version ${n}`,
    verdicts: { calm: 'Calm', look: 'Please look', act: 'Please act', blind: 'Not visible' }, reason: 'Made because', reasons: { month: 'End of the month', late: 'Logs came late', demand: 'On request' },
    make: 'Make it now', makeHelp: 'Also in the middle of a month. It becomes a new version; the earlier ones stay.', made: (month) => `Report of ${month} made`,
    emptyTitle: 'No reports yet', emptyWhy: 'They are made when a month ends. With “Make it now” below you need not wait.',
  },
};
