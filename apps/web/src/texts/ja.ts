import { common } from './ja/common.ts';
import { setup } from './ja/setup.ts';
import { shell } from './ja/shell.ts';
import { signin } from './ja/signin.ts';
import { ui } from './ja/ui.ts';

/** All texts in Japanese. A feature adds one import and one name here and in en.ts. */
export const ja = { common, setup, shell, signin, ui };
