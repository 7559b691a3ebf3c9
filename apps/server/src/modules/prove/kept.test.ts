import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, eachWorld } from './world.test-helper.ts';

// Otherwise the rows of every alert of all members are carried for ever, in every backup, longer than anybody may keep them.
test('findings closed for longer than they are kept go, with all that hangs on them; what is open, held or named by a report stays', (t) =>
  eachWorld(t, 'kept', async (world) => {
    const org = world.members[0]!;
    const { gate } = world;
    const made = new Map<string, string>();
    for (const name of ['plain', 'ticket', 'solved', 'joined', 'report', 'open', 'silencing', 'again', 'young']) made.set(name, await world.raise(org, { fingerprint: name, entity: name }));
    const id = (name: string): string => made.get(name)!;
    for (const name of ['ticket', 'solved', 'joined']) await world.in(org, (tx) => tx.emit('findings.asked', { orgId: org, findingId: id(name), message: 'これは何ですか', by: { personId: null, name: '青木 花子' }, ticketId: null }));
    await gate.query("update findings_findings set state = 'closed', outcome = 'handled', closed_by = 'x', closed_at = $1 where id <> $2", [new Date(world.time), id('open')]);
    await gate.query("update desk_tickets set state = 'solved', solved_at = $1 where finding_id = $2", [new Date(world.time), id('solved')]);
    await gate.query('update desk_tickets set merged_into = (select id from desk_tickets where finding_id = $1) where finding_id = $2', [id('ticket'), id('joined')]);
    await gate.query(
      `insert into prove_reports (org_id, month, version, reason, closed_at, partial, verdict, lines, blocked, findings, demonstration, checksum, data) values ($1, '2026-09', 1, 'month', $2, false, 'act', 0, 0, 1, false, '', $3)`,
      [org, new Date(world.time), JSON.stringify({ actions: [{ finding: id('report') }, { finding: null }] })]);
    const silence = (name: string, days: number) => gate.query(`insert into findings_suppressions values ($1, gen_random_uuid(), $2, 'r', 'R', $3, '', 'x', $4, $5, null, null, $4)`, [org, id(name), name, new Date(world.time), new Date(world.time + days * DAY)]);
    await silence('silencing', 500);
    await silence('plain', 30);
    const night = async () => world.findings.jobs!.find((j) => j.name === 'findings.forget')!.run({}, { jobId: 'x', signal: new AbortController().signal });
    const left = async (): Promise<string[]> => {
      const { rows } = await gate.query<{ id: string }>('select id from findings_findings where org_id = $1', [org]);
      return rows.map((row) => [...made].find(([, made]) => made === row.id)?.[0] ?? '').sort();
    };
    world.time += 400 * DAY;
    await night();
    assert.equal((await left()).length, 9, 'on the last day all are there');
    await gate.query('update findings_findings set closed_at = $1 where id = $2', [new Date(world.time), id('young')]);
    await gate.query('update findings_findings set last_at = $1 where id = $2', [new Date(world.time), id('again')]);
    world.time += 1;
    await night();
    await night();
    assert.deepEqual(await left(), ['again', 'joined', 'open', 'report', 'silencing', 'ticket', 'young']);
    for (const table of ['findings_days', 'findings_samples', 'findings_history', 'findings_suppressions']) {
      const { rows } = await gate.query(`select 1 from ${table} where finding_id = any($1::uuid[])`, [[id('plain'), id('solved')]]);
      assert.equal(rows.length, 0, table);
    }
    const { rows: tickets } = await gate.query<{ finding_id: string | null }>("select finding_id from desk_tickets where state = 'solved'");
    assert.deepEqual(tickets, [{ finding_id: null }], 'the conversation stays, and leads nowhere');
    const { rows: ledger } = await gate.query("select 1 from kernel_ledger where org_id = $1 and action = 'findings.forgotten'", [org]);
    assert.equal(ledger.length, 1);
    await gate.query("update desk_tickets set state = 'solved', solved_at = $1 where merged_into is null", [new Date(world.time)]);
    await night();
    assert.deepEqual(await left(), ['again', 'open', 'report', 'silencing', 'young'], 'once the ticket is solved it holds nothing');
  }));
