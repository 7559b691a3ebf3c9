import type { Random } from '../random.ts';
import { ACCOUNTS, GENERAL, MANAGEMENT, type MemberPlan } from './members.ts';
import type { DemoDevice, DemoDeviceKind, DemoFamily, DemoPerson, DemoSource } from './types.ts';

const SERVERS = ['ファイルサーバ', '業務サーバ', 'バックアップ装置', '認証サーバ', '設計データサーバ', '予備サーバ'];
const BOXES: Record<DemoFamily, { readonly code: string; readonly device: string; readonly source: string; readonly kind: DemoDeviceKind; readonly os: string }> = {
  fortigate: { code: 'fg', device: 'UTM（FortiGate 60F）', source: 'UTM', kind: 'utm', os: 'FortiOS 7.4' },
  'yamaha-rtx': { code: 'rtx', device: 'ルーター（ヤマハ RTX1220）', source: 'ルーター', kind: 'network', os: 'Rev.15.04' },
  cef: { code: 'epp', device: 'ウイルス対策の管理サーバ', source: 'ウイルス対策', kind: 'server', os: 'Windows Server 2022' },
  'mail-gateway': { code: 'mx', device: 'メールサーバ', source: 'メールサーバ', kind: 'server', os: 'Linux' },
};

/** Host name of a member's box, also the header host of its lines. */
export const hostOf = (plan: { readonly key: string }, family: DemoFamily): string => `${BOXES[family].code}-${plan.key}`;

export const sourcesOf = (plan: MemberPlan): DemoSource[] =>
  plan.sources.map((family) => ({
    host: hostOf(plan, family), device: hostOf(plan, family), name: BOXES[family].source, family, door: family === 'cef' ? 'https' : 'syslog',
    // Endpoint protection of a small office says little on a free day.
    silentAfterHours: family === 'cef' ? 72 : 24,
  }));

export function devicesOf(plan: MemberPlan, people: readonly DemoPerson[], lan: string, index: number, random: Random): DemoDevice[] {
  const devices: DemoDevice[] = [];
  let next = 1;
  const add = (device: Omit<DemoDevice, 'address' | 'mac' | 'note'> & { note?: string }): void => {
    const address = `${lan}.${next}`;
    // Locally administered hardware addresses belong to no maker (IEEE 802, section 8.4).
    devices.push({ note: null, ...device, address, mac: `02:00:5e:${[16 + index, 0, next].map((n) => n.toString(16).padStart(2, '0')).join(':')}` });
    next += 1;
  };
  for (const family of plan.sources) add({ name: BOXES[family].device, kind: BOXES[family].kind, owner: null, department: GENERAL.name, os: BOXES[family].os, host: hostOf(plan, family) });
  for (let i = 0; i < plan.servers; i++) add({ name: SERVERS[i % SERVERS.length]!, kind: 'server', owner: null, department: GENERAL.name, os: i === 2 ? 'Linux' : i === 3 ? 'Windows Server 2016' : 'Windows Server 2022', host: `sv${i + 1}-${plan.key}` });
  const printers = Math.max(1, Math.round(plan.people / 12));
  for (let i = 0; i < printers; i++) add({ name: `複合機 ${i + 1}`, kind: 'printer', owner: null, department: null, os: null, host: `prn${i + 1}-${plan.key}` });
  const switches = Math.max(1, Math.round(plan.people / 18));
  for (let i = 0; i < switches; i++) add({ name: i % 2 === 0 ? `スイッチ ${i + 1}` : `無線LANの親機 ${i + 1}`, kind: 'network', owner: null, department: null, os: null, host: `net${i + 1}-${plan.key}` });
  plan.machines.forEach((name, i) => add({ name: `${name} ${i + 1}号機`, kind: 'machine', owner: null, department: plan.departments.at(-1)!.name, os: i % 3 === 0 ? 'Windows 7 Embedded' : i % 3 === 1 ? 'Windows XP Embedded' : null, host: `mc${i + 1}-${plan.key}`, note: 'メーカーの保守のときだけ外につながります。' }));
  for (let i = 0; i < plan.cameras; i++) add({ name: `防犯カメラ ${i + 1}`, kind: 'camera', owner: null, department: null, os: null, host: `cam${i + 1}-${plan.key}` });
  // Addresses of computers begin behind those of the fixed ones, where the DHCP range does.
  next = 51;
  const numbers = new Map<string, number>();
  const codes = new Map([MANAGEMENT, GENERAL, ACCOUNTS, ...plan.departments].map((d) => [d.name, d.code]));
  people.forEach((owner, i) => {
    if (i >= 7 && !random.chance(plan.desks)) return;
    const code = codes.get(owner.department) ?? 'PC';
    const n = (numbers.get(code) ?? 0) + 1;
    numbers.set(code, n);
    const host = `${code}-${String(n).padStart(2, '0')}`;
    add({ name: host, kind: 'pc', owner, department: owner.department, os: random.chance(0.85) ? 'Windows 11' : 'Windows 10', host });
  });
  const holders = people.filter((_, i) => i < plan.phones);
  holders.forEach((owner, i) => add({ name: `スマートフォン ${i + 1}`, kind: 'phone', owner, department: owner.department, os: random.chance(0.7) ? 'iOS 18' : 'Android 15', host: `sp${i + 1}-${plan.key}` }));
  return devices;
}
