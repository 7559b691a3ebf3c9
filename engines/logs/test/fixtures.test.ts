import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { createParser, ECS, isEcsName } from '../src/index.ts';
import { ACTIONS } from '../src/ecs.ts';

const folder = join(import.meta.dirname, 'fixtures');
const RECEIVED = Date.UTC(2026, 0, 2, 3, 10, 0);

interface Case {
  line: string;
  expect: string;
}

function casesOf(file: string): Case[] {
  const rows = readFileSync(join(folder, file), 'utf8').split('\n').filter((row) => row !== '');
  const cases: Case[] = [];
  for (let i = 0; i < rows.length; i += 2) {
    const line = rows[i] ?? '';
    const expect = rows[i + 1] ?? '';
    assert.ok(expect.startsWith('=> '), `${file}: expectation missing after ${line}`);
    cases.push({ line: line.startsWith('"') ? (JSON.parse(line) as string) : line, expect: expect.slice(3) });
  }
  return cases;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const family = basename(file, '.txt');
  const cases = casesOf(file);
  describe(`${family} lines are told in ECS`, () => {
    test('there are enough of them', () => assert.ok(cases.length >= 12));
    cases.forEach(({ line, expect }, index) => {
      test(`line ${index + 1}: ${line.slice(0, 70)}`, () => {
        for (const input of [line, Buffer.from(line)]) {
          const parser = createParser({ ownRanges: ['192.0.2.0/28'] });
          const result = parser.parse(input, RECEIVED);
          assert.equal(result.family, family);
          const event = result.event as Record<string, unknown>;
          let problems = '';
          for (const rule of expect.split('; ')) {
            if (rule.startsWith('!')) {
              assert.equal(event[rule.slice(1)], undefined, rule);
              continue;
            }
            const equals = rule.indexOf('=');
            const name = rule.slice(0, equals);
            const value = rule.slice(equals + 1);
            if (name === 'problems') problems = value;
            else if (name.startsWith('unmapped.')) assert.equal(result.unmapped[name.slice(9)], value, name);
            else assert.equal(String(event[name]), value, name);
          }
          assert.equal(result.problems.join(','), problems);
          for (const [name, value] of Object.entries(event)) {
            assert.ok(isEcsName(name), name);
            const type = ECS[name].type;
            const wanted = type === 'long' || type === 'float' || type === 'date' ? 'number' : type === 'boolean' ? 'boolean' : 'string';
            assert.equal(typeof value, wanted, name);
          }
          assert.ok(Object.hasOwn(ACTIONS, event['event.action'] as string));
        }
      });
    });
  });
}
