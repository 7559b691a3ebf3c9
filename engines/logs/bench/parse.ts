/**
 * Lines parsed per second on one core: bytes in, ECS event out.
 * Run: node engines/logs/bench/parse.ts [lines]. Beside it runs a plain implementation as most
 * scripts would write it (one global regular expression into an object, then renaming), which does less.
 */
import { cpus } from 'node:os';
import { createParser } from '../src/index.ts';
import { fortigateLines } from './generate.ts';

const count = Number(process.argv[2] ?? 200_000);
const lines = fortigateLines(count);
const bytes = lines.map((line) => Buffer.from(line));
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

function best(name: string, run: () => number): number {
  let rate = 0;
  for (let round = 0; round < 5; round++) {
    const from = process.hrtime.bigint();
    const events = run();
    const seconds = Number(process.hrtime.bigint() - from) / 1e9;
    rate = Math.max(rate, events / seconds);
  }
  console.log(`${name.padEnd(34)} ${Math.round(rate).toLocaleString('en').padStart(10)} lines/s  ${((rate * meanBytes) / 1e6).toFixed(0).padStart(5)} MB/s`);
  return rate;
}

console.log(`${count} FortiGate lines, mean ${meanBytes.toFixed(0)} bytes; ${cpus()[0]?.model ?? 'cpu'}; Node ${process.version}`);
const parser = createParser({ timeZone: 'Asia/Tokyo' });
let sink = 0;
const ours = best('engine, bytes to event', () => {
  for (const line of bytes) sink += parser.parse(line, RECEIVED).event['source.port'] ?? 0;
  return bytes.length;
});
best('engine, text to event', () => {
  for (const line of lines) sink += parser.parse(line, RECEIVED).event['source.port'] ?? 0;
  return lines.length;
});
const plain = best('regular expression, bytes to object', () => {
  for (const line of bytes) sink += Number(naive(line.toString('utf8'))['source.port'] ?? 0);
  return bytes.length;
});
console.log(`engine / regular expression: ${(ours / plain).toFixed(2)}  (checksum ${sink})`);
