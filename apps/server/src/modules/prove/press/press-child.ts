import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

/** The process that sets PDFs: one document at a time, from one fixed template; it has no other input than the data it is sent. */

const FOLDER = import.meta.dirname;
const require = createRequire(import.meta.url);
const fonts = (name: string, weights: readonly string[]): string[] => weights.map((weight) => join(dirname(require.resolve(`${name}/package.json`)), weight));

const compiler = NodeCompiler.create({
  workspace: FOLDER,
  // BIZ UDPGothic lacks rare characters of names such as 𠮷: Noto Sans JP stands behind it.
  fontArgs: [{ fontPaths: [...fonts('@expo-google-fonts/biz-udpgothic', ['400Regular', '700Bold']), ...fonts('@expo-google-fonts/noto-sans-jp', ['400Regular', '700Bold'])] }],
});

export interface PressRequest {
  readonly id: number;
  /** A PressDocument as JSON. */
  readonly data: string;
  /** Creation time in the file, in seconds: the same report gives the same bytes. */
  readonly at: number;
}
export type PressReply = { readonly id: number; readonly pdf: Uint8Array } | { readonly id: number; readonly error: string };

process.on('message', ({ id, data, at }: PressRequest) => {
  let reply: PressReply;
  try {
    reply = { id, pdf: set(data, at) };
  } catch (error) {
    reply = { id, error: String(error instanceof Error ? error.message : error).slice(0, 2_000) };
  }
  process.send!(reply);
});
process.on('disconnect', () => process.exit(0));

function set(data: string, at: number): Uint8Array {
  compiler.mapShadow(join(FOLDER, 'data.json'), Buffer.from(data));
  try {
    const made = compiler.compile({ mainFilePath: join(FOLDER, 'report.typ') });
    const document = made.result;
    if (!document) throw new Error(JSON.stringify(made.takeDiagnostics()?.shortDiagnostics ?? 'no document'));
    try {
      return compiler.pdf(document, { pdfStandard: 'ua-1', creationTimestamp: at });
    } catch {
      // A character no font has (an emoji in a name) is forbidden in PDF/UA; the file is still tagged.
      return compiler.pdf(document, { creationTimestamp: at });
    }
  } finally {
    compiler.unmapShadow(join(FOLDER, 'data.json'));
    compiler.evictCache(0);
  }
}
