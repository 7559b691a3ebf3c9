/**
 * Lines parsed per second on one core: bytes in, ECS event out.
 * Run: node engines/logs/bench/parse.ts [lines]. Beside it runs a plain implementation as most
 * scripts would write it (one global regular expression into an object, then renaming), which does less.
 */
import { cpus } from 'node:os';
import { createParser } from '../src/index.ts';
import { familyLines, fixtureLines } from './families.ts';
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

/** Made-up lines of one family, with a parser of its own, as sources have. */
function familyLane(name: string): Lane {
  const lines = familyLines(name, Math.max(1_000, Math.floor(count / 8))).map((line) => Buffer.from(line));
  const own = createParser();
  const run = (): number => {
    for (const line of lines) sink += own.parse(line, RECEIVED).problems.length;
    return lines.length;
  };
  return { name, run, meanBytes: lines.reduce((sum, line) => sum + line.length, 0) / lines.length, rates: [], cpu: [] };
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
const lanes = [engine, plain, ...[...fixtureLines().keys()].map(familyLane)];

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
