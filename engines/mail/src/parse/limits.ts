/** What one mail may cost. Beyond a limit the mail is cut and a Trouble says so; nothing here ever throws. */
export const LIMITS = {
  /** Bytes of a mail; the rest is not read. */
  mail: 30 * 1024 * 1024,
  /** Parts of all depths together. */
  parts: 1_000,
  /** Multiparts inside multiparts. */
  depth: 20,
  /** Bytes of all header blocks of one mail together. */
  headers: 256 * 1024,
  /** Header fields of one mail that are kept. */
  fields: 1_000,
  /** Characters of one header value that are decoded. */
  value: 32 * 1024,
  links: 2_000,
  url: 4_096,
  linkText: 200,
  addresses: 500,
  references: 100,
  text: 200_000,
  hiddenText: 20_000,
  note: 2_000,
  /** Characters of HTML that are read, and how deep its elements are followed. */
  html: 5 * 1024 * 1024,
  htmlDepth: 200,
  /** Elements of HTML that are read: newsletters have some thousand. */
  htmlElements: 150_000,
  /** Bytes of a plain text that are decoded: enough for its characters in any charset. */
  textBytes: 2 * 1024 * 1024,
  /** Characters of a style sheet, and its rules. */
  css: 200_000,
  cssRules: 500,
  /** Mails inside mails. */
  attachedDepth: 3,
  /** Mails in question of one forward or archive. */
  suspects: 20,
  archiveEntries: 200,
  /** Bytes really inflated, of all entries of an archive together, and how much of it one packed byte may become. */
  archiveBytes: 100 * 1024 * 1024,
  archiveRatio: 100,
} as const;
