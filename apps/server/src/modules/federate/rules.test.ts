import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alertFigures, cells, need, type SnapshotFigures } from './rules.ts';

const now = new Date('2026-11-24T01:00:00Z');
const n = fc.nat(60);
const anyFigures: fc.Arbitrary<SnapshotFigures> = fc.record({
  inventory: fc.record({ sources: n, flowing: n, silent: n }), alerts: fc.record({ openNow: n, openLook: n, overdue: n, weeks: fc.array(n, { minLength: 12, maxLength: 12 }) }),
  tickets: fc.record({ open: n, waiting: n, late: n }), scores: fc.record({ leadSeenDays: fc.option(n) }),
}, { requiredKeys: [] }) as fc.Arbitrary<SnapshotFigures>;

test('a cell of a kind that is not shared never holds a number', () => {
  fc.assert(fc.property(anyFigures, fc.boolean(), (figures, lead) => {
    const c = cells(figures, lead, now, now);
    const kinds = { flowing: 'inventory', openNow: 'alerts', openLook: 'alerts', overdue: 'alerts', tickets: 'tickets' } as const;
    for (const [cell, kind] of Object.entries(kinds)) assert.equal(c[cell as keyof typeof kinds].state === 'notShared', figures[kind] === undefined);
    for (const cell of Object.values(c)) if (cell.state === 'notShared') assert.equal(cell.value, null);
  }));
});

test('no cell is good while something is open, silent or late', () => {
  fc.assert(fc.property(anyFigures, (figures) => {
    const c = cells(figures, true, now, now);
    if (figures.alerts && figures.alerts.openNow > 0) assert.equal(c.openNow.state, 'now');
    if (figures.alerts && figures.alerts.overdue > 0) assert.equal(c.overdue.state, 'now');
    if (figures.inventory && (figures.inventory.silent > 0 || figures.inventory.sources === 0)) assert.notEqual(c.flowing.state, 'good');
    if (figures.tickets && figures.tickets.late > 0) assert.equal(c.tickets.state, 'now');
  }));
});

test('one more thing to act on never makes a member need less, and the score fits its column', () => {
  fc.assert(fc.property(anyFigures, fc.boolean(), (figures, lead) => {
    const score = need(figures, lead);
    assert.ok(Number.isInteger(score) && score >= 0 && score < 2 ** 31);
    if (figures.alerts) assert.ok(need({ ...figures, alerts: { ...figures.alerts, openNow: figures.alerts.openNow + 1 } }, lead) >= score);
  }));
});

test('something to act on outranks a silent device, and that a member that has only just joined', () => {
  const calm: SnapshotFigures = { inventory: { sources: 1, flowing: 1, silent: 0 }, alerts: { openNow: 0, openLook: 0, overdue: 0, weeks: [] }, tickets: { open: 0, waiting: 0, late: 0 }, scores: { leadSeenDays: 1 } };
  const burning = need({ ...calm, alerts: { ...calm.alerts!, openNow: 1 } }, true);
  const silent = need({ ...calm, inventory: { sources: 1, flowing: 0, silent: 1 } }, true);
  const fresh = need({ ...calm, inventory: { sources: 0, flowing: 0, silent: 0 } }, false);
  assert.ok(burning > silent && silent > fresh && fresh > need(calm, true));
});

test('weeks count things to look at by when they began; what is older, to come or harmless is left out', () => {
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const of = (severity: 'now' | 'look' | 'fyi', days: number, open = false) => ({ severity, open, firstAt: ago(days) });
  const { weeks, openNow, openLook, overdue } = alertFigures([of('look', 0.5), of('now', 6.9), of('look', 7.1), of('look', 83.9), of('look', 84.1, true), of('look', -1), of('fyi', 1, true), of('now', 0.5, true), of('now', 1.5, true)], now);
  assert.deepEqual(weeks, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4]);
  assert.deepEqual([openNow, openLook, overdue], [2, 1, 2]);
});
