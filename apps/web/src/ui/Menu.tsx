import { Menu as KitMenu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Icon, type IconName } from './icons.tsx';

export type MenuEntry =
  | { readonly kind: 'label'; readonly text: string }
  | { readonly kind: 'line' }
  | { readonly kind: 'go'; readonly text: string; readonly to: string; readonly icon?: IconName }
  | { readonly kind: 'do'; readonly text: string; readonly act: () => void; readonly icon?: IconName; readonly current?: boolean };

/** A menu that opens from `button` (one of the house's buttons); arrow keys, Escape and letters work in it. */
export function Menu({ button, entries }: { button: ReactElement; entries: readonly MenuEntry[] }) {
  return (
    <KitMenu position="bottom-end" width={260} transitionProps={{ duration: 0 }}>
      <KitMenu.Target>{button}</KitMenu.Target>
      <KitMenu.Dropdown>
        {entries.map((entry, i) => {
          if (entry.kind === 'label') return <KitMenu.Label key={i}>{entry.text}</KitMenu.Label>;
          if (entry.kind === 'line') return <KitMenu.Divider key={i} />;
          const left = entry.icon ? { leftSection: <Icon name={entry.icon} /> } : {};
          if (entry.kind === 'go') return <KitMenu.Item key={i} component={Link} to={entry.to} {...left}>{entry.text}</KitMenu.Item>;
          return (
            <KitMenu.Item key={i} onClick={entry.act} {...(entry.current === undefined ? left : { leftSection: <span style={{ width: '1.25rem', display: 'inline-block' }}>{entry.current ? <Icon name="done" /> : null}</span>, role: 'menuitemradio', 'aria-checked': entry.current })}>
              {entry.text}
            </KitMenu.Item>
          );
        })}
      </KitMenu.Dropdown>
    </KitMenu>
  );
}
