import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { House } from '../../test/gates.ts';
import { eachHouse } from '../../test/gates.ts';
import type { Reader } from './audit.ts';
import { ledgerRecords, listLedger, verifyLedger } from './audit.ts';
import { HOUSE_ORG } from './db/tenancy.ts';
import { newId } from './ids.ts';
import type { Actor, Scope } from './types.ts';

const A = newId();
const B = newId();
const person: Actor = { kind: 'person', personId: newId(), homeOrgId: A, name: '花子 Example' };
const desk: Actor = { kind: 'person', personId: newId(), homeOrgId: B, name: 'Desk Example' };
const own = (orgId: string): Scope => ({ orgId, actor: person });

const reader = ({ tenancy }: House, orgId: string): Reader => <Row>(text: string, values: readonly unknown[]) => tenancy.inOrg(own(orgId), (tx) => tx.query<Row>(text, values));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function write(house: House, orgId: string, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await house.tenancy.inOrg(own(orgId), async (tx) => tx.audit({ action: 'finding.closed', target: `finding:${i}`, facts: { n: i, ratio: 0.1, open: false, note: null } }));
  }
}

test('each organisation\'s ledger verifies, also with odd text and several entries in one transaction', async (t) => {
  await eachHouse(t, 'verifies', async (house) => {
    await write(house, A, 3);
    await house.tenancy.inOrg(own(A), async (tx) => {
      tx.audit({ action: 'test.odd', target: 'nul \0 and half \ud83d', facts: { 'key\0': 'ä\0', big: 1e21, tiny: -0 } });
      tx.audit({ action: 'test.other', orgId: B });
      tx.audit({ action: 'test.again' });
    });
    assert.equal((await verifyLedger(reader(house, A), A)).ok, true);
    assert.deepEqual(await verifyLedger(reader(house, B), B), { ok: true, count: 1, head: (await verifyLedger(reader(house, B), B) as { head: unknown }).head });
    const records = await collect(ledgerRecords(reader(house, A), A));
    assert.deepEqual(records.map(({ seq }) => seq), [1, 2, 3, 4, 5]);
    assert.deepEqual((records[0]!.body as { facts: unknown }).facts, { n: 0, ratio: 0.1, open: false, note: null });
  });
});

test('a change of any column, a missing entry and a cut tail are found', async (t) => {
  await eachHouse(t, 'tampering', async (house) => {
    await write(house, A, 4);
    const intact = await verifyLedger(reader(house, A), A);
    assert.equal(intact.ok, true);
    const tampering = [
      "update kernel_ledger set at = at + interval '1 millisecond' where seq = 2",
      "update kernel_ledger set action = 'finding.opened' where seq = 2",
      'update kernel_ledger set target = null where seq = 2',
      "update kernel_ledger set actor = actor || '{\"name\":\"X\"}' where seq = 2",
      "update kernel_ledger set via = 'always' where seq = 2",
      "update kernel_ledger set facts = facts || '{\"n\":9}' where seq = 2",
      'update kernel_ledger set v = 2 where seq = 2',
      "update kernel_ledger set prev_hash = repeat('0', 64) where seq = 2",
      "update kernel_ledger set hash = repeat('0', 64) where seq = 2",
      `update kernel_ledger set org_id = '${B}' where seq = 2`,
      'delete from kernel_ledger where seq = 2',
      'delete from kernel_ledger where seq = 4',
      'update kernel_ledger_heads set seq = 3',
    ];
    for (const change of tampering) {
      // Rights to do this are the store owner's alone; the rollback restores the row for the next try.
      await house.gate.transaction(async (client) => {
        await client.query(change);
        const read: Reader = async <Row>(text: string, values: readonly unknown[]) => (await client.query({ text, values: [...values] })).rows as Row[];
        assert.equal((await verifyLedger(read, A)).ok, false, change);
        await client.query('rollback; begin');
      });
    }
    assert.deepEqual(await verifyLedger(reader(house, A), A), intact);
  });
});

test('no role of the house can change or delete an entry', async (t) => {
  await eachHouse(t, 'append only', async ({ tenancy, ...house }) => {
    await write({ tenancy, ...house }, A, 1);
    for (const statement of ["update kernel_ledger set action = 'x.y'", 'delete from kernel_ledger', 'truncate kernel_ledger', 'delete from kernel_ledger_heads']) {
      await assert.rejects(tenancy.inOrg(own(A), (tx) => tx.query(statement)), { code: '42501' }, statement);
      await assert.rejects(tenancy.asSystem('test', (tx) => tx.query(statement)), { code: '42501' }, statement);
    }
    const forged = `insert into kernel_ledger (org_id, seq, v, at, action, actor, prev_hash, hash) values ('${A}', 2, 1, now(), 'x.y', '{}', '', '')`;
    await assert.rejects(tenancy.inOrg(own(A), (tx) => tx.query(forged)), { code: '42501' });
  });
});

test('another organisation\'s person leaves a trace in every transaction, once, and only of a transaction that commits', async (t) => {
  await eachHouse(t, 'via', async (house) => {
    const visit: Scope = { orgId: A, actor: desk, via: 'tickets' };
    await house.tenancy.inOrg(visit, async (tx) => {
      await tx.query('select 1');
      await tx.query('select 2');
    });
    await house.tenancy.inOrg(visit, async (tx) => tx.audit({ action: 'desk.read', target: 'ticket:1' }));
    await house.tenancy.inOrg(visit, async (tx) => tx.audit({ action: 'desk.noted', orgId: B }));
    await assert.rejects(house.tenancy.inOrg(visit, () => Promise.reject(new Error('no'))));
    await write(house, A, 1);
    const looked = await listLedger(reader(house, A), A, { limit: 10, onlyVia: true });
    assert.deepEqual(looked.map(({ action, via, actor }) => [action, via, actor]), [
      ['kernel.read', 'tickets', desk],
      ['desk.read', 'tickets', desk],
      ['kernel.read', 'tickets', desk],
    ]);
  });
});

test('the ledger is paged by keyset, newest first', async (t) => {
  await eachHouse(t, 'pages', async (house) => {
    await write(house, A, 5);
    const first = await listLedger(reader(house, A), A, { limit: 2 });
    const second = await listLedger(reader(house, A), A, { limit: 2, before: first.at(-1)!.seq });
    assert.deepEqual([...first, ...second].map(({ seq }) => seq), [5, 4, 3, 2]);
    assert.ok(first[0]!.at instanceof Date);
    assert.deepEqual(await listLedger(reader(house, B), A, { limit: 2 }), [], 'another organisation sees none of it');
  });
});

test('transactions that write to the same ledgers in different order do not block each other for good', async (t) => {
  await eachHouse(t, 'lock order', async (house) => {
    const both = (first: string, second: string) =>
      house.tenancy.asSystem('test', async (tx) => {
        tx.audit({ action: 'test.one', orgId: first });
        tx.audit({ action: 'test.two', orgId: second });
      });
    await Promise.all(Array.from({ length: 16 }, (_, i) => (i % 2 ? both(A, B) : both(B, A))));
    for (const orgId of [A, B]) assert.equal((await verifyLedger(reader(house, orgId), orgId)).ok, true);
  });
});

test('system work that names no organisation is in the ledger of the installation', async (t) => {
  await eachHouse(t, 'house', async (house) => {
    await house.tenancy.asSystem('backup', async (tx) => tx.audit({ action: 'kernel.backed_up' }));
    const [line] = await listLedger(reader(house, HOUSE_ORG), HOUSE_ORG, { limit: 1 });
    assert.deepEqual(line?.actor, { kind: 'system', name: 'backup' });
  });
});

test('entries that are malformed or too large are refused before the transaction commits', async (t) => {
  await eachHouse(t, 'refused', async (house) => {
    const bad = [
      { action: 'no verb' },
      { action: 'closed' },
      { action: 'a.b', target: 'x'.repeat(201) },
      { action: 'a.b', facts: { text: 'x'.repeat(2048) } },
      { action: 'a.b', facts: { nested: { a: 1 } as never } },
      { action: 'a.b', orgId: 'nobody' },
    ];
    for (const entry of bad) await assert.rejects(house.tenancy.inOrg(own(A), async (tx) => tx.audit(entry)), JSON.stringify(entry).slice(0, 60));
    assert.deepEqual(await listLedger(reader(house, A), A, { limit: 1 }), []);
  });
});
