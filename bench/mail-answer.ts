/**
 * How long somebody waits who asks whether a mail is real: uploads until the answer can be read, and forwards until the answer
 * mail has arrived at a mail server of this process, one after the other. The server is a process of its own on an empty
 * folder; the very first answer of each kind, with the check still asleep, is told apart. The mails are the demonstration's.
 * Promises: an upload within 2 s, a forward within 10 s, each at p95.
 *
 *   node bench/mail-answer.ts [--mails 100]
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendMail } from '../apps/server/test/mails.ts';
import type { TestHouse, TestPerson } from '../apps/server/test/house.ts';
import { forwardBytes, mailBytes, type Receiver } from '../apps/server/src/demo/mails/bytes.ts';
import { MAILS, type DemoMail } from '../apps/server/src/demo/mails/index.ts';
import { decodedBody, openMailServer } from '../apps/server/src/modules/notify/smtp.test-helper.ts';
import { flags, report, spread } from './lib/report.ts';
import { buildApplication, inFolder, prepare, Server } from './lib/server.ts';

const given = flags(['mails']);
const COUNT = Number(given.get('mails') ?? 100);
const PROMISED = { upload: 2_000, forward: 10_000 };
const DOMAIN = 'banya.test';
const PARTNER = { domain: 'tsukuyomi-kozai.example', name: '月詠鋼材' };
const receiver: Receiver = { name: '計測商店', domain: 'keisoku.example', people: [{ name: '計測 太郎' }] };
/** One person may send thirty mails at once, and one every twenty seconds then. */
const PER_PERSON = 10;
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 10;

/** Every mail another one, so that nothing is known from before. */
const letterOf = (n: number): DemoMail => {
  const mail = [...MAILS.values()][n % MAILS.size]!;
  return { ...mail, key: `${mail.key} ${n}`, subject: `${mail.subject}（${n}）` };
};

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(LOOK_EVERY_MS)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`no answer within ${PATIENCE_MS / 1000} s`);
}

await buildApplication();
const sink = await openMailServer();
await inFolder(async (folder) => {
  const data = join(folder, 'data');
  const made = await prepare(data, async (house: TestHouse) => {
    await house.house.modules.notify.saveServer({ host: '127.0.0.1', port: sink.port, secure: false, from: `noreply@${DOMAIN}` });
    const { orgId: federationId } = await house.federation();
    const orgId = await house.org('member', federationId, receiver.name);
    const people = (): Promise<TestPerson[]> => Array.from({ length: Math.ceil((COUNT + 1) / PER_PERSON) }).reduce<Promise<TestPerson[]>>(async (all) => [...(await all), await house.person(orgId, 'member', 'staff')], Promise.resolve([]));
    return { orgId, lead: await house.person(orgId, 'member', 'lead'), uploaders: await people(), forwarders: await people() };
  });
  const server = await Server.start(data, [], ['--mail-domain', DOMAIN]);
  const send = async (as: TestPerson, method: string, path: string, type: string, body: string): Promise<Response> => {
    const response = await fetch(`${server.url}/api/v1/orgs/${made.orgId}/${path}`, { method, headers: { 'Banya-Request': '1', Cookie: as.cookie, 'Content-Type': type }, body });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  await send(made.lead, 'PUT', 'mail-check', 'application/json', JSON.stringify({ officers: [{ name: receiver.people[0]!.name }], partners: [PARTNER], authservIds: [`mx.${receiver.domain}`] }));
  const { address } = await server.ask<{ address: string }>(`/orgs/${made.orgId}/mail-check`, made.lead);

  const upload = async (n: number): Promise<number> => {
    const as = made.uploaders[Math.floor(n / PER_PERSON)]!;
    const raw = mailBytes(letterOf(n), receiver, { name: '', email: as.email }, Date.now() - 60_000);
    const begun = performance.now();
    const { id } = (await (await send(as, 'POST', 'samples', 'message/rfc822', raw)).json()) as { id: string };
    const { reasons } = await until(async () => {
      const answer = await server.ask<{ state: string; reasons: readonly unknown[] }>(`/orgs/${made.orgId}/samples/${id}`, as);
      return answer.state === 'waiting' ? undefined : answer;
    });
    if (reasons.length < 2) throw new Error(`mail ${n} was answered with ${reasons.length} reasons`);
    return performance.now() - begun;
  };
  const forward = async (n: number): Promise<number> => {
    const as = made.forwarders[Math.floor(n / PER_PERSON)]!;
    const raw = forwardBytes(letterOf(1_000 + n), { how: 'attached', note: '' }, receiver, { name: '', email: as.email }, address, Date.now() - 60_000);
    // Other mails about a question may come as well; the answer holds the link to its page.
    const answers = (): number => sink.received.filter((m) => m.to.includes(as.email) && /\/o\/[0-9a-f-]+\/(?:mails|samples)\//.test(decodedBody(m.raw))).length;
    const before = answers();
    const begun = performance.now();
    const { code, text } = await sendMail(server.smtpPort, { from: as.email, to: address, raw });
    if (code !== 250) throw new Error(`mail ${n}: ${code} ${text}`);
    await until(() => (answers() > before ? true : undefined));
    return performance.now() - begun;
  };
  const all = async (one: (n: number) => Promise<number>): Promise<{ first: number; rest: number[] }> => {
    const first = await one(0);
    const rest: number[] = [];
    for (let n = 1; n <= COUNT; n++) rest.push(await one(n));
    return { first: Math.round(first), rest };
  };
  const uploads = await all(upload);
  const forwards = await all(forward);
  await server.stop();
  const [uploadMs, forwardMs] = [spread(uploads.rest), spread(forwards.rest)];
  const held = uploadMs.p95 <= PROMISED.upload && forwardMs.p95 <= PROMISED.forward;
  report(
    'mail-answer',
    { mails: COUNT, promisedMs: PROMISED, held, uploadMs, forwardMs, firstMs: { upload: uploads.first, forward: forwards.first } },
    `mail answers: uploaded p50 ${uploadMs.p50} ms, p95 ${uploadMs.p95} ms (the first ${uploads.first} ms); forwarded p50 ${forwardMs.p50} ms, p95 ${forwardMs.p95} ms (the first ${forwards.first} ms); ${held ? 'as promised' : 'slower than promised'}`,
  );
});
await sink.close();
