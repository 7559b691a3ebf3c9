/**
 * The process that holds chDB. Started by chdb.ts with a folder and limits as arguments; speaks frames over fd 3
 * and ends when that pipe closes, so it never outlives its parent. chDB prints nothing of ours to stdout.
 */
import { Socket } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { Session, drainPending } from 'chdb';
import { FrameReader, KIND, encodeFrame } from './frames.ts';
import type { Frame } from './frames.ts';

const [folder, configFile, database] = process.argv.slice(2) as [string, string, string];
/** One more than searches that run at once: whoever asks whether the store is well must not wait behind them. With the writer, as many as libuv has threads. */
const READERS = 3;

const pipe = new Socket({ fd: 3, readable: true, writable: true });
// Nothing is lost by a hard end: what was answered is on disk. A closing of sessions could wait for a long query.
const die = (): never => process.kill(process.pid, 'SIGKILL') as never;
pipe.on('close', die);
pipe.on('error', die);

function send(id: number, kind: number, head: unknown, body?: Uint8Array): void {
  for (const part of encodeFrame(id, kind, head, body)) pipe.write(part);
}

// When the machine runs out of memory this process goes first: it is restarted and loses nothing.
try {
  writeFileSync('/proc/self/oom_score_adj', '500');
} catch {
  // Not Linux, or not allowed: the cap below still holds.
}

interface Lane {
  readonly session: Session;
  waiting: number;
  tail: Promise<unknown>;
}

function openLane(): Lane {
  const session = new Session(folder, { connectionArgs: [`--config-file=${configFile}`] });
  return { session, waiting: 0, tail: Promise.resolve() };
}

/** Statements of one lane run one after the other: a chDB session carries its parameters and settings as state. */
function enqueue<T>(lane: Lane, work: (session: Session) => Promise<T>): Promise<T> {
  lane.waiting++;
  const run = lane.tail.then(() => work(lane.session));
  lane.tail = run.then(
    () => lane.waiting--,
    () => lane.waiting--,
  );
  return run;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function settingsClause(settings: Readonly<Record<string, string | number>>): string {
  const parts = Object.entries(settings).map(([name, value]) => {
    if (!/^[a-z0-9_]+$/.test(name)) throw new Error(`not a setting: ${name}`);
    return `${name} = ${typeof value === 'number' ? value : quoted(value)}`;
  });
  return parts.length === 0 ? '' : `\nSETTINGS ${parts.join(', ')}`;
}

let writer: Lane;
const readers: Lane[] = [];
try {
  writer = openLane();
  writer.session.query(`CREATE DATABASE IF NOT EXISTS ${database}`);
  for (let i = 0; i < READERS; i++) readers.push(openLane());
  for (const lane of [writer, ...readers]) lane.session.query(`USE ${database}`);
  send(0, KIND.ready, null);
} catch (error) {
  send(0, KIND.error, { message: messageOf(error) });
  await new Promise<void>((resolve) => pipe.end(() => resolve()));
  die();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface RunHead {
  readonly sql: string;
  readonly params?: Record<string, string | number | string[]>;
  readonly settings?: Record<string, string | number>;
}

async function handle(frame: Frame): Promise<Uint8Array | undefined> {
  switch (frame.kind) {
    case KIND.run: {
      const { sql, params = {}, settings = {} } = frame.head as RunHead;
      const lane = readers.reduce((a, b) => (b.waiting < a.waiting ? b : a));
      const whole = sql + settingsClause(settings);
      // chDB runs statements with parameters one at a time, whatever their session; those without need not wait for them.
      const result = await enqueue(lane, (session) => (Object.keys(params).length === 0 ? session.queryAsync(whole, { format: 'JSONEachRow' }) : session.queryBindAsync(whole, params, { format: 'JSONEachRow' })));
      return result.bytes();
    }
    case KIND.insert: {
      const { table, settings, block } = frame.head as { table: string; settings: Record<string, string | number>; block: string };
      if (!/^[a-z0-9_]+$/.test(table)) throw new Error(`not a table: ${table}`);
      // Without parameters, since statements with them wait for one another (see above): everybody's lines must not wait for
      // searches. Of a SELECT only this setting decides over the token.
      await enqueue(writer, (session) => session.queryAsync(`INSERT INTO ${table} SELECT * FROM file(${quoted(block)}, Native)${settingsClause({ ...settings, deduplicate_insert_select: 'force_enable' })}`, { format: 'JSONEachRow' }));
      return undefined;
    }
    case KIND.memory: {
      const anonymous = /RssAnon:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
      return Buffer.from(String(anonymous === undefined ? process.memoryUsage.rss() : Number(anonymous) * 1024));
    }
    case KIND.close: {
      await Promise.all([writer, ...readers].map((lane) => lane.tail));
      await drainPending();
      for (const lane of [...readers, writer]) lane.session.close();
      return undefined;
    }
    default:
      throw new Error(`unknown frame ${frame.kind}`);
  }
}

const frames = new FrameReader();
pipe.on('data', (chunk: Buffer) => {
  for (const frame of frames.push(chunk)) {
    handle(frame).then(
      (body) => send(frame.id, KIND.ok, null, body),
      (error: unknown) => send(frame.id, KIND.error, { message: messageOf(error) }),
    );
  }
});
