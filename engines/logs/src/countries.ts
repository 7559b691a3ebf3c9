/** English country names, as firewalls write them, to ISO 3166-1 alpha-2 codes. */

// Forms that differ from the common English names known to the platform (CLDR).
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'korea, republic of': 'KR', 'republic of korea': 'KR', "korea, democratic people's republic of": 'KP', 'russian federation': 'RU', 'viet nam': 'VN',
  'iran, islamic republic of': 'IR', 'syrian arab republic': 'SY', 'taiwan, province of china': 'TW', 'hong kong': 'HK', macao: 'MO', macau: 'MO',
  "lao people's democratic republic": 'LA', 'moldova, republic of': 'MD', 'tanzania, united republic of': 'TZ', 'united states of america': 'US', usa: 'US',
  'bolivia, plurinational state of': 'BO', 'venezuela, bolivarian republic of': 'VE', 'brunei darussalam': 'BN', 'czech republic': 'CZ', turkey: 'TR',
  'macedonia, the former yugoslav republic of': 'MK', 'palestinian territory': 'PS', 'palestine, state of': 'PS', 'congo, the democratic republic of the': 'CD',
  congo: 'CG', "cote d'ivoire": 'CI', burma: 'MM', myanmar: 'MM', swaziland: 'SZ', 'holy see (vatican city state)': 'VA', 'bosnia and herzegovina': 'BA',
  'trinidad and tobago': 'TT', 'antigua and barbuda': 'AG', 'libyan arab jamahiriya': 'LY', 'micronesia, federated states of': 'FM',
};

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
    codes.set(name.toLowerCase(), code);
  }
}
for (const [name, code] of Object.entries(OTHER_NAMES)) codes.set(name, code);

const isoCodes = new Set(codes.values());

/** The code of a country name or code in any case, or undefined (`Reserved`, unknown names). */
export function countryCode(name: string): string | undefined {
  const known = codes.get(name);
  if (known !== undefined) return known;
  if (name.length > 64) return undefined;
  const upper = name.toUpperCase();
  return isoCodes.has(upper) ? upper : codes.get(name.toLowerCase());
}
