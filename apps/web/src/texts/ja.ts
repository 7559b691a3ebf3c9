import { common } from './ja/common.ts';
import { desk } from './ja/desk.ts';
import { knowledge } from './ja/knowledge.ts';
import { members } from './ja/members.ts';
import { overview } from './ja/overview.ts';
import { setup } from './ja/setup.ts';
import { shell } from './ja/shell.ts';
import { signin } from './ja/signin.ts';
import { ui } from './ja/ui.ts';
import { home } from './ja/home.ts';
import { findings } from './ja/findings.ts';
import { tickets } from './ja/tickets.ts';
import { ask } from './ja/ask.ts';
import { reports } from './ja/reports.ts';
import { executive } from './ja/executive.ts';
import { people } from './ja/people.ts';
import { devices } from './ja/devices.ts';
import { settings } from './ja/settings.ts';
import { operate } from './ja/operate.ts';
import { mail } from './ja/mail.ts';
import { search } from './ja/search.ts';

/** All texts in Japanese. A feature adds one import and one name here and in en.ts. */
export const ja = { common, desk, overview, members, knowledge, setup, shell, signin, ui, home, findings, tickets, ask, reports, executive, people, devices, settings, operate, mail, search };
