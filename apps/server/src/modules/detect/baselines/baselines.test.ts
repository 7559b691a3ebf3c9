import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, scopeOf } from '../../notify/kernel.test-helper.ts';
import { eachHouse, type TestHouse } from '../../findings/fixtures.test-helper.ts';
import { BatchReader } from '../batch-reader.ts';
import { readLines, senderOf } from '../batches.test-helper.ts';
import { keepBatch } from '../keep.ts';
import { explain, type RaisedFinding } from '../../findings/index.ts';
import { Gatherer } from './gather.ts';
import { withNovelty } from './raise.ts';
import * as store from './store.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Somebody connected to the remote access from outside Japan. */
const ABROAD = '512f08e2-e0f2-5ec0-b971-987bdee9a96c';

interface Shown { id: string; title: string; severity: string; state: string; count: number; kind: string; ruleId: string }

/** A FortiGate's lines, stamped by the house's clock. */
function watching(house: TestHouse) {
  const reader = new BatchReader();
  const source = senderOf(house.member.id);
  const inventory = { countLines: async () => [], recordLeases: async () => {}, findAssets: async (_tx: unknown, hints: readonly object[]) => hints.map(() => null), sources: { get: () => source } } as never;
  const stamp = (): string => {
    const local = new Date(house.kernel.time + 9 * HOUR).toISOString();
    return `date=${local.slice(0, 10)} time=${local.slice(11, 19)} devname="FG-HONSHA" devid="FGT60F0000000001" tz="+0900"`;
  };
  const hear = (...lines: string[]): Promise<void> => {
    const out = readLines(reader, lines.map((l) => ({ text: `<189>${stamp()} ${l}`, at: house.kernel.time, source })));
    return house.kernel.tenancy.asSystem('test: keep a batch', (tx) => keepBatch({ inventory, findings: house.findings }, tx, out));
  };
  /** What is told as new: by itself, or in the finding of a rule that heard the same line. */
  const rare = async (): Promise<Shown[]> => {
    const said = new Set((await house.kernel.gate.query<{ id: string }>("select id from findings_findings where slots ? 'banya.new_days'")).rows.map((r) => r.id));
    return (await house.call<{ items: Shown[] }>('findings.list', { query: { state: 'open' } })).items.filter((f) => f.ruleId.startsWith('first.') || said.has(f.id));
  };
  return { hear, rare };
}
const vpn = (user: string, country: string): string => `logid="0101039424" type="event" subtype="vpn" level="information" logdesc="SSL VPN tunnel up" action="tunnel-up" tunneltype="ssl-web" remip=198.51.100.7 srccountry="${country}" user="${user}" msg="SSL tunnel established"`;
const admin = (user: string): string => `logid="0100032001" type="event" subtype="system" level="information" logdesc="Admin login successful" user="${user}" ui="https(192.168.1.5)" method="https" srcip=192.168.1.5 dstip=192.168.1.1 action="login" status="success" msg="Administrator ${user} logged in successfully"`;

test('a country, a name and an hour that were never seen are found once, after two weeks of looking, and said in plain words', (t) =>
  eachHouse(t, 'rare', async (house) => {
    const { kernel } = house;
    const { hear, rare } = watching(house);
    kernel.time = at('2026-11-02T10:00:00+09:00');
    // Working days at ten: what is usual.
    for (let day = 0; day < 18; day += 1) {
      await hear(vpn('tanaka', 'Japan'), admin('hoshu'));
      kernel.time += DAY;
    }
    assert.deepEqual((await rare()).map((f) => f.title), [], 'nobody is told of a first day');
    await hear(vpn('tanaka', 'Germany'), admin('root2'));
    await hear(vpn('tanaka', 'Germany'), admin('root2'), vpn('tanaka', 'Japan'));
    const found = await rare();
    assert.deepEqual(found.map((f) => [f.ruleId, f.title, f.severity, f.count]).sort(), [
      [ABROAD, 'tanakaが、日本の外から社内につなぎました', 'look', 2],
      ['first.admin_name', '本社のUTMの設定画面に、初めての名前（root2）で入られました', 'look', 1],
    ]);
    // The same in the night: the hour is unusual for a name that is not.
    kernel.time = at('2026-11-21T03:10:00+09:00');
    await hear(admin('hoshu'));
    assert.ok((await rare()).some((f) => f.title === '本社のUTMの設定画面が、ふだんと違う時間に開かれました'));
    const told = await house.call<{ items: { id: string; ruleId: string }[] }>('findings.list', { query: { state: 'open' } });
    const { explanation } = await house.call<{ explanation: { certainty: string } }>('findings.get', { params: { finding: told.items.find((f) => f.ruleId === ABROAD)!.id } });
    assert.match(explanation.certainty, /番屋が見てきた18日間で、この国からは初めてでした。/);
  }));

// The rule about sign-ins from abroad hears the same line: the lead got two findings for one sign-in.
test('a sign-in from a new country that a rule has told of is one finding, which says that it is the first from there', () => {
  const of = (ruleId: string, more: Partial<RaisedFinding> = {}): RaisedFinding => ({
    orgId: 'a', kind: 'detection', ruleId, rule: { title: '', author: '', license: '', references: [] }, severity: 'look', direction: 'inbound', stopped: 'unknown', fingerprint: ruleId, entity: 'tanaka → DE', slots: { 'user.name': 'tanaka', 'source.ip': '198.51.100.7', 'source.geo.country_iso_code': 'DE', days: '18' },
    asset: null, minutes: 5, count: 1, firstAt: new Date(0), lastAt: new Date(0), days: { '2026-11-24': 1 }, samples: [], deskTicket: false, ...more,
  });
  const ids = (alerts: RaisedFinding[], rare: RaisedFinding[]): string[] => withNovelty(alerts, rare).map((f) => f.ruleId);
  const [one, ...others] = withNovelty([of(ABROAD)], [of('first.login_country'), of('first.remote_hour')]);
  assert.deepEqual(others.map((f) => f.ruleId), ['first.remote_hour']);
  const said = (f: RaisedFinding, lang: 'ja' | 'en'): string => {
    const { whatHappened, certainty } = explain({ rule_id: f.ruleId, rule: f.rule, kind: f.kind, rank: 1, stopped: f.stopped, direction: f.direction, minutes: f.minutes, slots: { ...f.slots }, asset: null, count: '1', first_at: f.firstAt, last_at: f.lastAt, entity: f.entity }, { lang, zone: 'Asia/Tokyo', now: new Date(0) });
    return `${whatHappened} ${certainty}`;
  };
  assert.match(said(one!, 'ja'), /（ドイツ）から、tanakaの名前で.*番屋が見てきた18日間で、この国からは初めてでした。出張や旅行なら問題ありません。/);
  assert.match(said(one!, 'en'), /\(Germany\) connected.*It was the first from there in the 18 days we had watched\. Fine if/);
  assert.match(said(of(ABROAD), 'ja'), /前にもあるかは、分かりません。出張や旅行なら/);
  for (const other of [of(ABROAD, { orgId: 'b' }), of(ABROAD, { entity: 'suzuki → DE' }), of(ABROAD, { suppressionId: 's' }), of('another rule')]) assert.deepEqual(ids([other], [of('first.login_country')]), [other.ruleId, 'first.login_country']);
});

test('what was forgotten after a month without it is news again, and others’ values are never mixed in', (t) =>
  eachHouse(t, 'window', async (house) => {
    const { kernel } = house;
    const { hear, rare } = watching(house);
    kernel.time = at('2026-09-01T10:00:00+09:00');
    await hear(vpn('tanaka', 'Germany'));
    for (let day = 0; day < 31; day += 1) {
      kernel.time += DAY;
      await hear(vpn('tanaka', 'Japan'));
    }
    await kernel.tenancy.asSystem('test: the night', (tx) => store.forget(tx));
    await hear(vpn('tanaka', 'Germany'));
    assert.deepEqual((await rare()).map((f) => f.ruleId), [ABROAD]);
    const rows = await kernel.tenancy.inOrg(scopeOf(house.other.id), (tx) => store.learning(tx, house.other.id));
    assert.deepEqual(rows, []);
  }));

test('the tables hold at most so many values of a kind, and then nothing of that kind is rare', (t) =>
  eachHouse(t, 'bounded', async (house) => {
    const { kernel } = house;
    const seen = (n: number, from: number) => Array.from({ length: n }, (_, i) => ({
      kind: 'program' as const, subject: 'keiri-03', key: `p${from + i}.exe`, orgId: house.member.id, at: kernel.time, time: kernel.time, sourceId: '', deviceId: null, raw: '', slots: {}, asset: null,
    }));
    const note = (n: number, from: number) => kernel.tenancy.asSystem('test: values', async (tx) => {
      const known = await store.known(tx, seen(n, from));
      await store.note(tx, seen(n, from));
      return known;
    });
    await note(1000, 0);
    kernel.time += DAY;
    const [after] = await note(500, 1000);
    assert.equal(after!.keys, 1000);
    const { rows } = await kernel.gate.query<{ n: string }>('select count(*) as n from detect_baselines');
    assert.equal(Number(rows[0]!.n), 1000);
  }));

// Names of computers are whatever a line says: without a bound one sender fills the state of all.
test('so many computers of an organisation are looked at and no more; those that are known go on, and others have room of their own', (t) =>
  eachHouse(t, 'subjects', async (house) => {
    const { kernel } = house;
    const seen = (orgId: string, hosts: readonly string[]) => hosts.map((subject) => ({ kind: 'program' as const, subject, key: 'a.exe', orgId, at: kernel.time, time: kernel.time, sourceId: '', deviceId: null, raw: '', slots: {}, asset: null }));
    const note = (orgId: string, ...hosts: string[]) => kernel.tenancy.asSystem('test: values', (tx) => store.note(tx, seen(orgId, hosts), 3));
    const known = async (orgId: string) => (await kernel.gate.query<{ subject: string; days: number }>('select subject, days from detect_baselines where org_id = $1 order by subject', [orgId])).rows.map((r) => `${r.subject} ${r.days}`);
    await note(house.member.id, 'a', 'b');
    kernel.time += DAY;
    await note(house.member.id, 'b', 'c', 'd', 'e');
    await note(house.member.id, 'f');
    await note(house.other.id, 'z');
    assert.deepEqual(await known(house.member.id), ['a 1', 'b 2', 'c 1']);
    assert.deepEqual(await known(house.other.id), ['z 1']);
    assert.equal((await kernel.gate.query('select 1 from detect_learning')).rows.length, 4);
  }));

// Without it one organisation's noise hides the first log-in from abroad of every other.
test('values of one organisation leave room in a batch for those of others', () => {
  const gatherer = new Gatherer();
  const line = (orgId: string, host: string) => gatherer.line({ orgId, orgZone: 'Asia/Tokyo', sourceId: 's', deviceId: null } as never, { 'event.action': 'info', 'event.category': 'process', 'event.type': 'start', 'host.name': host, 'process.name': 'a.exe' } as never, () => '', DAY * 20_000, DAY * 20_000);
  for (let i = 0; i < 5_000; i += 1) line('loud', `pc-${i}`);
  line('quiet', 'pc');
  const first = gatherer.take();
  assert.equal(first.filter((s) => s.orgId === 'quiet').length, 1);
  assert.ok(first.length < 1_000);
  line('loud', 'pc-4999');
  assert.equal(gatherer.take().length, 1, 'what was left out comes with the next line');
});

// A device that sends a week at once tells a value seven times in one batch.
test('a value counts once among those known, however often a batch or a later one tells it', (t) =>
  eachHouse(t, 'once', async (house) => {
    const { kernel } = house;
    const seen = (...at: number[]) => at.map((time) => ({ kind: 'usb_model' as const, subject: '', key: 'stick', orgId: house.member.id, at: time, time, sourceId: '', deviceId: null, raw: '', slots: {}, asset: null }));
    const note = (...at: number[]) => kernel.tenancy.asSystem('test: values', (tx) => store.note(tx, seen(...at)));
    await note(kernel.time, kernel.time + DAY);
    await note(kernel.time);
    await note(kernel.time + 2 * DAY);
    const rows = await kernel.tenancy.inOrg(scopeOf(house.member.id), (tx) => store.learning(tx, house.member.id));
    assert.deepEqual(rows.map((r) => [r.kind, Number(r.values)]), [['usb_model', 1]]);
  }));
