/** Names of people and companies as they stand in display names: order, titles, readings. */

const TITLES = ['代表取締役社長', '代表取締役会長', '代表取締役', '取締役社長', '取締役', '代表社員', '代表理事', '専務理事', '常務理事', '副社長', '副会長', '副理事長', '理事長', '組合長', '執行役員', '社長', '会長', '専務', '常務', '理事', '頭取', '所長', '支店長', '支社長', '本部長', '部長', '課長', '店長', '院長', '学長', '校長', '園長', '代表', '総務', '経理'];
const HONORIFICS = ['様', 'さん', '殿', '氏', '先生', 'より', 'です'];
const FORMS = ['株式会社', '有限会社', '合同会社', '合資会社', '合名会社', '一般社団法人', '公益社団法人', '一般財団法人', '公益財団法人', '社会福祉法人', '医療法人', '学校法人', '協同組合', '(株)', '(有)', '(同)', '㈱', '㈲'];
const ENGLISH = new Set(['mr', 'mrs', 'ms', 'dr', 'ceo', 'coo', 'cfo', 'cto', 'president', 'vice', 'chairman', 'chairperson', 'director', 'representative', 'managing', 'executive', 'officer', 'chief', 'manager', 'owner', 'the', 'office', 'of']);

const SEPARATORS = /[\s,、，・･·|/\\()（）[\]【】「」『』<>＜＞"'“”‘’:：;.．。_＿‐–—-]+/u;

/** The forms in which a person's name is compared: words in any order, and run together forwards and backwards. */
export function personKeys(name: string): readonly string[] {
  const words = split(name.slice(0, 120));
  if (words.length === 0) return [];
  return [...new Set([[...words].sort().join(' '), words.join(''), [...words].reverse().join('')])];
}

/**
 * The forms of a display name: as it stands, and without titles, honorifics, legal forms, addresses and the name of the
 * organisation, so that 「代表取締役社長 名前（会社）」 is the person. At most 200 characters are read.
 */
export function displayKeys(display: string, organisation: string | undefined): readonly string[] {
  const plain = display.slice(0, 200).normalize('NFKC').replace(/\p{Cf}/gu, '');
  let bare = plain;
  const own = organisation?.normalize('NFKC');
  if (own !== undefined && own !== '') bare = bare.replaceAll(own, ' ').replaceAll(withoutForm(own), ' ');
  for (const form of FORMS) bare = bare.replaceAll(form.normalize('NFKC'), ' ');
  for (const title of TITLES) bare = bare.replaceAll(title, ' ');
  const words = split(bare).filter((word) => !ENGLISH.has(word) && !word.includes('@'));
  const last = words.at(-1);
  const polite = last === undefined ? undefined : HONORIFICS.find((ending) => last.endsWith(ending));
  if (last !== undefined && polite !== undefined) words[words.length - 1] = last.slice(0, -polite.length);
  return [...new Set([...personKeys(plain), ...personKeys(words.join(' '))])];
}

/** 「株式会社例示」 → 「例示」. */
export function withoutForm(name: string): string {
  let out = name.normalize('NFKC');
  for (const form of FORMS) out = out.replaceAll(form.normalize('NFKC'), ' ');
  return out.trim();
}

/** What is left of a name without titles and ranks. */
export function withoutTitles(name: string): string {
  let out = name;
  for (const title of [...TITLES, '施設長', '事務長', '事務局長', '工場長', '総支配人', '取締役会長', '代表者', '責任者', '上司', '役員']) out = out.replaceAll(title, ' ');
  return out.replace(/\b(?:ceo|coo|cfo|president|chairman|director|boss|manager)\b/gi, ' ');
}

function split(name: string): string[] {
  return name.normalize('NFKC').toLowerCase().replace(/\p{Cf}/gu, '').split(SEPARATORS).filter((word) => word !== '').slice(0, 12);
}
