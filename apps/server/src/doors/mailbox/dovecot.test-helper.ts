import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** A Dovecot on loopback with one mailbox: user "desk@member.example", password "himitsu-1". */
export interface Dovecot {
  readonly tlsPort: number;
  /** 143 unless that is taken: STARTTLS. */
  readonly plainPort: number;
  readonly ca: Buffer;
  /** Puts a mail into a folder ('' is the inbox). */
  drop(raw: string, folder?: string): void;
  files(folder?: string): string[];
  /** Gives the inbox another UIDVALIDITY: all numbers begin anew. */
  renumber(): void;
  close(): Promise<void>;
}

const freePort = (wanted = 0): Promise<number> => new Promise((resolve) => {
  const server = createServer().once('error', () => resolve(freePort())).listen(wanted, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
});

/** Why there is no Dovecot here; null where it can be started. */
export function missing(): string | null {
  if (!existsSync('/usr/sbin/dovecot') || !existsSync('/usr/lib/dovecot/imap')) return 'dovecot-imapd is not installed';
  if (userInfo().uid !== 0) return 'dovecot needs root to change users';
  return spawnSync('openssl', ['version']).status === 0 ? null : 'openssl is not installed';
}

export async function startDovecot(): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'banya-imap-'));
  chmodSync(folder, 0o755);
  const openssl = (...args: string[]): void => {
    if (spawnSync('openssl', args, { cwd: folder, stdio: 'ignore' }).status !== 0) throw new Error(`openssl ${args[0]} failed`);
  };
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=localhost', '-days', '2', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const [tlsPort, plainPort] = [await freePort(), await freePort(143)];
  const mail = join(folder, 'mail');
  for (const part of ['cur', 'new', 'tmp', '.Reports/cur', '.Reports/new', '.Reports/tmp']) mkdirSync(join(mail, part), { recursive: true });
  const own = (): void => void spawnSync('chown', ['-R', 'nobody:nogroup', mail]);
  own();
  writeFileSync(join(folder, 'users'), 'desk@member.example:{PLAIN}himitsu-1::::::\n');
  writeFileSync(join(folder, 'dovecot.conf'), `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:${mail}
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${mail}
}
service imap-login {
  inet_listener imap {
    port = ${plainPort}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
`);
  const child: ChildProcess = spawn('/usr/sbin/dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.on('data', (bytes: Buffer) => void (said = (said + bytes.toString()).slice(-2000)));
  for (let tries = 0; !(await reachable(tlsPort)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`dovecot does not start: ${said}${existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').slice(-1000) : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  let n = 0;
  const at = (name: string): string => join(mail, name ? `.${name}` : '');
  return {
    tlsPort, plainPort, ca: readFileSync(join(folder, 'cert.pem')),
    drop(raw, name = '') {
      const file = `${Date.now()}.${++n}.test`;
      writeFileSync(join(at(name), 'new', file), raw);
      own();
    },
    files: (name = '') => ['new', 'cur'].flatMap((part) => readdirSync(join(at(name), part))).sort(),
    renumber() {
      for (const file of readdirSync(mail)) if (file.startsWith('dovecot')) rmSync(join(mail, file), { recursive: true });
    },
    async close() {
      child.kill('SIGTERM');
      await new Promise((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve(null) : child.once('exit', resolve)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
