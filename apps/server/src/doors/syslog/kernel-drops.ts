import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TABLES = ['/proc/net/udp', '/proc/net/udp6'];

export interface UdpSocketRow {
  readonly port: number;
  readonly inode: number;
  /** Datagrams the kernel threw away because the socket's buffer was full, since the socket was opened. */
  readonly drops: number;
}

/** Reads the text of /proc/net/udp or udp6 (proc_net_udp: local address is the second field, inode the tenth, drops the last). */
export function parseUdpTable(text: string): UdpSocketRow[] {
  const rows: UdpSocketRow[] = [];
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const port = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
    const inode = Number(fields[9]);
    const drops = Number(fields[12]);
    if (Number.isInteger(port) && Number.isInteger(inode) && Number.isInteger(drops)) rows.push({ port, inode, drops });
  }
  return rows;
}

function readTables(): UdpSocketRow[] {
  return TABLES.flatMap((file) => {
    try {
      return parseUdpTable(readFileSync(file, 'utf8'));
    } catch {
      return [];
    }
  });
}

/** Inodes of this process's UDP sockets on `port`; empty where there is no /proc. */
export function ownUdpInodes(port: number): ReadonlySet<number> {
  let own: Set<number>;
  try {
    own = new Set(
      readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
          return inode === undefined ? [] : [Number(inode)];
        } catch {
          return [];
        }
      }),
    );
  } catch {
    return new Set();
  }
  return new Set(readTables().filter((row) => row.port === port && own.has(row.inode)).map((row) => row.inode));
}

/** Datagrams dropped by the kernel on these sockets, or null where the system does not tell (no /proc). */
export function kernelDrops(inodes: ReadonlySet<number>): number | null {
  if (inodes.size === 0) return null;
  return readTables().reduce((sum, row) => (inodes.has(row.inode) ? sum + row.drops : sum), 0);
}
