import { blocks } from './articleBlocks.ts';
import { Heading } from './Heading.tsx';
import { Prose } from './Page.tsx';
import css from './Page.module.css';

/** The text of a knowledge page. */
export function ArticleText({ text }: { text: string }) {
  return (
    <Prose>
      {blocks(text).map((block, i) => {
        switch (block.kind) {
          case 'heading': return <Heading key={i}>{block.text}</Heading>;
          case 'text': return <p key={i} className={css.lines}>{block.text}</p>;
          case 'points': return <ul key={i}>{block.items.map((item, n) => <li key={n}>{item}</li>)}</ul>;
          case 'steps': return <ol key={i} start={block.first}>{block.items.map((item, n) => <li key={n}>{item}</li>)}</ol>;
        }
      })}
    </Prose>
  );
}
