/** Reading the category and the action of a security product from its own words, Japanese ones included. */
import type { Action, EcsEvent } from '../ecs.ts';
import { setAction } from './family.ts';

interface Topic {
  readonly words: RegExp;
  readonly category: string;
  readonly kind: 'alert' | 'event';
  readonly action: Action;
}

/** The first topic whose words occur in the name of the event decides. */
const TOPICS: readonly Topic[] = [
  { words: /(?:protection|real-?time scan|agent self|firewall|service).{0,30}(?:disabled|turned off|stopped)|無効(?:に|化)/i, category: 'configuration', kind: 'alert', action: 'protection_disabled' },
  { words: /(?:pattern|signature|definition|update|component).{0,40}(?:out ?-?of ?-?date|outdated|fail|unsuccessful|too old)|outdated|更新.{0,10}(?:失敗|できません)|(?:パターン|定義).{0,20}古/i, category: 'host', kind: 'event', action: 'update_failed' },
  { words: /(?:pattern|signature|definition|component|engine).{0,40}updated?|(?:パターン|定義).{0,20}更新/i, category: 'host', kind: 'event', action: 'update_succeeded' },
  { words: /(?:agent|endpoint|client|sensor|heartbeat).{0,40}(?:offline|silent|lost|missing|disconnected|not (?:connected|reporting|responding))|no heartbeat|オフライン|応答.{0,6}(?:なし|ありません)/i, category: 'host', kind: 'event', action: 'agent_silent' },
  { words: /licen[cs]e.{0,30}expir|ライセンス.{0,12}(?:期限|失効)/i, category: 'host', kind: 'event', action: 'license_expired' },
  { words: /device (?:access )?control|removable|usb|デバイスコントロール|外部デバイス/i, category: 'host', kind: 'alert', action: 'device_connected' },
  { words: /log(?:on|in|ged (?:on|in)).{0,20}(?:fail|denied|unsuccess)|failed.{0,10}log(?:on|in)|authentication fail|ログイン.{0,6}失敗/i, category: 'authentication', kind: 'event', action: 'login_failed' },
  { words: /log(?:ged)? ?(?:off|out)|ログアウト|ログオフ/i, category: 'authentication', kind: 'event', action: 'logout' },
  { words: /log(?:ged)? ?(?:on|in)\b|sign(?:ed)?[ -]?in|ログイン|ログオン/i, category: 'authentication', kind: 'event', action: 'login_succeeded' },
  { words: /c&c|command and control|callback|intrusion|exploit|ips\b|network virus|attack|vulnerab|脆弱性|侵入/i, category: 'intrusion_detection', kind: 'alert', action: 'detected' },
  { words: /virus|malware|spyware|ransom|trojan|grayware|threat|machine learning|behaviou?r|suspicious|detection|ウイルス|マルウェア|ランサム|検出|不審/i, category: 'malware', kind: 'alert', action: 'detected' },
  { words: /spam|phish|mail|メール/i, category: 'email', kind: 'event', action: 'detected' },
  { words: /url|web (?:reputation|filter|threat)|http|サイト/i, category: 'web', kind: 'event', action: 'detected' },
  { words: /data loss|dlp|情報漏/i, category: 'file', kind: 'alert', action: 'detected' },
  { words: /scan(?:ning)? (?:detected|attempt)|port ?scan|flood/i, category: 'intrusion_detection', kind: 'alert', action: 'scan_detected' },
  { words: /polic(?:y|ies).{0,20}(?:changed|modified|updated)|config|setting.{0,10}changed|設定.{0,6}変更/i, category: 'configuration', kind: 'event', action: 'config_changed' },
  { words: /traffic|firewall|connection|session|flow/i, category: 'network', kind: 'event', action: 'allowed' },
];

/** Words for what was done. Order matters: "not cleaned" comes before "cleaned". */
const VERBS: readonly (readonly [RegExp, Action])[] = [
  [/unable to|cannot|can't|failed to|not (?:clean|quarantin|delet|remov)|(?:clean|quarantine|delet\w*|remov\w*|処理|駆除).{0,14}(?:fail|unsuccess|失敗)|できません/i, 'clean_failed'],
  [/quarantin|isolat|隔離/i, 'quarantined'],
  [/block|den(?:y|ied)|drop|reset|reject|prevent|terminat|refus|ブロック|遮断|拒否|阻止/i, 'blocked'],
  [/clean|delet|remov|disinfect|駆除|削除/i, 'cleaned'],
  [/^(?:pass(?:ed)?|allow(?:ed)?|accept(?:ed)?|permit(?:ted)?|none|log(?:ged)?|monitor(?:ed)?|detect(?:ed)?|許可|放置|ログのみ)\b|許可|放置/i, 'allowed'],
];

/** What a single word such as `drop`, `Quarantined` or `許可` says was done, or undefined. */
export function verbOf(word: string): Action | undefined {
  const text = word.slice(0, 300);
  return VERBS.find(([words]) => words.test(text))?.[1];
}

/** Fields decided by the event name `title` and the product's word for what it did. Texts are looked at up to 300 characters. */
export function classifyByWords(event: EcsEvent, title: string, done: string): void {
  const name = title.slice(0, 300);
  const word = done.slice(0, 300);
  const topic = TOPICS.find((candidate) => candidate.words.test(name));
  const harmful = topic !== undefined && (topic.category === 'malware' || topic.category === 'intrusion_detection' || topic.category === 'email' || topic.category === 'file');
  let action: Action = topic?.action ?? 'info';
  const verb = verbOf(word) ?? (harmful || topic?.category === 'network' ? VERBS.slice(0, 4).find(([words]) => words.test(name))?.[1] : undefined);
  if (verb !== undefined && action !== 'update_failed' && action !== 'agent_silent' && action !== 'license_expired' && topic?.category !== 'authentication') {
    if (action === 'device_connected') action = verb === 'blocked' ? 'device_blocked' : 'device_connected';
    else if (topic === undefined || topic.category === 'network' || topic.category === 'web') action = verb;
    else if (harmful) action = verb === 'allowed' ? 'detected' : verb;
  }
  event['event.kind'] = topic?.kind ?? 'event';
  event['event.category'] = topic?.category ?? 'host';
  event['event.type'] = action === 'blocked' || action === 'device_blocked' ? 'denied' : action === 'allowed' ? 'allowed' : 'info';
  setAction(event, action, done);
}

/** Severity of CEF and LEEF (0–10 or a word, higher is worse) as a syslog number. */
export function severityFromTen(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  const byWord: Readonly<Record<string, number>> = { unknown: 6, low: 5, medium: 4, high: 3, 'very-high': 2 };
  if (Object.hasOwn(byWord, word)) return byWord[word];
  if (!/^\d{1,2}$/.test(word)) return undefined;
  const n = Number(word);
  return n > 10 ? undefined : n >= 9 ? 2 : n >= 7 ? 3 : n >= 4 ? 4 : n >= 2 ? 5 : 6;
}
