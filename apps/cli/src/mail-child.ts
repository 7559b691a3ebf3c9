import { unzipSync } from 'fflate';
import { loadMailKnowledge, type MailKnowledge } from '@banya/library';
import { judgeBytes, type Analysis, type Knowledge } from '@banya/mail';

/** Runs in a watched child process: one file, or some entries of a zip. */
export interface Order {
  readonly knowledge: Omit<Knowledge, keyof MailKnowledge>;
  /** Of a zip: the first entry to judge. Null for a file that is one mail. */
  readonly from: number | null;
}
export interface Verdict {
  /** Name inside the zip, '' for the file itself. */
  readonly entry: string;
  /** What was found; null where this entry could not be read. */
  readonly found: Pick<Analysis, 'verdict' | 'score' | 'reasons'> | null;
  readonly ms: number;
}
export interface Done {
  readonly verdicts: readonly Verdict[];
  /** The next entry; null when all are done. */
  readonly next: number | null;
}

const ENTRY_MAX = 30 * 1024 * 1024;
const RATIO_MAX = 200;
const ENTRIES_MAX = 10_000;
/** A call has five seconds; an entry that is begun has the rest of them. */
const CALL_MS = 2_000;

export const warm = (): void => void loadMailKnowledge();

/** The worst of the mails in one file, as the desk would be told. */
async function judge(bytes: Uint8Array, entry: string, knowledge: Knowledge): Promise<Verdict> {
  const started = performance.now();
  const first = (await judgeBytes(bytes, knowledge, { sent: 'file' })).judged[0]?.analysis;
  return { entry, found: first ? { verdict: first.verdict, score: first.score, reasons: first.reasons } : null, ms: Math.round((performance.now() - started) * 10) / 10 };
}

/** Entries that are mails; what an entry says of its size is held against what it may be before anything is inflated. */
function entriesOf(zip: Uint8Array): { readonly name: string; readonly tooLarge: boolean }[] {
  const found: { name: string; tooLarge: boolean }[] = [];
  unzipSync(zip, {
    filter: ({ name, size, originalSize }) => {
      const isMail = !name.endsWith('/') && /(?:\.eml|\.msg|(?:^|\/)[^./][^.]*)$/i.test(name.slice(-300));
      if (isMail && found.length < ENTRIES_MAX) found.push({ name: name.slice(0, 300), tooLarge: originalSize > ENTRY_MAX || originalSize > size * RATIO_MAX + 4096 });
      return false;
    },
  });
  return found;
}

function inflate(zip: Uint8Array, wanted: string): Uint8Array | null {
  let taken = false;
  const out = unzipSync(zip, { filter: ({ name }) => !taken && name.slice(0, 300) === wanted && (taken = true) });
  return Object.values(out)[0] ?? null;
}

export default async function work(bytes: Uint8Array, { knowledge: own, from }: Order): Promise<Done> {
  const knowledge = { ...own, ...loadMailKnowledge() };
  if (from === null) return { verdicts: [await judge(bytes, '', knowledge)], next: null };
  const entries = entriesOf(bytes);
  if (entries.length === 0) return { verdicts: [await judge(bytes, '', knowledge)], next: null };
  const verdicts: Verdict[] = [];
  const started = performance.now();
  for (let n = from; n < entries.length; n += 1) {
    if (n > from && performance.now() - started > CALL_MS) return { verdicts, next: n };
    const { name, tooLarge } = entries[n]!;
    const inner = tooLarge ? null : inflate(bytes, name);
    verdicts.push(inner === null ? { entry: name, found: null, ms: 0 } : await judge(inner, name, knowledge));
  }
  return { verdicts, next: null };
}
