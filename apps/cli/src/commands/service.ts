import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Usage, words } from '../args.ts';

const UNIT = '/etc/systemd/system/banya.service';
const house = dirname(fileURLToPath(new URL('../../../../package.json', import.meta.url)));

/** The systemd unit for this installation, from deploy/banya.service. */
export function unit(data: string, user: string): string {
  return readFileSync(`${house}/deploy/banya.service`, 'utf8').replaceAll('@HOUSE@', house).replaceAll('@DATA@', data).replaceAll('@USER@', user);
}

const onWsl = (): boolean => existsSync('/proc/version') && /microsoft/i.test(readFileSync('/proc/version', 'utf8'));

export async function service(args: readonly string[]): Promise<number> {
  const { words: [verb], data } = words(args, { min: 1, max: 1 });
  const user = userInfo().username;
  if (verb === 'print') {
    process.stdout.write(unit(data, user));
    return 0;
  }
  if (verb !== 'install' && verb !== 'remove') throw new Usage('service knows install, remove and print.');
  if (process.getuid?.() !== 0) throw new Error('This changes the system and needs root.\n→ Run it with sudo, or see the unit with: banya service print');
  const systemctl = (...words: string[]): void => {
    const { status, stderr } = spawnSync('systemctl', words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`systemctl ${words.join(' ')} did not succeed: ${stderr?.trim() || 'systemd does not run here'}${onWsl() ? '\n→ On WSL2 turn systemd on (/etc/wsl.conf: [boot] systemd=true), or use deploy/wsl/start-at-boot.ps1 on the Windows side.' : ''}`);
  };
  if (verb === 'install') {
    writeFileSync(UNIT, unit(data, process.env.SUDO_USER ?? user));
    systemctl('daemon-reload');
    systemctl('enable', '--now', 'banya');
    process.stdout.write(`Banya starts with this machine (data: ${data}). Logs: journalctl -u banya\n`);
    if (onWsl()) process.stdout.write('Windows itself starts WSL only when asked: run deploy/wsl/start-at-boot.ps1 once on the Windows side.\n');
  } else {
    systemctl('disable', '--now', 'banya');
    rmSync(UNIT, { force: true });
    systemctl('daemon-reload');
    process.stdout.write('Banya no longer starts with this machine. The data stays.\n');
  }
  return 0;
}
