import { make } from '../shared/dom.ts';
import { showSetup } from '../shared/setup.ts';
import { begin, forget, keep, load, place, say } from './kept.ts';
import type { Messenger } from './messenger.ts';

declare const messenger: Messenger;
const main = begin('setup_title');

async function show(note?: string): Promise<void> {
  const kept = await load();
  showSetup(main, {
    say, kept,
    keep: async (setting) => {
      // Asked first of all: Thunderbird grants it only while the press of the button counts.
      if (!(await messenger.permissions.request(place(setting)))) return say('setup_not_allowed');
      await keep(setting);
      return null;
    },
    forget: async () => {
      await forget();
      if (kept) await messenger.permissions.remove(place(kept)).catch(() => false);
      await show(say('setup_forgotten'));
    },
    done: () => void show(say('setup_kept')),
  });
  if (note !== undefined) main.append(make('p', { role: 'status', class: 'mail' }, note));
}
void show();
