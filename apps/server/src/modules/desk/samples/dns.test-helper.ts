import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

type Type = 'A' | 'PTR' | 'MX' | 'TXT' | 'AAAA';
const CODES: Readonly<Record<number, Type>> = { 1: 'A', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA' };
/** By name in lower case; a name that is missing does not exist. */
export type Zone = Readonly<Record<string, Readonly<Partial<Record<Type, readonly string[]>>>>>;
export type Mood = 'answers' | 'silent' | 'garbage' | 'fails' | 'other question';

export interface NameServer {
  /** As the setting takes it. */
  readonly address: string;
  /** `TXT example.jp`, as they came; by TCP with a word in front. */
  readonly asked: string[];
  mood: Mood;
  /** Names that alone are treated so. */
  readonly moods: Map<string, Mood>;
  close(): void;
}

const wireName = (name: string): Buffer => Buffer.concat([...name.split('.').filter(Boolean).map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])), Buffer.from([0])]);
const u16 = (n: number): Buffer => Buffer.from([n >> 8, n & 255]);
const v6 = (text: string): Buffer => {
  const [head = '', tail = ''] = text.split('::');
  const [left, right] = [head, tail].map((side) => side.split(':').filter(Boolean).map((part) => Number.parseInt(part, 16))) as [number[], number[]];
  return Buffer.concat([...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right].map(u16));
};

/** One record's data (RFC 1035, section 3.3; RFC 3596). Texts are cut into strings of 255 bytes. */
function data(type: Type, record: string): Buffer {
  if (type === 'A') return Buffer.from(record.split('.').map(Number));
  if (type === 'AAAA') return v6(record);
  if (type === 'PTR') return wireName(record);
  if (type === 'MX') return Buffer.concat([u16(Number.parseInt(record, 10)), wireName(record.split(' ')[1]!)]);
  const text = Buffer.from(record, 'latin1');
  return Buffer.concat(Array.from({ length: Math.ceil(text.length / 255) }, (_, n) => text.subarray(n * 255, n * 255 + 255)).flatMap((part) => [Buffer.from([part.length]), part]));
}

/** A name server on the loopback address that speaks the protocol over UDP and TCP, and can be told to speak it badly. */
export async function nameServer(zone: Zone): Promise<NameServer> {
  const udp = createSocket('udp4');
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const { port } = udp.address();
  const server: NameServer = {
    address: `127.0.0.1:${port}`, asked: [], mood: 'answers', moods: new Map(),
    close: () => {
      udp.close();
      tcp.close();
    },
  };

  /** The answer to a query, or null where there is none. */
  const reply = (query: Buffer, over: 'udp' | 'tcp'): Buffer | null => {
    let at = 12;
    const labels: string[] = [];
    for (let size = query[at]!; size > 0; size = query[at]!) {
      labels.push(query.toString('latin1', at + 1, at + 1 + size));
      at += size + 1;
    }
    const name = labels.join('.').toLowerCase();
    const code = query.readUInt16BE(at + 1);
    const type = CODES[code];
    server.asked.push(`${over === 'tcp' ? 'tcp ' : ''}${type ?? code} ${name}`);
    const mood = server.moods.get(name) ?? server.mood;
    if (mood === 'silent') return null;
    if (mood === 'garbage') return Buffer.concat([query.subarray(0, 2), Buffer.from('8180ffffffffffffffffc0c0c0c0ff', 'hex')]);
    const question = mood === 'other question' ? Buffer.concat([wireName('elsewhere.jp'), query.subarray(at + 1, at + 5)]) : query.subarray(12, at + 5);
    const records = type === undefined ? [] : (zone[name]?.[type] ?? []);
    const status = mood === 'fails' ? 2 : zone[name] === undefined ? 3 : 0;
    const answers = status === 0 ? records.map((record) => Buffer.concat([u16(0xc00c), u16(code), u16(1), Buffer.from([0, 0, 1, 44]), u16(data(type!, record).length), data(type!, record)])) : [];
    const head = (flags: number, count: number): Buffer => Buffer.concat([query.subarray(0, 2), u16(flags | status), u16(1), u16(count), u16(0), u16(0)]);
    const whole = Buffer.concat([head(0x8180, answers.length), question, ...answers]);
    // RFC 1035, section 4.2.1: what is longer is cut, and asked again by TCP.
    return over === 'udp' && whole.length > 512 ? Buffer.concat([head(0x8380, 0), question]) : whole;
  };

  udp.on('message', (query, from) => {
    const answer = reply(query, 'udp');
    if (answer !== null) udp.send(answer, from.port, from.address);
  });
  const tcp = createServer((socket) => {
    let held = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const size = held.readUInt16BE(0);
        const answer = reply(held.subarray(2, 2 + size), 'tcp');
        held = held.subarray(2 + size);
        if (answer !== null) socket.write(Buffer.concat([u16(answer.length), answer]));
      }
    });
  });
  tcp.listen(port, '127.0.0.1');
  await once(tcp, 'listening');
  return server;
}
