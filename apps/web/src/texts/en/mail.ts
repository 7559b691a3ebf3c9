import type { mail as ja } from '../ja/mail.ts';

const many = (n: string, one: string, more: string) => `${n} ${n === '1' ? one : more}`;

export const mail: typeof ja = {
  short: { dangerous: 'Dangerous', suspicious: 'Suspicious', insufficient: 'Too little to tell', clear: 'Nothing suspicious' },
  verdicts: {
    dangerous: { word: 'Dangerous', says: 'It is dangerous. Do not open anything in it and do not reply.' },
    suspicious: { word: 'Suspicious, the desk checks', says: 'It is suspicious. Leave it alone until the desk has answered.' },
    insufficient: { word: 'Too little to tell', says: 'This alone is not enough to tell.' },
    clear: { word: 'Nothing suspicious found', says: 'What we looked at gives no cause for concern.' },
  },
  decisions: {
    dangerous: { word: 'Dangerous', says: 'The desk has checked it. It is dangerous.', desk: 'Dangerous' },
    unwanted: { word: 'Junk', says: 'The desk has checked it. It is junk, such as advertising.', desk: 'Junk' },
    harmless: { word: 'Real mail', says: 'The desk has checked it. It is a real mail.', desk: 'Real mail' },
  },
  did: { nothing: 'Nothing', link: 'Pressed a link', file: 'Opened an attachment', typed: 'Typed in a password or a number', unsure: 'Perhaps something, I am not sure' },
  didShort: { nothing: 'Nothing', link: 'Pressed a link', file: 'Opened a file', typed: 'Gave a password', unsure: 'Not sure' },
  channels: { upload: 'From the page', mail: 'Forwarded', mailbox: 'From a mailbox', button: 'By the report button' },
  tlpWords: {
    CLEAR: 'May be shown to anybody.',
    GREEN: 'For organisations you work with. Not for the public.',
    AMBER: 'For your organisation, and partners who need it to protect themselves.',
    'AMBER+STRICT': 'Only inside your organisation.',
    RED: 'Only for the leads it was sent to; do not pass it on.',
  },
  tlpShort: { CLEAR: 'Anybody', GREEN: 'Organisations we work with', AMBER: 'Members and partners', 'AMBER+STRICT': 'Inside members', RED: 'Chosen leads' },
  states: { waiting: 'Being checked', failed: 'Not analysed', drill: 'Training mail' },
  noSubject: '(no subject)',
  untold: 'Not told',
  quoted: (text) => `“${text}”`,

  ask: {
    title: 'Is this mail real?', lead: 'You get an answer in seconds. If it cannot be told, somebody at the desk looks.',
    did: 'What have you done with this mail?', first: 'Phone the desk first. Leave the computer on, but stop using it. The sooner, the less harm.',
    way: 'How do you show it to us?', wayFile: 'I have the mail as a file', wayFileHelp: 'This tells most.', wayPaste: 'I do not have the mail or cannot save it', wayPasteHelp: 'Paste its text. The answer is less certain.',
    file: 'The mail as a file', fileHelp: 'On a computer, drag the mail here from your mail program as it is, or copy it and paste it here.',
    fileMissing: 'Choose the file of the mail.', text: 'Text of the mail', textHelp: 'Paste sender and subject too. Do not press its links.', textMissing: 'Paste the text of the mail.',
    noFile: 'It did not arrive as a file. Save the mail on your computer first, then choose that file.',
    wrongKind: (name) => `“${name}” cannot be used. Choose the file of a mail (.eml, .msg) or a .zip with it.`,
    tooBig: (name, max) => `“${name}” is too big. Choose a file of at most ${max}.`,
    taken: (name) => `“${name}” taken`, takenText: 'The pasted text is taken',
    send: 'Check it',
    forward: 'Ask by forwarding from the mail program', address: 'Address to forward to', forwardHere: 'Forward it there as an attachment, and the answer comes by mail.',
    steps: ['Use “Forward as attachment”, not the ordinary forward: it keeps the record of where the mail came from.', 'In Outlook, select the mail, then More and “Forward as attachment”.', 'In Gmail, open the three dots at the top right of the mail and choose “Forward as attachment”.'],
    stepAddress: 'Send it to the address above.', stepAsk: 'Send it to the address that your lead or the desk gives you.',
    save: 'How to make a file of a mail', saveSteps: ['In Outlook, drag the mail to the desktop: it becomes a file.', 'In Gmail, open the three dots at the top right of the mail and choose “Download message”.', 'On a phone, forwarding it or pasting its text is quickest.'],
    mine: 'Mails asked about before',
  },

  answer: {
    title: 'Is this mail real?', one: 'Check of a mail', toList: 'All mails that were checked', toAsk: 'Ask about another',
    about: (subject, from) => `“${subject}”, from ${from}`,
    waiting: 'Being checked', waitingWhy: 'It usually takes a few seconds. Leave the mail alone meanwhile.',
    late: 'It takes longer than usual. You may close this page: the answer will stand here. If it is urgent, phone the desk.',
    failed: 'It could not be analysed. The desk checks it.', failedWhy: 'The mail is too big or malformed. It is nothing you did.',
    drill: 'This was a training mail. Thank you for reporting it: full marks.', drillWhy: 'There is nothing more to do. Do the same when it is a real one.',
    clearBut: 'That does not prove it safe. If you did not expect it, have the desk look.',
    partly: { inline: 'It came as an ordinary forward, without the record of its sender. The answer is less certain.', pasted: 'Only its text was checked, without the record of its sender. The answer is less certain.' },
    doNow: 'What to do now', call: 'Phone the desk now', callWhy: 'The sooner, the less harm.',
    touch: 'Have you done something with it?', touchWhy: 'Press it and the desk knows at once. Nobody will blame you.',
    buttons: { link: 'I pressed a link', typed: 'I typed my password', file: 'I opened a file' },
    told: (what) => `The desk was told: ${what}`, toldAlready: (what) => `The desk knows: ${what}.`,
    reasons: 'Why we think so', reasonsBefore: 'What the check had found before', reasonsMore: (n) => `More reasons (${n})`, reasonsNone: 'Nothing decisive has been found yet.', whereOf: { header: 'record of the sender', text: 'text', html: 'text', link: 'link', attachment: 'attachment', envelope: 'record of delivery' }, headers: { from: 'sender', sender: 'sender', 'reply-to': 'reply to', 'return-path': 'return path', to: 'addressed to', subject: 'subject', date: 'date', 'message-id': 'number', received: 'record of its way', 'authentication-results': 'results of the sender checks' },
    severities: { high: 'Strong reason', medium: 'Reason', low: 'Weak reason', note: 'For information', good: 'Good sign' },
    seen: 'Has it come to others?', seenOne: (members, reports, touched) => `It came to ${members}; ${reports} reported it. ${touched} opened a link or the like.`, seenNone: 'Nobody else has reported it yet.', seenSince: (when) => `First on ${when}.`,
    members: (n) => many(n, 'member', 'members'), people: (n) => many(n, 'person', 'people'), peopleOf: (n) => many(n, 'person', 'people'),
    ask: 'Have the desk look', askWhy: 'If you are in doubt, somebody at the desk reads it and answers.', asked: 'Sent to the desk. The answer will stand here.', talk: 'Open the conversation with the desk', talkWhy: 'Somebody at the desk is looking at this mail. The answer will stand here.', talkDone: 'If you have a question, you can go on writing.',
    deskTitle: 'The desk', deskHas: 'Somebody at the desk is looking at this mail. The answer will stand here.',
    fate: 'The copy of this mail', deleteOn: (day) => `Only your organisation and the desk can see it. It is deleted on ${day}.`, kept: 'Only your organisation and the desk can see it. It is kept until the matter is closed.', answered: (when) => `Answered on ${when}.`,
  },

  list: {
    title: 'Mails that were checked', lead: 'What was asked, and the answers.', ask: 'Check a mail', search: 'Search subject and sender', verdict: 'Verdict', all: 'All',
    subject: 'Subject', from: 'Sender', reporter: 'Asked by', at: 'When', did: 'Done with it', member: 'Member', reason: 'Main reason',
    emptyTitle: 'Nobody has asked about a mail yet', emptyWhy: 'When a suspicious mail comes, it can be checked here before it is opened.', warnings: 'Warnings from the desk',
  },

  queue: {
    title: 'Which mail to check first?', lead: 'Mails not decided yet. Look first at those that somebody opened.', leadAll: 'Decided mails are listed too.',
    show: 'Show', open: 'Not decided', anyMember: 'All members', campaigns: 'The same mail at several', warnings: 'Warnings', statistics: 'How reporting goes',
    emptyTitle: 'No mail is waiting', emptyWhy: 'Suspicious mails from members will be listed here.', decided: (word) => `${word} (decided)`,
  },

  sample: {
    one: 'Check of a mail', back: 'To the list of mails', who: (org, name) => `${org}, ${name}`, decideGo: 'Decide',
    origin: 'Where it came from', from: 'Sender', replyTo: 'Reply to', returnPath: 'Return path', to: 'To', date: 'Written on', messageId: 'Message-ID',
    proven: (domain) => `It is proven to come from ${domain}.`, provenTag: 'Proven', unprovenTag: 'Not proven', unproven: 'It cannot be proven to come from whom it names.', provenNot: 'That does not prove that the sender means well.',
    checks: 'Results of the sender checks', checkedBy: { own: 'As the member’s own mail server found.', checked: 'As checked again from the record.', none: 'There is no record to check.' }, by: 'Checked by', fcrdns: 'Name and address agree', fcrdnsYes: 'yes', fcrdnsNo: 'no',
    route: 'The way it took', routeSaid: (n, first, last) => `It passed ${n} ${n === 1 ? 'server' : 'servers'}. The first is ${first}, the last ${last}.`, routeNone: 'There is no record of its way.', unknownHost: 'no name', noFacts: 'Nothing could be read.',
    lookalikes: 'Look-alike domains', lookalikeSaid: (domain, target) => `${domain} looks like the real ${target}.`, real: 'Real', fake: 'This mail', targetKinds: { own: 'The member’s domain', partner: 'A partner’s domain', brand: 'Domain of a known company' }, differs: 'Letters that differ are marked.',
    hows: { homoglyph: 'Uses other letters that look the same', punycode: 'Imitates it with international letters', edit: 'One or two letters differ', added_word: 'Adds a word', wrong_suffix: 'Has another ending', subdomain: 'Puts the real name in front' },
    links: 'Links', linksNone: 'There are no links.', linkUrl: 'Goes to (not clickable)', linkText: 'Shown as', linkFrom: 'Found in', linkDomain: 'Domain', froms: { text: 'Text', html: 'Text (HTML)', qr: 'QR code', attachment: 'Attachment' },
    files: 'Attachments', filesNone: 'There are no attachments.', fileName: 'Name', fileType: 'What it is', fileSize: 'Size', fileFlags: 'Beware', fileEntries: 'Inside', fileWords: 'Words found', fileHash: 'Fingerprint (SHA-256)', noFlags: 'nothing special',
    flags: {
      executable: 'Program', script: 'Script', shortcut: 'Shortcut', disk_image: 'Disk image', onenote: 'OneNote', archive: 'Archive', encrypted_archive: 'Archive with password', encrypted_office: 'Office with password', archive_bomb: 'Swelling archive', nested_archive: 'Archive in archive',
      dangerous_inside: 'Dangerous kind inside', macro: 'Macro', macro_autoexec: 'Macro that starts by itself', macro_downloads: 'Macro that fetches', external_template: 'Reads a template elsewhere', embedded_object: 'Embedded object', dde: 'Outside command (DDE)', html_form: 'HTML with a form', html_script: 'HTML with script', html_obfuscated: 'HTML that hides its content', html_redirect: 'HTML that leads elsewhere', svg_script: 'Picture with script (SVG)',
      pdf_javascript: 'PDF with script', pdf_launch: 'PDF that starts others', pdf_link: 'PDF with links', pdf_encrypted: 'PDF with password', pdf_form: 'PDF with a form', double_extension: 'Double extension', rtlo: 'Turns the name around', type_mismatch: 'Name and content differ', qr: 'QR code', unreadable: 'Could not be read',
    },
    preview: 'What the mail says', previewSafe: 'Links cannot be pressed. Pictures from outside are not loaded.', hidden: 'Text hidden from the eye', html: 'Show how it looks', htmlHide: 'Hide how it looks', htmlTitle: 'How the mail looks (a lifeless copy)', noText: 'It has no text.', headers: 'Show all headers', headerName: 'Name', headerValue: 'Value', gone: 'The copy of this mail has been deleted.',
    reporter: 'Reported by', touched: 'Done with it', untold: 'not told yet', channel: 'Came by', at: 'Came on', passage: 'Form', size: 'Size', note: 'What the reporter wrote', engine: 'Checked by', score: 'Score',
    passages: { original: 'As it was', attached: 'Forwarded as attachment', msg: 'Outlook file', winmail: 'winmail.dat', archive: 'In a zip', inline: 'Ordinary forward', pasted: 'Text only' },
    troubles: 'What could not be examined', troubleOf: (what, where) => `${what} (${where})`,
    troubleCodes: { too_large: 'Too large', too_many_parts: 'Too many parts', too_deep: 'Nested too deep', headers_too_large: 'Headers too long', too_many_links: 'Too many links', broken_mime: 'Broken form', undecodable: 'Unreadable letters', broken_container: 'Broken container', archive_too_large: 'Archive too large', image_too_large: 'Picture too large', picture_not_read: 'Some photos were not looked at', pdf_unreadable: 'PDF unreadable', attachment_unreadable: 'Attachment unreadable', time_out: 'Not enough time' },
    alike: 'The same mail', alikeNone: 'No other has been found.', campaign: 'Show all of them',
    original: 'Download the mail (zip)', originalWhy: 'Only for examining it. The download stands in the member’s record.', password: 'Password of the zip',
    warn: 'Make a warning of this mail', keep: 'Keep for a case', unkeep: 'Do not keep', keptNow: 'It is kept beyond its day', unkept: 'It is deleted on its day', deleteOn: (day) => `Deleted on ${day}.`, keptWord: 'Kept for a case.', ticket: 'Open the question', more: 'More you can do',
  },

  decide: {
    title: 'What is it?', change: 'Change the decision', done: (word, when) => `Decided on ${when}: ${word}.`,
    answer: 'Answer to the reporter', answerHelp: 'Left empty, only the decision and the main reason are told.', alike: 'Use it for all of the same mail', alikeHelp: (n) => `There are ${n} more that you may see.`,
    effect: 'The reporter is answered when you press one.', effectAll: 'Everybody who reported the same mail is answered when you press one.', decided: (n, word) => `Decided ${n}: ${word}`,
    template: 'Insert a template', templateNone: 'Choose a template',
  },

  campaigns: {
    title: 'Where has the same mail come?', lead: 'Joined by fingerprints and numbers, without looking at what mails say.', caption: 'The same mail at several', mail: 'Mail', unseen: 'Subject not shared', members: 'Members', reports: 'Reports', touched: 'Opened', first: 'First', last: 'Last', state: 'Verdict', warned: 'Warning', warnedYes: 'yes', warnedNo: 'not yet', back: 'To all of them', one: 'The same mail at several',
    emptyTitle: 'There are none yet', emptyWhy: 'When the same mail comes twice or more, it is gathered here.',
    said: (members, reports, touched) => `It came to ${many(members, 'member', 'members')}, with ${many(reports, 'report', 'reports')}. Opened by: ${touched}.`, from: (from) => `Sender ${from}`,
    byMember: 'Members it came to', timeline: 'When and where it came', firstAt: (name) => `First report from ${name}`, firstTouched: (name, n) => `First report from ${name} (opened by ${n})`, lastAt: (name) => `Last report from ${name}`, samples: 'Mails that you may see', samplesNone: 'No mail of it is shared with the desk.',
    warn: 'Warn the members', warning: 'Open the warning', member: 'Member',
  },

  bulletins: {
    title: 'What do members need to know?', lead: 'Warnings in draft and warnings sent.', write: 'Write a warning', caption: 'Warnings', subject: 'Title', untitled: '(no title yet)', howFar: 'For', notYet: '—', state: 'State', draft: 'Draft', sent: 'Sent', to: 'Sent to', read: 'Read', seen: 'Had it', at: 'When', by: 'Written by',
    emptyTitle: 'No warnings yet', emptyWhy: 'Made from a dangerous mail, a warning comes with its text drafted.', back: 'To all warnings', one: 'Warning',
    editTitle: 'Write a warning', sentTitle: 'Who has read it?', sentLead: (members, when, who) => `Sent on ${when} by ${who} to ${many(members, 'member', 'members')}.`,
    titleField: 'Title', titleHelp: 'What comes, and what to do. For example: Beware of mails posing as delivery notices', bodyField: 'Text', bodyHelp: 'What comes, how to tell, what to do. Short sentences. “# ” begins a heading, “- ” a list.', ja: 'Japanese', en: 'English', enHelp: 'Only when somebody reads English.', tlp: 'How far may it be passed on (TLP)',
    preview: 'What members will see', previewEmpty: 'It appears here as you write.', save: 'Save the draft', saved: 'Draft saved', remove: 'Throw the draft away', removeTitle: 'Throw this draft away?', removeWhy: 'The draft will be gone. This cannot be undone.', removed: 'The draft is gone',
    send: 'Send to members', sendTitle: 'To which members?', whom: 'Send to', all: 'All members', some: 'Chosen members only', choose: 'Choose members', search: 'Search members by name', none: 'Choose at least one member.', effectAll: 'The leads of all members get it by mail and on their home page. It cannot be taken back.', effectSome: (n) => `The leads of ${many(n, 'member', 'members')} get it by mail and on their home page. It cannot be taken back.`, sendGo: 'Send', sentTo: (n) => `Sent to ${many(n, 'member', 'members')}`,
    receipts: 'Member by member', member: 'Member', mailed: 'Mailed to', readAt: 'Read on', notRead: 'Not yet', seenHere: 'Had it come?', seenYes: 'It had come', seenNo: 'It had not', seenUnknown: 'Not known', indicators: 'Traces', indicatorsWhy: 'Looked for in the members’ mails and logs.', indicatorsNone: 'There are no traces.', kind: 'Kind', value: 'Value',
    sum: (read, all, seen) => `${read} of ${many(all, 'member', 'members')} have read it; it had come to ${seen}.`, sentText: 'What was sent',
    kinds: { domain: 'Domain', host: 'Host name', url: 'Address (URL)', ip: 'IP address', address: 'Mail address', sha256: 'Fingerprint of a file', phone: 'Phone number', bank_account: 'Bank account' },
  },

  warnings: {
    title: 'Warnings from the desk', lead: 'Dangerous mails that came to other members, and the like.', subject: 'Title', at: 'When', state: 'Read?', unread: 'Not yet', read: 'Read', seen: 'Did it come to us?', emptyTitle: 'No warnings yet', emptyWhy: 'What members need to know will stand here.', back: 'All warnings', one: 'Warning', tlp: 'How far may it be passed on',
    here: 'Did it come to us?', yes: (mails, lines) => `It did. The same traces are in ${many(mails, 'mail', 'mails')} that we checked and in ${many(lines, 'line', 'lines')} of our logs.`, no: (when) => `Nothing was found. Our mails and logs were looked through on ${when}.`, notYet: 'Not looked yet. The result will stand here.', first: (when) => `First on ${when}.`, looked: (when) => `Looked on ${when}.`,
    noWhy: 'Mails checked in Banya and the logs that reach it were looked through. Other mails were not.', yesDo: 'Ask around whether somebody opened it. If so, phone the desk at once.', toMails: 'Mails that were checked', ask: 'Ask the desk', tagYes: 'It did', tagNo: 'Nothing found', tagUnknown: 'Not looked',
  },

  check: {
    title: 'Prepare the check of mails', lead: 'What you tell here about your organisation helps to notice mails in its name.', readOnly: 'Leads, managers and the desk can change this.',
    address: 'Address to forward to', addressWhy: 'Staff forward suspicious mails to it as attachments.', addressNone: 'There is no address, since mail is not received here yet. Please ask the operator.', newAddress: 'Make a new address', newTitle: 'Change to a new address?', newWhy: 'A new address is made. The one you have works for thirty more days.', newGo: 'Change', newDone: 'The address is changed. Please tell staff',
    profile: 'About us', domains: 'What stands behind the @ of our addresses (domain)', domainsNone: 'None yet.', domainsGo: 'Change them under “The organisation”',
    officers: 'People whose names are likely to be misused', officersHelp: 'The president, the head of accounting. A mail from outside in such a name is noticed.', officer: (n) => `Person ${n}`, name: 'Name', also: 'Other spellings', alsoHelp: 'Parted by commas. For example: Taro Sato, President Sato', role: 'Position', addresses: 'Mail addresses of that person', addressesHelp: 'Parted by commas.', addOfficer: 'Add a person', dropOfficer: (name) => `Remove ${name}`,
    partners: 'Domains of our partners', partnersHelp: 'What stands behind the @ of their addresses. One a line; a name may follow. For example: example.co.jp Minami Printing', partnersWrong: 'Write partners like example.co.jp, one a line.',
    servers: 'Names of our mail servers', serversHelp: 'As they stand in the results of checks (Authentication-Results). One a line. Leave it empty if you do not know.', serversWrong: 'Write servers like mx.example.co.jp, one a line.', keep: 'Days to keep copies of mails', keepHelp: '7 to 400 days. Usually 90.', save: 'Save', saved: 'Saved',
    mailbox: 'Read a mailbox instead of forwarding', mailboxWhy: 'When there already is a mailbox for reports. Banya looks for new mails every minute.', kind: 'How to read it', kinds: { none: 'Not at all', imap: 'IMAP', microsoft365: 'Microsoft 365' }, host: 'Server', hostHelp: 'For example imap.example.jp', port: 'Port', user: 'User name', folder: 'Folder', folderHelp: 'The inbox when empty.', tenant: 'Tenant ID', clientId: 'Client ID', secret: 'Password or secret', secretHelp: 'Nobody can see it once it is saved.', secretKept: 'One is kept. Write only to change it.', mailboxSave: 'Save how to read it', mailboxSaved: 'Saved how to read the mailbox', test: 'Try to read it', testOk: 'It can be read', testBad: 'It cannot be read', last: (when) => `Last read on ${when}.`, never: 'Never read yet.', trouble: 'Cannot be read',
  },

  statistics: {
    title: 'Are suspicious mails reported?', lead: 'Many reports are a good sign.', period: 'Period', days: { '30': '30 days', '90': '90 days', '366': 'One year' },
    reports: (days, reports, reporters) => `In ${days}, ${many(reporters, 'person', 'people')} reported ${many(reports, 'mail', 'mails')}.`, rate: (rate) => `${rate} of all people have reported at least once.`, thanks: 'Thank you to everybody who reports.', rateNone: 'The number of people is not known, so no rate can be given.',
    first: (minutes) => `Half of the dangerous mails were first reported within ${minutes} of arriving.`, firstNone: 'The time to the first report cannot be counted yet.', answer: (s) => `Half of the answers came within ${s} seconds.`, answerNone: 'The time to an answer cannot be counted yet.',
    touched: (n, rate) => `${many(n, 'person', 'people')} told us of having opened something (${rate} of the reports). Thank you for telling us.`, touchedNone: 'Nobody opened a link or the like.', drills: (n) => `Training mails reported: ${n}.`,
    verdicts: 'By verdict', lures: 'Most used tricks', luresNone: 'No tricks to count yet.', byMember: 'By member', member: 'Member', kReports: 'Reports', kReporters: 'People who reported', kPeople: 'People', kRate: 'Share who reported', lure: 'Trick', count: 'Count', emptyTitle: 'No reports in this period', emptyWhy: 'Once mails are reported, this page says how it goes.',
    minutes: (n) => many(n, 'minute', 'minutes'), none: '—',
    families: { credentials: 'Asks for a password', money: 'Asks for money', bank_change: 'Changes the bank account', open_file: 'Wants a file opened', call: 'Wants a call', scan_code: 'Wants a code scanned', urgency: 'Hurries', secrecy: 'Asks for secrecy', delivery: 'Delivery notice', refund: 'Refund', account_stop: 'Threatens to close an account', prize: 'Prize', contact_elsewhere: 'Leads to another channel', boss: 'Poses as the boss', extortion: 'Extortion', password_apart: 'Password sent apart', advert: 'Advertising' },
  },
};
