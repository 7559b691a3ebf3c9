/** Writes what Outlook and Exchange write: .msg files, winmail.dat, RTF bodies. Only as much as mails need. */
import CFB from 'cfb';

export type PropType = 'text' | 'ansi' | 'bytes' | 'number' | 'time' | 'object';
export type PropList = readonly (readonly [id: number, type: PropType, value: string | number | Uint8Array])[];

const TYPES: Record<PropType, number> = { text: 0x001f, ansi: 0x001e, bytes: 0x0102, number: 0x0003, time: 0x0040, object: 0x000d };

function u16(value: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16LE(value);
  return out;
}

export function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value >>> 0);
  return out;
}

function fileTime(ms: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(ms + 11_644_473_600_000) * 10_000n);
  return out;
}

// ---------------------------------------------------------------- winmail.dat

function pad(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function bytesOf(type: PropType, value: string | number | Uint8Array): Buffer {
  if (typeof value === 'number') return u32(value);
  if (typeof value === 'string') return type === 'ansi' ? Buffer.from(`${value}\0`, 'latin1') : Buffer.from(`${value}\0`, 'utf16le');
  return Buffer.from(value);
}

/** A list of properties as in attMsgProps and attAttachment. */
export function tnefProps(list: PropList): Buffer {
  const out: Buffer[] = [u32(list.length)];
  for (const [id, type, value] of list) {
    out.push(u16(TYPES[type]), u16(id));
    if (type === 'number') out.push(u32(value as number));
    else if (type === 'time') out.push(fileTime(value as number));
    else {
      const bytes = bytesOf(type, value);
      out.push(u32(1), u32(bytes.length), pad(bytes));
    }
  }
  return Buffer.concat(out);
}

export function tnefAttribute(level: number, id: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([level]), u32(id), u32(data.length), data, u16(data.reduce((sum, byte) => (sum + byte) & 0xffff, 0))]);
}

export interface TnefFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Written as an embedded message: `bytes` is its own TNEF stream. */
  readonly message?: boolean;
}

export function tnef(props: PropList, files: readonly TnefFile[] = []): Buffer {
  const out: Buffer[] = [u32(0x223e9f78), u16(1), tnefAttribute(1, 0x00089006, u32(0x00010000)), tnefAttribute(1, 0x00069007, Buffer.concat([u32(932), u32(0)])), tnefAttribute(1, 0x00069003, tnefProps(props))];
  for (const file of files) {
    out.push(tnefAttribute(2, 0x00069002, Buffer.alloc(14)), tnefAttribute(2, 0x00018010, Buffer.from('SHORT~1.DAT\0', 'latin1')));
    if (file.message === true) {
      const object = Buffer.concat([Buffer.from('0703020000000000c000000000000046', 'hex'), file.bytes]);
      out.push(tnefAttribute(2, 0x00069005, tnefProps([[0x3707, 'text', file.name], [0x3701, 'object', object]])));
    } else {
      out.push(tnefAttribute(2, 0x0006800f, Buffer.from(file.bytes)), tnefAttribute(2, 0x00069005, tnefProps([[0x3707, 'text', file.name], [0x370e, 'text', 'application/pdf']])));
    }
  }
  return Buffer.concat(out);
}

// ---------------------------------------------------------------- .msg

export interface MsgItem {
  readonly props: PropList;
  readonly recipients?: readonly { readonly name: string; readonly address: string; readonly kind: 1 | 2 }[];
  readonly files?: readonly ({ readonly name: string; readonly bytes: Uint8Array } | { readonly name: string; readonly item: MsgItem })[];
}

function addProps(file: CFB.CFB$Container, path: string, header: number, list: PropList): void {
  const fixed: Buffer[] = [Buffer.alloc(header)];
  for (const [id, type, value] of list) {
    const tag = Buffer.concat([u16(TYPES[type]), u16(id), u32(6)]);
    if (type === 'number') fixed.push(tag, u32(value as number), u32(0));
    else if (type === 'time') fixed.push(tag, fileTime(value as number));
    else {
      const bytes = typeof value === 'string' ? Buffer.from(value, type === 'ansi' ? 'latin1' : 'utf16le') : Buffer.from(value as Uint8Array);
      fixed.push(tag, u32(bytes.length + (typeof value === 'string' ? 2 : 0)), u32(0));
      CFB.utils.cfb_add(file, `${path}__substg1.0_${hex(id)}${hex(TYPES[type])}`, bytes);
    }
  }
  CFB.utils.cfb_add(file, `${path}__properties_version1.0`, Buffer.concat(fixed));
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

function addItem(file: CFB.CFB$Container, path: string, header: number, item: MsgItem): void {
  addProps(file, path, header, item.props);
  for (const [i, person] of (item.recipients ?? []).entries()) {
    addProps(file, `${path}__recip_version1.0_#${i.toString(16).toUpperCase().padStart(8, '0')}/`, 8, [[0x3001, 'text', person.name], [0x3003, 'text', person.address], [0x39fe, 'text', person.address], [0x0c15, 'number', person.kind]]);
  }
  for (const [i, one] of (item.files ?? []).entries()) {
    const folder = `${path}__attach_version1.0_#${i.toString(16).toUpperCase().padStart(8, '0')}/`;
    if ('item' in one) {
      addProps(file, folder, 8, [[0x3001, 'text', one.name], [0x3705, 'number', 5]]);
      addItem(file, `${folder}__substg1.0_3701000D/`, 24, one.item);
    } else addProps(file, folder, 8, [[0x3707, 'text', one.name], [0x3705, 'number', 1], [0x3701, 'bytes', one.bytes]]);
  }
}

export function msg(item: MsgItem): Buffer {
  const file = CFB.utils.cfb_new();
  addItem(file, '/', 32, item);
  CFB.utils.cfb_add(file, '/__nameid_version1.0/__substg1.0_00020102', Buffer.alloc(0));
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array);
}

// ---------------------------------------------------------------- RTF

/** RTF stored without compression. */
export function storedRtf(rtf: string): Buffer {
  const body = Buffer.from(rtf, 'latin1');
  return Buffer.concat([u32(body.length + 12), u32(body.length), u32(0x414c454d), u32(0), body]);
}

/** RTF compressed with literals only, which is what the format allows at least. */
export function literalRtf(rtf: string): Buffer {
  const body = Buffer.from(rtf, 'latin1');
  const out: number[] = [];
  for (let i = 0; i < body.length; i += 8) out.push(0, ...body.subarray(i, i + 8));
  return Buffer.concat([u32(out.length + 12), u32(body.length), u32(0x75465a4c), u32(0), Buffer.from(out)]);
}
