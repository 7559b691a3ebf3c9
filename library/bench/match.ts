import { createParser, EventFields } from '@banya/logs';
import { compileRules } from '@banya/sigma';
import { fortigateLines } from '../../engines/logs/bench/generate.ts';
import { familyLines } from '../../engines/logs/bench/families.ts';
import { ecsLogsources, loadDetections } from '../src/detections.ts';

/**
 * What the pack costs: processor time to decide all rules about one line that is parsed already; the best of nine rounds.
 *
 * node library/bench/match.ts [lines]
 */

const count = Number(process.argv[2] ?? 20_000);
const ROUNDS = 9;
const ruleset = compileRules(loadDetections().rules, { logsource: ecsLogsources, utcOffsetMinutes: 540 });
const fields = new EventFields();

for (const [family, lines] of [['fortigate', fortigateLines(count)], ...['windows', 'm365', 'web-server', 'mail-gateway', 'suricata'].map((name) => [name, familyLines(name, count)] as const)] as const) {
  const parser = createParser({ timeZone: 'Asia/Tokyo' });
  const parsed = lines.map((line) => parser.parse(line, Date.UTC(2026, 0, 2, 3, 10, 0)));
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (const one of parsed) ruleset.match(fields.open(one));
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / parsed.length);
  }
  process.stdout.write(`${family}: ${best.toFixed(2)} µs a line\n`);
}
