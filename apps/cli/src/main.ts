import { backup } from './commands/backup.ts';
import { detect, DETECT_HELP } from './commands/detect.ts';
import { doctor } from './commands/doctor.ts';
import { ledger } from './commands/ledger.ts';
import { logs, logsHelp } from './commands/logs.ts';
import { mail } from './commands/mail.ts';
import { restore } from './commands/restore.ts';
import { rules, RULES_HELP } from './commands/rules.ts';
import { service } from './commands/service.ts';
import { signinLink } from './commands/signin-link.ts';
import { trace } from './commands/trace.ts';
import { update } from './commands/update.ts';
import { Usage } from './args.ts';

interface Command {
  readonly words: string;
  readonly what: string;
  /** It works without a server and its data folder. */
  readonly alone?: boolean;
  /** Options and the like, in lines of their own below the rest of the help. */
  readonly more?: () => string;
  run(args: readonly string[]): Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  start: { words: 'start [--data DIR] [--port N] [--host ADDRESS] [--public-url URL] [--syslog-port N] [--demo] [--json] …', what: 'start Banya (all options: banya start --help)', run: async (args) => (await import('../../server/src/main.ts')).start(args) },
  backup: { words: 'backup FILE [--data DIR]', what: 'back up both stores, also while Banya runs (passphrase: BANYA_BACKUP_PASSPHRASE)', run: backup },
  restore: { words: 'restore FILE [--data DIR]', what: 'restore a backup into an empty data folder or empty servers, and prove it equal', run: restore },
  doctor: { words: 'doctor [--data DIR]', what: 'check stores, disk, clock, ports, mail, certificate; say what to do', run: doctor },
  'signin-link': { words: 'signin-link ADDRESS [--data DIR]', what: 'print a sign-in link (on the server only; written to the ledger)', run: signinLink },
  ledger: { words: 'ledger verify [--data DIR]', what: 'check that no audit ledger was changed', run: ledger },
  mail: { words: 'mail check PATH… [--profile org.json] [--dns zone.json] [--json]', what: 'is this mail real? Judges mails in files, folders and zips; no server needed', alone: true, run: mail },
  rules: { words: 'rules check|import DIR|ARCHIVE [--name NAME] [--pipeline FILE] [--json] [--data DIR]', what: 'check Sigma rules (file and line of each that cannot be used), or keep them with their licence in the data folder', more: () => RULES_HELP, run: rules },
  detect: { words: 'detect run --rules DIR|ARCHIVE --logs FILE|DIR [--format auto|json|stream|lines] [--logsource product=…,service=…] [--pipeline FILE] [--threads N] [--json]', what: 'Sigma rules over files of logs, gz, zip, Windows XML and EVTX too; no server needed', alone: true, more: () => DETECT_HELP, run: detect },
  logs: { words: 'logs parse FILE|- [--format auto|NAME] [--time-zone ZONE] [--encoding NAME] [--json]', what: 'tell the lines of a log in ECS, or what kinds of lines it holds; text, JSON, Windows XML, gzip and EVTX; no server needed', alone: true, more: logsHelp, run: logs },
  trace: { words: 'trace INDICATOR --org ID [--members [--deep]] [--days N] [--as name|account] [--url URL] [--json]', what: 'how far did it spread? Asks a server with the token in BANYA_TOKEN (BANYA_URL, BANYA_ORG)', alone: true, run: trace },
  update: { words: 'update [--check] [--rollback] [--data DIR]', what: 'move to the newest version, with a backup before and a way back', run: update },
  service: { words: 'service install|remove|print [--data DIR]', what: 'start Banya with the machine (systemd; on WSL2 a script for Windows)', run: service },
};

function help(): string {
  const rows = Object.values(commands).map((c) => `  banya ${c.words}\n      ${c.what}`);
  return `番屋 Banya: one security desk that many small organisations share\n\n${rows.join('\n')}\n`;
}

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help());
    return 0;
  }
  const command = commands[name];
  if (!command) {
    process.stderr.write(`banya has no command “${name}”.\n\n${help()}`);
    return 2;
  }
  // start lists its many options itself.
  if (name !== 'start' && (args.includes('--help') || args.includes('-h'))) {
    process.stdout.write(`banya ${command.words}\n  ${command.what}\n${command.alone ? '' : '  --data DIR: the data folder (BANYA_DATA, or ./data)\n'}${command.more?.() ?? ''}`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof Usage) {
      process.stderr.write(`${error.message}\n  banya ${command.words}\n`);
      return 2;
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

// Whoever reads the output may have read enough (banya doctor | head): the command goes on to its end without a listener.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main();
