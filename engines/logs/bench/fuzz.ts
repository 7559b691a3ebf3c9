/**
 * Mutated lines of all families: none may fail, none may be lost, memory must not grow.
 * Run: node engines/logs/bench/fuzz.ts [--lines 10000000] [--seed 1]. Exit code 1 when a line broke a rule.
 */
import { parseArgs } from 'node:util';
import { createParser, MAX_UNMAPPED, readEvtxChunk, template, type Parser } from '../src/index.ts';
import { fixtureLines } from './families.ts';
import { random } from './generate.ts';

const { values } = parseArgs({ options: { lines: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' } } });
const wanted = Number(values.lines);
const next = random(Number(values.seed));
const int = (max: number): number => Math.floor(next() * max);
const RECEIVED = 1_767_323_400_000;
const families = fixtureLines();
const all = [...families.values()].flat();
const bits = ['"', "'", '\\', '=', '|', ' ', ';', ',', ':', '[', ']', '{', '}', '<', '>', '(', ')', '\t', '\u0000', '\ufeff', '__proto__=1 ', '\\"', '"a":', '&#x0;', '-1', '99999999999999999999', '::', '%', '💥', 'a'.repeat(300), '[[[[[[', '{"a":{"b":', 'CEF:0|', '<Event>', 'msg_id="', 'type=', 'audit('];

function bent(): string {
  let line = all[int(all.length)] as string;
  for (let i = int(4); i >= 0; i--) {
    const at = int(line.length + 1);
    switch (int(6)) {
      case 0:
        line = line.slice(0, at) + line.slice(at + int(40));
        break;
      case 1:
        line = line.slice(0, at) + (bits[int(bits.length)] as string) + line.slice(at);
        break;
      case 2:
        line = line.slice(0, at);
        break;
      case 3:
        line = line.slice(0, at) + String.fromCharCode(int(0x3000)) + line.slice(at + 1);
        break;
      case 4: {
        // The head of one family before the tail of another.
        const other = all[int(all.length)] as string;
        line = line.slice(0, at) + other.slice(int(other.length));
        break;
      }
      default:
        line = line.slice(0, at) + line.slice(at, at + 60).repeat(int(6)) + line.slice(at);
    }
  }
  return line;
}

const parsers: Parser[] = [createParser(), ...[...families.keys()].map((family) => createParser({ family })), createParser({ encoding: 'cp932' }), createParser({ encoding: 'euc-jp' })];
const seen = new Map<string, number>();
let wrong = 0;
let slowest = 0;
let peak = 0;
const started = performance.now();
for (let i = 0; i < wanted; i++) {
  const line = bent();
  const input = int(3) === 0 ? Buffer.from(line, int(2) === 0 ? 'utf8' : 'latin1') : line;
  const parser = parsers[int(parsers.length)] as Parser;
  const before = performance.now();
  let why = '';
  try {
    const { event, family, unmapped, problems } = parser.parse(input, RECEIVED);
    seen.set(family, (seen.get(family) ?? 0) + 1);
    if (!Number.isFinite(event['@timestamp'])) why = 'no time';
    else if (event['event.action'] === undefined) why = 'no action';
    else if (problems.includes('parser_error')) why = 'a fault of a family';
    else if (Object.keys(unmapped).length > MAX_UNMAPPED) why = 'too many leftovers';
    else for (const [name, value] of Object.entries(event)) if (value === undefined || value === null || value !== value) why = `${name} is no value`;
    if (problems.includes('unparsed')) template(line);
  } catch (error) {
    why = (error as Error).message;
  }
  slowest = Math.max(slowest, performance.now() - before);
  if (why !== '') {
    wrong++;
    if (wrong <= 20) console.log(`${why}: ${JSON.stringify(line.slice(0, 400))}`);
  }
  if (i % 200_000 === 0) {
    peak = Math.max(peak, process.memoryUsage().rss);
    if (i > 0) console.log(`${i.toLocaleString('en')} lines, ${wrong} wrong, ${(process.memoryUsage().rss / 1048576).toFixed(0)} MiB`);
  }
}
const chunk = Buffer.alloc(65_536);
for (let i = 0; i < Math.min(2_000, wanted / 100); i++) {
  chunk.write('ElfChnk\0', 0, 'latin1');
  for (let at = 512; at < 65_536; at += 1 + int(64)) chunk.writeUInt8([0x2a, 0x00, 0x01, 0x0c, 0x0f, 0x41, int(256)][int(7)] as number, at);
  for (let at = 512; at < 65_000; at += 8 * (1 + int(200))) {
    chunk.writeUInt32LE(0x2a2a, at);
    chunk.writeUInt32LE(int(4) === 0 ? int(2 ** 31) : 64 + int(2000), at + 4);
  }
  try {
    readEvtxChunk(chunk);
  } catch (error) {
    wrong++;
    console.log(`EVTX: ${(error as Error).message}`);
  }
}
peak = Math.max(peak, process.memoryUsage().rss);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ bench: 'logs-fuzz', lines: wanted, wrong, seconds: Math.round(seconds), slowestMs: Math.round(slowest * 10) / 10, peakMiB: Math.round(peak / 1048576) }));
console.log(`${wanted.toLocaleString('en')} lines in ${seconds.toFixed(0)} s, ${wrong} wrong, slowest line ${slowest.toFixed(1)} ms, at most ${(peak / 1048576).toFixed(0)} MiB`);
console.log([...seen].sort((a, b) => b[1] - a[1]).map(([family, count]) => `${family} ${count.toLocaleString('en')}`).join(', '));
process.exitCode = wrong === 0 ? 0 : 1;
