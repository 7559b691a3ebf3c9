import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkRules } from '../src/operate/checks.ts';
import { readyFolder, testHouse } from './house.ts';
import { post, sender, settled, until } from './senders.ts';

const RULE = `title: Whoami with all privileges
id: 7a1f9d5e-0c55-4c7e-8a51-1f4f3a1f6d10
author: Hanako Example
license: DRL-1.1
references: [https://example.org/whoami]
level: high
logsource: {category: process_creation, product: windows}
detection:
  s:
    Image|endswith: '\\whoami.exe'
    CommandLine|contains: /priv
  condition: s
`;
const LINE = JSON.stringify({ EventTime: '2026-11-24 10:00:00', Hostname: 'PC-01.example.jp', EventID: 1, SourceName: 'Microsoft-Windows-Sysmon', Channel: 'Microsoft-Windows-Sysmon/Operational', Image: 'C:\\Windows\\System32\\whoami.exe', CommandLine: 'whoami /priv', User: 'EXAMPLE\\taro' });

// Rules that the operator imported are as good as ours: a lead sees what they find, with their author, and a broken one stops nothing.
test('an imported rule raises a finding that names its author, and a broken one is shown to the operator', async (t) => {
  const folder = await readyFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'data/rules/sigma'), { recursive: true });
  writeFileSync(join(folder, 'data/rules/sigma/whoami.yml'), RULE);
  writeFileSync(join(folder, 'data/rules/sigma/broken.yml'), RULE.replace('endswith', 'endswiht'));
  const house = await testHouse({ after: (fn) => t.after(fn) }, { folder });
  const federation = (await house.federation()).orgId;
  const org = await house.org('member', federation, '試験商事');
  const lead = await house.person(org, 'member', 'lead');
  const to = await sender(house, lead);
  assert.deepEqual((await post(house, to, `${LINE}\n`)).body, { accepted: 1 });
  await settled(house);
  const items = async () => (await house.send('GET', `/orgs/${org}/findings`, lead)).body.items as { id: string; title: string }[];
  await until('the finding', async () => (await items()).length === 1);
  const { body } = await house.send('GET', `/orgs/${org}/findings/${(await items())[0]!.id}`, lead);
  assert.deepEqual(body.rule, { id: '7a1f9d5e-0c55-4c7e-8a51-1f4f3a1f6d10', title: 'Whoami with all privileges', author: 'Hanako Example', license: 'DRL-1.1', references: ['https://example.org/whoami'] });
  assert.match(body.explanation.title, /Whoami with all privileges/);
  const [broken, ...others] = house.house.modules.detect.broken();
  assert.match(broken!, /^rules\/sigma\/broken\.yml:10: the modifier "endswiht"/);
  assert.deepEqual(others, []);
  const check = checkRules([broken!]);
  assert.deepEqual([check.state, checkRules(['detections/vpn/x.yml:1: wrong', broken!]).state], ['look', 'bad']);
  assert.match(check.text.ja, /rules\/sigma\/broken\.yml:10/);
});
