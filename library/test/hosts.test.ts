import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_KINDS, loadHosts } from '../src/hosts.ts';

test('every kind of host has a list, and no host is both a free mail box and a click counter', () => {
  const hosts = loadHosts();
  for (const kind of HOST_KINDS) assert.ok(hosts[kind].length >= 8, kind);
  const counters = new Set(hosts.tracker);
  assert.deepEqual(hosts.freemail.filter((host) => counters.has(host)), []);
});

test('endings of honest Japanese firms are on no list of throw-away endings', () => {
  const { suffix } = loadHosts();
  for (const honest of ['com', 'jp', 'co.jp', 'ne.jp', 'or.jp', 'go.jp', 'net', 'org', 'co', 'io']) assert.ok(!suffix.includes(honest), honest);
});
