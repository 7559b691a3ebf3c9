import type { ja } from './ja.ts';
import { common } from './en/common.ts';
import { desk } from './en/desk.ts';
import { knowledge } from './en/knowledge.ts';
import { members } from './en/members.ts';
import { overview } from './en/overview.ts';
import { setup } from './en/setup.ts';
import { shell } from './en/shell.ts';
import { signin } from './en/signin.ts';
import { ui } from './en/ui.ts';
import { home } from './en/home.ts';
import { findings } from './en/findings.ts';
import { tickets } from './en/tickets.ts';
import { ask } from './en/ask.ts';
import { reports } from './en/reports.ts';
import { executive } from './en/executive.ts';
import { people } from './en/people.ts';
import { devices } from './en/devices.ts';
import { settings } from './en/settings.ts';
import { operate } from './en/operate.ts';
import { mail } from './en/mail.ts';
import { search } from './en/search.ts';

/** All texts in English, of the same shape as the Japanese: a missing text does not compile. */
export const en: typeof ja = { common, desk, overview, members, knowledge, setup, shell, signin, ui, home, findings, tickets, ask, reports, executive, people, devices, settings, operate, mail, search };
