import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { DEFAULT_LIMITS } from '../src/limits.ts'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the example in the README prints what it says', () => {
  const [, code = '', output = ''] = /```ts\n([\s\S]*?)```\n\nprints\n\n```\n([\s\S]*?)```/.exec(README) ?? []
  const source = code.replace("'@banya/xlsx'", JSON.stringify(new URL('../src/index.ts', import.meta.url).href))
  assert.notEqual(source, code)
  const run = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', source], { encoding: 'utf8' })
  assert.equal(run.stderr, '')
  assert.equal(run.stdout, output)
})

test('the limits in the README are the defaults', () => {
  const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`
  const count = (value: number) => value.toLocaleString('en')
  for (const [name, value] of Object.entries(DEFAULT_LIMITS)) {
    assert.match(README, new RegExp(`\\|[^|]*\`${name}\`[^|]*\\|[^|]*\\b${name.endsWith('Bytes') ? mib(value) : count(value)}\\b`), name)
  }
})
