// The other side of run.ts: loads the one function it was told, calls it once, and says what came of it.
const target = process.argv[2]!;
process.on('message', async ({ bytes, args }: { bytes: Uint8Array; args: unknown }) => {
  try {
    const { default: work } = (await import(target)) as { default: (bytes: Uint8Array, args: unknown) => unknown };
    process.send!({ ok: true, result: await work(bytes, args) });
  } catch (error) {
    const { name, message, code, params } = error as Error & { code?: string; params?: object };
    process.send!({ ok: false, error: { name, message, ...(code ? { code } : {}), ...(params ? { params: { ...params } } : {}) } });
  }
});
export {};
