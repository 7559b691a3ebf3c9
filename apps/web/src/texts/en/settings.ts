import type { settings as ja } from '../ja/settings.ts';

export const settings: typeof ja = {
  sharing: {
    scores: { name: 'Monthly report and scores', sees: 'They see the figures of the monthly report and when the lead was last here.', hides: 'Not the findings themselves, nor logs.', stop: 'If you stop, figures of past months go too, and you are no longer compared with others.' },
    alerts: { name: 'Findings', sees: 'The desk sees findings with the few lines behind them, and can close them with you.', hides: 'No other logs.', stop: 'If you stop, the desk cannot open your findings; you will have to explain on the phone.' },
    inventory: { name: 'Devices', sees: 'They see names, owners and addresses of devices, and whether logs arrive.', hides: 'Not what the logs say.', stop: 'If you stop, the desk cannot look up which device it is.' },
    logs: { name: 'Logs', sees: 'The desk can look into each line that arrived.', hides: 'Who looked always stands in the records.', stop: 'If you stop, you investigate accidents yourselves.' },
    tickets: { name: 'Questions', sees: 'Your questions reach the desk.', hides: 'Nothing you have not asked.', stop: '' },
    answers: { name: 'Answers to questionnaires', sees: 'They will see your answers.', hides: '', stop: '' },
    evidence: { name: 'Evidence', sees: 'They will see proof of measures taken.', hides: '', stop: '' },
    indicators: { name: 'Traces of attackers', sees: 'Addresses of attackers will help to protect other members.', hides: '', stop: '' },
    drills: { name: 'Results of mail drills', sees: 'They will see totals, such as how many reported.', hides: '', stop: '' },
    samples: { name: 'Suspicious mails themselves', sees: 'The desk will be able to examine mails you sent in.', hides: '', stop: '' },
  },
  scopes: {
    ingest: { name: 'Send logs', help: 'Only sends; reads nothing.' },
    'findings:read': { name: 'Read findings', help: 'Reads the list and each finding.' },
    'tickets:write': { name: 'Send questions', help: 'Another system can ask the desk.' },
    'inventory:write': { name: 'Write devices', help: 'An asset system can add and change devices.' },
    'reports:read': { name: 'Read reports', help: 'Reads the figures of the monthly reports.' },
    'samples:write': { name: 'Send suspicious mails', help: 'The report button of a mail program can have mails checked.' },
    'people:write': { name: 'Write people', help: 'A personnel system can add and change people.' },
  },
  hub: {
    title: 'What would you like to change?', own: 'This organisation', data: 'Where data goes', ways: 'Ways in and connections', house: 'Banya itself (operator)', end: 'When leaving',
    items: {
      profile: ['The organisation', 'Name, industry, size, your addresses and mail domains'],
      people: ['People and roles', 'List, lead, deputy, handing over'],
      sharing: ['What we share', 'What the federation sees, and what not'],
      audit: ['Who looked', 'The records of who saw and who changed our data'],
      outbox: ['Outbox', 'Mails Banya sent, and those that did not arrive'],
      'sign-in': ['Sign in with company accounts', 'Microsoft, Google or what your company uses'],
      tokens: ['Connect other systems', 'Secrets (tokens) for the API'],
      leave: ['Take data out, leave', 'Everything as one file; stop using Banya'],
      mail: ['How mail is sent', 'Mail server and test'],
      backup: ['Backups', 'Where copies go; practise a restore'],
      health: ['Health', 'What is wrong, and the remedy'],
    },
  },
  back: 'To the settings',
  profile: {
    title: 'Is this right about the organisation?', lead: 'Industry and size are used to compare with companies like yours; addresses and domains to tell inside from outside.',
    basics: 'Name and contact', name: 'Name', reading: 'Reading', corporate: 'Corporate number', corporateHelp: '13 digits, as published by the National Tax Agency.', corporateOk: 'The corporate number has the right form.', phone: 'Phone', phoneHelp: 'Example 043-123-4567',
    peers: 'To compare with companies like yours', industry: 'Industry', size: 'Size', prefecture: 'Prefecture', choose: 'Not chosen',
    network: 'To tell inside from outside', ranges: 'Public IP addresses of the company', rangesHelp: 'One a line. Example 203.0.113.0/24. Private addresses such as 192.168. are known anyway.', domains: 'Mail domains', domainsHelp: 'One a line. Example example.co.jp. Used to spot mails in your name.', timeZone: 'Time zone',
    save: 'Save', saved: 'Saved the organisation', readOnly: 'The lead or a manager can change this.', rangesWrong: 'Write ranges like 203.0.113.0/24, one a line.',
  },
  share: {
    choose: (name) => `Share: ${name}`,
    title: (federation) => `What does ${federation} see?`, titlePlain: 'What does the federation see?', lead: 'The data is yours. Only what you choose here is seen. You can change it at any time.',
    none: 'This organisation is the federation itself: nothing goes further up.', noneTitle: 'There is nobody to share with', on: 'Seen', off: 'Not seen', fixed: 'Always arrives', fixedWhy: 'Questions are made to reach the desk, so this cannot be switched off.', since: (day, by) => `Chosen on ${day} by ${by}.`, sinceSetup: (day) => `Chosen at registration on ${day}.`, until: (day) => `until ${day}`,
    given: (name) => `Sharing: ${name}`, withdrawn: (name) => `No longer sharing: ${name}. The copy is deleted within a day`, gone: 'The federation’s copy is deleted within a day.', later: 'Sharing for later', laterLead: 'Banya has nothing yet that would be sent by these. You may choose ahead.', readOnly: 'The lead, the executive or a manager can change this.',
    history: 'What was chosen so far', historyNone: 'Nothing yet.', when: 'When', what: 'Sharing', choice: 'Choice', who: 'By', gave: 'Shared', took: 'Stopped', setup: 'At registration', see: 'See who looked',
  },
  audit: {
    title: 'Who looked at our data?', lead: 'Whoever looks or changes stands in records that cannot be erased.', caption: 'Records', only: 'Records shown', everyone: 'All', outsiders: 'Outsiders only', at: 'When', who: 'Who', what: 'What', via: 'Allowed by', target: 'Which', outside: 'Outsider', own: 'Our own', system: 'Banya itself',
    vias: { federation: 'role at the federation', always: 'answering questions', share: (name) => `sharing “${name}”` }, emptyTitle: 'No records yet', emptyWhy: 'Whatever is looked at or changed is kept here.',
    verify: 'Check that nothing was rewritten', ok: (n) => `${n} records; not one was rewritten.`, bad: (n) => `From record ${n} on, the chain does not fit.`, badDo: 'Phone the desk with this page open.', head: 'Fingerprint of the last record', headHelp: 'Written on paper, it later shows anybody that the records were not replaced.',
  },
  sso: {
    title: 'Sign in with company accounts?', lead: 'People sign in to Banya with the company account (OIDC) they use every day. Do this together with whoever manages those accounts.', stateOn: (issuer) => `People can sign in with accounts of ${issuer}.`, stateOff: 'People now sign in with a mail link or a passkey.',
    step1: 'Register an application in the account system', returnUrl: 'Paste this as the return address (redirect URI)', step2: 'Fill in the three values it shows', issuer: 'Issuer', issuerHelp: 'Example https://login.example.com/xxxx/v2.0', clientId: 'Client ID', clientSecret: 'Client secret', secretHelp: 'Nobody can see it after saving. Enter it again to change anything.', domains: 'Mail domains of these accounts', domainsHelp: 'One a line. Example example.co.jp', required: 'People of these domains sign in with company accounts only', requiredHelp: 'Mail links then stop working for them. Try without it first.',
    save: 'Check and save', saved: 'Company accounts work now', ended: 'Back to mail links and passkeys', end: 'Stop and go back to mail links', endTitle: 'Stop using company accounts?', endBody: 'Company accounts no longer work; people sign in with a mail link or a passkey. To use company accounts again, enter the secret again.', endGo: 'Stop', domainsWrong: 'Write domains like example.co.jp, one a line.',
  },
  tokens: {
    title: 'Which system may do what?', lead: 'A system that holds a secret (token) can do what you choose, nothing more.', caption: 'Secrets (tokens)', make: 'Make a secret', makeTitle: 'What is the secret for?', name: 'Name', nameHelp: 'Which system it is for. Example: asset management', scopes: 'May do', expires: 'Valid for', for: { '90': '90 days (recommended)', '365': '1 year', never: 'No end' }, go: 'Make',
    secretTitle: 'The secret is made', once: 'This secret can be seen only now. Paste it into the other system before you close this.', secret: 'Secret (token)', kept: 'I have pasted it', used: 'Last used', never: 'Not used yet', until: 'Ends', noEnd: 'Never', created: 'Made', revoke: 'End it', revokeTitle: 'End this secret?', revokeBody: (name) => `The system that uses “${name}” is cut off at once. This cannot be undone, but you can make another.`, revoked: (name) => `Ended “${name}”`, forSender: 'Of a device that sends logs',
    emptyTitle: 'No system is connected', emptyWhy: 'Make a secret when an asset or personnel system shall write here by itself.', doc: 'How to connect (API description)',
  },
  outbox: {
    title: 'Does mail arrive?', lead: 'Mails Banya sent. They are deleted after 90 days.', caption: 'Mails', state: 'Now', states: { waiting: 'Being sent', sent: 'Sent', failed: 'Not delivered', kept: 'Held back' }, filter: 'Mails shown', all: 'All', to: 'To', subject: 'Subject', at: 'Made', tries: 'Tries', read: 'Read', again: 'Send again', sentAgain: 'It is sent again',
    masked: 'Sign-in links are not shown here: whoever saw one could sign in as that person.', kept: 'No mail server has been set, so mails are held back. Once it is set, those under 7 days old are sent automatically.', keptGo: 'Set how mail is sent', why: 'Why it did not arrive', emptyTitle: 'No mails yet', emptyWhy: 'Sign-in links and notices that are sent are kept here.',
  },
  leave: {
    title: 'Take data out, or leave Banya?', lead: 'The data is yours. You can have all of it at any time.', archive: 'Receive everything as one file', archiveBody: 'A zip file with people, devices, findings, questions, logs and records. You can go on using Banya.', archiveGo: 'Receive it', archiveBusy: 'The file is being made. With many logs this takes minutes; keep this page open.', archived: 'You have the file. Keep it in a safe place.',
    end: 'Leave Banya', endBody: (day) => `If you leave, nobody can sign in any more and the watch ends at once. The data is erased on ${day} and cannot be brought back.`, first: 'First receive everything as one file, above.', ask: 'Go on to leaving', askTitle: (name) => `Does ${name} leave Banya?`, askBody: (day) => `Nobody can sign in from now on, and the data is erased on ${day}. This cannot be undone here.`, go: 'Leave', done: 'You have left', doneBody: (day) => `The data is erased on ${day}. If you change your mind before, phone the federation’s desk.`, federation: 'The federation cannot leave', federationWhy: 'It owns this Banya. To stop using it, make a backup and stop the server.',
  },
};
