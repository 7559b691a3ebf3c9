import type { ja } from './ja.ts';
import { common } from './en/common.ts';
import { setup } from './en/setup.ts';
import { shell } from './en/shell.ts';
import { signin } from './en/signin.ts';
import { ui } from './en/ui.ts';

/** All texts in English, of the same shape as the Japanese: a missing text does not compile. */
export const en: typeof ja = { common, setup, shell, signin, ui };
