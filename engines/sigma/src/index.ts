export { Correlator, type CorrelationHit, type CorrelatorCounters, type CorrelatorOptions } from './correlator.ts';
export type { CorrelatorState } from './correlator-state.ts';
export { SigmaError, type SigmaErrorCode } from './errors.ts';
export type { ExplainedItem, Explanation, MatchedItem } from './explain.ts';
export { fold } from './fold.ts';
export { JsonEvent } from './json-event.ts';
export { MODIFIERS } from './modifiers.ts';
export { chain, Pipeline, type PipelineStep, type RuleDraft, type RulePipeline } from './pipeline.ts';
export { type PipelineFile, readPipeline } from './pipeline-file.ts';
export { flattenWindowsEvent, windowsEventPipeline, windowsLogsources } from './pipelines/windows.ts';
export { parseRules, type ParseOptions, type RuleSource } from './rule.ts';
export { type CompileOptions, compileRules, type Hit, RuleSet } from './ruleset.ts';
export type { Suppressions } from './suppressions.ts';
export type {
  CorrelationRule, CorrelationType, DetectionRule, Expression, FilterRule, Leaf, Level, LogSource, Metadata, SigmaRule, Test,
} from './types.ts';
export { LEVELS } from './types.ts';
export type { EventInput } from './fields.ts';
