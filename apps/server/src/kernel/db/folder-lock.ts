import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, readlinkSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, platform } from 'node:os';
import { join } from 'node:path';
import { DataFolderInUse } from './errors.ts';

const HEARTBEAT_MS = 10_000;
/** Past this age a lock of a process that cannot be looked up (another container, another host) counts as left behind. */
const FOREIGN_STALE_MS = 60_000;

interface Holder {
  readonly pid: number;
  /** When the process began, in the system's own words: a reused pid has another. */
  readonly started: string;
  /** Changes with every boot. */
  readonly boot: string;
  /** Where the pid means anything: host and pid namespace. */
  readonly place: string;
}

export interface FolderLock {
  release(): void;
}

/**
 * Takes `folder/lock` for this process. A lock whose process is gone (pid, start time and boot id are compared) is taken over.
 * @throws DataFolderInUse naming the pid when another process, or this one, holds the folder.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'lock');
  const own = JSON.stringify(holder(process.pid));
  const fresh = join(folder, `lock.${process.pid}.new`);
  writeFileSync(fresh, own, { mode: 0o600 });
  try {
    for (let tries = 0; !placed(fresh, file); tries += 1) {
      const text = readOr(file, '');
      const other = parseHolder(text);
      if (tries > 5 || (other !== undefined && isHeld(other, file))) throw new DataFolderInUse(folder, other?.pid ?? 0);
      removeStale(file, text, folder);
    }
  } finally {
    unlinkSync(fresh);
  }
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The folder may be gone at shutdown; the heartbeat only matters to processes that can see it.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (readOr(file, '') === own) unlinkSync(file);
    },
  };
}

/** link() fails when the name exists, so of two processes only one gets it. */
function placed(fresh: string, file: string): boolean {
  try {
    linkSync(fresh, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale lock aside; when a rival was quicker and its live lock was moved, puts that back. */
function removeStale(file: string, judged: string, folder: string): void {
  const aside = join(folder, `lock.${process.pid}.old`);
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readOr(aside, '') !== judged) placed(aside, file);
  unlinkSync(aside);
}

function isHeld(other: Holder, file: string): boolean {
  if (other.place !== place()) {
    try {
      return Date.now() - statSync(file).mtimeMs < FOREIGN_STALE_MS;
    } catch {
      return false;
    }
  }
  return other.boot === bootId() && startOf(other.pid) === other.started;
}

function holder(pid: number): Holder {
  return { pid, started: startOf(pid) ?? '', boot: bootId(), place: place() };
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    if (value && Number.isSafeInteger(value.pid) && typeof value.started === 'string' && typeof value.boot === 'string' && typeof value.place === 'string') {
      return value as Holder;
    }
  } catch {
    // A torn lock file was written by no living process: link() only ever publishes whole ones.
  }
  return undefined;
}

function place(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function bootId(): string {
  return readOr('/proc/sys/kernel/random/boot_id', '').trim();
}

/** The start time of a process, or undefined when there is none. */
function startOf(pid: number): string | undefined {
  if (platform() === 'linux') {
    const stat = readOr(`/proc/${pid}/stat`, '');
    // Field 22; the second field is a name in brackets that may hold spaces.
    return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
