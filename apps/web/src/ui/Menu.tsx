import { Popover } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { IconButton } from './Button.tsx';
import { Icon, type IconName } from './icons.tsx';
import css from './Menu.module.css';

export type MenuEntry =
  | { readonly kind: 'label'; readonly text: string }
  | { readonly kind: 'line' }
  | { readonly kind: 'go'; readonly text: string; readonly to: string; readonly icon?: IconName }
  /** `current` makes it one of several choices, and says whether it is the chosen one. */
  | { readonly kind: 'do'; readonly text: string; readonly act: () => void; readonly icon?: IconName; readonly current?: boolean; readonly lang?: string };

/**
 * A button that unfolds a short list of links and acts. Plain buttons and links in a group, walked by Tab as everywhere
 * else; Escape or a click beside it folds it and gives focus back.
 */
export function Menu({ icon, label, entries }: { icon: IconName; label: string; entries: readonly MenuEntry[] }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withinPortal={false} trapFocus returnFocus withRoles={false} transitionProps={{ duration: 0 }}>
      <Popover.Target><IconButton icon={icon} label={label} expanded={open} onClick={() => setOpen(!open)} /></Popover.Target>
      <Popover.Dropdown className={css.menu}>
        <div role="group" aria-label={label}>
          {entries.map((entry, i) => {
            if (entry.kind === 'label') return <p key={i} className={css.label}>{entry.text}</p>;
            if (entry.kind === 'line') return <hr key={i} className={css.line} />;
            if (entry.kind === 'go') return <Link key={i} to={entry.to} className={css.entry} onClick={() => setOpen(false)}><Mark icon={entry.icon} />{entry.text}</Link>;
            const act = () => {
              setOpen(false);
              entry.act();
            };
            return <button key={i} type="button" className={css.entry} aria-pressed={entry.current} lang={entry.lang} onClick={act}><Mark icon={entry.current ? 'done' : entry.icon} />{entry.text}</button>;
          })}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const Mark = ({ icon }: { icon?: IconName | undefined }) => <span className={css.mark}>{icon ? <Icon name={icon} /> : null}</span>;
