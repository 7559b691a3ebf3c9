import { Heading } from './Heading.tsx';
import { Prose } from './Page.tsx';
import css from './Page.module.css';

type Block = { readonly kind: 'heading' | 'text'; readonly text: string } | { readonly kind: 'points' | 'steps'; readonly items: readonly string[] };

const heading = /^#{1,4}\s+(.+)$/;
const point = /^(?:[-*]\s+|・\s*)(.+)$/;
const step = /^\d{1,2}[.)．）]\s*(.+)$/;

/** Plain text with the little order people type anyway: headings (# …), points (- …, ・…), steps (1. …), paragraphs. Never markup. */
export function blocks(text: string): readonly Block[] {
  const found: (Block & { items?: string[] })[] = [];
  let open = false;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    const list = point.exec(line)?.[1] ? 'points' : step.exec(line)?.[1] ? 'steps' : null;
    const last = found.at(-1);
    if (line === '') open = false;
    else if (list) {
      const item = (list === 'points' ? point : step).exec(line)?.[1] ?? line;
      if (open && last?.kind === list) (last.items as string[]).push(item);
      else found.push({ kind: list, items: [item] });
      open = true;
    } else if (heading.test(line)) {
      found.push({ kind: 'heading', text: heading.exec(line)?.[1] ?? line });
      open = false;
    } else if (open && last?.kind === 'text') found[found.length - 1] = { kind: 'text', text: `${last.text}\n${line}` };
    else {
      found.push({ kind: 'text', text: line });
      open = true;
    }
  }
  return found;
}

/** The text of a knowledge page. */
export function ArticleText({ text }: { text: string }) {
  return (
    <Prose>
      {blocks(text).map((block, i) => {
        switch (block.kind) {
          case 'heading': return <Heading key={i}>{block.text}</Heading>;
          case 'text': return <p key={i} className={css.lines}>{block.text}</p>;
          case 'points': return <ul key={i}>{block.items.map((item, n) => <li key={n}>{item}</li>)}</ul>;
          case 'steps': return <ol key={i}>{block.items.map((item, n) => <li key={n}>{item}</li>)}</ol>;
        }
      })}
    </Prose>
  );
}
