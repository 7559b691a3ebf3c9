import { statfs } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Lang } from '@banya/contract';

export interface Check {
  readonly key: string;
  readonly state: 'ok' | 'look' | 'bad';
  readonly text: Record<Lang, string>;
  readonly remedy: Record<Lang, string> | null;
}

const ok = (key: string, ja: string, en: string): Check => ({ key, state: 'ok', text: { ja, en }, remedy: null });
const not = (key: string, state: 'look' | 'bad', ja: string, en: string, remedyJa: string, remedyEn: string): Check => ({ key, state, text: { ja, en }, remedy: { ja: remedyJa, en: remedyEn } });
const gb = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`;

export async function checkDisk(folder: string, floor: number): Promise<Check> {
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  if (free < floor) return not('disk', 'bad', `空き容量が ${gb(free)} しかなく、ログの受け取りを止めています。`, `Only ${gb(free)} of disk is free; no lines are taken in.`, '不要なファイルを消すか、ディスクを増やしてください。', 'Remove files or add disk.');
  if (free < floor * 3) return not('disk', 'look', `空き容量が ${gb(free)} に減っています。`, `${gb(free)} of disk is left.`, '来週までにディスクを空けてください。', 'Make room within the week.');
  return ok('disk', `空き容量は ${gb(free)} です。`, `${gb(free)} of disk is free.`);
}

export function checkCertificate(file: string | undefined, now: number): Check {
  if (!file) return ok('certificate', '証明書は使っていません（前に立つ機器か、このサーバの中だけの接続です）。', 'No certificate of its own (a proxy in front, or this machine only).');
  const until = new Date(new X509Certificate(readFileSync(file)).validTo);
  const days = Math.floor((until.getTime() - now) / 86_400_000);
  if (days < 0) return not('certificate', 'bad', '証明書の期限が切れています。', 'The certificate has expired.', '新しい証明書に替えて、番屋を起動し直してください。', 'Replace it and start Banya again.');
  if (days < 21) return not('certificate', 'look', `証明書の期限まで ${days} 日です。`, `The certificate ends in ${days} days.`, '期限の前に新しい証明書に替えてください。', 'Replace it before then.');
  return ok('certificate', `証明書の期限まで ${days} 日です。`, `The certificate is good for ${days} days.`);
}

/** The machine's clock against the stores': a difference means one of them is wrong. */
export function checkClock(own: number, stores: number): Check {
  const off = Math.abs(own - stores) / 1000;
  if (off > 5) return not('clock', 'bad', `サーバの時計が ${Math.round(off)} 秒ずれています。`, `The clocks of server and store differ by ${Math.round(off)} s.`, '時刻合わせ（NTP）を有効にしてください。', 'Turn on time synchronisation (NTP).');
  if (own < Date.UTC(2025, 0, 1)) return not('clock', 'bad', 'サーバの時計が過去の日付です。', 'The clock is in the past.', '時刻合わせ（NTP）を有効にしてください。', 'Turn on time synchronisation (NTP).');
  return ok('clock', '時計は合っています。', 'The clock is right.');
}

export function checkStore(key: 'state' | 'events', version: string | null, error: string | null): Check {
  if (error !== null) return not(key, 'bad', `${key === 'state' ? '記録' : 'ログ'}の保存先につながりません（${error}）。`, `The ${key} store does not answer (${error}).`, '接続先と空き容量を確かめ、番屋を起動し直してください。', 'Check its address and disk, then start Banya again.');
  return ok(key, `${key === 'state' ? '記録' : 'ログ'}の保存先は動いています（${version}）。`, `The ${key} store answers (${version}).`);
}

/** Detection rules and explanations that could not be read; the others watch on. Imported ones have paths under `rules/`. */
export function checkRules(broken: readonly string[]): Check {
  if (broken.length === 0) return ok('rules', '見張りの規則は、すべて読めています。', 'All detection rules are loaded.');
  const ours = broken.filter((line) => !line.startsWith('rules/'));
  const named = [...ours, ...broken.filter((line) => line.startsWith('rules/'))].slice(0, 3).map((line) => line.slice(0, 200)).join(' / ');
  const imported = ours.length === 0;
  const remedy = imported
    ? ['取り込んだ規則です。名前の出たファイルを直してもう一度取り込み、番屋を起動し直してください。使わない規則なら、このままで構いません。', 'These were imported. Correct the named files, import them again and start Banya again. If you do not need them, leave them as they are.'] as const
    : ['名前の出たファイルを元に戻すか直し、番屋を起動し直してください。', 'Restore or correct the named file, then start Banya again.'] as const;
  return not('rules', imported ? 'look' : 'bad', `読めない見張りの規則が ${broken.length} 個あります（${named}）。ほかの規則は動いています。`, `Detection rules that cannot be read: ${broken.length} (${named}). The others are at work.`, remedy[0], remedy[1]);
}

export function checkMail(host: string | null, failed: number): Check {
  if (host === null) return not('mail', 'look', '送信メールの設定がまだです。メールは「送信箱」にとどまっています。', 'No outgoing mail yet; mails stay in the outbox.', '「設定」の「メールの送り方」で送信サーバを入れてください。', 'Set a mail server under Settings, “How mail is sent”.');
  if (failed > 0) return not('mail', 'look', `届かなかったメールが ${failed} 通あります。`, `${failed} mails could not be delivered.`, '「送信箱」で理由を見てください。', 'See the outbox for the reason.');
  return ok('mail', `メールは ${host} から送っています。`, `Mail goes out by ${host}.`);
}

export function checkBackup(lastGood: number | null, now: number, ownDisk: boolean, lastTrial: number | null): Check {
  if (lastGood === null) return not('backup', 'look', 'バックアップがまだありません。', 'There is no backup yet.', '設定の「バックアップ」で「今すぐ取る」を押してください。', 'Press “Back up now” under Settings, Backups.');
  const hours = Math.floor((now - lastGood) / 3_600_000);
  if (hours >= 3) return not('backup', 'bad', `最後のバックアップから ${hours} 時間たっています。`, `The last backup is ${hours} hours old.`, '設定の「バックアップ」で理由を見てください。', 'See Settings, Backups for the reason.');
  if (ownDisk) return not('backup', 'look', 'バックアップが同じディスクにあります。ディスクが壊れると一緒に失われます。', 'Backups are on the same disk and are lost with it.', '別の機器の共有フォルダかS3を選んでください。', 'Choose a share on another machine, or S3.');
  if (lastTrial === null || now - lastTrial > 32 * 86_400_000) return not('backup', 'look', '復元をひと月以上試していません。', 'No restore was tried for a month.', '設定の「バックアップ」で「復元を試す」を押してください（数分）。', 'Press “Try a restore” under Settings, Backups (a few minutes).');
  return ok('backup', `最後のバックアップは ${hours < 1 ? '1時間以内' : `${hours}時間前`}です。`, `The last backup is ${hours < 1 ? 'under an hour' : `${hours} hours`} old.`);
}

export function checkPasskeys(orphaned: number): Check {
  if (orphaned > 0) return not('passkeys', 'look', `アドレスが変わったため、${orphaned} 個のパスキーが使えません。`, `${orphaned} passkeys belong to another address and no longer work.`, '--public-url を元に戻すか、各自で登録し直してください。', 'Put --public-url back, or have them registered again.');
  return ok('passkeys', 'パスキーは今のアドレスで使えます。', 'Passkeys fit this address.');
}

export function checkIntake(backlogBytes: number, kernelDrops: number, full: boolean): Check {
  if (full) return not('intake', 'bad', 'ログの受け取りを止めています。', 'No lines are taken in.', 'ディスクを空けてください。', 'Make room on the disk.');
  if (backlogBytes > 256 * 1024 * 1024) return not('intake', 'look', `まだ読んでいないログが ${gb(backlogBytes)} あります。`, `${gb(backlogBytes)} of lines are waiting to be read.`, 'しばらく様子を見てください。続くときは台数を分けます。', 'Wait a while; if it stays, spread over more processes.');
  if (kernelDrops > 0) return not('intake', 'look', `起動してから ${kernelDrops} 行を受け取りきれませんでした（UDP）。`, `${kernelDrops} UDP lines were lost since the start.`, '送り主をTCPか収集役（リレー）に替えてください。', 'Move senders to TCP or the collector.');
  return ok('intake', 'ログは遅れなく読めています。', 'Lines are read without delay.');
}
