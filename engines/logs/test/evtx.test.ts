import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createParser, EVTX_CHUNK, EVTX_HEADER, isEvtx, readEvtxChunk, type EvtxRecord } from '../src/index.ts';

const RECEIVED = Date.UTC(2026, 0, 2, 3, 10, 0);
const FILE_TIME = (BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) + 11_644_473_600_000n) * 10_000n;

/** Writes one chunk with records of plain elements; what is written where is known to the tests below. */
class Chunk {
  readonly bytes = Buffer.alloc(EVTX_CHUNK);
  at = 512;
  constructor() {
    this.bytes.write('ElfChnk\0', 0, 'latin1');
  }
  u8(...values: number[]): this {
    for (const value of values) this.bytes.writeUInt8(value, this.at++);
    return this;
  }
  u16(value: number): this {
    this.at = this.bytes.writeUInt16LE(value, this.at);
    return this;
  }
  u32(value: number): this {
    this.at = this.bytes.writeUInt32LE(value >>> 0, this.at);
    return this;
  }
  text(value: string): this {
    for (const c of value) this.u16(c.charCodeAt(0));
    return this;
  }
  /** A name where it is used: its offset points right behind itself. */
  name(value: string): this {
    return this.u32(this.at + 4).u32(0).u16(0).u16(value.length).text(value).u16(0);
  }
  element(name: string, body: () => void, attributes: Readonly<Record<string, string>> = {}): this {
    const keys = Object.keys(attributes);
    this.u8(keys.length > 0 ? 0x41 : 0x01).u16(0xffff);
    const size = this.at;
    this.u32(0).name(name);
    if (keys.length > 0) {
      const list = this.at;
      this.u32(0);
      for (const key of keys) this.u8(0x06).name(key).u8(0x05, 0x01).u16((attributes[key] as string).length).text(attributes[key] as string);
      this.bytes.writeUInt32LE(this.at - list - 4, list);
    }
    this.u8(0x02);
    body();
    this.u8(0x04);
    this.bytes.writeUInt32LE(this.at - size - 4, size);
    return this;
  }
  value(text: string): this {
    return this.u8(0x05, 0x01).u16(text.length).text(text);
  }
  record(id: number, body: () => void): this {
    const from = this.at;
    this.u32(0x2a2a).u32(0);
    this.at = this.bytes.writeBigUInt64LE(BigInt(id), this.at);
    this.at = this.bytes.writeBigUInt64LE(FILE_TIME, this.at);
    body();
    this.u8(0x00);
    // Records begin at multiples of eight.
    while ((this.at + 4) % 8 !== 0) this.at++;
    const size = this.at + 4 - from;
    this.bytes.writeUInt32LE(size, from + 4);
    this.u32(size);
    this.bytes.writeUInt32LE(this.at, 48);
    return this;
  }
}

function sample(ids: readonly number[] = [7]): Chunk {
  const chunk = new Chunk();
  for (const id of ids) {
    chunk.record(id, () => {
      chunk.u8(0x0f, 1, 1, 0).element('Event', () => {
        chunk.element('System', () => {
          chunk.element('Provider', () => {}, { Name: 'Example-Provider' });
          chunk.element('EventID', () => chunk.value('4625'));
          chunk.element('EventRecordID', () => chunk.value(String(id)));
          chunk.element('Channel', () => chunk.value('Security'));
          chunk.element('Computer', () => chunk.value('サーバ01'));
        });
        chunk.element('EventData', () => {
          chunk.element('Data', () => chunk.value('sato'), { Name: 'TargetUserName' });
          chunk.element('Data', () => chunk.value('203.0.113.5'), { Name: 'IpAddress' });
        });
      });
    });
  }
  return chunk;
}

describe('Windows event log files', () => {
  test('a record becomes a line that the family windows understands', () => {
    const [record] = readEvtxChunk(sample().bytes);
    assert.ok(record && !record.broken);
    assert.deepEqual([record.id, record.time], [7, Date.UTC(2026, 0, 2, 3, 4, 5)]);
    const { event, family, unmapped } = createParser().parse(record.line, RECEIVED);
    assert.equal(family, 'windows');
    assert.deepEqual([event['event.action'], event['user.name'], event['source.ip'], event['host.name']], ['login_failed', 'sato', '203.0.113.5', 'サーバ01']);
    assert.deepEqual([unmapped['Provider_Name'], unmapped['TargetUserName'], unmapped['EventID']], ['Example-Provider', 'sato', '4625']);
  });

  test('what is no chunk gives nothing, and a file is told by its head', () => {
    assert.ok(isEvtx(Buffer.from('ElfFile\0rest')));
    assert.equal(isEvtx(Buffer.from('ElfFil')), false);
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(EVTX_CHUNK), Buffer.from('ElfChnk\0')]) assert.deepEqual(readEvtxChunk(bytes), []);
  });

  test('a chunk without its mark is one broken line, with the records that are still found in it', () => {
    for (const bytes of [Buffer.alloc(EVTX_CHUNK, 0xff), Buffer.from('rubbish')]) {
      const records = readEvtxChunk(bytes);
      assert.deepEqual(records.map(({ id, time, broken }) => [id, time, broken]), [[0, 0, true]]);
      const { family, unmapped } = createParser().parse(records[0]?.line ?? '', RECEIVED);
      assert.deepEqual([family, unmapped['Unreadable']?.slice(0, 8)], ['windows', bytes.toString('base64').slice(0, 8)]);
    }
    const chunk = sample([1, 2]).bytes;
    chunk.fill(0x55, 0, 500);
    assert.deepEqual(readEvtxChunk(chunk).map(({ id, broken }) => [id, broken]), [[0, true], [1, false], [2, false]]);
  });

  test('a damaged mark is one broken line, however much is lost with it', () => {
    const second = (bytes: Buffer): number => bytes.indexOf(Buffer.from([0x2a, 0x2a, 0, 0]), 516);
    const between = sample([1, 2, 3]).bytes;
    between[second(between)] = 0;
    assert.deepEqual(readEvtxChunk(between).map(({ id, broken }) => [id, broken]), [[1, false], [0, true], [3, false]]);
    const zeroed = sample([1, 2]).bytes;
    zeroed.fill(0, second(zeroed), zeroed.readUInt32LE(48));
    assert.deepEqual(readEvtxChunk(zeroed).map(({ id, broken }) => [id, broken]), [[1, false], [0, true]]);
    const first = sample([1, 2]).bytes;
    first[512] = 0;
    assert.deepEqual(readEvtxChunk(first).map(({ id, broken }) => [id, broken]), [[0, true], [2, false]]);
  });

  test('a damaged record is kept as a line with its bytes, and the next one is read', () => {
    const chunk = sample([1, 2, 3]);
    // The name of the first element of the first record points out of the chunk.
    chunk.bytes.writeUInt32LE(0xfffffff0, 512 + 24 + 4 + 1 + 2 + 4);
    const records = readEvtxChunk(chunk.bytes);
    assert.deepEqual(records.map(({ id, broken }) => [id, broken]), [[1, true], [2, false], [3, false]]);
    const { event, family } = createParser().parse(records[0]?.line ?? '', RECEIVED);
    assert.deepEqual([family, event['event.id'], event['@timestamp']], ['windows', '1', Date.UTC(2026, 0, 2, 3, 4, 5)]);
  });

  test('wrong sizes and a cut chunk cost the record they are in', () => {
    const wrong = sample([1, 2]);
    wrong.bytes.writeUInt32LE(0x7fffffff, 516);
    assert.deepEqual(readEvtxChunk(wrong.bytes).map(({ id, broken }) => [id, broken]), [[1, true], [2, false]]);
    const zero = sample([1, 2]);
    zero.bytes.writeUInt32LE(0, 516);
    assert.deepEqual(readEvtxChunk(zero.bytes).map(({ id, broken }) => [id, broken]), [[1, true], [2, false]]);
    const cut = sample([1, 2]).bytes;
    const second = cut.indexOf(Buffer.from([0x2a, 0x2a, 0, 0]), 516);
    const records = readEvtxChunk(cut.subarray(0, second + 60));
    assert.deepEqual(records.map(({ broken }) => broken), [false, true]);
  });

  test('elements and templates that contain themselves end, and so do a thousand records that point at one', () => {
    // A template whose definition holds an instance of itself.
    const chunk = new Chunk();
    chunk.record(1, () => {
      chunk.u8(0x0f, 1, 1, 0);
      const instance = chunk.at;
      chunk.u8(0x0c, 1).u32(1).u32(instance + 10).u32(0).u32(0).u32(0).u32(0).u32(0).u32(60);
      // Body: the same instance again.
      chunk.u8(0x0f, 1, 1, 0).u8(0x0c, 1).u32(1).u32(instance + 10).u32(0);
      chunk.at = instance + 10 + 24 + 60;
      chunk.u32(0);
    });
    assert.deepEqual(readEvtxChunk(chunk.bytes).map(({ broken }) => broken), [true]);
    const deep = new Chunk();
    deep.record(1, () => {
      const nest = (depth: number): void => void deep.element('a', () => depth > 0 && nest(depth - 1));
      nest(60);
    });
    assert.deepEqual(readEvtxChunk(deep.bytes).map(({ broken }) => broken), [true]);
  });

  test('text that is trimmed away is paid for: thousands of insertions of one long run of zeros end at once', () => {
    for (const [type, size] of [[0x01, 28_000], [0x02, 28_000], [0x81, 28_000], [0x0e, 28_000]] as const) {
      const chunk = new Chunk();
      chunk.record(1, () => {
        const body = 7_000 * 4 + 80;
        chunk.u8(0x0f, 1, 1, 0);
        chunk.u8(0x0c, 1).u32(1).u32(chunk.at + 4).u32(0).u32(0).u32(0).u32(0).u32(0).u32(body);
        const from = chunk.at;
        chunk.element('Event', () => {
          for (let i = 0; i < 7_000; i++) chunk.u8(0x0d).u16(0).u8(type);
        });
        chunk.u8(0x00);
        chunk.at = from + body;
        chunk.u32(1).u16(size).u8(type, 0);
        chunk.at += size;
      });
      const begun = performance.now();
      assert.deepEqual(readEvtxChunk(chunk.bytes).map(({ broken }) => broken), [true], `type ${type}`);
      assert.ok(performance.now() - begun < 2_000, `type ${type}`);
    }
  });

  test('every value of a template is paid for, each time the template is used', () => {
    const chunk = new Chunk();
    const [outer, empty, values] = [44_000, 60_000, 2_000];
    // Kept behind the records: a template that holds an instance of an empty one, with 2,000 values.
    const template = (at: number, body: () => void): void => {
      chunk.at = at + 24;
      body();
      chunk.bytes.writeUInt32LE(chunk.at - at - 24, at + 20);
    };
    template(empty, () => {});
    template(outer, () => {
      chunk.u8(0x0c, 1).u32(1).u32(empty).u32(values);
      chunk.at += values * 4;
    });
    chunk.at = 512;
    chunk.record(1, () => {
      chunk.u8(0x0f, 1, 1, 0).element('Event', () => {
        for (let i = 0; i < 2_500; i++) chunk.u8(0x0c, 1).u32(1).u32(outer).u32(0);
      });
    });
    assert.ok(chunk.at < outer);
    assert.deepEqual(readEvtxChunk(chunk.bytes).map(({ broken }) => broken), [true]);
  });

  test('any bytes bent in any way give lines and no more than their chunk allows', () => {
    const whole = sample([1, 2, 3, 4, 5]).bytes;
    let state = 7;
    const next = (max: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % max;
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(whole);
      for (let i = 0; i <= next(12); i++) bytes.writeUInt8(next(256), next(10) === 0 ? next(512) : 512 + next(3000));
      const records: EvtxRecord[] = readEvtxChunk(next(4) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes);
      assert.ok(records.reduce((sum, { line }) => sum + line.length, 0) < 4_000_000);
      for (const { line } of records) assert.doesNotThrow(() => JSON.parse(line));
    }
  });

  test('the files of the development corpus are read as another reader read them', (t) => {
    const archive = join(import.meta.dirname, '../../../../shared/corpus/sigma/regression-dev.tar.gz');
    if (!existsSync(archive)) return t.skip('needs the regression archive of the development corpus in ../shared/corpus/sigma (see its README)');
    const folder = mkdtempSync(join(tmpdir(), 'banya-evtx-'));
    try {
      execFileSync('tar', ['xzf', archive, '-C', folder]);
      let records = 0;
      for (const path of globSync(join(folder, '**/*.evtx'))) {
        const bytes = readFileSync(path);
        assert.ok(isEvtx(bytes));
        // Beside each file lies the JSON that another reader made of it: objects one after another.
        const theirs = new Set([...readFileSync(path.replace(/evtx$/, 'json'), 'utf8').matchAll(/"EventRecordID": ?(\d+)/g)].map((m) => m[1]));
        for (let at = EVTX_HEADER; at < bytes.length; at += EVTX_CHUNK) {
          for (const record of readEvtxChunk(bytes.subarray(at, at + EVTX_CHUNK))) {
            records++;
            assert.equal(record.broken, false, path);
            const parsed = createParser().parse(record.line, record.time);
            assert.equal(parsed.family, 'windows');
            assert.ok(theirs.has(parsed.unmapped['EventRecordID'] ?? ''), path);
          }
        }
      }
      t.diagnostic(`${records} records`);
      assert.ok(records > 100);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
