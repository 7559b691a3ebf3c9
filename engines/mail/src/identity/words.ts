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

/** What a service is for. A domain of these alone names nobody: `file-view`, `mailbox-quota`, `henkin-madoguchi`. */
export const PURPOSE_WORDS: readonly string[] = [
  'access', 'admin', 'administrator', 'allowance', 'answer', 'archive', 'attach', 'authority', 'backup', 'benefit', 'board', 'box', 'browser', 'call', 'cash', 'cashback', 'cert', 'certificate', 'chat', 'check', 'code', 'connect', 'contact', 'contract', 'control',
  'copy', 'coupon', 'credit', 'customs', 'data', 'deliver', 'depot', 'desk', 'digital', 'discount', 'doc', 'docs', 'document', 'documents', 'domain', 'domains', 'download', 'drive', 'dividend', 'efax', 'entry', 'event', 'fax', 'fee', 'file', 'files', 'form',
  'forms', 'free', 'fund', 'grant', 'guard', 'guide', 'host', 'hosting', 'hotline', 'identity', 'inbox', 'job', 'jobs', 'key', 'lab', 'label', 'law', 'legal', 'license', 'line', 'loan', 'lottery', 'mailbox', 'manage', 'manager', 'management', 'message',
  'messages', 'mfa', 'money', 'monitor', 'msg', 'notify', 'office', 'order', 'orders', 'parcel', 'pass', 'pdf', 'pension', 'phone', 'photo', 'police', 'post', 'postal', 'print', 'private', 'protect', 'protection', 'public', 'quota', 'read', 'receipt',
  'recruit', 'register', 'registry', 'remote', 'renew', 'renewal', 'repair', 'report', 'reply', 'review', 'reward', 'rewards', 'room', 'scan', 'scanner', 'send', 'sender', 'server', 'setting', 'settings', 'share', 'shared', 'shipping', 'side', 'spot', 'ssl',
  'status', 'storage', 'subsidy', 'survey', 'system', 'tax', 'team', 'tech', 'transfer', 'trust', 'upgrade', 'view', 'viewer', 'virus', 'vm', 'voice', 'voicemail', 'voucher', 'vpn', 'wifi', 'win', 'winner', 'work', 'works',
  'anshin', 'anzen', 'denki', 'fukuri', 'gas', 'hakko', 'haitatsu', 'henkin', 'henkan', 'hikari', 'hojo', 'hojokin', 'hokensho', 'hoken', 'jidou', 'jimukyoku', 'kaiin', 'kakunin', 'kanpu', 'kanri', 'kanrikyoku', 'keiri', 'kigen', 'kinkyu', 'koushin', 'kyufu',
  'kyufukin', 'madoguchi', 'meeru', 'muryo', 'nenkin', 'ninsho', 'nyukin', 'okyakusama', 'oshirase', 'riyou', 'saihakko', 'saihaitatsu', 'seikyu', 'shien', 'shinkin', 'shinsei', 'shiharai', 'shokai', 'sodan', 'soudan', 'souko', 'takuhai', 'tanto', 'tenken',
  'tetsuzuki', 'toroku', 'touroku', 'tokuten', 'tousen', 'tsuchi', 'unei', 'uketsuke', 'zei', 'zeimu', 'jinzai', 'iryo', 'kaigo', 'kyujin',
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
