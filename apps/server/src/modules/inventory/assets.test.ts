import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachHouse } from '../../../test/gates.ts';
import { newId } from '../../kernel/ids.ts';
import { findAssets } from './assets.ts';

// A batch of lines is of many members, and asking for each of them apart was half of what the embedded database did for it.
test('devices of several organisations are found in two statements, and the same address at another one is another device', (t) =>
  eachHouse(t, 'assets', async ({ gate, tenancy }) => {
    const [a, b, c] = [newId(), newId(), newId()];
    for (const id of [a, b, c]) await gate.query("insert into orgs_orgs (id, org_id, kind, name, search_key, created_at) values ($1, $1, 'federation', 'x', '', now())", [id]);
    const device = (orgId: string, name: string, addresses: string[], macs: string[] = []) =>
      gate.query("insert into inventory_devices (org_id, id, name, kind, macs, host_names, addresses, sort_key, search_key, created_at, updated_at) values ($1, $2, $3, 'pc', $4, $5, $6, '', '', now(), now())", [orgId, newId(), name, macs, [], addresses]);
    await device(a, 'A の受付', ['192.168.1.5']);
    await device(b, 'B の受付', ['192.168.1.5']);
    await device(b, 'B の倉庫', [], ['001122334455']);
    await gate.query("insert into inventory_leases (org_id, ip, from_at, mac, host_name) values ($1, '192.168.1.9', now() - interval '1 hour', '001122334455', null)", [b]);
    const at = new Date(Date.now());
    const hints = [a, b, c].flatMap((orgId) => ['192.168.1.5', '192.168.1.9'].map((ip) => ({ orgId, ip, at })));
    const orgs = { people: async () => new Map() } as never;
    const { result, statements } = await gate.counted(() => tenancy.asSystem('test: assets', (tx) => findAssets(tx, orgs, hints)));
    assert.deepEqual(result.map((found) => found?.name ?? null), ['A の受付', null, 'B の受付', 'B の倉庫', null, null]);
    assert.equal(statements, 2);
    // Inside one organisation nothing else is seen, whatever is asked for.
    const own = await tenancy.inOrg({ orgId: a, actor: { kind: 'system', name: 'test' } }, (tx) => findAssets(tx, orgs, hints));
    assert.deepEqual(own.map((found) => found?.name ?? null), ['A の受付', null, null, null, null, null]);
  }));
