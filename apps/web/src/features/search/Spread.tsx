import { useMemo } from 'react';
import { useTexts } from '../../texts/index.tsx';
import { bounded, NAME_LINE, NOTE_LINE, PAD, placed, type Box, type Drawing, type Shape, type Thing, type Way } from './spread.ts';
import css from './spread.module.css';

/**
 * How far it spread, as a picture; the tables of the page say the same. Drawn twice, for wide and for narrow places: the style
 * sheet shows one of them.
 */
export function Spread({ said, things, ways }: { said: string; things: readonly Thing[]; ways: readonly Way[] }) {
  const t = useTexts().search.trace.picture;
  const { items, shapes } = useMemo(() => {
    const { items: kept, ways: between } = bounded(things, ways, (n) => t.more({ machines: n.machine ?? 0, people: n.person ?? 0, accounts: n.account ?? 0, members: n.member ?? 0 }));
    return { items: kept, shapes: (['wide', 'narrow'] as const).map((shape) => [shape, placed(kept, between, shape)] as const) };
  }, [things, ways, t]);
  const legend = [items.some((item) => item.guess) && t.guess, items.some((item) => item.unknown) && t.blank, items.some((item) => item.common) && t.many].filter((word) => word !== false);
  return (
    <figure className={css.spread} data-columns={new Set(items.map((item) => item.hop)).size}>
      <figcaption>{said}{legend.length > 0 ? <><br /><span className={css.soft}>{legend.join('　')}</span></> : null}</figcaption>
      {shapes.map(([shape, drawing]) => <Picture key={shape} shape={shape} drawing={drawing} label={t.label(t.title, said)} />)}
    </figure>
  );
}

function Picture({ shape, drawing, label }: { shape: Shape; drawing: Drawing; label: string }) {
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${drawing.width} ${drawing.height}`} width={drawing.width} height={drawing.height} className={css[shape]}>
      {drawing.lines.map((line) => <path key={`${line.from} ${line.to}`} d={line.path} className={line.sure ? css.sure : css.guess} />)}
      {drawing.boxes.map((box) => <Place key={box.item.key} box={box} />)}
    </svg>
  );
}

const LISTED = 20;
/** From the top of a line to where its letters stand. */
const [NAME_BASE, NOTE_BASE] = [15, 13];

function Place({ box }: { box: Box }) {
  const { item, x, y, width, height } = box;
  const frame = `${css.box} ${css[item.look]} ${item.unknown ? css.unknown : item.guess ? css.guessed : ''} ${item.hop === 0 ? css.root : ''}`;
  // What a mouse reads where the name was cut.
  const whole = [item.name, ...(item.names.length > 1 ? [`${item.names.slice(0, LISTED).join(' / ')}${item.names.length > LISTED ? ' …' : ''}`] : []), ...item.notes].join('\n');
  return (
    <g data-place={item.unknown ? 'unknown' : item.names.length > 1 ? 'more' : 'one'} data-name={item.name}>
      <title>{whole}</title>
      <rect x={x} y={y} width={width} height={height} rx={6} className={frame} />
      {item.common ? <rect x={x + 4} y={y + 4} width={width - 8} height={height - 8} rx={3} className={`${frame} ${css.inner}`} /> : null}
      {box.title.map((line, i) => <text key={i} x={x + PAD} y={y + PAD + NAME_BASE + i * NAME_LINE} className={css.name}>{line}</text>)}
      {box.notes.map((line, i) => <text key={i} x={x + PAD} y={y + PAD + box.title.length * NAME_LINE + NOTE_BASE + i * NOTE_LINE} className={css.note}>{line}</text>)}
    </g>
  );
}
