import { createInterface } from 'node:readline';
import pino from 'pino';
import { openHouse } from '../src/house.ts';
import { loadConfig } from '../src/kernel/config.ts';

/** A house in a process of its own, to be killed; its stores and role may come from the environment. Says its ports, then answers one word a line on its standard input. */
const house = await openHouse(loadConfig(process.argv.slice(2), { ...process.env, BANYA_DISK_FLOOR_BYTES: '0' }), { log: pino({ level: process.env.BANYA_TEST_LOG ?? 'silent' }, pino.destination(2)), web: null });
const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
say({ ports: house.ports });

/** Every stored line, and what the counters say of how many there are; once the spool is read to its end. */
async function stored(): Promise<{ lines: string[]; counted: number }> {
  while (house.kernel.spool.position().backlogBytes > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const lines = await house.kernel.events.system<{ raw: string }>('test: every stored line', { sql: 'select raw from events', maxRows: 1_000_000 });
  const { rows } = await house.gate.query<{ n: string | null }>('select sum(lines) as n from inventory_source_days');
  return { lines: lines.map((l) => l.raw), counted: Number(rows[0]!.n ?? 0) };
}

/** How often each mail is a ticket, by subject, or a sample, by the id of its file; once the door has handed on all it has. */
async function mails(): Promise<{ subjects: Record<string, number> }> {
  await house.mail!.settled();
  const { rows } = await house.gate.query<{ subject: string; n: string }>("select subject, count(*) as n from desk_tickets where channel = 'mail' and subject like 'mail %' group by subject");
  const { rows: samples } = await house.gate.query<{ key: string; n: string }>("select split_part(report_key, ' ', 2) as key, count(*) as n from desk_samples where channel = 'mail' group by 1");
  return { subjects: Object.fromEntries([...rows.map((r) => [r.subject, Number(r.n)]), ...samples.map((r) => [r.key, Number(r.n)])]) };
}

for await (const word of createInterface({ input: process.stdin })) {
  if (word === 'stored') say(await stored());
  else if (word === 'mails') say(await mails());
  else if (word === 'hold') {
    await house.modules.detect.pause();
    say({ held: true });
  } else if (word === 'close') break;
}
await house.close();
// Standard input would keep the process.
process.stdin.destroy();
