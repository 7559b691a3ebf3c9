import assert from 'node:assert/strict';
import { compileRules, type CompileOptions, type EventInput, type RuleSet } from '../src/index.ts';

/** A rule around the detection part, which is indented by the helper. */
export function rule(detection: string, extra = ''): string {
  const body = detection.trim().split('\n').map((line) => `  ${line}`).join('\n');
  return `title: Test\nid: test-rule\nauthor: Somebody\nlogsource:\n  category: test\n${extra}detection:\n${body}\n`;
}

/** Compiles one text that must have no errors. */
export function compile(text: string, options: CompileOptions = {}): RuleSet {
  const ruleset = compileRules([{ path: 'test.yml', text }], options);
  assert.deepEqual(ruleset.errors.map(({ message }) => message), []);
  return ruleset;
}

/** True when a rule with the given selection items matches the event, with the index and without. */
export function matches(items: string, event: EventInput, options: CompileOptions = {}): boolean {
  const body = items.trim().split('\n').map((line) => `  ${line}`).join('\n');
  const text = rule(`selection:\n${body}\ncondition: selection`);
  const [indexed, plain] = [true, false].map((index) => compile(text, { ...options, index }).match(event).length === 1);
  assert.equal(indexed, plain, 'the index changed the answer');
  return indexed as boolean;
}

/** The one error of a text. */
export function errorOf(text: string, options: CompileOptions = {}) {
  const { errors } = compileRules([{ path: 'bad.yml', text }], options);
  assert.equal(errors.length, 1, `expected one error, got ${errors.map(({ message }) => message).join(' / ') || 'none'}`);
  return errors[0] as (typeof errors)[number];
}
