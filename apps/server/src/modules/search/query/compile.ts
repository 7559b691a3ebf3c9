/** A query's tree as a condition of ClickHouse SQL. Names come from the list of columns; every value is a parameter. */
import { normaliseIp, parseV4, parseV6 } from '@banya/logs/net';
import { QueryError, type Node, type Value } from './parse.ts';
import type { Field, Place } from './fields.ts';

export interface Condition {
  readonly sql: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const like = (text: string): string => text.replace(/[\\%_]/g, (c) => `\\${c}`);
/** `*` and `?` of a value; `\*` is a star. */
const wild = (text: string): string => text.replace(/\\([*?\\])|[\\%_*?]/g, (found, escaped: string | undefined) => (escaped !== undefined ? like(escaped) : found === '*' ? '%' : found === '?' ? '_' : `\\${found}`));

/** The first and last address of a network, as numbers (IPv4) or texts (IPv6). @throws QueryError address_wanted */
function network(text: string): { v4: true; from: number; to: number } | { v4: false; from: string; to: string } {
  const slash = text.lastIndexOf('/');
  const [v4, v6] = [parseV4(text.slice(0, slash)), parseV6(text.slice(0, slash))];
  const bits = /^\d{1,3}$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : -1;
  if ((v4 < 0 && v6 === null) || bits < 0 || bits > (v4 < 0 ? 128 : 32)) throw new QueryError('address_wanted', text);
  if (v4 >= 0) {
    const size = 2 ** (32 - bits);
    const from = Math.floor(v4 / size) * size;
    return { v4: true, from, to: from + size - 1 };
  }
  const masks = v6!.map((_, i) => 0xffff ^ (0xffff >> Math.min(16, Math.max(0, bits - i * 16))));
  const write = (groups: readonly number[]): string => groups.map((group) => group.toString(16)).join(':');
  return { v4: false, from: write(v6!.map((group, i) => group & masks[i]!)), to: write(v6!.map((group, i) => (group & masks[i]!) | (0xffff ^ masks[i]!))) };
}

class Writer {
  readonly params: Record<string, string | number> = {};
  #n = 0;

  #put(value: string | number, type: 'String' | 'UInt64' | 'UInt32' = 'String'): string {
    const name = `p${this.#n++}`;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }

  node(node: Node): string {
    switch (node.is) {
      case 'and':
      case 'or':
        return `(${node.of.map((n) => this.node(n)).join(node.is === 'and' ? ' AND ' : ' OR ')})`;
      case 'not':
        return `(NOT ${this.node(node.of)})`;
      case 'text':
        return this.#text(node.text);
      case 'field':
        return this.#field(node.field, node.value);
    }
  }

  /** Anywhere in the line; what JSON writes with a backslash is looked for as it is written there too. */
  #text(text: string): string {
    const inJson = JSON.stringify(text).slice(1, -1);
    const find = (column: string, part: string): string => (/^[\x20-\x7e]*$/.test(part) ? `positionCaseInsensitive(${column}, ${this.#put(part)}) > 0` : `positionCaseInsensitiveUTF8(${column}, ${this.#put(part)}) > 0`);
    const any = [find('raw', text)];
    if (inJson !== text) any.push(find('raw', inJson));
    // A program may have written it as \u…: then only the parsed text has it.
    if (!/^[\x20-\x7e]*$/.test(text)) any.push(find('message', text));
    return any.length === 1 ? any[0]! : `(${any.join(' OR ')})`;
  }

  #field(field: Field, value: Value): string {
    const any = field.places.map((place) => this.#place(place, value));
    return any.length === 1 ? any[0]! : `(${any.join(' OR ')})`;
  }

  #place(place: Place, value: Value): string {
    if ('key' in place) {
      const cell = `fields[${this.#put(place.key)}]`;
      if (value.kind === 'any') return `${cell} != ''`;
      if (value.kind === 'range') return '0';
      return value.wild ? `${cell} ILIKE ${this.#put(wild(value.text))}` : `lowerUTF8(${cell}) = ${this.#put(value.text.toLowerCase())}`;
    }
    const { column, mode } = place;
    if (value.kind === 'any') return mode === 'number' ? (place.nullable ? `${column} IS NOT NULL` : `${column} != 0`) : `${column} != ''`;
    if (value.kind === 'range') return mode === 'number' ? this.#range(column, value, place.nullable ?? false) : '0';
    if (mode === 'number') return /^\d{1,15}$/.test(value.text) ? `${column} = ${this.#put(Number(value.text), 'UInt64')}` : '0';
    if (value.wild) return `${column} ILIKE ${this.#put(mode === 'contains' ? `%${wild(value.text)}%` : wild(value.text))}`;
    if (mode === 'ip') return this.#ip(column, value.text);
    if (mode === 'contains') return `${column} ILIKE ${this.#put(`%${like(value.text)}%`)}`;
    const lower = value.text.toLowerCase();
    if (mode === 'domain') return `(lower(${column}) = ${this.#put(lower)} OR endsWith(lower(${column}), ${this.#put(`.${lower}`)}))`;
    return `lowerUTF8(${column}) = ${this.#put(lower)}`;
  }

  #range(column: string, { from, to }: { readonly from: number | null; readonly to: number | null }, nullable: boolean): string {
    const parts = [from === null ? '' : `${column} >= ${this.#put(Math.max(0, from), 'UInt64')}`, to === null ? '' : to < 0 ? '0' : `${column} <= ${this.#put(to, 'UInt64')}`].filter((p) => p !== '');
    // Absent numbers stand as 0, or as NULL where 0 means something: neither is a number that somebody looks for.
    if (nullable || (from ?? 0) <= 0) parts.push(nullable ? `${column} IS NOT NULL` : `${column} != 0`);
    return `(${parts.join(' AND ')})`;
  }

  #ip(column: string, text: string): string {
    if (!text.includes('/')) {
      const ip = normaliseIp(text.normalize('NFKC'));
      if (ip === undefined) throw new QueryError('address_wanted', text);
      return `${column} = ${this.#put(ip)}`;
    }
    const net = network(text.normalize('NFKC'));
    return net.v4
      ? `(position(${column}, '.') > 0 AND position(${column}, ':') = 0 AND toUInt32(toIPv4OrDefault(${column})) >= ${this.#put(net.from, 'UInt32')} AND toUInt32(toIPv4OrDefault(${column})) <= ${this.#put(net.to, 'UInt32')})`
      : `(position(${column}, ':') > 0 AND toIPv6OrDefault(${column}) >= toIPv6(${this.#put(net.from)}) AND toIPv6OrDefault(${column}) <= toIPv6(${this.#put(net.to)}))`;
  }
}

/** @throws QueryError for a value that its field cannot have */
export function compileQuery(node: Node | null): Condition {
  if (node === null) return { sql: '1', params: {} };
  const writer = new Writer();
  const sql = writer.node(node);
  return { sql, params: writer.params };
}
