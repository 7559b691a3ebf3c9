// The other side of pool.ts: loads the one function it was told, then calls it once for every message.
import { flushCompileCache } from 'node:module';

type Ask = (question: unknown) => Promise<unknown>;
type FromHouse = { readonly call: number; readonly bytes: Uint8Array; readonly args: unknown } | { readonly answered: number; readonly answer: unknown };

const [target, cache] = process.argv.slice(2) as [string, string?];
// The house has gone; nobody waits for an answer.
process.on('disconnect', () => process.exit());
const { default: work, warm } = (await import(target)) as { default: (bytes: Uint8Array, args: unknown, ask: Ask) => unknown; warm?: (cache?: string) => unknown };
await warm?.(cache);
const open = new Map<number, (answer: unknown) => void>();
let asked = 0;
process.on('message', async (message: FromHouse) => {
  if ('answered' in message) {
    open.get(message.answered)?.(message.answer);
    open.delete(message.answered);
    return;
  }
  const { call, bytes, args } = message;
  const ask: Ask = (question) =>
    new Promise((resolve) => {
      open.set((asked += 1), resolve);
      process.send!({ call, asked, question });
    });
  try {
    process.send!({ call, ok: true, result: await work(bytes, args, ask) });
  } catch (error) {
    const { name, message, code, params } = error as Error & { code?: string; params?: object };
    process.send!({ call, ok: false, error: { name, message, ...(code ? { code } : {}), ...(params ? { params: { ...params } } : {}) } });
  }
});
process.send!({ ready: true });
// It is killed, not ended, so nothing would be written at its end.
if (cache !== undefined) flushCompileCache();
