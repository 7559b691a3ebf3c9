import type { members as ja } from '../ja/members.ts';

export const members: typeof ja = {
  kinds: { scores: 'monthly report and scores', answers: 'answers to questionnaires', evidence: 'evidence', alerts: 'findings', indicators: 'traces of attackers', drills: 'results of mail drills', inventory: 'devices', logs: 'logs', samples: 'suspicious mails themselves', tickets: 'questions' },
  failedOffline: 'You are not connected, so nothing was changed.',
  list: {
    title: 'Who are our members?', add: 'Register a member', unknown: 'Unregistered senders', search: 'Name or reading', caption: 'Members',
    name: 'Member', industry: 'Industry', size: 'Size', prefecture: 'Prefecture', phone: 'Phone',
    emptyTitle: 'No members yet', emptyWhy: 'When you register a member, its lead gets an invitation to sign in.', emptyOther: 'A manager or operator can register members.',
  },
  card: {
    loading: 'Member', lead: 'How to reach the lead, and what the member shares.', toList: 'To the members', toMap: 'To the map',
    leads: 'Lead', noLead: 'This member has no lead yet.', noLeadStep: 'Please register one below.', noLeadAsk: 'Ask a manager or operator to register one.', noPhone: 'No phone number on record', canSignIn: 'Can sign in', cannotSignIn: 'Has not signed in yet',
    profile: 'About the member', reading: 'Reading', industry: 'Industry', size: 'Size', prefecture: 'Prefecture', corporate: 'Corporate number', phone: 'Main phone', domains: 'Mail domains', unset: 'Not filled in yet',
    consents: 'What it shares', shared: 'Shared', notShared: 'Not shared', fixed: 'Always shared', until: (when) => `until ${when}`, sharedLine: (kinds) => `Shared: ${kinds}.`, notSharedLine: (kinds) => `Not shared: ${kinds}.`, forTicket: (kinds, until) => `Until the question is settled (${until} at the latest) you may look at ${kinds}:`, ticket: (n) => `question #${n}`, howToAsk: 'If you need it, tell the lead what for and ask. It can be changed under “What we share” in the member’s settings. Logs (and findings, if a question is about one) you can ask to see for that question alone, on its page.', showConsents: 'Show the whole list', consent: 'What', state: 'Now',
    sources: 'Do its logs arrive?', unconfirmed: 'To confirm', sourceStates: { flowing: 'Arriving', waiting: 'Nothing yet', silent: 'Stopped' }, seen: 'Last', neverSeen: 'Nothing yet', noSources: 'No device that sends logs is registered yet.', source: 'Device', lines: 'Lines today',
    pages: 'Open this member’s pages', findings: 'Findings', devices: 'Devices', logs: 'Search logs', tickets: 'Its questions in the queue', noPages: 'This member does not share findings, so its findings cannot be opened.',
    addPerson: 'Register a person', addTitle: 'Register a person', person: 'Name', personReading: 'Reading', email: 'Mail address', personPhone: 'Phone', role: 'Role', roleLead: 'Make this person lead', roleNone: 'Only on the list', roleLeadHelp: 'An invitation to sign in is mailed.', added: (name) => `${name} registered`, needMail: 'A lead needs a mail address.', roleFailed: (name, why) => `${name} is on the list, but could not be made lead. ${why}`,
  },
  add: {
    title: 'Register a member', lead: 'A name and a lead are enough to start. The rest can follow.', org: 'Member', name: 'Name of the member', reading: 'Reading', readingHelp: 'On the phone you can search by reading.',
    corporate: 'Corporate number', corporateHelp: '13 digits, as published by the National Tax Agency.', industry: 'Industry', size: 'Size', prefecture: 'Prefecture', phone: 'Main phone', choose: 'Leave open',
    leadTitle: 'Lead', leadHelp: 'The person you usually speak to. An invitation to sign in is mailed.', withLead: 'Register the lead now', leadName: 'Name', leadReading: 'Reading', leadEmail: 'Mail address', save: 'Register', added: (name) => `“${name}” registered`,
    corporateOk: 'The corporate number has the right form.',
  },
  unknown: {
    title: 'Whose devices are sending?', lead: 'Senders nobody has registered. They are counted; what they say is not kept.', caption: 'Unregistered senders', address: 'Sender', host: 'Calls itself', noHost: 'Gives no name', lines: 'Lines', first: 'First', last: 'Last', register: 'Register', registerOf: (address) => `Register ${address}`,
    more: (n) => `There are ${n} more senders than fit here. Register those above to see them.`,
    emptyTitle: 'There are no unregistered senders', emptyWhy: 'When a new device starts sending, it appears here.',
    dialogTitle: 'Which member’s device is it?', member: 'Member', name: 'Name of the device', nameHelp: 'A name the member understands too (for example UTM of the head office).', family: 'Kind', save: 'Register', registered: (name, member) => `“${name}” registered for ${member}`,
    back: 'To the members',
    waiting: {
      title: 'Registered by a member, to be confirmed', body: 'Ask the member, for instance by phone, whether the device is theirs. Press “Confirm” and its lines are kept from then on. If the member knows nothing of it, press “Refuse”.', member: 'Member', name: 'Device', how: 'Known by', lines: 'Lines so far', since: 'Registered', none: 'Nothing yet', spanned: (lines, from) => `${lines} since ${from}`,
      confirm: 'Confirm', confirmOf: (name) => `Confirm “${name}”`, confirmed: (name, member) => `Lines of “${name}” (${member}) are kept from now on`, refuse: 'Refuse', refuseOf: (name) => `Refuse “${name}”`, refused: (name, member) => `Refused “${name}” of ${member}`,
    },
  },
};
