/** A part of a knowledge page; `first` is the number its steps begin with. */
export type Block =
  | { readonly kind: 'heading' | 'text'; readonly text: string }
  | { readonly kind: 'points'; readonly items: readonly string[] }
  | { readonly kind: 'steps'; readonly first: number; readonly items: readonly string[] };

const heading = /^(?:#{1,4}\s+|■\s*)(\S.*)$/;
const point = /^(?:[-*]\s+|・\s*)(\S.*)$/;
// A point or bracket alone does not make a step: 10.0.0.1 and 1.5 begin lines too.
const step = /^(\d{1,2})(?:[.)]\s+|[．）]\s*)(\S.*)$/;

function blockOf(line: string): Block {
  const head = heading.exec(line)?.[1];
  if (head) return { kind: 'heading', text: head };
  const item = point.exec(line)?.[1];
  if (item) return { kind: 'points', items: [item] };
  const numbered = step.exec(line);
  if (numbered?.[2]) return { kind: 'steps', first: Number(numbered[1]), items: [numbered[2]] };
  return { kind: 'text', text: line };
}

/** The two as one when the second goes on with the first, else null. */
function joined(one: Block, next: Block): Block | null {
  if (one.kind === 'text' && next.kind === 'text') return { kind: 'text', text: `${one.text}\n${next.text}` };
  if (one.kind === 'points' && next.kind === 'points') return { kind: 'points', items: [...one.items, ...next.items] };
  if (one.kind === 'steps' && next.kind === 'steps') return { kind: 'steps', first: one.first, items: [...one.items, ...next.items] };
  return null;
}

/** Plain text with the little order people type anyway: headings (# …, ■…), points (- …, ・…), steps (1. …), paragraphs. Never markup. */
export function blocks(text: string): readonly Block[] {
  const found: Block[] = [];
  let apart = true;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '') {
      apart = true;
      continue;
    }
    const next = blockOf(line);
    const last = found.at(-1);
    const one = !apart && last ? joined(last, next) : null;
    if (one) found[found.length - 1] = one;
    else found.push(next);
    apart = false;
  }
  return found;
}
