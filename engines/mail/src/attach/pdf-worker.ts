import { parentPort } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';

interface Question { readonly id: number; readonly bytes: Uint8Array; readonly pages: number; readonly text: number }

parentPort?.on('message', (question: Question) => {
  void read(question).catch(() => undefined).then((read) => parentPort?.postMessage({ id: question.id, read }));
});

/** Nothing is drawn and no script of the file runs: text and annotations alone are asked for. Fonts and images stay untouched. */
async function read({ bytes, pages, text: most }: Question): Promise<{ text: string; links: string[] }> {
  const document = await getDocumentProxy(bytes, { verbosity: 0, stopAtErrors: false, disableFontFace: true, useSystemFonts: false, useWorkerFetch: false, enableXfa: false });
  const links = new Set<string>();
  let text = '';
  try {
    for (let n = 1; n <= Math.min(document.numPages, pages); n++) {
      const page = await document.getPage(n);
      for (const annotation of (await page.getAnnotations()) as { subtype?: string; url?: string; unsafeUrl?: string }[]) {
        const url = annotation.url ?? annotation.unsafeUrl;
        if (url !== undefined && links.size < 500) links.add(url.slice(0, 4_096));
      }
      if (text.length < most) {
        const content = await page.getTextContent();
        for (const item of content.items as { str?: string; hasEOL?: boolean }[]) text += (item.str ?? '') + (item.hasEOL === true ? '\n' : '');
        text += '\n';
      }
      page.cleanup();
    }
  } finally {
    await document.loadingTask.destroy();
  }
  return { text: text.slice(0, most), links: [...links] };
}
