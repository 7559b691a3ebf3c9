/**
 * Mail that anybody can have: whoever claimed such a domain for an organisation's own sign-in would be asked for the
 * sign-in of strangers. Not every provider there is, but those that small firms in Japan really use; the rest is kept by
 * the rule that nobody else's people may have addresses in a claimed domain.
 */
const providers = new Set([
  'gmail.com', 'googlemail.com', 'yahoo.co.jp', 'ymail.ne.jp', 'yahoo.com', 'ymail.com', 'outlook.com', 'outlook.jp', 'hotmail.com', 'hotmail.co.jp', 'live.com', 'live.jp', 'msn.com',
  'icloud.com', 'me.com', 'mac.com', 'aol.com', 'proton.me', 'protonmail.com', 'pm.me', 'gmx.com', 'gmx.net', 'mail.com', 'zohomail.com', 'yandex.com', 'qq.com', '163.com', '126.com', 'naver.com',
  'docomo.ne.jp', 'ezweb.ne.jp', 'au.com', 'uqmobile.jp', 'softbank.ne.jp', 'i.softbank.jp', 'ymobile.ne.jp', 'y-mobile.ne.jp', 'disney.ne.jp', 'rakumail.jp', 'willcom.com', 'wcm.ne.jp', 'mineo.jp',
  'excite.co.jp', 'goo.jp', 'mail.goo.ne.jp', 'infoseek.jp', 'livedoor.com', 'commufa.jp', 'wakwak.com',
]);
/** Providers that give their customers addresses under names below their own, many customers a name. */
const withNamesBelow = [
  'vodafone.ne.jp', 'pdx.ne.jp', 'nifty.com', 'biglobe.ne.jp', 'ocn.ne.jp', 'so-net.ne.jp', 'plala.or.jp', 'dion.ne.jp', 'asahi-net.or.jp', 'infoweb.ne.jp', 'dti.ne.jp', 'hi-ho.ne.jp', 'home.ne.jp',
  'zaq.ne.jp', 'eonet.ne.jp', 'tiki.ne.jp',
];

export const isPublicMail = (domain: string): boolean => providers.has(domain) || withNamesBelow.some((name) => domain === name || domain.endsWith(`.${name}`));
