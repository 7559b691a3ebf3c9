import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { postgresHouse, quiet } from '../../../test/gates.ts';
import { Live } from '../http/live.ts';
import { newId } from '../ids.ts';
import { relayLive } from './live-relay.ts';

/** What a page gets; `ended` once its stream is closed. */
function page(live: Live, org: string): { ids: Set<string>; ended: boolean } {
  const seen = { ids: new Set<string>(), ended: false };
  void (async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of live.stream(org, { personId: null, stillAllowed: () => Promise.resolve(true) }).body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      for (const match of text.matchAll(/"id":"([^"]+)"/g)) seen.ids.add(match[1]!);
    }
    seen.ended = true;
  })();
  return seen;
}
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await sleep(50);
  assert.ok(holds(), 'waited 10 s in vain');
}

test('events reach the pages of another process: many at once, published inside a transaction, and none of another organisation', async (t) => {
  await postgresHouse(t, 'relay', async ({ gate, tenancy }) => {
    const [here, there] = [new Live(), new Live()];
    const relays = [await relayLive(here, gate, quiet), await relayLive(there, gate, quiet)];
    const [org, other] = [newId(), newId()];
    const [mine, theirs] = [page(there, org), page(there, other)];
    const ids = Array.from({ length: 60 }, () => newId());
    // 60 ids are more than one payload of NOTIFY holds after a few hundred of other organisations.
    await tenancy.inOrg({ orgId: org, actor: { kind: 'system', name: 'test' } }, async () => {
      for (let i = 0; i < 300; i++) here.publish(newId(), { kind: 'finding', id: newId() });
      for (const id of ids) here.publish(org, { kind: 'finding', id });
      await sleep(120);
    });
    await until(() => mine.ids.size === ids.length);
    assert.equal(theirs.ids.size, 0);
    for (const relay of relays) await relay.close();
    here.close();
    there.close();
  });
});

test('after the connection was lost pages read afresh, and later events arrive again', async (t) => {
  await postgresHouse(t, 'loss', async ({ gate }) => {
    const [here, there] = [new Live(), new Live()];
    const relays = [await relayLive(here, gate, quiet), await relayLive(there, gate, quiet)];
    const org = newId();
    const before = page(there, org);
    await gate.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'banya listen' and datname = current_database()`);
    await until(() => before.ended);
    const after = page(there, org);
    const id = newId();
    here.publish(org, { kind: 'finding', id });
    await until(() => after.ids.has(id));
    // What anybody else may write into the channel harms nobody.
    for (const payload of ['', 'null', '{"events":[null,{"org":1},{"org":"x","kind":"toString","id":"y"}]}']) await gate.query('select pg_notify($1, $2)', ['banya_live', payload]);
    const next = newId();
    here.publish(org, { kind: 'finding', id: next });
    await until(() => after.ids.has(next));
    for (const relay of relays) await relay.close();
    here.close();
    there.close();
  });
});
