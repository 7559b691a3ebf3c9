// The other side of pool.ts: loads the one function it was told, then calls it once for every message.
import { flushCompileCache } from 'node:module';

const [target, cache] = process.argv.slice(2) as [string, string?];
// The house has gone; nobody waits for an answer.
process.on('disconnect', () => process.exit());
const { default: work, warm } = (await import(target)) as { default: (bytes: Uint8Array, args: unknown) => unknown; warm?: (cache?: string) => unknown };
await warm?.(cache);
process.on('message', async ({ call, bytes, args }: { call: number; bytes: Uint8Array; args: unknown }) => {
  try {
    process.send!({ call, ok: true, result: await work(bytes, args) });
  } catch (error) {
    const { name, message, code, params } = error as Error & { code?: string; params?: object };
    process.send!({ call, ok: false, error: { name, message, ...(code ? { code } : {}), ...(params ? { params: { ...params } } : {}) } });
  }
});
process.send!({ ready: true });
// It is killed, not ended, so nothing would be written at its end.
if (cache !== undefined) flushCompileCache();
