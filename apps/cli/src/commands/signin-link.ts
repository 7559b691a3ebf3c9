import { words } from '../args.ts';
import { ask, notRunning } from '../server.ts';

export async function signinLink(args: readonly string[]): Promise<number> {
  const { words: [email], data } = words(args, { min: 1, max: 1 });
  const answer = await ask<{ link: string }>(data, '/signin-link', { email });
  if (!answer) throw notRunning(data);
  process.stdout.write(`${answer.link}\n`);
  return 0;
}
