import { Link } from '@tanstack/react-router';
import type { Permission } from '@banya/contract';
import { useHere, useMay, useOrg } from '../../index.ts';
import { useTexts, type Texts } from '../../texts/index.tsx';
import { Icon, Page, Section, type IconName } from '../../ui/index.ts';
import css from './settings.module.css';

type Name = keyof Texts['settings']['hub']['items'];
interface Item { readonly name: Name; readonly icon: IconName; readonly needs: Permission | 'operator'; readonly path?: string }
type Group = readonly [title: 'own' | 'desk' | 'data' | 'ways' | 'house' | 'end', items: readonly Item[]];

const groups: readonly Group[] = [
  ['own', [{ name: 'profile', icon: 'home', needs: 'org.read' }, { name: 'people', icon: 'people', needs: 'people.read', path: 'people' }, { name: 'notices', icon: 'bell', needs: 'notify.read' }]],
  ['desk', [{ name: 'desk-times', icon: 'clock', needs: 'desk.work' }]],
  ['data', [{ name: 'sharing', icon: 'group', needs: 'consent.read' }, { name: 'audit', icon: 'look', needs: 'audit.read' }, { name: 'outbox', icon: 'mail', needs: 'notify.read' }]],
  ['ways', [{ name: 'mail-check', icon: 'mail', needs: 'mailCheck.read' }, { name: 'sign-in', icon: 'key', needs: 'sso.write' }, { name: 'tokens', icon: 'lock', needs: 'tokens.write' }]],
  ['house', [{ name: 'health', icon: 'trend', needs: 'operator' }, { name: 'backup', icon: 'copy', needs: 'operator' }, { name: 'mail', icon: 'mail', needs: 'operator' }]],
  ['end', [{ name: 'leave', icon: 'upload', needs: 'org.leave' }]],
];

/** All settings, each with a sentence on what is there; only those that this reader may open. */
export default function HubPage() {
  const t = useTexts().settings.hub;
  return (
    <Page title={t.title}>
      {groups.map(([title, items]) => <GroupOf key={title} title={t[title]} items={items} />)}
    </Page>
  );
}

function GroupOf({ title, items }: { title: string; items: readonly Item[] }) {
  const shown = items.map((item) => ({ item, may: useMayOpen(item.needs) })).filter(({ may }) => may);
  if (shown.length === 0) return null;
  return <Section title={title}><ul className={css.places}>{shown.map(({ item }) => <li key={item.name}><PlaceLink item={item} /></li>)}</ul></Section>;
}

function useMayOpen(needs: Item['needs']): boolean {
  const { roles } = useHere();
  const may = useMay(needs === 'operator' ? 'org.read' : needs);
  return needs === 'operator' ? roles.includes('operator') : may;
}

function PlaceLink({ item }: { item: Item }) {
  const [title, about] = useTexts().settings.hub.items[item.name];
  return <Link to={`/o/${useOrg()}/${item.path ?? `settings/${item.name}`}`}><Icon name={item.icon} /><span><strong>{title}</strong><span>{about}</span></span></Link>;
}
