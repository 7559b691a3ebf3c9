import type { Random } from '../random.ts';

/** The internet of the demonstration: addresses and names that RFC 5737 and RFC 2606 keep for examples. */
const COUNTRIES = ['China', 'United States', 'Russian Federation', 'Viet Nam', 'Brazil', 'Netherlands', 'Germany', 'India', 'Bulgaria', 'Korea, Republic of', 'Indonesia', 'United Kingdom'];

/** Whoever looks for holes. */
export const scanner = (random: Random): string => (random.chance(0.75) ? `198.51.100.${random.int(1, 254)}` : `203.0.113.${random.int(129, 254)}`);
/** Services people use: none of the addresses that the stories and the bad mails have, all above .39. Whoever follows one of those finds it alone. */
export const service = (random: Random): string => `203.0.113.${random.int(1, 39)}`;
export const countryOf = (address: string): string => COUNTRIES[Number(address.slice(address.lastIndexOf('.') + 1)) % COUNTRIES.length]!;

/** What is looked for from outside: port, service name, how often. */
export const SCANNED: readonly (readonly [port: number, name: string, weight: number])[] = [
  [23, 'TELNET', 18], [22, 'SSH', 14], [445, 'SMB', 12], [3389, 'RDP', 12], [8080, 'HTTP-alt', 7], [5060, 'SIP', 6], [1433, 'MS-SQL', 5], [3306, 'MYSQL', 4], [81, 'tcp/81', 4], [8443, 'tcp/8443', 4], [5555, 'tcp/5555', 4], [21, 'FTP', 4], [6379, 'tcp/6379', 3], [2375, 'tcp/2375', 2], [5900, 'VNC', 2],
];
export const SCANNED_WEIGHTS = SCANNED.reduce<number[]>((sums, [, , weight]) => [...sums, (sums.at(-1) ?? 0) + weight], []);

export const ATTACKS = ['HTTP.Request.Path.Traversal', 'PHP.CGI.Argument.Injection', 'Web.Server.Command.Execution', 'Router.Command.Injection', 'Directory.Listing.Probe'];
export const BAD_SITES: readonly (readonly [host: string, category: string, number: number])[] = [
  ['parcel-notice.example.net', 'Phishing', 61], ['login-check.example.org', 'Phishing', 61], ['free-codec.example.com', 'Malicious Websites', 26], ['ads-update.example.net', 'Malicious Websites', 26], ['toolbar.example.org', 'Spyware and Malware', 26],
];
export const CORRESPONDENTS = ['example.com', 'example.org', 'example.net', 'partner.example.com', 'news.example.org', 'shop.example.net'];
export const MALWARE = ['Example.Trojan.A', 'Example.Downloader.B', 'Example.Adware.C'];
