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
  'corp', 'inc', 'sign', 'in', 'the', 'e', 'i', 'hp',
];

/** Ordinary words, surnames and places. A host that resembles one of them resembles nothing in particular. */
export const PLAIN_NAMES: ReadonlySet<string> = new Set([
  'live', 'office', 'windows', 'outlook', 'family', 'digital', 'customs', 'courts', 'tokyo', 'osaka', 'kyoto', 'yokohama', 'nagoya', 'force', 'promise', 'recruit', 'edge', 'base', 'goggle', 'goggles', 'persona',
  'tanaka', 'suzuki', 'sato', 'satou', 'takahashi', 'watanabe', 'ito', 'yamamoto', 'nakamura', 'kobayashi', 'kato', 'yoshida', 'yamada', 'sasaki', 'yamaguchi', 'matsumoto', 'inoue', 'kimura', 'hayashi', 'shimizu',
  'matsui', 'nomura', 'komura', 'toyota', 'toyoda', 'honda', 'lawson', 'dawson', 'larson', 'norton', 'morton', 'nissin', 'minami', 'asahi', 'daiwa', 'taiyo', 'fuji', 'sakura', 'hikari', 'global', 'smile', 'mobile', 'marine',
  'direct', 'express', 'smart', 'sunday', 'garden', 'market', 'design', 'studio', 'system', 'systems', 'planet', 'square', 'orange', 'target', 'stream', 'amazing', 'station', 'nippon', 'nihon', 'japan', 'group', 'school',
  'boy', 'me', 'mac', 'wise', 'box', 'line', 'meta', 'kabu', 'citi', 'monex', 'ticket', 'travel', 'hotel', 'hotels', 'cloud', 'mail', 'webmail', 'email', 'shinkin', 'unicef', 'booking', 'discord', 'records', 'notion', 'motion',
  'nation', 'stripe', 'strike', 'strips', 'chase', 'oracle', 'miracle', 'canon', 'canyon', 'cannon', 'epson', 'apple', 'apples', 'slack', 'zoom', 'indeed', 'buffalo', 'nikkei', 'hitachi', 'family', 'dell', 'hulu', 'pia', 'steam',
]);
