import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachHouse } from '../../../test/gates.ts';
import { newId } from '../ids.ts';
import type { Actor, Scope, Tx } from '../types.ts';

declare module '../types.ts' {
  interface BusEvents {
    'test.happened': { readonly n: number };
  }
}

const A = newId();
const B = newId();
const actor: Actor = { kind: 'person', personId: newId(), homeOrgId: A, name: 'Hana Example' };
const scope = (orgId: string): Scope => ({ orgId, actor });

const FIXTURE = `
  create table t_own (org_id uuid not null, id int not null, body text, primary key (org_id, id));
  call banya.tenant_table('t_own');
  create table t_shared (org_id uuid not null, desk_org_id uuid, id int not null, body text, primary key (org_id, id));
  call banya.shared_table('t_shared', 'desk_org_id', false);
  create table t_readonly (org_id uuid not null, desk_org_id uuid, id int not null, body text, primary key (org_id, id));
  call banya.shared_table('t_readonly', 'desk_org_id', true);
  create table t_tree (org_id uuid not null, path uuid[] not null, id int not null, body text, primary key (org_id, id));
  call banya.tree_table('t_tree', 'path');`;
const TABLES = ['t_own', 't_shared', 't_readonly', 't_tree'] as const;

const insert = (table: string, orgId: string, id: number, second: string | null = null) => (tx: Tx) =>
  table === 't_own'
    ? tx.query('insert into t_own values ($1, $2)', [orgId, id])
    : table === 't_tree'
      ? tx.query('insert into t_tree values ($1, $2, $3)', [orgId, second ? [second] : [], id])
      : tx.query(`insert into ${table} values ($1, $2, $3)`, [orgId, second, id]);

test('every table has forced row-level security by org_id, or stands on the list with a reason', async (t) => {
  await eachHouse(t, 'catalogue', async ({ gate }) => {
    const { rows } = await gate.query<{ name: string; secured: boolean; org: boolean; policies: string[] | null; exempt: boolean; indexed: boolean; app: boolean }>(`
      select format('%I.%I', n.nspname, c.relname) as name,
        c.relrowsecurity and c.relforcerowsecurity as secured,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and a.atttypid = 'uuid'::regtype and a.attnotnull) as org,
        (select array_agg(p.polname::text order by p.polname) from pg_policy p where p.polrelid = c.oid) as policies,
        e.name is not null as exempt,
        exists (select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                where i.indrelid = c.oid and i.indpred is null and a.attname = 'org_id') as indexed,
        has_table_privilege('banya_app', c.oid, 'select, insert, update, delete, truncate') as app
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
        left join banya.exempt_tables e on e.name = format('%I.%I', n.nspname, c.relname)
      where c.relkind in ('r', 'p', 'm', 'f', 'v') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgboss', 'auth', 'banya')`);
    assert.ok(rows.length >= 5);
    for (const row of rows) {
      if (row.exempt) {
        assert.equal(row.app, false, `${row.name} has no organisation and is open to banya_app`);
        continue;
      }
      assert.ok(row.secured && row.org, `${row.name} lacks forced row-level security with org_id: call banya.tenant_table, or banya.exempt_table with a reason`);
      assert.ok(row.policies?.includes('system'), `${row.name} has no policy of its kind`);
      assert.ok(row.indexed, `${row.name} has no index that begins with org_id`);
    }
    const { rows: stale } = await gate.query('select name from banya.exempt_tables where to_regclass(name) is null');
    assert.deepEqual(stale, [], 'exempt tables that do not exist');
  });
});

test('schemas auth and banya are closed to the roles of tenants', async (t) => {
  await eachHouse(t, 'closed schemas', async ({ gate, tenancy }) => {
    const { rows } = await gate.query(`
      select format('%I.%I', n.nspname, c.relname) as name, r.role
      from pg_class c join pg_namespace n on n.oid = c.relnamespace, (values ('banya_app'), ('banya_system'), ('banya_auth')) r(role)
      where c.relkind = 'r' and n.nspname in ('auth', 'banya') and not (n.nspname = 'auth' and r.role = 'banya_auth')
        and has_table_privilege(r.role, c.oid, 'select, insert, update, delete')`);
    assert.deepEqual(rows, []);
    await assert.rejects(tenancy.asAuth('test', (tx) => tx.query('select * from kernel_ledger')), { code: '42501' });
    await assert.rejects(tenancy.inOrg(scope(A), (tx) => tx.query('select * from kernel_outbox')), { code: '42501' });
  });
});

test('an organisation can neither read, count, insert for, change nor delete the rows of another, on any kind of table', async (t) => {
  await eachHouse(t, 'isolation', async ({ gate, tenancy }) => {
    await gate.query(FIXTURE);
    for (const table of TABLES) {
      await tenancy.inOrg(scope(A), insert(table, A, 1));
      await tenancy.inOrg(scope(B), async (tx) => {
        assert.deepEqual(await tx.query(`select * from ${table}`), [], table);
        assert.deepEqual(await tx.query(`select count(*)::int as n from ${table}`), [{ n: 0 }], table);
        assert.deepEqual(await tx.query(`update ${table} set body = 'x' where id = 1 returning 1`), [], table);
        assert.deepEqual(await tx.query(`delete from ${table} returning 1`), [], table);
        assert.deepEqual(await tx.query(`select * from ${table} where org_id = $1 or true`, [A]), [], table);
      });
      await assert.rejects(tenancy.inOrg(scope(B), insert(table, A, 2)), { code: '42501' }, table);
      await tenancy.inOrg(scope(B), insert(table, B, 3));
      await assert.rejects(tenancy.inOrg(scope(B), (tx) => tx.query(`update ${table} set org_id = $1`, [A])), { code: '42501' }, table);
      await assert.rejects(tenancy.inOrg(scope(B), (tx) => tx.query(`truncate ${table}`)), { code: '42501' }, table);
      await tenancy.asSystem('test', async (tx) => {
        assert.deepEqual(await tx.query(`select org_id, id, body from ${table} order by id`), [{ org_id: A, id: 1, body: null }, { org_id: B, id: 3, body: null }], table);
      });
    }
  });
});

test('without an organisation nothing is seen', async (t) => {
  await eachHouse(t, 'no organisation', async ({ gate, tenancy }) => {
    await gate.query(FIXTURE);
    await tenancy.inOrg(scope(A), insert('t_own', A, 1));
    await gate.transaction(async (client) => {
      assert.deepEqual((await client.query('select * from t_own')).rows, []);
    }, 'set local role banya_app');
  });
});

test('the second organisation of a shared row reads it, and changes it unless it is read-only, but never who sees it', async (t) => {
  await eachHouse(t, 'shared', async ({ gate, tenancy }) => {
    await gate.query(FIXTURE);
    for (const table of ['t_shared', 't_readonly']) {
      await tenancy.inOrg(scope(A), insert(table, A, 1, B));
      await tenancy.inOrg(scope(A), insert(table, A, 2, null));
      await tenancy.inOrg(scope(B), async (tx) => {
        assert.deepEqual(await tx.query(`select id from ${table}`), [{ id: 1 }]);
        const changed = await tx.query(`update ${table} set body = 'from the desk' returning id`);
        assert.deepEqual(changed, table === 't_shared' ? [{ id: 1 }] : []);
        assert.deepEqual(await tx.query(`delete from ${table} returning id`), []);
      });
      await assert.rejects(tenancy.inOrg(scope(B), insert(table, A, 3, B)), { code: '42501' });
    }
    await assert.rejects(tenancy.inOrg(scope(B), (tx) => tx.query('update t_shared set org_id = $1', [B])), { code: '42501' });
    await assert.rejects(tenancy.inOrg(scope(A), (tx) => tx.query('update t_shared set desk_org_id = null')), { code: '42501' });
    await tenancy.asSystem('test', (tx) => tx.query('update t_shared set desk_org_id = null'));
    assert.deepEqual(await tenancy.inOrg(scope(B), (tx) => tx.query('select * from t_shared')), []);
  });
});

test('rows of a tree table are seen and written by those above, not by those below or beside', async (t) => {
  await eachHouse(t, 'tree', async ({ gate, tenancy }) => {
    await gate.query(FIXTURE);
    const above = newId();
    await tenancy.inOrg(scope(above), insert('t_tree', A, 1, above));
    await tenancy.inOrg(scope(above), insert('t_tree', above, 2));
    const seen = (orgId: string) => tenancy.inOrg(scope(orgId), (tx) => tx.query('select id from t_tree order by id'));
    assert.deepEqual(await seen(above), [{ id: 1 }, { id: 2 }]);
    assert.deepEqual(await seen(A), [{ id: 1 }]);
    assert.deepEqual(await seen(B), []);
    await assert.rejects(tenancy.inOrg(scope(A), (tx) => tx.query("update t_tree set path = '{}'")), { code: '42501' });
  });
});

test('the scope ends with the transaction, whether it commits or not', async (t) => {
  await eachHouse(t, 'scope ends', async ({ gate, tenancy }) => {
    await tenancy.inOrg(scope(A), async () => {});
    await assert.rejects(tenancy.asSystem('test', () => Promise.reject(new Error('no'))), /no/);
    const { rows } = await gate.query("select banya.org() as org, current_user = session_user as own");
    assert.deepEqual(rows, [{ org: null, own: true }]);
  });
});

test('a handle kept after its transaction is refused', async (t) => {
  await eachHouse(t, 'kept handle', async ({ tenancy }) => {
    let kept: Tx | undefined;
    await tenancy.inOrg(scope(A), async (tx) => {
      kept = tx;
    });
    await assert.rejects(kept!.query('select 1'), /has ended/);
    await assert.rejects(kept!.table<{ t_own: { id: number } }>().selectFrom('t_own').select('id').execute(), /has ended/);
  });
});

test('a second statement behind a semicolon is refused, so no text can change the role', async (t) => {
  await eachHouse(t, 'one statement', async ({ tenancy }) => {
    await assert.rejects(tenancy.inOrg(scope(A), (tx) => tx.query('select 1; set local role banya_system')), { code: '42601' });
  });
});

test('a malformed organisation id never reaches the database', async (t) => {
  await eachHouse(t, 'malformed id', async ({ tenancy }) => {
    for (const orgId of ['', 'x', `${A}'; drop table kernel_outbox; --`, A.toUpperCase()]) {
      await assert.rejects(tenancy.inOrg(scope(orgId), async () => {}), TypeError);
    }
  });
});

test('the query builder runs in the transaction, one statement after another however they are started', async (t) => {
  await eachHouse(t, 'builder', async ({ gate, tenancy }) => {
    await gate.query(FIXTURE);
    type Schema = { t_own: { org_id: string; id: number; body: string | null } };
    await tenancy.inOrg(scope(A), async (tx) => {
      await Promise.all([1, 2, 3].map((id) => tx.table<Schema>().insertInto('t_own').values({ org_id: A, id, body: null }).execute()));
      const { numUpdatedRows } = await tx.table<Schema>().updateTable('t_own').set({ body: 'x' }).where('id', '>', 1).executeTakeFirstOrThrow();
      assert.equal(numUpdatedRows, 2n);
    });
    const failed = tenancy.inOrg(scope(A), async (tx) => {
      await tx.table<Schema>().deleteFrom('t_own').execute();
      throw new Error('no');
    });
    await assert.rejects(failed, /no/);
    const rows = await tenancy.inOrg(scope(A), (tx) => tx.table<Schema>().selectFrom('t_own').select('id').orderBy('id').execute());
    assert.deepEqual(rows, [{ id: 1 }, { id: 2 }, { id: 3 }]);
  });
});

test('handlers of `on` share the fate of the transaction; those of `after` and afterCommit run only if it commits', async (t) => {
  await eachHouse(t, 'events', async ({ gate, tenancy, bus }) => {
    await gate.query(FIXTURE);
    const heard: string[] = [];
    bus.on('test.happened', async (tx, { n }) => {
      await insert('t_own', tx.orgId!, n)(tx);
      heard.push(`on ${n}`);
    });
    bus.on('test.happened', async (_tx, { n }) => {
      if (n === 2) throw new Error('refused by a handler');
    });
    bus.after('test.happened', ({ n }) => void heard.push(`after ${n}`));
    await tenancy.inOrg(scope(A), async (tx) => {
      tx.afterCommit(() => void heard.push('committed'));
      tx.afterCommit(() => {
        throw new Error('only logged');
      });
      await tx.emit('test.happened', { n: 1 });
    });
    const refused = tenancy.inOrg(scope(A), async (tx) => {
      tx.afterCommit(() => void heard.push('never'));
      await tx.emit('test.happened', { n: 2 });
    });
    await assert.rejects(refused, /refused by a handler/);
    assert.deepEqual(heard, ['on 1', 'after 1', 'committed', 'on 2']);
    assert.deepEqual(await tenancy.inOrg(scope(A), (tx) => tx.query('select id from t_own')), [{ id: 1 }]);
  });
});

test('an event that answers itself stops instead of running for ever', async (t) => {
  await eachHouse(t, 'endless event', async ({ tenancy, bus }) => {
    bus.on('test.happened', (tx, payload) => tx.emit('test.happened', payload));
    await assert.rejects(tenancy.inOrg(scope(A), (tx) => tx.emit('test.happened', { n: 1 })), /More than 100 events within one another/);
  });
});

test('one after another, a transaction tells as much as there is to tell', async (t) => {
  await eachHouse(t, 'many events', async ({ tenancy, bus }) => {
    let heard = 0;
    bus.on('test.happened', async () => {
      heard++;
    });
    await tenancy.inOrg(scope(A), async (tx) => {
      for (let n = 0; n < 2_500; n++) await tx.emit('test.happened', { n });
    });
    assert.equal(heard, 2_500);
  });
});

test('work marked as repeatable runs again after a deadlock, other work does not', async (t) => {
  await eachHouse(t, 'retry', async ({ tenancy }) => {
    let runs = 0;
    const deadlock = async (): Promise<number> => {
      runs += 1;
      if (runs < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return runs;
    };
    assert.equal(await tenancy.inOrg(scope(A), deadlock, { retry: true }), 3);
    runs = 0;
    await assert.rejects(tenancy.inOrg(scope(A), deadlock), { code: '40P01' });
    assert.equal(runs, 1);
  });
});
