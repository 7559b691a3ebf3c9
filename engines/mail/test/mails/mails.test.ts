/** The set of Japanese mails itself: what a measure on it may rest on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import iconv from 'iconv-lite';
import PostalMime from 'postal-mime';
import { getDomain } from 'tldts';
import { brands, buildMail, knowledgeOf, loadMails, type MailCase, organisations } from './build.ts';
import { archive, diskImage } from './containers.ts';
import { body, type Charset, encode, unencodable } from './mime.ts';
import { make } from './recipes.ts';

const mails = loadMails();
const charsets: readonly Charset[] = ['utf-8', 'iso-2022-jp', 'cp932'];

function count<T>(of: readonly T[], key: (one: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of of) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
  return counts;
}

/** What a reader sees of a mail, without spaces, numbers and addresses. */
function seen(mail: MailCase): string {
  const shown = mail.text ?? mail.html!.replace(/<style[\s\S]*?<\/style>/g, '').replace(/<[^>]+>/g, '');
  return shown.normalize('NFKC').replace(/[a-z0-9@:/._?=&%+-]+/gi, '').replace(/\s+/g, '');
}

test('there are 150 bad and 150 good mails, half of the good ones hostile-looking', () => {
  assert.deepEqual(Object.fromEntries(count(mails, (mail) => mail.truth)), { bad: 150, good: 150 });
  assert.ok(mails.filter((mail) => mail.looks === 'hostile').length >= 75);
  assert.ok(mails.every((mail) => (mail.truth === 'good') === (mail.looks !== undefined)));
});

test('each family is split evenly into a half to tune on and a half to measure on', () => {
  const families = Map.groupBy(mails, (mail) => `${mail.truth}/${mail.family}`);
  for (const [family, of] of families) assert.equal(of.filter((mail) => mail.half === 'tune').length * 2, of.length, family);
});

test('the three charsets stand evenly over truth and half, and each larger family has them all', () => {
  for (const [group, of] of Map.groupBy(mails, (mail) => `${mail.truth}/${mail.half}`)) {
    for (const charset of charsets) {
      const share = of.filter((mail) => mail.charset === charset).length / of.length;
      assert.ok(share > 0.27 && share < 0.4, `${group} ${charset}: ${share}`);
    }
  }
  for (const [family, of] of Map.groupBy(mails, (mail) => `${mail.truth}/${mail.family}`)) if (of.length >= 6) assert.equal(new Set(of.map((mail) => mail.charset)).size, 3, family);
});

test('every mail says why, and names itself, its organisation and its parties', () => {
  const ids = new Set(mails.map((mail) => mail.id));
  assert.equal(ids.size, mails.length);
  assert.equal(new Set(mails.map((mail) => mail.messageId)).size, mails.length);
  for (const mail of mails) {
    assert.match(mail.id, new RegExp(`^${mail.truth}/\\d{3}-${mail.family}-[a-z0-9-]+$`));
    assert.ok(mail.why.length >= 10 && mail.why.endsWith('。'), mail.id);
    assert.ok(organisations().some((one) => one.id === mail.org), mail.id);
    assert.ok(mail.text !== undefined || mail.html !== undefined, mail.id);
    assert.match(mail.from.address, /^[^@\s]+@[^@\s]+$/, mail.id);
    assert.ok(mail.to.length > 0 && !Number.isNaN(Date.parse(mail.date)), mail.id);
    assert.ok(knowledgeOf(mail, []).now > new Date(Date.parse(mail.date)).toISOString(), mail.id);
  }
});

test('no brand, sender, link or receiver stands under a domain that somebody could own', () => {
  const invented = /(?:^|\.)(?:example|test)$|(?:^|\.)example\.(?:jp|com|co\.jp)$/;
  for (const brand of brands()) for (const domain of brand.domains) assert.equal(getDomain(domain), domain);
  assert.equal(brands().length >= 30, true);
  for (const mail of mails) {
    const all = JSON.stringify(mail);
    for (const [, host] of all.matchAll(/https?:\/\/(?:[^/@"\s\\]*@)?([^/:"\s\\?#<>()）」]+)/g)) assert.ok(invented.test(host!) || /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/.test(host!) || /^www\.w3\.org$/.test(host!), `${mail.id}: ${host}`);
    for (const [, host] of all.matchAll(/[A-Za-z0-9._%+-]+@([A-Za-z0-9.-]+)/g)) assert.match(host!.replace(/\.$/, ''), invented, mail.id);
  }
});

test('no two mails are variations of one another', () => {
  const size = 8;
  const grams = mails.map((mail) => {
    const text = seen(mail);
    return new Set(Array.from({ length: Math.max(0, text.length - size + 1) }, (_, at) => text.slice(at, at + size)));
  });
  const holders = new Map<string, number[]>();
  grams.forEach((set, index) => set.forEach((gram) => holders.get(gram)?.push(index) ?? holders.set(gram, [index])));
  const shared = new Map<number, number>();
  for (const list of holders.values()) for (let a = 0; a < list.length; a++) for (let b = a + 1; b < list.length; b++) shared.set(list[a]! * mails.length + list[b]!, (shared.get(list[a]! * mails.length + list[b]!) ?? 0) + 1);
  for (const [pair, common] of shared) {
    const a = Math.floor(pair / mails.length);
    const b = pair % mails.length;
    const overlap = common / Math.min(grams[a]!.size, grams[b]!.size);
    assert.ok(overlap < 0.2, `${mails[a]!.id} and ${mails[b]!.id} share ${overlap}`);
  }
});

test('every character of a mail has a place in its charset', () => {
  for (const mail of mails) {
    const texts = [mail.subject, mail.text ?? '', mail.html ?? '', mail.from.name, mail.replyTo?.name ?? '', ...mail.to.map((one) => one.name), ...(mail.cc ?? []).map((one) => one.name), ...(mail.attachments ?? []).map((one) => one.name ?? '')];
    assert.equal(unencodable(texts.join(''), mail.charset), '', mail.id);
  }
});

test('every built mail reads back as what was written, and is the same on every run', async () => {
  const lines = (text: string): string => text.replace(/\r\n/g, '\n').trimEnd();
  for (const mail of mails) {
    const bytes = await buildMail(mail);
    const read = await PostalMime.parse(bytes);
    assert.equal(read.subject, mail.subject, mail.id);
    assert.deepEqual(read.from && { name: read.from.name, address: read.from.address }, mail.from, mail.id);
    assert.equal(read.messageId, mail.messageId, mail.id);
    assert.equal(Date.parse(read.date ?? ''), Date.parse(mail.date), mail.id);
    if (mail.text !== undefined) assert.equal(lines(read.text ?? ''), lines(mail.text), mail.id);
    if (mail.html !== undefined) assert.equal(lines(read.html ?? ''), lines(mail.html), mail.id);
    const files = (mail.attachments ?? []).filter((one) => !one.eml);
    assert.deepEqual(read.attachments.filter((one) => one.mimeType !== 'message/rfc822').map((one) => one.filename).sort(), (await Promise.all(files.map(async (one) => (await make(one, 'utf-8')).name))).sort(), mail.id);
    assert.ok(Buffer.from(bytes).equals(Buffer.from(await buildMail(mail))), mail.id);
  }
});

test('bodies in CP932 and UTF-8 are what another decoder reads, ISO-2022-JP returns to ASCII on every line', () => {
  for (const mail of mails) {
    const text = mail.text ?? mail.html!;
    const bytes = encode(text, mail.charset);
    if (mail.charset !== 'iso-2022-jp') assert.equal(iconv.decode(bytes, mail.charset), text, mail.id);
    else {
      assert.ok(bytes.every((byte) => byte < 128), mail.id);
      assert.equal(new TextDecoder('iso-2022-jp', { fatal: true }).decode(bytes), text, mail.id);
      for (const line of bytes.toString('latin1').split('\n')) assert.ok(line.lastIndexOf('\x1b$B') <= line.lastIndexOf('\x1b(B'), mail.id);
    }
  }
  assert.throws(() => encode('①', 'iso-2022-jp'), /no place/);
  assert.throws(() => body('日本', 'utf-8', '7bit'), /7bit/);
});

test('no line of a built mail is longer than SMTP allows', async () => {
  for (const mail of mails) for (const line of Buffer.from(await buildMail(mail)).toString('latin1').split('\r\n')) assert.ok(line.length <= 998, mail.id);
});

test('senders of bad mails never are what the organisation knows as safe, unless the mail says whose account was taken', () => {
  for (const mail of mails.filter((one) => one.truth === 'bad')) {
    const own = organisations().find((one) => one.id === mail.org)!;
    const domain = getDomain(mail.from.address);
    const real = [...own.ownDomains, ...own.partners.map((one) => one.domain), ...brands().flatMap((one) => one.domains)];
    const first = mail.headers.find(([name]) => name === 'Authentication-Results')?.[1] ?? '';
    const proven = first.startsWith(`${own.authservIds[0]};`) && first.includes('dmarc=pass');
    if (domain && real.includes(domain) && proven) assert.match(mail.why, /乗っ取|本物/, mail.id);
  }
});

test('attachments are real files of their kind', async () => {
  const { unzipSync } = await import('fflate');
  const cfb = (await import('cfb')).default;
  const locked = archive([{ name: '請求書.xlsx', bytes: Buffer.from('x') }], { names: 'cp932', password: 'a' });
  assert.equal(Buffer.from(locked).readUInt16LE(6) & 1, 1);
  assert.deepEqual(Buffer.from(unzipSync(archive([{ name: 'a.txt', bytes: Buffer.from('abc') }], { names: 'utf-8' }))['a.txt']!).toString(), 'abc');
  const word = unzipSync((await make({ docm: { lines: ['明細'], fetches: 'http://dl.xk-trade.test/a' } }, 'utf-8')).bytes);
  const project = cfb.read(Buffer.from(word['word/vbaProject.bin']!), { type: 'buffer' });
  assert.ok(project.FullPaths.some((path) => path.endsWith('VBA/dir')));
  const disc = Buffer.from(diskImage([{ name: '見積.exe', bytes: Buffer.from('MZ') }]));
  assert.equal(disc.toString('latin1', 0x8001, 0x8006), 'CD001');
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader');
  const { readFileSync } = await import('node:fs');
  const { fileURLToPath } = await import('node:url');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')))).buffer } });
  const code = await make({ png_qr: 'https://a8k2.example/q' }, 'utf-8');
  assert.equal((await readBarcodes(new Blob([code.bytes as Uint8Array<ArrayBuffer>])))[0]?.text, 'https://a8k2.example/q');
  const { extractText, getDocumentProxy } = await import('unpdf');
  const page = await make({ pdf: { lines: ['Invoice 42'], links: ['https://a8k2.example/p'], qr: 'https://a8k2.example/r' } }, 'utf-8');
  const document = await getDocumentProxy(new Uint8Array(page.bytes), { verbosity: 0 });
  assert.equal((await extractText(document, { mergePages: true })).totalPages, 1);
  const annotations = await (await document.getPage(1)).getAnnotations() as { url?: string }[];
  assert.deepEqual(annotations.map((one) => one.url), ['https://a8k2.example/p']);
});
