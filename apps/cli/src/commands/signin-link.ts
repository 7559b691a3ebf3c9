import { words } from '../args.ts';
import { ask, notRunning } from '../server.ts';

export async function signinLink(args: readonly string[]): Promise<number> {
  const { words: [email], data } = words(args, { min: 1, max: 1 });
  const answer = await ask<{ links: readonly { org: string; link: string }[] }>(data, '/signin-link', { email });
  if (!answer) throw notRunning(data);
  const { links } = answer;
  // Somebody who works for several organisations signs in to each by a link of its own.
  process.stdout.write(links.map(({ org, link }) => (links.length > 1 ? `${org}\n  ${link}\n` : `${link}\n`)).join(''));
  return 0;
}
