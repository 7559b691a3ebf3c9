/**
 * Comes into every test file: one that is done and does not end, because something still ticks or listens, would hold up
 * all that follow. It is told what is left, and ended.
 */
import { after } from 'node:test';

const ENOUGH_MS = 15_000;

after(() => {
  setTimeout(() => {
    process.stderr.write(`The tests are done, but something keeps the process alive: ${process.getActiveResourcesInfo().join(', ')}\n`);
    process.exit(1);
  }, ENOUGH_MS).unref();
});
