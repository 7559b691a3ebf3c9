import { parentPort, workerData } from 'node:worker_threads';
import { BatchReader } from './batch-reader.ts';
import { packMemory, unpackMemory } from './memory.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';

// The intake thread: reading lines is the house's heaviest work, and pages must not wait for it.
const port = parentPort!;
const reader = new BatchReader((workerData as ThreadData).importedRules);
const say = (message: FromThread): void => port.postMessage(message);

port.on('message', (message: ToThread) => {
  if (message.kind === 'state') {
    // Kept in another form, as by another version: counts begin anew, and lines go on.
    try {
      reader.restore(unpackMemory(message.state));
    } catch (error) {
      say({ kind: 'not restored', error: error instanceof Error ? error.message : String(error) });
    }
    return;
  }
  if (message.kind === 'ask state') {
    say({ kind: 'state', state: packMemory(reader.state()) });
    return;
  }
  try {
    say({ kind: 'batch', out: reader.read(message.batch) });
  } catch (error) {
    say({ kind: 'failed', id: message.batch.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
say({ kind: 'ready', rules: reader.rules.size, errors: reader.broken, slow: reader.slow });
