/** Everybody and everything of the demonstration, before any of it is stored. All names are invented. */

export type DemoRole = 'staff' | 'lead' | 'deputy' | 'executive' | 'desk' | 'manager' | 'auditor';
export type DemoFamily = 'fortigate' | 'yamaha-rtx' | 'cef' | 'mail-gateway';
export type DemoDeviceKind = 'pc' | 'server' | 'phone' | 'printer' | 'network' | 'utm' | 'camera' | 'machine';

export interface DemoPerson {
  readonly name: string;
  readonly reading: string;
  /** Left part of the mail address, and the account in logs. */
  readonly account: string;
  readonly email: string;
  readonly department: string;
  readonly roles: readonly DemoRole[];
  readonly phone: string | null;
}

export interface DemoDevice {
  readonly name: string;
  readonly kind: DemoDeviceKind;
  readonly owner: DemoPerson | null;
  readonly department: string | null;
  readonly os: string | null;
  readonly address: string;
  readonly mac: string;
  readonly host: string;
  readonly note: string | null;
}

export interface DemoSource {
  /** Header host of its lines, unique in the demonstration. */
  readonly host: string;
  readonly name: string;
  readonly family: DemoFamily;
  /** Lines of endpoint protection come over HTTPS from a collector, the others as syslog over TCP. */
  readonly door: 'syslog' | 'https';
  /** Host name of the inventory's device behind it. */
  readonly device: string;
  readonly silentAfterHours: number;
}

export interface DemoMember {
  /** Sub-domain and short name. */
  readonly key: string;
  readonly name: string;
  readonly reading: string;
  /** JSIC division. */
  readonly industry: string;
  readonly prefecture: string;
  readonly sizeBand: string;
  readonly corporateNumber: string;
  readonly phone: string;
  readonly domain: string;
  /** Public address block, of the ranges for documentation. */
  readonly ownRange: string;
  readonly wan: string;
  /** First three numbers of the private network. */
  readonly lan: string;
  /** Works on weekends too. */
  readonly everyDay: boolean;
  readonly people: readonly DemoPerson[];
  readonly devices: readonly DemoDevice[];
  readonly sources: readonly DemoSource[];
  /** What it shares beyond, or short of, what every member shares at the start. */
  readonly shares: 'nothing' | 'usual' | 'logs';
}

export interface World {
  readonly seed: string;
  /** The instant the demonstration was first opened, epoch milliseconds; everything in it is dated from here. */
  readonly anchor: number;
  readonly federation: { readonly name: string; readonly phone: string; readonly domain: string; readonly people: readonly DemoPerson[] };
  readonly members: readonly DemoMember[];
}
