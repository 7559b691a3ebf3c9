import type { DemoFamily } from './types.ts';

export { DEMO_DOMAIN } from '../../kernel/identity/demo.ts';

export const FEDERATION = '汐凪野広域事業協同組合連合会';

export interface Department {
  readonly name: string;
  /** How its computers are named. */
  readonly code: string;
}
const dept = (name: string, code: string): Department => ({ name, code });
export const MANAGEMENT = dept('役員室', 'YAKUIN');
export const GENERAL = dept('総務', 'SOUMU');
export const ACCOUNTS = dept('経理', 'KEIRI');
const SALES = dept('営業', 'EIGYO');

export interface MemberPlan {
  readonly key: string;
  readonly name: string;
  readonly reading: string;
  readonly industry: string;
  readonly prefecture: string;
  readonly people: number;
  /** Working at a desk with a computer of their own, as a share of all. */
  readonly desks: number;
  readonly departments: readonly Department[];
  readonly servers: number;
  readonly phones: number;
  readonly machines: readonly string[];
  readonly cameras: number;
  readonly sources: readonly DemoFamily[];
  readonly everyDay: boolean;
  readonly shares: 'nothing' | 'usual' | 'logs';
}

const plan = (key: string, name: string, reading: string, industry: string, prefecture: string, people: number, rest: Omit<MemberPlan, 'key' | 'name' | 'reading' | 'industry' | 'prefecture' | 'people'>): MemberPlan => ({ key, name, reading, industry, prefecture, people, ...rest });

/** Thirteen organisations that do not exist, of the trades and sizes such a federation has. The words in their names are invented too. */
export const MEMBERS: readonly MemberPlan[] = [
  plan('mihanada', '株式会社水縹精機', 'みはなだせいき', 'E', '20', 72, { desks: 0.75, departments: [GENERAL, ACCOUNTS, SALES, dept('設計', 'SEKKEI'), dept('製造', 'SEIZO'), dept('品質保証', 'HINSHO')], servers: 6, phones: 14, machines: ['マシニングセンタ', 'マシニングセンタ', 'NC旋盤', 'NC旋盤', '三次元測定機', '放電加工機', '平面研削盤'], cameras: 3, sources: ['fortigate', 'cef', 'mail-gateway', 'yamaha-rtx'], everyDay: false, shares: 'logs' }),
  plan('todaimori', '灯台守水産加工株式会社', 'とうだいもりすいさんかこう', 'E', '02', 41, { desks: 0.6, departments: [GENERAL, ACCOUNTS, SALES, dept('加工場', 'KAKO'), dept('冷凍倉庫', 'SOKO')], servers: 3, phones: 8, machines: ['金属検出機', '計量包装機', '急速凍結機'], cameras: 4, sources: ['fortigate', 'cef', 'mail-gateway'], everyDay: false, shares: 'usual' }),
  plan('asanagino', '医療法人朝凪野会', 'あさなぎのかい', 'P', '37', 38, { desks: 0.8, departments: [GENERAL, dept('医事', 'IJI'), dept('看護', 'KANGO'), dept('放射線', 'HOSHA')], servers: 4, phones: 10, machines: ['画像診断装置', '血液分析装置'], cameras: 2, sources: ['fortigate', 'cef'], everyDay: false, shares: 'usual' }),
  plan('kodamazaka', '木霊坂建設株式会社', 'こだまざかけんせつ', 'D', '32', 27, { desks: 0.75, departments: [GENERAL, ACCOUNTS, dept('工事', 'KOJI'), dept('積算', 'SEKISAN')], servers: 2, phones: 12, machines: [], cameras: 2, sources: ['yamaha-rtx', 'cef'], everyDay: false, shares: 'usual' }),
  plan('kazakiriba', '風切羽運輸株式会社', 'かざきりばうんゆ', 'H', '23', 58, { desks: 0.5, departments: [GENERAL, ACCOUNTS, dept('配車', 'HAISHA'), dept('倉庫', 'SOKO'), SALES], servers: 4, phones: 20, machines: ['自動仕分け機', '計量機'], cameras: 4, sources: ['fortigate', 'yamaha-rtx', 'cef', 'mail-gateway'], everyDay: true, shares: 'logs' }),
  plan('tsukishizuku', '有限会社月雫印刷所', 'つきしずくいんさつじょ', 'E', '26', 5, { desks: 1, departments: [GENERAL, dept('製版', 'SEIHAN')], servers: 1, phones: 2, machines: ['オフセット印刷機', '断裁機'], cameras: 0, sources: ['yamaha-rtx'], everyDay: false, shares: 'usual' }),
  plan('kasumiho', '株式会社旅館霞帆館', 'りょかんかすみほかん', 'M', '22', 24, { desks: 0.6, departments: [GENERAL, dept('フロント', 'FRONT'), dept('調理', 'CHORI')], servers: 2, phones: 6, machines: [], cameras: 4, sources: ['fortigate', 'cef'], everyDay: true, shares: 'usual' }),
  plan('watagumo', '社会福祉法人綿雲会', 'わたぐもかい', 'P', '40', 36, { desks: 0.6, departments: [GENERAL, dept('介護', 'KAIGO'), dept('相談支援', 'SODAN')], servers: 2, phones: 8, machines: [], cameras: 3, sources: ['yamaha-rtx', 'cef'], everyDay: true, shares: 'usual' }),
  plan('ainezu', '税理士法人藍鼠事務所', 'あいねずじむしょ', 'L', '13', 14, { desks: 1, departments: [GENERAL, dept('税務', 'ZEIMU'), dept('相続', 'SOZOKU')], servers: 2, phones: 4, machines: [], cameras: 1, sources: ['fortigate', 'cef', 'mail-gateway'], everyDay: false, shares: 'usual' }),
  plan('hoshikuzuno', '株式会社星屑野ファーム', 'ほしくずのふぁーむ', 'A', '01', 19, { desks: 0.5, departments: [GENERAL, dept('栽培', 'SAIBAI'), dept('出荷', 'SHUKKA')], servers: 1, phones: 6, machines: ['選果機', '環境制御盤', '環境制御盤'], cameras: 2, sources: ['yamaha-rtx'], everyDay: true, shares: 'nothing' }),
  plan('kohakuneko', '株式会社琥珀猫商店', 'こはくねこしょうてん', 'I', '27', 31, { desks: 0.6, departments: [GENERAL, ACCOUNTS, dept('仕入', 'SHIIRE'), dept('店舗', 'TENPO')], servers: 2, phones: 6, machines: [], cameras: 4, sources: ['fortigate', 'cef'], everyDay: true, shares: 'usual' }),
  plan('tsuraranono', '有限会社氷柱野醸造', 'つららのじょうぞう', 'E', '15', 9, { desks: 0.7, departments: [GENERAL, dept('醸造', 'JOZO')], servers: 1, phones: 2, machines: ['瓶詰機', '温度制御盤'], cameras: 1, sources: ['yamaha-rtx'], everyDay: false, shares: 'usual' }),
  plan('nijimasu', '学校法人虹鱒学園', 'にじますがくえん', 'O', '33', 22, { desks: 1, departments: [GENERAL, dept('教務', 'KYOMU'), dept('情報教室', 'JOHO')], servers: 3, phones: 4, machines: [], cameras: 2, sources: ['fortigate', 'cef', 'mail-gateway'], everyDay: false, shares: 'usual' }),
];
