const at = (minutes: number): string => new Date(Date.parse('2026-11-24T01:00:00Z') + minutes * 60_000).toISOString();
const machine = (n: number): string => `KEIRI-${String(n).padStart(2, '0')}`;

/** A mail of ill will: who got it, who opened it, what spoke with its host, and where the account went from there; `machines` spoke with it. */
export function traced(machines: number) {
  const people = ['佐藤 賢', '田中 実', 'keiri-tantou-no-nagai-namae@kitahama-shouten.example.jp'];
  const calls = [
    ...Array.from({ length: machines }, (_, i) => ({ key: `m${i}`, kind: 'machine', state: i % 5 === 4 ? 'stopped' : 'communicated', name: machine(i), owner: '佐藤 賢', department: '経理', phone: null, why: '通信していました（3回）', hop: 1, confidence: 'sure', firstAt: at(20 + i), lastAt: at(60 + i), count: 3, device: null, person: null, search: 'x' })),
    ...people.map((name, i) => ({ key: `p${i}`, kind: 'person', state: i === 0 ? 'opened' : 'received', name, owner: null, department: '経理', phone: null, why: 'メールを受け取りました（1通）', hop: 1, confidence: 'sure', firstAt: at(i), lastAt: at(i), count: 1, device: null, person: null, search: 'x' })),
    { key: 'used', kind: 'machine', state: 'possible', name: '営業のノートパソコン', owner: '佐藤 賢', department: '経理', phone: '090-0000-0001', why: '開いたと答えた佐藤 賢さんの機器です', hop: 2, confidence: 'possible', firstAt: at(0), lastAt: at(0), count: 1, device: null, person: null, search: 'x' },
    { key: 'server', kind: 'machine', state: 'possible', name: 'FILE-SV', owner: null, department: null, phone: null, why: 'そのあと、利用者「sato」がサインインしました', hop: 3, confidence: 'likely', firstAt: at(90), lastAt: at(95), count: 2, device: null, person: null, search: 'x' },
  ];
  const edge = (from: string, to: string, hop: number, confidence = 'sure', minutes = 20) => ({ from, to, why: '通信していました（3回）', hop, confidence, firstAt: at(minutes), lastAt: at(minutes), count: 3 });
  return {
    indicator: { kind: 'domain', value: 'portal.evil-login.example', shown: 'portal[.]evil-login[.]example', notes: [] }, from: at(-600), to: at(600), common: null, commonText: null,
    sentence: 'メールで3人に届き、1人が開き、3台が通信などで関わり、1台は止められました。ほかに、確かめたい機器が2台あります。',
    counts: { received: 3, opened: 1, machines: machines, stopped: 0, possible: 2, silent: 1, lines: 12 }, calls,
    nodes: [
      { key: 'indicator', kind: 'indicator', name: 'portal[.]evil-login[.]example', hop: 0, common: false }, ...Array.from({ length: machines }, (_, i) => ({ key: `m${i}`, kind: 'machine', name: machine(i), hop: 1, common: false })),
      ...people.map((name, i) => ({ key: `p${i}`, kind: 'person', name, hop: 1, common: false })), { key: 'used', kind: 'machine', name: '営業のノートパソコン', hop: 2, common: false },
      { key: 'a:sato', kind: 'account', name: 'sato', hop: 2, common: false }, { key: 'a:backup', kind: 'account', name: 'backup', hop: 2, common: true }, { key: 'server', kind: 'machine', name: 'FILE-SV', hop: 3, common: false },
    ],
    edges: [
      ...people.map((_, i) => edge('indicator', `p${i}`, 1, 'sure', i)), ...Array.from({ length: machines }, (_, i) => edge('indicator', `m${i}`, 1, 'sure', 20 + i)), edge('p0', 'used', 2, 'possible', 0), edge('m0', 'a:sato', 2), edge('m1', 'a:backup', 2, 'likely', 30),
      edge('m1', 'a:sato', 2, 'likely', 21), edge('a:sato', 'server', 3, 'likely', 90),
    ],
    silent: [{ source: '01900000-0000-7000-8000-0000000000f1', name: '倉庫のルーター', days: 12, ofDays: 30, lastAt: at(-400) }], findings: [], tickets: [], mails: [], cut: false, seconds: 0.4,
  };
}
