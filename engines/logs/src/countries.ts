/** English country names, as firewalls write them, to ISO 3166-1 alpha-2 codes. */

// Forms that differ from the common English names known to the platform (CLDR).
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'korea, republic of': 'KR', 'republic of korea': 'KR', "korea, democratic people's republic of": 'KP', 'russian federation': 'RU', 'viet nam': 'VN',
  'iran, islamic republic of': 'IR', 'syrian arab republic': 'SY', 'taiwan, province of china': 'TW', 'hong kong': 'HK', macao: 'MO', macau: 'MO',
  "lao people's democratic republic": 'LA', 'moldova, republic of': 'MD', 'tanzania, united republic of': 'TZ', 'united states of america': 'US', usa: 'US',
  'bolivia, plurinational state of': 'BO', 'venezuela, bolivarian republic of': 'VE', 'brunei darussalam': 'BN', 'czech republic': 'CZ', turkey: 'TR',
  'macedonia, the former yugoslav republic of': 'MK', 'palestinian territory': 'PS', 'palestine, state of': 'PS', 'congo, the democratic republic of the': 'CD',
  congo: 'CG', "cote d'ivoire": 'CI', burma: 'MM', myanmar: 'MM', swaziland: 'SZ', 'holy see (vatican city state)': 'VA', 'bosnia and herzegovina': 'BA',
  'libyan arab jamahiriya': 'LY', 'palestinian territory, occupied': 'PS', 'palestinian territories': 'PS', 'congo, democratic republic of the': 'CD', 'congo, republic of the': 'CG', 'iran (islamic republic of)': 'IR', 'bolivia (plurinational state of)': 'BO',
  'venezuela (bolivarian republic of)': 'VE', 'micronesia (federated states of)': 'FM', 'korea (the republic of)': 'KR', "korea (the democratic people's republic of)": 'KP', 'south korea, republic of': 'KR', 'macedonia': 'MK', 'cabo verde': 'CV', 'virgin islands, british': 'VG', 'virgin islands, u.s.': 'VI',
  'falkland islands (malvinas)': 'FK', 'saint helena, ascension and tristan da cunha': 'SH', 'saint martin (french part)': 'MF', 'sint maarten (dutch part)': 'SX', 'bonaire, sint eustatius and saba': 'BQ', 'bonaire, saint eustatius and saba': 'BQ', 'gambia, the': 'GM', 'bahamas, the': 'BS',
  'hong kong sar': 'HK', 'vatican': 'VA', 'great britain': 'GB', 'united kingdom of great britain and northern ireland': 'GB', 'netherlands (kingdom of the)': 'NL', 'the netherlands': 'NL', 'east timor': 'TL', 'micronesia, federated states of': 'FM',
};

// Letters without marks, “and” and “Saint” in full: `Côte d’Ivoire`, `St. Kitts & Nevis`, `Curacao`.
const folded = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[’‘]/g, "'").replaceAll('&', 'and').replace(/\bst\.? /g, 'saint ').replace(/\s+/g, ' ').trim();

const codes = new Map<string, string>();
const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
for (let a = 65; a <= 90; a++) {
  for (let b = 65; b <= 90; b++) {
    const code = String.fromCharCode(a, b);
    // The platform also names groupings and former countries, which are no countries of today.
    if (/^(?:EU|EZ|UN|QO|XA|XB|ZZ|AN|CS|DD|FX|SU|TP|YD|YU|BU|ZR|NT|UK|AC|CP|DG|EA|IC|TA|CQ)$/.test(code)) continue;
    const name = names.of(code);
    if (name === undefined) continue;
    codes.set(name, code);
    codes.set(folded(name), code);
  }
}
for (const [name, code] of Object.entries(OTHER_NAMES)) codes.set(name, code);

const isoCodes = new Set(codes.values());

/** Three letters (ISO 3166-1 alpha-3) as far as they are usual in logs; the others stay unknown. */
const ALPHA3: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  JPN: 'JP', USA: 'US', CHN: 'CN', RUS: 'RU', KOR: 'KR', PRK: 'KP', DEU: 'DE', GBR: 'GB', FRA: 'FR', NLD: 'NL', IND: 'IN', BRA: 'BR', VNM: 'VN', TWN: 'TW', HKG: 'HK', SGP: 'SG', IDN: 'ID', THA: 'TH', MYS: 'MY', PHL: 'PH', AUS: 'AU', CAN: 'CA', ITA: 'IT', ESP: 'ES', POL: 'PL', UKR: 'UA', TUR: 'TR', IRN: 'IR', ROU: 'RO', BGR: 'BG', SWE: 'SE', CHE: 'CH', IRL: 'IE', MEX: 'MX', ARG: 'AR', ZAF: 'ZA', PAK: 'PK', BGD: 'BD', CZE: 'CZ', LTU: 'LT', LVA: 'LV', FIN: 'FI', NOR: 'NO', DNK: 'DK', AUT: 'AT', BEL: 'BE', PRT: 'PT', GRC: 'GR', HUN: 'HU', SRB: 'RS', SYC: 'SC', PAN: 'PA', ISR: 'IL', ARE: 'AE', SAU: 'SA', EGY: 'EG', NGA: 'NG', KAZ: 'KZ', MDA: 'MD', BLR: 'BY',
});

/** Names that were looked for the long way: lines say the same ones again and again. */
const looked = new Map<string, string | undefined>();
const LOOKED_MAX = 1_000;

/** The code of a country name or code in any case, or undefined (`Reserved`, unknown names). */
export function countryCode(name: string): string | undefined {
  const known = codes.get(name);
  if (known !== undefined) return known;
  if (name.length > 64) return undefined;
  const upper = name.toUpperCase();
  if (isoCodes.has(upper)) return upper;
  if (name.length === 3) return ALPHA3[upper] ?? codes.get(folded(name));
  if (looked.has(name)) return looked.get(name);
  if (looked.size >= LOOKED_MAX) looked.clear();
  const code = codes.get(folded(name));
  looked.set(name, code);
  return code;
}

const shown = new Map<string, Intl.DisplayNames>();

/** What people call a country, by its code. */
export function countryName(code: string, lang: 'ja' | 'en'): string | undefined {
  if (!isoCodes.has(code)) return undefined;
  let own = shown.get(lang);
  if (!own) shown.set(lang, (own = new Intl.DisplayNames([lang], { type: 'region', style: 'short', fallback: 'none' })));
  return own.of(code);
}
