import { jsicDivision } from './industry.ts';

export type SizeBandId = '1-5' | '6-20' | '21-50' | '51-100' | '101-300' | '301-1000' | '1001+';

export interface SizeBand {
  readonly id: SizeBandId;
  readonly min: number;
  readonly max: number;
  readonly ja: string;
  readonly en: string;
}

const band = (id: SizeBandId, min: number, max: number): SizeBand =>
  max === Infinity
    ? { id, min, max, ja: '1,001人以上', en: '1,001 people or more' }
    : { id, min, max, ja: `${min}〜${max === 1000 ? '1,000' : max}人`, en: `${min} to ${max === 1000 ? '1,000' : max} people` };

/** Bands by people working in an organisation, for comparison with its like. */
export const SIZE_BANDS: readonly SizeBand[] = [
  band('1-5', 1, 5),
  band('6-20', 6, 20),
  band('21-50', 21, 50),
  band('51-100', 51, 100),
  band('101-300', 101, 300),
  band('301-1000', 301, 1000),
  band('1001+', 1001, Infinity),
];

/** The band of a head count. @throws RangeError unless it is a whole number of at least 1. */
export function sizeBand(people: number): SizeBand {
  const found = Number.isSafeInteger(people) ? SIZE_BANDS.find(({ min, max }) => people >= min && people <= max) : undefined;
  if (found === undefined) throw new RangeError('a head count is a whole number of at least 1');
  return found;
}

/** The four columns of the SME definition. */
export type SmeSector = 'manufacturing_other' | 'wholesale' | 'service' | 'retail';

/** micro 小規模企業者, small_medium 中小企業者, mid 中堅企業者, large 大企業. */
export type CompanySize = 'micro' | 'small_medium' | 'mid' | 'large';

const YEN_100M = 100_000_000;
const SME_LIMITS: Record<SmeSector, { readonly capitalYen: number; readonly employees: number; readonly microEmployees: number }> = {
  manufacturing_other: { capitalYen: 3 * YEN_100M, employees: 300, microEmployees: 20 },
  wholesale: { capitalYen: YEN_100M, employees: 100, microEmployees: 5 },
  service: { capitalYen: YEN_100M / 2, employees: 100, microEmployees: 5 },
  retail: { capitalYen: YEN_100M / 2, employees: 50, microEmployees: 5 },
};
const MID_EMPLOYEES_MAX = 2_000;

/**
 * The sectors of the SME definition that a JSIC code may fall in; several when the code is too coarse (division I
 * alone may be wholesale or retail). Empty for an unknown code.
 *
 * Source: the Small and Medium Enterprise Agency's reading of 中小企業基本法 article 2 in JSIC terms. Wholesale is
 * groups 50–55; retail 56–61, 76, 77; service 38, 39, 411, 412, 415, 416, 693, 70, 75, divisions L, N (without 791),
 * O, P, Q, R; everything else counts as manufacturing and other.
 */
export function smeSectors(jsicCode: string): readonly SmeSector[] {
  const found = jsicDivision(jsicCode);
  if (found === undefined) return [];
  const detail = /^[0-9]/.test(jsicCode) ? jsicCode : '';
  const group = Number(detail.slice(0, 2));
  const sub = detail.slice(0, 3);
  switch (found.code) {
    case 'I':
      return detail === '' ? ['wholesale', 'retail'] : [group <= 55 ? 'wholesale' : 'retail'];
    case 'M':
      return detail === '' ? ['service', 'retail'] : [group === 75 ? 'service' : 'retail'];
    case 'G':
      if (detail === '' || detail === '41') return ['service', 'manufacturing_other'];
      return [group === 38 || group === 39 || ['411', '412', '415', '416'].includes(sub) ? 'service' : 'manufacturing_other'];
    case 'K':
      if (detail === '' || detail === '69') return ['service', 'manufacturing_other'];
      return [group === 70 || sub === '693' ? 'service' : 'manufacturing_other'];
    case 'N':
      if (detail === '' || detail === '79') return ['service', 'manufacturing_other'];
      return [sub === '791' ? 'manufacturing_other' : 'service'];
    case 'L':
    case 'O':
    case 'P':
    case 'Q':
    case 'R':
      return ['service'];
    default:
      return ['manufacturing_other'];
  }
}

/**
 * Size of a company or sole trader. Small or medium when capital *or* regular employees are within the limit
 * (中小企業基本法 article 2 paragraph 1), micro by employees alone (paragraph 5: 20, or 5 in trade and services), mid up
 * to 2,000 employees (産業競争力強化法 article 2, as amended in 2024). A sole trader has no capital: pass null.
 *
 * Undefined when the code does not decide and the answers differ: ask for a finer code. Cooperatives, foundations and
 * public bodies are not companies in the sense of the Act, and single subsidy programmes use other limits.
 * @throws RangeError for a negative or fractional number.
 */
export function companySize(jsicCode: string, capitalYen: number | null, employees: number): CompanySize | undefined {
  for (const value of [capitalYen ?? 0, employees]) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('capital and employees are whole numbers of at least 0');
  }
  const answers = new Set(smeSectors(jsicCode).map((sector): CompanySize => {
    const limits = SME_LIMITS[sector];
    if (employees <= limits.microEmployees) return 'micro';
    if (employees <= limits.employees || (capitalYen !== null && capitalYen <= limits.capitalYen)) return 'small_medium';
    return employees <= MID_EMPLOYEES_MAX ? 'mid' : 'large';
  }));
  return answers.size === 1 ? [...answers][0] : undefined;
}
