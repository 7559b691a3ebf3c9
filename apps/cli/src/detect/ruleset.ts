import { ecsLogsources } from '@banya/library';
import { chain, compileRules, type EventInput, type LogSource, readPipeline, type RuleSet, type RuleSource, windowsEventPipeline, windowsLogsources } from '@banya/sigma';

/**
 * Rules for whatever a file of logs may hold: Windows event log records, ECS records, or anything else that is JSON. The
 * operator's own pipeline comes after the one for Windows.
 * @throws SigmaError where that pipeline cannot be used
 */
export function compileFor(rules: readonly RuleSource[], logsource: LogSource | null, own: RuleSource | null): RuleSet {
  const fixed = logsource === null ? null : Object.freeze([logsource]);
  const read = own === null ? null : readPipeline(own.path, own.text);
  const pipeline = read === null ? windowsEventPipeline : chain(windowsEventPipeline, read.pipeline);
  return compileRules(rules, { pipeline, placeholders: read?.placeholders ?? {}, ...(read === null ? {} : { wildcard: read.wildcard }), logsource: (event) => fixed ?? logsourcesOf(event), utcOffsetMinutes: 540 });
}

/** Null where an event does not say what it is: then every rule is tried, and rules for Windows ask for its channels themselves. */
function logsourcesOf(event: EventInput): readonly LogSource[] | null {
  if (typeof read(event, 'Channel') === 'string') return windowsLogsources(event);
  return typeof read(event, 'event.dataset') === 'string' || typeof read(event, 'event.category') === 'string' ? ecsLogsources(event) : null;
}

const read = (event: EventInput, field: string): unknown => (typeof event.get === 'function' ? event.get(field) : (event as Readonly<Record<string, unknown>>)[field]);
