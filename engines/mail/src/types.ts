/**
 * The words of this engine. A mail goes one way through it:
 * bytes → `open` (envelopes peeled off) → ParsedMail → signals (each resting on evidence) → Analysis.
 * Everything is plain data, so that it crosses a process boundary and is stored as JSON (bytes excepted).
 */

export type Language = 'ja' | 'en';
export type Bilingual = Readonly<Record<Language, string>>;

/** What the employee is told. `insufficient` is honest: there was too little to judge. */
export type MailVerdict = 'dangerous' | 'suspicious' | 'insufficient' | 'clear';

// ---------------------------------------------------------------- the mail as parsed

export interface Mailbox {
  /** Decoded display name, '' when there is none. */
  readonly name: string;
  /** Address in lower case as written, '' when the header holds no address. */
  readonly address: string;
  /** Registrable domain of the address (`example.co.jp`), undefined when there is none. */
  readonly domain?: string;
}

export interface HeaderField {
  /** Lower case. */
  readonly name: string;
  /** Unfolded and decoded (RFC 2047, 2231, raw 8-bit). */
  readonly value: string;
  /** As it stood, unfolded, bytes as latin1: for authentication and for the desk's raw view. */
  readonly raw: string;
}

export interface Link {
  /** As a program would open it: entities decoded, trimmed, at most 4,096 characters. */
  readonly url: string;
  /** Lower case, punycode. */
  readonly host: string;
  /** Registrable domain, or the address itself for an IP host. */
  readonly domain: string;
  /** Where it stands. `qr` in an image, `attachment` inside a file (PDF, HTML, OOXML …). */
  readonly from: 'text' | 'html' | 'qr' | 'attachment';
  /** Text shown for it, for html: at most 200 characters. */
  readonly text?: string;
  /** Name of the file it was found in, for qr and attachment. */
  readonly file?: string;
}

export interface Attachment {
  /** Decoded name, '' when none is given. */
  readonly name: string;
  readonly declaredType: string;
  readonly bytes: Uint8Array;
  readonly inline: boolean;
  readonly contentId?: string;
}

/** What could not be read or was cut, for the desk. Never thrown. */
export interface Trouble {
  readonly code:
    | 'too_large' | 'too_many_parts' | 'too_deep' | 'headers_too_large' | 'too_many_links' | 'broken_mime' | 'undecodable'
    | 'broken_container' | 'archive_too_large' | 'image_too_large' | 'picture_not_read' | 'pdf_unreadable' | 'attachment_unreadable' | 'time_out';
  /** Name of the part, header or file it concerns. */
  readonly where?: string;
}

export interface ParsedMail {
  readonly kind: 'eml' | 'msg' | 'text';
  /** Size of this mail's own bytes. */
  readonly size: number;
  /** This mail's own bytes (an attached mail's, when it was attached). Empty for inline forwards and pasted text. */
  readonly raw: Uint8Array;
  readonly headers: readonly HeaderField[];
  readonly from: readonly Mailbox[];
  readonly sender?: Mailbox;
  readonly replyTo: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly returnPath?: Mailbox;
  readonly subject: string;
  /** ISO 8601 in UTC, from the Date header, as far as it can be read. */
  readonly date?: string;
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references: readonly string[];
  /** What a reader sees: text/plain, or the text of the HTML without what is hidden. At most 200,000 characters. */
  readonly text: string;
  /** Text present in the HTML but hidden from the eye (size 0, white on white, display:none). At most 20,000 characters. */
  readonly hiddenText: string;
  readonly html?: string;
  readonly links: readonly Link[];
  readonly attachments: readonly Attachment[];
  /** From a list or a program: List-Id, Precedence, Auto-Submitted, null return path, delivery status. */
  readonly automatic: { readonly list: boolean; readonly bulk: boolean; readonly reply: boolean; readonly bounce: boolean };
  readonly troubles: readonly Trouble[];
}

/** How the mail in question reached us. Lower certainty the further down. */
export type Passage = 'original' | 'attached' | 'msg' | 'winmail' | 'archive' | 'inline' | 'pasted';

export interface Opened {
  /** The mail as it arrived: the employee's forward, or the mail in question itself. */
  readonly outer: ParsedMail;
  /** The mails in question, at least one. For a plain upload it is `outer` itself. */
  readonly suspects: readonly { readonly mail: ParsedMail; readonly passage: Passage }[];
  /** Mails that came along and were not opened: there are too many, or they could not be read. */
  readonly left: number;
  /** What the employee wrote above the forward, '' when nothing. At most 2,000 characters. */
  readonly note: string;
}

// ---------------------------------------------------------------- what the caller knows

/**
 * DNS answers: name in lower case → type → records as strings (TXT joined; MX as `10 host`), none where there are none, null
 * where nobody answered. What is missing does not exist, unless `Knowledge.dnsInPart`.
 */
export type DnsAnswers = Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;
/** All that a mail can make anybody ask. */
export const DNS_TYPES = ['TXT', 'MX', 'A', 'AAAA', 'PTR'] as const;
export interface DnsQuestion {
  readonly name: string;
  readonly type: (typeof DNS_TYPES)[number];
}
/** Asks one question: its records as in `DnsAnswers`, null where nobody answered. */
export type AskDns = (question: DnsQuestion) => Promise<readonly string[] | null>;

export interface Brand {
  readonly id: string;
  readonly name: Bilingual;
  /** Spellings as they stand in display names and bodies, ja and en, at least two characters each. */
  readonly spellings: readonly string[];
  /** Registrable domains that are really theirs: mail and web. */
  readonly domains: readonly string[];
  readonly trade: 'bank' | 'card' | 'securities' | 'insurance' | 'delivery' | 'shop' | 'telecom' | 'government' | 'cloud' | 'payment' | 'transport' | 'energy' | 'software' | 'other';
  /** True for a word that is also an everyday word (apple, visa …): the display name alone counts, not the body. */
  readonly everyday?: boolean;
  /** Of `domains`, those where anybody may hold an address or a page: a link there is theirs, a sender there proves nothing. */
  readonly open?: readonly string[];
  /** Brands of one group vouch for one another: a mail proven by one may name the others. */
  readonly group?: string;
}

export type LureFamily = 'credentials' | 'money' | 'bank_change' | 'open_file' | 'call' | 'scan_code' | 'urgency' | 'secrecy' | 'delivery' | 'refund' | 'account_stop' | 'prize' | 'contact_elsewhere' | 'boss' | 'extortion' | 'password_apart' | 'advert';

export interface Lure {
  readonly family: LureFamily;
  /** ISO 639-1. */
  readonly lang: string;
  /** Phrases after NFKC and lower case. `…` stands for up to 12 characters of anything but a full stop. */
  readonly phrases: readonly string[];
}

/** Kinds of hosts: domains or host names in lower case, each covering everything below it. `suffix` holds public suffixes. */
export interface HostKinds {
  /** Short addresses that hide where a link leads. */
  readonly shortener: readonly string[];
  /** Where anybody may put pages or files within minutes. */
  readonly storage: readonly string[];
  readonly form: readonly string[];
  readonly translate: readonly string[];
  readonly freemail: readonly string[];
  /** Click counters of newsletters. */
  readonly tracker: readonly string[];
  /** Endings where names are thrown away after a day. */
  readonly suffix: readonly string[];
}

/** What everyday words do in a sentence: a thing of value, an order, a threat, a deadline, something to win, money. */
export type WordClass = 'object' | 'demand' | 'threat' | 'deadline' | 'gain' | 'money';

export interface Officer {
  readonly name: string;
  /** Other ways of writing it: reading, roman letters, surname with title. */
  readonly also?: readonly string[];
  readonly title?: string;
  readonly addresses: readonly string[];
}

/** What is known of one sender from mails of the same organisation before this one. */
export interface SenderHistory {
  /** Mails seen from exactly this address. */
  readonly address: number;
  /** Mails seen from its registrable domain. */
  readonly domain: number;
  /** Mails of ours to this address. */
  readonly sentTo: number;
  /** Display names it used, most frequent first, at most five. */
  readonly names: readonly string[];
  /** Mailer programs it used (X-Mailer, User-Agent), at most five. */
  readonly mailers: readonly string[];
  /** Registrable domains of its reply addresses, at most five. */
  readonly replyDomains: readonly string[];
}

export interface Knowledge {
  /** The organisation's own domains. */
  readonly ownDomains: readonly string[];
  readonly ownName?: string;
  readonly officers: readonly Officer[];
  readonly partners: readonly { readonly domain: string; readonly name?: string }[];
  /** authserv-ids of the organisation's own mail server: only their topmost Authentication-Results counts. */
  readonly authservIds: readonly string[];
  /** Of the From address; undefined when no history is kept (then nothing is said of first contact). */
  readonly history?: SenderHistory;
  /** Message ids of conversations that really took place, for the mail's References. Undefined when unknown. */
  readonly knownIds?: readonly string[];
  readonly dns?: DnsAnswers;
  /** `dns` holds what was asked for this mail: what is missing there was not asked, so nothing is known of it. */
  readonly dnsInPart?: boolean;
  readonly brands: readonly Brand[];
  readonly lures: readonly Lure[];
  /** Everyday words by class, after NFKC, in lower case; without them sentences are not looked at. */
  readonly words?: Readonly<Record<WordClass, readonly string[]>>;
  /** Without them nothing is said of kinds of hosts. */
  readonly hosts?: HostKinds;
  /** ISO 8601: the time of judging. */
  readonly now: string;
}

// ---------------------------------------------------------------- what comes out

export type Where = 'header' | 'text' | 'html' | 'link' | 'attachment' | 'envelope';

/** The fact a reason rests on. `quote` is found literally in the named place of the parsed mail: a test checks each. */
export interface Evidence {
  readonly where: Where;
  /** Header name, or name of the file. */
  readonly name?: string;
  readonly quote: string;
}

export interface Signal {
  readonly code: string;
  /** Strength within the signal, 0 < value ≤ 1; 1 for those that are or are not. */
  readonly value: number;
  readonly evidence: readonly Evidence[];
  /** Fills the slots of the reason's text. */
  readonly slots: Readonly<Record<string, string>>;
}

export interface Reason {
  readonly code: string;
  /** good: speaks for the mail. note: neither. */
  readonly severity: 'high' | 'medium' | 'low' | 'note' | 'good';
  readonly text: Bilingual;
  readonly evidence: readonly Evidence[];
  /** What it added to the score. */
  readonly points: number;
}

export interface Authentication {
  /** own: from the organisation's own server. checked: computed here with the DNS answers given. none: nothing to go by. */
  readonly by: 'own' | 'checked' | 'none';
  readonly spf: 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'unknown';
  readonly dkim: 'pass' | 'fail' | 'none' | 'unknown';
  readonly dmarc: 'pass' | 'fail' | 'none' | 'unknown';
  readonly arc: 'pass' | 'fail' | 'none' | 'unknown';
  /** Registrable domain that is proven to have sent it: aligned with From by a pass that counts. */
  readonly provenDomain?: string;
  /** The name of the sending host leads back to its address. */
  readonly fcrdns?: boolean;
  readonly evidence: readonly Evidence[];
}

export interface Lookalike {
  /** What it looks like. */
  readonly target: string;
  readonly targetKind: 'own' | 'partner' | 'brand';
  readonly domain: string;
  readonly how: 'homoglyph' | 'punycode' | 'edit' | 'added_word' | 'wrong_suffix' | 'subdomain';
}

/** What one attachment is, by its bytes alone. */
export interface FileFacts {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly declaredType: string;
  /** By magic number and structure: `pdf`, `zip`, `docx`, `docm`, `exe`, `lnk`, `html`, `iso` … `unknown`. */
  readonly realType: string;
  readonly flags: readonly FileFlag[];
  /** Names inside an archive or disk image, at most 200. */
  readonly entries: readonly string[];
  /** A few words that were found: auto-exec and downloader names of a macro, actions of a PDF. At most 20. */
  readonly words: readonly string[];
}

export type FileFlag =
  | 'executable' | 'script' | 'shortcut' | 'disk_image' | 'onenote' | 'archive' | 'encrypted_archive' | 'encrypted_office' | 'archive_bomb' | 'nested_archive'
  | 'dangerous_inside' | 'macro' | 'macro_autoexec' | 'macro_downloads' | 'external_template' | 'embedded_object' | 'dde'
  | 'html_form' | 'html_script' | 'html_obfuscated' | 'html_redirect' | 'svg_script'
  | 'pdf_javascript' | 'pdf_launch' | 'pdf_link' | 'pdf_encrypted' | 'pdf_form'
  | 'double_extension' | 'rtlo' | 'type_mismatch' | 'qr' | 'unreadable';

export interface Indicator {
  readonly kind: 'domain' | 'host' | 'url' | 'ip' | 'address' | 'sha256' | 'phone' | 'bank_account';
  readonly value: string;
}

/** What two mails of one campaign share. Plain values: the caller keys them before they leave the organisation. */
export interface Fingerprints {
  /** 64-bit SimHash of the text without names, numbers and links, 16 hex digits; undefined under 40 characters of text. */
  readonly simhash?: string;
  /** Hosts and paths with what varies masked, sorted, at most 20. */
  readonly urlTemplates: readonly string[];
  /** Registrable domain, display-name skeleton and mailer of the sender. */
  readonly senderPattern: string;
  readonly attachmentHashes: readonly string[];
  /** Subject without numbers, names of the receiver and Re:/Fwd:. */
  readonly subjectSkeleton: string;
  readonly messageId?: string;
}

export interface Analysis {
  readonly verdict: MailVerdict;
  /** 0…100, only for sorting: the verdict says what counts. */
  readonly score: number;
  /** Weightiest first; at least two, save where the mail could not be read. */
  readonly reasons: readonly Reason[];
  readonly signals: readonly Signal[];
  readonly passage: Passage;
  readonly authentication: Authentication;
  readonly lookalikes: readonly Lookalike[];
  readonly files: readonly FileFacts[];
  readonly links: readonly Link[];
  readonly indicators: readonly Indicator[];
  readonly fingerprints: Fingerprints;
  readonly troubles: readonly Trouble[];
  /** The facts a screen shows, without bodies. */
  readonly facts: {
    readonly from: Mailbox | undefined;
    readonly replyTo: Mailbox | undefined;
    readonly returnPath: Mailbox | undefined;
    readonly to: readonly string[];
    readonly subject: string;
    readonly date?: string;
    readonly messageId?: string;
    /** Newest first: who handed the mail to whom, at most 20. */
    readonly route: readonly { readonly from?: string; readonly by?: string; readonly ip?: string; readonly at?: string }[];
  };
  /** What the mail wants of its reader, by the lures found. */
  readonly asks: readonly LureFamily[];
}
