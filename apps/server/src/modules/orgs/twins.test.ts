import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { eachHouse } from '../../../test/gates.ts';
import type { Tx } from '../../kernel/types.ts';
import { archivePerson, createOrg, createPerson, restorePerson, updatePerson } from './service.ts';
import * as store from './store.ts';

/** Long enough for the other one to have looked before this one is stored. */
const MOMENT_MS = 150;

// Two with one address: both would get its sign-in links, and which of them it names in lists and mails would be chance.
test('of two people who get the same address at the same moment, one is refused, whichever way each gets it', (t) =>
  eachHouse(t, 'twins', async ({ tenancy }) => {
    const by = { roles: new Map() };
    const org = await tenancy.asSystem('test: a federation', (tx) => createOrg(tx, 'federation', null, { name: '試験連合会' }));
    const inOrg = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => tenancy.inOrg({ orgId: org.id, actor: { kind: 'system', name: 'test' } }, fn);
    const person = (name: string, ...emails: string[]) => inOrg((tx) => createPerson(tx, org.id, { name, emails }));
    const plain = await person('一人目', 'plain@member.example');
    const gone = await person('去った人', 'back@member.example');
    await inOrg((tx) => archivePerson(tx, org.id, gone.id, by));
    const pairs: [string, (tx: Tx) => Promise<unknown>, (tx: Tx) => Promise<unknown>][] = [
      ['new@member.example', (tx) => createPerson(tx, org.id, { name: '双子', emails: ['new@member.example'] }), (tx) => createPerson(tx, org.id, { name: '双子', emails: ['new@member.example'] })],
      ['moved@member.example', (tx) => createPerson(tx, org.id, { name: '双子', emails: ['moved@member.example'] }), (tx) => updatePerson(tx, org.id, plain.id, { emails: ['moved@member.example'] }, by)],
      ['back@member.example', (tx) => createPerson(tx, org.id, { name: '双子', emails: ['back@member.example'] }), (tx) => restorePerson(tx, org.id, gone.id)],
    ];
    for (const [email, ...ways] of pairs) {
      const ends = await Promise.allSettled(ways.map((way) => inOrg(async (tx) => {
        await way(tx);
        await sleep(MOMENT_MS);
      })));
      assert.deepEqual(ends.map((e) => (e.status === 'fulfilled' ? 'stored' : (e.reason as { code?: unknown }).code)).sort(), ['email_taken', 'stored'], email);
      assert.equal((await inOrg((tx) => store.people.withEmails(tx, org.id, [email]))).length, 1, email);
    }
  }));
