/** One division (大分類) of the Japan Standard Industrial Classification. */
export interface JsicDivision {
  readonly code: string;
  readonly ja: string;
  readonly en: string;
  /** First and last major group (中分類), inclusive. */
  readonly groups: readonly [first: number, last: number];
}

const division = (code: string, ja: string, en: string, first: number, last: number): JsicDivision => ({ code, ja, en, groups: [first, last] });

/** Divisions A to T of 日本標準産業分類, 14th revision (令和5年7月告示, in use from 2024-04-01). */
export const JSIC_DIVISIONS: readonly JsicDivision[] = [
  division('A', '農業、林業', 'Agriculture and forestry', 1, 2),
  division('B', '漁業', 'Fisheries', 3, 4),
  division('C', '鉱業、採石業、砂利採取業', 'Mining and quarrying of stone and gravel', 5, 5),
  division('D', '建設業', 'Construction', 6, 8),
  division('E', '製造業', 'Manufacturing', 9, 32),
  division('F', '電気・ガス・熱供給・水道業', 'Electricity, gas, heat supply and water', 33, 36),
  division('G', '情報通信業', 'Information and communications', 37, 41),
  division('H', '運輸業、郵便業', 'Transport and postal services', 42, 49),
  division('I', '卸売業、小売業', 'Wholesale and retail trade', 50, 61),
  division('J', '金融業、保険業', 'Finance and insurance', 62, 67),
  division('K', '不動産業、物品賃貸業', 'Real estate and goods rental and leasing', 68, 70),
  division('L', '学術研究、専門・技術サービス業', 'Scientific research, professional and technical services', 71, 74),
  division('M', '宿泊業、飲食サービス業', 'Accommodation, eating and drinking services', 75, 77),
  division('N', '生活関連サービス業、娯楽業', 'Living-related and personal services and amusement', 78, 80),
  division('O', '教育、学習支援業', 'Education and learning support', 81, 82),
  division('P', '医療、福祉', 'Medical, health care and welfare', 83, 85),
  division('Q', '複合サービス事業', 'Compound services', 86, 87),
  division('R', 'サービス業（他に分類されないもの）', 'Services not elsewhere classified', 88, 96),
  division('S', '公務（他に分類されるものを除く）', 'Government, except elsewhere classified', 97, 98),
  division('T', '分類不能の産業', 'Industries unable to classify', 99, 99),
];

/**
 * The division of a JSIC code: a letter ('E'), or a major group, group or class of two to four digits ('56', '791').
 * Undefined for anything else.
 */
export function jsicDivision(code: string): JsicDivision | undefined {
  if (/^[A-T]$/.test(code)) return JSIC_DIVISIONS.find((entry) => entry.code === code);
  if (!/^[0-9]{2,4}$/.test(code)) return undefined;
  const group = Number(code.slice(0, 2));
  return JSIC_DIVISIONS.find(({ groups: [first, last] }) => group >= first && group <= last);
}
