/**
 * What each signal adds to the score. Points are set by hand from what the signal means and how often it stands in good
 * and bad mails (`bench/fit.ts` prints both, and what a fit on our own mails would give); nothing is trained on corpora
 * whose licence forbids it. All points of bad signals are above zero, so each fact taken away lowers the score.
 */
export const WEIGHTS = {
  // Who writes
  own_domain_forged: 70, known_domain_forged: 70, dmarc_failed: 25, from_yourself: 42, officer_outside: 60,
  brand_in_name: 48, own_in_name: 45, partner_in_name: 32, brand_in_text: 22, partner_in_text: 12,
  lookalike_sender: 60, lookalike_sender_known: 70, lookalike_reply: 50, lookalike_link: 55,
  from_missing: 20, from_broken: 45, from_several: 35, other_address_in_name: 30, freemail_business: 28, sender_suffix: 18, tenant_default: 30, random_sender: 16,
  reply_to_freemail: 28, mixed_alphabets: 45, random_subject: 16, name_apart: 20, title_in_name: 16, odd_name: 22, odd_letters: 30, pictures_in_subject: 20, your_address_in_subject: 26, no_subject: 8, answer_to_nothing: 10,
  title_outside: 40, authority_outside: 24, office_outside: 20, domain_of_purpose: 18, phone_pressed: 20, partner_money: 26, stranger_file: 8, link_asks_in: 14,
  bank_change_pressed: 45, known_asks_in: 40,
  // Where its links lead
  link_address: 32, link_shortener: 26, link_storage: 26, link_storage_text: 10, link_form: 16, link_translate: 30, link_suffix: 22, link_sends_on: 18, link_user_part: 30, link_data: 35, link_odd_port: 12, link_random: 14,
  link_qr: 20, link_has_your_address: 20, link_other_than_shown: 10, brand_links_elsewhere: 30, links_only_elsewhere: 14, freemail_links: 20,
  // What it asks
  asks_credentials: 22, asks_money: 16, asks_bank_change: 24, asks_open_file: 10, asks_call: 12, asks_scan_code: 16, asks_urgency: 14, asks_secrecy: 16, asks_delivery: 14, asks_refund: 18,
  asks_account_stop: 20, asks_prize: 24, asks_contact_elsewhere: 22, asks_boss: 20, asks_extortion: 45, asks_advert: 20,
  presses_threat: 16, presses_deadline: 12, presses_gain: 13, presses_money: 11, presses_object: 7, presses_reward: 3,
  pressed_to_sign_in: 22, secret_payment: 26, boss_elsewhere: 30, all_capitals: 14, freemail_money: 26,
  // What the past says
  stranger_in_thread: 40, stranger_asks: 30, first_contact: 10, name_changed: 14, mailer_changed: 5, reply_changed: 24, known_sender_bank_change: 16,
  // What is attached
  file_executable: 75, file_script: 65, file_shortcut: 70, file_disk_image: 50, file_onenote: 40, file_disguised: 65, file_dangerous_inside: 60, file_bomb: 50, file_macro_acts: 55, file_macro: 28, file_template: 28,
  file_html_form: 55, file_html_script: 45, file_pdf_acts: 40, file_type_mismatch: 16, file_pdf_link: 14, locked_file_stranger: 36, locked_file: 24, locked_file_known: 4, freemail_paper: 30, file_unreadable: 8,
  // Too little to judge
  picture_with_link: 30, little_text_link: 14, hidden_text: 24, picture_only: 10, too_little_text: 0, headers_lost: 0, unreadable: 0, more_mails: 0,
  // What speaks for it
  proven_own: -25, proven_partner: -22, proven_brand: -18, proven_domain: -3, known_sender: -14, conversation: -10, links_home: -6, no_links: 0, no_files: 0, asks_nothing: 0,
} as const satisfies Record<string, number>;

export type SignalCode = keyof typeof WEIGHTS;

/** Facts that say the same thing add up to no more than this. */
export const GROUPS: readonly { readonly codes: readonly SignalCode[]; readonly most: number }[] = [
  { codes: ['link_shortener', 'link_storage', 'link_storage_text', 'link_form', 'link_translate', 'link_suffix', 'link_random', 'link_sends_on', 'link_odd_port', 'link_address'], most: 45 },
  { codes: ['sender_suffix', 'random_sender', 'tenant_default'], most: 36 },
  { codes: ['odd_letters', 'pictures_in_subject', 'your_address_in_subject'], most: 45 },
  { codes: ['brand_in_name', 'brand_in_text', 'brand_links_elsewhere', 'partner_in_name', 'partner_in_text', 'own_in_name'], most: 70 },
  { codes: ['asks_money', 'asks_open_file', 'asks_call', 'asks_urgency', 'asks_delivery', 'asks_refund', 'asks_account_stop', 'asks_prize', 'asks_credentials', 'asks_advert'], most: 60 },
  { codes: ['presses_threat', 'presses_deadline', 'presses_gain', 'presses_money', 'presses_object', 'presses_reward'], most: 30 },
  { codes: ['authority_outside', 'office_outside', 'title_outside', 'freemail_business'], most: 40 },
  { codes: ['links_only_elsewhere', 'link_other_than_shown'], most: 16 },
];

/** From here on the mail is called so. */
export const SUSPICIOUS_FROM = 37;
export const DANGEROUS_FROM = 75;
/** A mail with a fact of this weight is not cleared by what speaks for it. */
export const HEAVY = 37;
