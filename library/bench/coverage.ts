import { readdirSync, readFileSync } from 'node:fs';
import { createParser, EventFields, type EcsEvent } from '@banya/logs';
import { compileRules } from '@banya/sigma';
import { ecsLogsources, loadDetections } from '../src/detections.ts';

/**
 * How much of what devices raise an alarm about is explained by a text of its own. The lines are those the parsers are
 * tested with (`engines/logs/test/fixtures`), which were written without these rules in mind. A line is alert-like when
 * its device says so (`event.kind: alert`) or tells of something of the list below. Whatever only counts towards a
 * correlation is not explained by it.
 *
 * node library/bench/coverage.ts [--lines]   prints the share of each family, with --lines those that nothing explains
 */

const ALARMS: ReadonlySet<unknown> = new Set([
  'detected', 'quarantined', 'cleaned', 'clean_failed', 'protection_disabled', 'update_failed', 'license_expired', 'agent_silent', 'device_connected', 'device_blocked', 'scan_detected', 'resource_warning', 'lease_exhausted', 'account_changed', 'firmware_updated',
]);
const FIXTURES = new URL('../../engines/logs/test/fixtures/', import.meta.url);

const isAlarm = (event: EcsEvent): boolean => event['event.kind'] === 'alert' || ALARMS.has(event['event.action']);

const { rules, explanations } = loadDetections();
const ruleset = compileRules(rules, { logsource: ecsLogsources, utcOffsetMinutes: 540 });
const fields = new EventFields();
const total = { alarms: 0, explained: 0 };
const print = (line: string): void => void process.stdout.write(`${line}\n`);

for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith('.txt')).sort()) {
  const own = { alarms: 0, explained: 0 };
  const without: string[] = [];
  for (const row of readFileSync(new URL(file, FIXTURES), 'utf8').split('\n')) {
    if (row === '' || row.startsWith('=> ')) continue;
    const line = row.startsWith('"') ? (JSON.parse(row) as string) : row;
    const parsed = createParser({ ownRanges: ['192.0.2.0/28'] }).parse(line, Date.UTC(2026, 0, 2, 3, 10, 0));
    if (!isAlarm(parsed.event)) continue;
    own.alarms++;
    if (ruleset.match(fields.open(parsed)).some(({ ruleId, standalone }) => standalone && explanations.has(ruleId))) own.explained++;
    else without.push(`    ${parsed.event['event.action'] ?? ''} ${line.slice(0, 160)}`);
  }
  total.alarms += own.alarms;
  total.explained += own.explained;
  if (own.alarms > 0) print(`${file.replace('.txt', '')}: ${own.explained} of ${own.alarms}`);
  if (process.argv.includes('--lines')) for (const line of without) print(line);
}
print(`all: ${total.explained} of ${total.alarms} (${((100 * total.explained) / total.alarms).toFixed(1)} %)`);
