/** Words around the names of others, and names that are words: what tells a disguise from a coincidence. */

/** Nobody but the owner puts these beside a name, save whoever pretends to be the owner. */
export const STRONG_WORDS: readonly string[] = [
  'login', 'logon', 'signin', 'signon', 'secure', 'secured', 'security', 'verify', 'verified', 'verification', 'account', 'accounts', 'support', 'helpdesk', 'update', 'updates', 'confirm', 'auth',
  'authentication', 'mypage', 'member', 'members', 'billing', 'payment', 'payments', 'invoice', 'alert', 'alerts', 'notice', 'notification', 'unlock', 'recovery', 'recover', 'customer', 'care',
  'password', 'reset', 'webmail', 'token', 'refund', 'claim', 'bonus', 'prize', 'tracking', 'redelivery', 'noreply', 'validate', 'suspended', 'restore', 'myaccount', 'userid', 'kyc', 'otp', 'cojp',
];

/** Common beside any name; they count where the name is a rare one. */
export const WEAK_WORDS: readonly string[] = [
  'jp', 'co', 'com', 'net', 'org', 'or', 'go', 'ne', 'japan', 'web', 'www', 'app', 'apps', 'store', 'shop', 'online', 'info', 'mail', 'mails', 'email', 'mailer', 'bank', 'card', 'pay', 'point', 'points', 'group',
  'campaign', 'official', 'service', 'services', 'center', 'centre', 'help', 'id', 'my', 'portal', 'safe', 'wallet', 'track', 'delivery', 'gift', 'news', 'user', 'users', 'client', 'cloud', 'site', 'page', 'link',
  'corp', 'inc', 'sign', 'in', 'the', 'e', 'i', 'hp', 'express', 'exp',
];

/** Ordinary words and places. A host that resembles one of them resembles nothing in particular. */
export const PLAIN_NAMES: ReadonlySet<string> = new Set([
  'live', 'office', 'windows', 'outlook', 'family', 'digital', 'customs', 'courts', 'tokyo', 'osaka', 'kyoto', 'yokohama', 'nagoya', 'force', 'promise', 'recruit', 'edge', 'base', 'goggle', 'goggles', 'persona', 'boy', 'mac',
  'global', 'smile', 'mobile', 'marine', 'direct', 'express', 'smart', 'sunday', 'garden', 'market', 'design', 'studio', 'system', 'systems', 'planet', 'orange', 'target', 'stream', 'amazing', 'station', 'nippon', 'nihon', 'japan',
  'group', 'school', 'ticket', 'travel', 'hotel', 'hotels', 'cloud', 'mail', 'webmail', 'email', 'booking', 'records', 'motion', 'nation', 'strike', 'strips', 'miracle', 'canyon', 'cannon', 'apples', 'point', 'points', 'card', 'bank',
  'kabu', 'fuji', 'sakura', 'hikari', 'minami', 'asahi', 'taiyo', 'morton', 'larson', 'dawson', 'komura', 'toyoda',
]);

/** Surnames and names that many bear: they mean the owner only beside a word that nobody else would put there. */
export const COMMON_NAMES: ReadonlySet<string> = new Set([
  'tanaka', 'suzuki', 'sato', 'satou', 'takahashi', 'watanabe', 'ito', 'yamamoto', 'nakamura', 'kobayashi', 'kato', 'yoshida', 'yamada', 'sasaki', 'yamaguchi', 'matsumoto', 'inoue', 'kimura', 'hayashi', 'shimizu', 'matsui',
  'nomura', 'toyota', 'honda', 'daiwa', 'hitachi', 'nissin', 'shinkin', 'unicef',
]);
