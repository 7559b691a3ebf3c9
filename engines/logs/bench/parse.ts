/**
 * Lines parsed per second on one core: bytes in, ECS event out.
 * Run: node engines/logs/bench/parse.ts [lines]. Beside it runs a plain implementation as most
 * scripts would write it (one global regular expression into an object, then renaming), which does less.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createParser } from '../src/index.ts';
import { fortigateLines } from './generate.ts';

const count = Number(process.argv[2] ?? 200_000);
const bytes = fortigateLines(count).map((line) => Buffer.from(line));
const meanBytes = bytes.reduce((sum, line) => sum + line.length, 0) / count;
const RECEIVED = 1_767_323_100_000;

const RENAME: Record<string, string> = {
  srcip: 'source.ip', srcport: 'source.port', dstip: 'destination.ip', dstport: 'destination.port', action: 'event.action', user: 'user.name', policyid: 'rule.id', devname: 'observer.name',
  sentbyte: 'source.bytes', rcvdbyte: 'destination.bytes', hostname: 'url.domain', url: 'url.full', msg: 'message', level: 'log.level', logid: 'event.code', service: 'network.protocol',
};

function naive(line: string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const match of line.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)) {
    const key = match[1] as string;
    const value = match[2] ?? match[3] ?? '';
    const name = RENAME[key] ?? key;
    out[name] = /port$|bytes$/.test(name) ? Number(value) : value;
  }
  out['@timestamp'] = new Date(`${String(out['date'])}T${String(out['time'])}+09:00`).getTime();
  return out;
}

interface Lane {
  name: string;
  run: () => number;
  meanBytes: number;
  /** Lines per second of wall clock, one entry per round. */
  rates: number[];
  /** Lines per second of processor time of the whole process, garbage collection included. */
  cpu: number[];
}

const parser = createParser({ timeZone: 'Asia/Tokyo' });
let sink = 0;

/** The made-up lines of one family, repeated; each family with a parser of its own, as sources have. */
function familyLane(name: string): Lane {
  const rows = readFileSync(join(import.meta.dirname, '../test/fixtures', `${name}.txt`), 'utf8').split('\n').filter((row) => row !== '' && !row.startsWith('=> '));
  const few = rows.map((row) => Buffer.from(row.startsWith('"') ? (JSON.parse(row) as string) : row));
  const own = createParser();
  const run = (): number => {
    let done = 0;
    for (; done < count / 4; done += few.length) for (const line of few) sink += own.parse(line, RECEIVED).problems.length;
    return done;
  };
  return { name: `${name} fixtures`, run, meanBytes: few.reduce((sum, line) => sum + line.length, 0) / few.length, rates: [], cpu: [] };
}

const engine: Lane = {
  name: 'engine: FortiGate, bytes to event',
  meanBytes,
  rates: [],
  cpu: [],
  run: () => {
    for (const line of bytes) sink += parser.parse(line, RECEIVED).event['source.port'] ?? 0;
    return bytes.length;
  },
};
const plain: Lane = {
  name: 'regular expression: bytes to object',
  meanBytes,
  rates: [],
  cpu: [],
  run: () => {
    for (const line of bytes) sink += Number(naive(line.toString('utf8'))['source.port'] ?? 0);
    return bytes.length;
  },
};
const lanes = [engine, plain, ...['yamaha-rtx', 'cef', 'leef', 'mail-gateway', 'dhcpd', 'rfc5424-sd', 'generic'].map(familyLane)];

console.log(`${count} FortiGate lines, mean ${meanBytes.toFixed(0)} bytes; ${cpus()[0]?.model ?? 'cpu'}; Node ${process.version}`);
// Lanes take turns, so that other load on the machine falls on all of them.
for (let round = 0; round < 7; round++) {
  for (const lane of lanes) {
    const before = process.cpuUsage();
    const from = process.hrtime.bigint();
    const done = lane.run();
    lane.rates.push(done / (Number(process.hrtime.bigint() - from) / 1e9));
    const used = process.cpuUsage(before);
    lane.cpu.push(done / ((used.user + used.system) / 1e6));
  }
}
const median = (values: readonly number[]): number => [...values.slice(1)].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
const show = (value: number): string => Math.round(value).toLocaleString('en').padStart(16);
console.log('lane (medians of the rounds)'.padEnd(38), 'lines/s'.padStart(16), 'lines/cpu-second'.padStart(16), 'MB/s'.padStart(6));
for (const { name, rates, cpu, meanBytes: size } of lanes) console.log(name.padEnd(38), show(median(rates)), show(median(cpu)), ((median(rates) * size) / 1e6).toFixed(0).padStart(6));
console.log(`checksum ${sink}`);
