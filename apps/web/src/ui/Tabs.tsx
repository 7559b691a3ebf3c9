import { Tabs as KitTabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/index.tsx';

/** Views of the same thing side by side; arrow keys move between them. `value` with `onChange` lets a page keep it in its address. */
export function Tabs({ label, tabs, value, onChange }: {
  label: string;
  tabs: readonly { readonly id: string; readonly title: string; readonly count?: number; readonly content: ReactNode }[];
  value?: string;
  onChange?: (id: string) => void;
}) {
  const t = useTexts().common;
  const first = tabs[0]?.id ?? '';
  return (
    <KitTabs {...(value === undefined ? { defaultValue: first } : { value })} onChange={(id) => id && onChange?.(id)} keepMounted={false}>
      <KitTabs.List aria-label={label}>
        {tabs.map((tab) => <KitTabs.Tab key={tab.id} value={tab.id}>{tab.title}{tab.count === undefined ? '' : t.aside(String(tab.count))}</KitTabs.Tab>)}
      </KitTabs.List>
      {tabs.map((tab) => <KitTabs.Panel key={tab.id} value={tab.id}>{tab.content}</KitTabs.Panel>)}
    </KitTabs>
  );
}
