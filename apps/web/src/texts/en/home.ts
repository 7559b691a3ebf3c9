import type { home as ja } from '../ja/home.ts';

export const home: typeof ja = {
  title: 'What to do this week',
  lead: (cards, time) => (cards === 1 ? `One thing, ${time}.` : `${cards} things, ${time} in all.`),
  first: 'Start with',
  openLook: 'Open the question',
  elsewhere: (members: string) => `The same was seen at ${members} members at least, yours among them.`,
  open: {
    finding: 'Show the steps',
    ticket: 'Read the answer',
    source: 'Show the device',
    people: 'Open the people page',
    restore: 'Open the settings',
    report: 'Read the report',
    warning: 'Read the warning',
  },
  severity: { now: 'Act now', look: 'Please look', fyi: 'For information' },
  more: (n) => `More findings are left: ${n}`,
  emptyTitle: 'Nothing to do this week',
  emptyWhy: (stopped, about) => (stopped > 0
    ? `In the last seven days ${about} suspicious ${stopped === 1 ? 'connection was' : 'connections were'} stopped for you. If anything comes up, you will see it here.`
    : 'If anything comes up, you will see it here.'),
  emptyBlind: 'But some devices send no logs. What happens there meanwhile is not known.',
  lastWeek: 'Last week',
  lastWeekSentence: ({ stopped, before, closed, open }) =>
    `Suspicious connections stopped: ${stopped} (the week before: ${before}); findings settled: ${closed}; still left: ${open}.`,
  health: 'Logs coming in',
  healthGood: 'Coming in',
  healthBad: 'Not coming in',
  none: 'No device sends its logs yet. Connect one, and the watch begins.',
  connect: 'Connect a device',
  all: (n, last) => `Logs come from every device (${n}). The last came ${last}.`,
  some: (n, flowing, last) => `Logs come from ${flowing} (of ${n}). The last came ${last}.`,
  silent: (n, silent) => `No logs come from ${silent} (of ${n}).`,
  notYet: 'None has come yet.',
  toDevices: 'Show the devices',
  ask: 'When something is unclear',
  askWhy: 'No need to go on unsure. Just ask.',
  toAsk: 'Ask the desk',
  toArticles: 'Search the articles',
};
