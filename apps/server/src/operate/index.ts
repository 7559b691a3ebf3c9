import { api } from '@banya/contract';
import type { Gate } from '../kernel/db/gate.ts';
import type { SyslogDoor } from '../doors/syslog/index.ts';
import { diskFloor } from '../kernel/config.ts';
import { Problem } from '../kernel/errors.ts';
import { actorOf, bind, type Bound } from '../kernel/http/call.ts';
import type { Identity } from '../kernel/identity/identity.ts';
import type { Kernel, Module } from '../kernel/kernel.ts';
import type { JobHandler } from '../kernel/types.ts';
import { addActionTexts, addProblemTexts } from '../kernel/texts.ts';
import type { Detect } from '../modules/detect/index.ts';
import type { Files } from '../modules/files/index.ts';
import type { Findings } from '../modules/findings/index.ts';
import type { Inventory } from '../modules/inventory/index.ts';
import type { Notify } from '../modules/notify/index.ts';
import type { FederationSettings, Orgs } from '../modules/orgs/index.ts';
import { archiveRoutes, eraseJob } from './archive.ts';
import { BackupKeeper, type TargetSettings } from './backup/keeper.ts';
import { checkBackup, checkCertificate, checkClock, checkDisk, checkIntake, checkMail, checkRules, checkPasskeys, checkStore, type Check } from './checks.ts';
import { ControlSocket } from './control.ts';
import { Holds } from './holds.ts';
import { VERSION } from './version.ts';

declare module '../kernel/types.ts' {
  interface JobPayloads {
    'operate.backup': Record<string, never>;
    'operate.remind': Record<string, never>;
  }
}

addProblemTexts({
  target_unreachable: {
    title: { ja: 'この場所には書き込めません', en: 'This place cannot be written' },
    detail: { ja: '確かめたところ、次の答えでした：{reason}', en: 'It answered: {reason}' },
    remedy: { ja: '場所の名前と書き込みの権限を確かめてください。', en: 'Check the place and the right to write there.' },
  },
});

addActionTexts({ 'operate.backup_target_changed': { ja: 'バックアップの置き場所を変えました', en: 'Changed where backups go' } });

export interface OperateDeps {
  readonly gate: Gate;
  readonly identity: Identity;
  readonly orgs: Orgs;
  readonly notify: Notify;
  readonly files: Files;
  readonly findings: Findings;
  readonly detect: Detect;
  readonly inventory: Inventory;
  readonly door: () => SyslogDoor | null;
}

/** Keeping the house: backups, health, leaving, and what is done on the server itself. */
export interface Operate extends Module {
  readonly backups: BackupKeeper;
  /** Makes this process's intake known to backups of other processes; before the first batch. */
  joinHolds(): Promise<void>;
  /** After the last batch. */
  leaveHolds(): Promise<void>;
  checks(): Promise<readonly Check[]>;
  ready(): Promise<{ ok: boolean; why?: string }>;
}

export function openOperate(kernel: Kernel, deps: OperateDeps): Operate {
  const { gate, identity, orgs, detect, door } = deps;
  const now = (): Date => new Date(kernel.clock.now());
  const alone = kernel.config.role === 'all';
  const holds = new Holds({ kernel, pause: () => detect.pause() });
  const pause = async () => (alone ? { positions: null, stillHeld: async () => {}, resume: await detect.pause() } : holds.hold());
  const backups = new BackupKeeper(kernel, { gate, events: kernel.events, spool: kernel.spool, secrets: kernel.secrets, pause, now, version: VERSION }, (spools) => holds.keep(spools));
  const control = new ControlSocket(kernel, { identity, backups, checks: () => checks() });

  async function checks(): Promise<readonly Check[]> {
    let state: Check;
    let storeNow = kernel.clock.now();
    try {
      const { rows } = await gate.query<{ version: string; now: Date }>(`select split_part(version(), ' ', 1) || ' ' || split_part(version(), ' ', 2) as version, clock_timestamp() as now`);
      storeNow = rows[0]!.now.getTime();
      state = checkStore('state', rows[0]!.version, null);
    } catch (error) {
      state = checkStore('state', null, error instanceof Error ? error.message : String(error));
    }
    const health = await kernel.events.health();
    const records = await backups.records();
    const good = records.find((r) => r.ok);
    const trial = await backups.lastTrial();
    const settings = await backups.settings();
    const mail = await kernel.settings.get<{ host: string }>('mail');
    const stats = door()?.stats();
    return [
      state,
      checkStore('events', health.ok ? `ClickHouse ${health.version}` : null, health.ok ? null : 'no answer'),
      await checkDisk(kernel.config.data, await diskFloor(kernel.config)),
      checkClock(kernel.clock.now(), storeNow),
      checkIntake(kernel.spool.position().backlogBytes, stats?.udp.kernelDrops ?? 0, stats?.spoolFull ?? false),
      checkRules(detect.broken()),
      checkMail(mail?.host ?? null, await deps.notify.failed()),
      checkCertificate(kernel.config.tlsCert, kernel.clock.now()),
      checkPasskeys(await identity.passkeys.orphaned()),
      checkBackup(good ? Date.parse(good.at) : null, kernel.clock.now(), settings === null, trial?.ok ? Date.parse(trial.at) : null),
    ];
  }

  const shownTarget = (t: TargetSettings | null) =>
    t && { kind: t.kind, path: t.path, endpoint: t.endpoint, bucket: t.bucket, prefix: t.prefix, region: t.region, accessKey: t.accessKey, keep: t.keep, hasSecret: Boolean(t.secretSealed), hasPassphrase: Boolean(t.passphraseSealed) };
  const routes: Bound[] = [
    ...archiveRoutes(kernel, orgs, deps.files),
    bind(api.operate.health, async ({ lang }) => {
      const stats = door()?.stats();
      const unknown = await deps.inventory.unknown.list();
      return {
        checks: (await checks()).map((c) => ({ key: c.key, state: c.state, text: c.text[lang], remedy: c.remedy?.[lang] ?? null })),
        intake: { linesPerMinute: rate.perMinute(), backlogBytes: kernel.spool.position().backlogBytes, kernelDrops: stats?.udp.kernelDrops ?? 0, unknownLines: unknown.items.reduce((sum, u) => sum + u.lines, 0) },
        version: VERSION,
      };
    }),
    bind(api.operate.backups, async () => ({ target: shownTarget(await backups.settings()), items: [...(await backups.records())], lastTrial: await backups.lastTrial(), running: backups.running || (!alone && (await holds.held())) })),
    bind(api.operate.backupTarget, async ({ body, person, principal }) => {
      const before = await backups.settings();
      const next: TargetSettings = {
        kind: body.kind, path: body.path, endpoint: body.endpoint, bucket: body.bucket, prefix: body.prefix, region: body.region, accessKey: body.accessKey, keep: body.keep,
        // Left out means unchanged: secrets are never shown, and so cannot be sent back.
        secretSealed: body.secretKey ? kernel.secrets.seal('backup', body.secretKey, 's3') : before?.secretSealed,
        passphraseSealed: body.passphrase ? kernel.secrets.seal('backup', body.passphrase, 'passphrase') : before?.passphraseSealed,
      };
      try {
        await backups.place(next).check();
      } catch (error) {
        throw new Problem(422, 'target_unreachable', { reason: error instanceof Error ? error.message.slice(0, 200) : String(error) });
      }
      await kernel.settings.set('backup', next);
      // From here on everybody's data goes there: others must be able to see who said so.
      await kernel.tenancy.inOrg({ orgId: person.homeOrgId, actor: actorOf(principal!) }, async (tx) => tx.audit({ action: 'operate.backup_target_changed', facts: { kind: next.kind, place: (next.kind === 'folder' ? next.path : `${next.endpoint} ${next.bucket}`)?.slice(0, 500) ?? null } }));
    }),
    bind(api.operate.backupNow, async () => {
      const started = !backups.running;
      void backups.backUp().then(() => announce()).catch(failed);
      return { started };
    }),
    bind(api.operate.restoreTrial, async () => {
      const started = !backups.trying;
      void backups.tryRestore().then(() => announce()).catch(failed);
      return { started };
    }),
  ];
  const failed = (error: unknown): void => kernel.log.error({ err: error }, 'what an operator asked for ended with the server');
  const announce = async (): Promise<void> => {
    const federation = await kernel.settings.get<FederationSettings>('federation');
    if (federation) kernel.live.publish(federation.id, { kind: 'backup', id: federation.id });
  };

  const rate = new Rate(() => detect.stats.lines, () => kernel.clock.now());
  kernel.metrics.gauge('banya_spool_backlog_bytes', 'Bytes received and not yet processed', () => kernel.spool.position().backlogBytes);
  kernel.metrics.counted('banya_lines_total', 'Lines stored and evaluated since the start', () => detect.stats.lines);
  kernel.metrics.counted('banya_udp_kernel_drops_total', 'Datagrams the kernel dropped', () => door()?.stats().udp.kernelDrops ?? 0);

  return {
    name: 'operate',
    routes,
    backups,
    joinHolds: () => (kernel.config.role === 'ingest' ? holds.join() : Promise.resolve()),
    leaveHolds: () => holds.leave(),
    checks,
    jobs: [
      { name: 'operate.backup', cron: { expression: '5 * * * *', zone: 'Asia/Tokyo', payload: {} }, run: async () => void (await backups.backUp()) } as JobHandler<'operate.backup'>,
      {
        name: 'operate.remind', cron: { expression: '0 9 1 * *', zone: 'Asia/Tokyo', payload: {} },
        run: async () => {
          const trial = await backups.lastTrial();
          if (trial?.ok && kernel.clock.now() - Date.parse(trial.at) < 25 * 86_400_000) return;
          const federation = await kernel.settings.get<FederationSettings>('federation');
          if (federation) await remind(kernel, deps, federation);
        },
      } as JobHandler<'operate.remind'>,
      eraseJob(kernel),
    ],
    async ready() {
      try {
        await gate.query('select 1');
      } catch {
        return { ok: false, why: 'state store' };
      }
      return (await kernel.events.health()).ok ? { ok: true } : { ok: false, why: 'events store' };
    },
    async start() {
      await control.start();
      rate.start();
    },
    async stop() {
      rate.stop();
      await backups.stop();
      await control.stop();
    },
  };
}

async function remind(kernel: Kernel, { orgs, notify }: OperateDeps, federation: FederationSettings): Promise<void> {
  await kernel.tenancy.inOrg({ orgId: federation.id, actor: { kind: 'system', name: 'backup' } }, async (tx) => {
    const month = tx.now.toISOString().slice(0, 7);
    for (const operator of await orgs.holders(tx, federation.id, 'operator')) {
      const to = operator.emails[0];
      if (!to) continue;
      const ja = federation.lang === 'ja';
      await notify.mail(tx, {
        orgId: federation.id, to, lang: federation.lang, key: `restore-reminder ${month} ${operator.personId}`,
        subject: ja ? '【番屋】今月、復元を試してください（数分）' : 'Banya: try a restore this month (a few minutes)',
        text: ja
          ? `バックアップは、復元できてはじめて役に立ちます。\n\n設定 → バックアップ → 「復元を試す」を押してください。写しの中で試すので、今のデータは変わりません。\n\n${kernel.publicUrl()}/settings/backup\n`
          : `A backup helps only if it can be restored.\n\nOpen Settings, Backup and press “Try a restore”. It happens in a copy; nothing of yours changes.\n\n${kernel.publicUrl()}/settings/backup\n`,
      });
    }
  });
}

/** Lines a minute over the last minute, from a counter read every five seconds. */
class Rate {
  readonly #read: () => number;
  readonly #now: () => number;
  #points: { at: number; n: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(read: () => number, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#points = [...this.#points.slice(-12), { at: this.#now(), n: this.#read() }];
    }, 5_000).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  perMinute(): number {
    const first = this.#points[0];
    if (!first) return 0;
    const minutes = (this.#now() - first.at) / 60_000;
    return minutes > 0 ? Math.round((this.#read() - first.n) / minutes) : 0;
  }
}
