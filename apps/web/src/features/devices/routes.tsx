import type { Screen } from '../../shell/screen.ts';

const writers = ['lead', 'deputy', 'manager', 'desk', 'operator'] as const;
const readers = [...writers, 'executive', 'auditor'] as const;

export const screens: readonly Screen[] = [
  { path: '/o/$org/devices', load: () => import('./DevicesPage.tsx'), roles: readers },
  { path: '/o/$org/devices/new', load: () => import('./NewDevicePage.tsx'), roles: writers },
  { path: '/o/$org/devices/senders/new', load: () => import('./ConnectPage.tsx'), roles: writers },
  { path: '/o/$org/devices/senders/$source', load: () => import('./SenderPage.tsx'), roles: readers },
  { path: '/o/$org/devices/$device', load: () => import('./DevicePage.tsx'), roles: readers },
];
