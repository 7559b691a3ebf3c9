import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Kernel } from '../../kernel/kernel.ts';
import { backupName, writeBackup, type BackupParts, type Manifest } from './backup.ts';
import { folderPlace, s3Place, type BackupPlace } from './targets.ts';

export interface TargetSettings {
  readonly kind: 'folder' | 's3';
  readonly path?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  readonly region?: string | undefined;
  readonly accessKey?: string | undefined;
  readonly secretSealed?: string | undefined;
  readonly passphraseSealed?: string | undefined;
  readonly keep: number;
}
export interface BackupRecord {
  readonly name: string;
  readonly at: string;
  readonly bytes: number;
  readonly ok: boolean;
  readonly error: string | null;
}
export interface TrialRecord {
  readonly at: string;
  readonly ok: boolean;
  readonly text: string;
}

const CLI = fileURLToPath(new URL('../../../../cli/src/main.ts', import.meta.url));
const RECORDS_KEPT = 200;
const TRIAL_MINUTES = 20;

/** Backups by themselves: writes them, keeps so many, and tries a restore when asked. */
export class BackupKeeper {
  readonly #kernel: Kernel;
  readonly #parts: BackupParts;
  readonly #keep: (spools: NonNullable<Manifest['spools']>) => Promise<void>;
  #running: Promise<unknown> | null = null;
  #trial: Promise<unknown> | null = null;
  readonly #stopping = new AbortController();

  /** `keep` tells the spools of other processes what a verified backup holds. */
  constructor(kernel: Kernel, parts: BackupParts, keep: (spools: NonNullable<Manifest['spools']>) => Promise<void>) {
    this.#kernel = kernel;
    this.#parts = parts;
    this.#keep = keep;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  get trying(): boolean {
    return this.#trial !== null;
  }

  settings = (): Promise<TargetSettings | null> => this.#kernel.settings.get<TargetSettings>('backup');
  records = async (): Promise<readonly BackupRecord[]> => (await this.#kernel.settings.get<BackupRecord[]>('backup.records')) ?? [];
  lastTrial = (): Promise<TrialRecord | null> => this.#kernel.settings.get<TrialRecord>('backup.trial');

  /** Where backups go when nobody has chosen a place: beside the data, which guards against a lost store but not a lost disk. */
  get defaultFolder(): string {
    return join(this.#kernel.config.data, 'backups');
  }

  place(settings: TargetSettings | null): BackupPlace {
    if (settings?.kind === 's3') {
      return s3Place({
        endpoint: settings.endpoint ?? '', bucket: settings.bucket ?? '', prefix: settings.prefix ?? '', region: settings.region ?? 'auto', accessKey: settings.accessKey ?? '',
        secretKey: settings.secretSealed ? this.#kernel.secrets.open('backup', settings.secretSealed, 's3').toString() : '',
      });
    }
    return folderPlace(settings?.path ?? this.defaultFolder);
  }

  passphrase(settings: TargetSettings | null): string | null {
    return settings?.passphraseSealed ? this.#kernel.secrets.open('backup', settings.passphraseSealed, 'passphrase').toString() : null;
  }

  /** One backup to a file of the caller's choice, beside the hourly ones. */
  writeTo(file: string, passphrase: string | null): ReturnType<typeof writeBackup> {
    return writeBackup(this.#parts, file, passphrase);
  }

  /** Writes one backup to the chosen place. One at a time: a second call waits for the first and does nothing more. */
  async backUp(): Promise<BackupRecord | null> {
    if (this.#running) {
      await this.#running.catch(() => {});
      return null;
    }
    const work = this.#backUp();
    this.#running = work;
    try {
      return await work;
    } finally {
      this.#running = null;
    }
  }

  async #backUp(): Promise<BackupRecord> {
    const at = this.#parts.now();
    const name = backupName(at);
    const settings = await this.settings();
    const folder = join(this.#kernel.config.data, 'backup-work');
    let record: BackupRecord;
    try {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, name);
      const { bytes, manifest } = await writeBackup(this.#parts, file, this.passphrase(settings));
      const place = this.place(settings);
      await place.put(file, name);
      const stored = (await place.list()).find((b) => b.name === name);
      if (stored?.bytes !== (await stat(file)).size) throw new Error('What was stored has another size than what was written.');
      // From here on a lost data folder costs nothing before this position: the spool may forget it.
      if (manifest.spools) await this.#keep(manifest.spools);
      else await this.#kernel.spool.keepUntil(manifest.spool);
      await this.#prune(place, settings?.keep ?? 48);
      record = { name, at: at.toISOString(), bytes, ok: true, error: null };
    } catch (error) {
      this.#kernel.log.error({ err: error }, 'a backup did not succeed');
      record = { name, at: at.toISOString(), bytes: 0, ok: false, error: error instanceof Error ? error.message.slice(0, 500) : String(error) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    await this.#kernel.settings.set('backup.records', [record, ...(await this.records())].slice(0, RECORDS_KEPT));
    return record;
  }

  /** Keeps the newest `keep`, and the newest of each of the last twelve months beside them. */
  async #prune(place: BackupPlace, keep: number): Promise<void> {
    const names = (await place.list()).map((b) => b.name).sort().reverse();
    const kept = new Set(names.slice(0, keep));
    const months = new Set<string>();
    for (const name of names) {
      const month = name.slice(6, 12);
      if (months.has(month) || months.size >= 12) continue;
      months.add(month);
      kept.add(name);
    }
    for (const name of names) if (!kept.has(name)) await place.remove(name);
  }

  /** Ends a restore that is being tried, and takes its copy away; it says nothing about the backup. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#trial?.catch(() => {});
  }

  /**
   * Restores the newest backup into a scratch copy, in a process of its own, proves it equal and throws the copy away. One at
   * a time: null when one is being tried already, or when the server stopped meanwhile.
   */
  async tryRestore(): Promise<TrialRecord | null> {
    if (this.#trial || this.#stopping.signal.aborted) return null;
    const work = this.#tryRestore();
    this.#trial = work;
    try {
      return await work;
    } finally {
      this.#trial = null;
    }
  }

  async #tryRestore(): Promise<TrialRecord | null> {
    const settings = await this.settings();
    const place = this.place(settings);
    const work = await mkdtemp(join(tmpdir(), 'banya-trial-'));
    let text: string;
    let ok = false;
    try {
      const newest = (await place.list()).at(-1);
      if (!newest) throw new Error('There is no backup yet.');
      const file = join(work, newest.name);
      await place.get(newest.name, file);
      text = await restoreInProcess(file, join(work, 'data'), this.passphrase(settings), this.#stopping.signal);
      ok = true;
    } catch (error) {
      text = error instanceof Error ? error.message.slice(0, 1000) : String(error);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    if (this.#stopping.signal.aborted) return null;
    const record = { at: this.#parts.now().toISOString(), ok, text };
    await this.#kernel.settings.set('backup.trial', record);
    return record;
  }
}

function restoreInProcess(file: string, data: string, passphrase: string | null, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, 'restore', file, '--data', data], {
      env: { PATH: process.env.PATH ?? '', ...(passphrase ? { BANYA_BACKUP_PASSPHRASE: passphrase } : {}) }, stdio: ['ignore', 'pipe', 'pipe'], timeout: TRIAL_MINUTES * 60_000, signal,
    });
    let out = '';
    const collect = (chunk: Buffer): void => void (out = (out + chunk.toString()).slice(-4000));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    let failure: Error | null = null;
    child.on('error', (error) => (failure = error));
    // When it has ended, so that nothing writes into the copy while it is taken away.
    child.on('close', (code) => (code === 0 ? resolve(out.trim()) : reject(failure ?? new Error(out.trim() || `restore ended with code ${code}`))));
  });
}
