/**
 * Comes into every test file. One that is done and does not end, because something still ticks or listens, would hold up
 * all that follow: it says what is left, and is ended; `tools/test.ts` names such files at the end, and its tests count as they went. In CI, property tests take one seed, so that a red run speaks of the
 * change and not of the dice; elsewhere they go on looking.
 */
import { readFileSync } from 'node:fs';
import { after } from 'node:test';

/** Closing a house on a busy machine takes its time. */
const ENOUGH_MS = 60_000;
/** What `test.ts` looks for. */
const HELD_UP = 'The tests are done, but something keeps the process alive:';
const SEED = 20261130;

after(() => {
  setTimeout(() => {
    process.stderr.write(`${HELD_UP} ${process.getActiveResourcesInfo().join(', ')}\n`);
    process.exit();
  }, ENOUGH_MS).unref();
});

if (process.env.CI && readFileSync(process.argv[1]!, 'utf8').includes("'fast-check'")) {
  const { configureGlobal } = await import('fast-check');
  configureGlobal({ seed: SEED });
}
