import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { zipSync } from 'fflate';

const main = join(import.meta.dirname, '../src/main.ts');
let folder: string;

function letter(subject: string, body: string, from = 'info@shop.example.jp'): Buffer {
  return Buffer.from(`From: ${from}\r\nTo: taro@example.jp\r\nSubject: ${subject}\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\nMessage-ID: <${subject}@shop.example.jp>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`);
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'banya-cli-'));
  mkdirSync(join(folder, 'mails/deeper'), { recursive: true });
  for (const [name, n] of [['mails/a.eml', 1], ['mails/c.eml', 3], ['mails/deeper/b.eml', 2]] as const) writeFileSync(join(folder, name), letter(`s${n}`, 'いつもありがとうございます。来週の打ち合わせの資料をお送りします。ご確認ください。'));
  writeFileSync(join(folder, 'mails/.hidden'), 'not looked at');
  writeFileSync(join(folder, 'mails/z.zip'), zipSync({ 'one.eml': letter('z1', 'ひとつめの本文です。'), 'sub/two.eml': letter('z2', 'ふたつめの本文です。'), 'readme.txt': Buffer.from('no mail') }));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function banya(args: readonly string[], lang = 'ja_JP.UTF-8'): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'mail', ...args], { cwd: folder, env: { ...process.env, LC_ALL: lang } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
interface Line { file: string; verdict: string; score: number; reasons: { code: string; severity: string; text: { ja: string; en: string }; evidence: { where: string; quote: string }[] }[]; ms: number; error?: string }
const lines = (out: string): Line[] => out.trim().split('\n').map((line) => JSON.parse(line) as Line);

test('a folder is one line a mail, in the order of names, zips opened, each with a verdict, reasons and the time it took', async () => {
  const { code, out, err } = await banya(['check', 'mails', '--json']);
  assert.equal(code, 0, err);
  const found = lines(out);
  assert.deepEqual(found.map((l) => l.file), ['mails/a.eml', 'mails/c.eml', 'mails/deeper/b.eml', 'mails/z.zip/one.eml', 'mails/z.zip/sub/two.eml']);
  for (const line of found) {
    assert.ok(['dangerous', 'suspicious', 'insufficient', 'clear'].includes(line.verdict) && line.score >= 0 && line.score <= 100 && line.ms > 0);
    assert.ok(line.reasons.length >= 2);
    for (const reason of line.reasons) assert.ok(reason.code && reason.text.ja && reason.text.en && Array.isArray(reason.evidence));
  }
});

test('what the profile knows changes what is said: a stranger with an officer’s name is told', async () => {
  writeFileSync(join(folder, 'boss.eml'), letter('至急', '至急お願いがあります。内密に対応してください。折り返しメールをください。', '"山田 太郎" <yamada@mail.example.net>'));
  writeFileSync(join(folder, 'org.json'), JSON.stringify({ ownDomains: ['kaisha.example.jp'], officers: [{ name: '山田 太郎', title: '社長', addresses: ['t.yamada@kaisha.example.jp'] }] }));
  const [without] = lines((await banya(['check', 'boss.eml', '--json'])).out);
  const [knowing] = lines((await banya(['check', 'boss.eml', '--json', '--profile', 'org.json'])).out);
  assert.ok(knowing!.score > without!.score, `${knowing!.score} > ${without!.score}`);
  assert.ok(knowing!.reasons.some((r) => r.text.ja.includes('山田')));
});

test('people read words in their language, what to do before why, and no mail steers their terminal', async () => {
  writeFileSync(join(folder, 'odd.eml'), letter('\u001b[2J\u202eodd', 'Please enter your password at https://login.example.net/\u001b[31m now.'));
  const ja = await banya(['check', 'odd.eml']);
  const en = await banya(['check', 'odd.eml'], 'C');
  assert.equal(ja.code, 0);
  assert.match(ja.out, /^odd\.eml\n {2}(?:危険|疑わしい|情報不足|不審な点は見つかりません)/);
  assert.match(en.out, /^odd\.eml\n {2}(?:Dangerous|Suspicious|Too little|Nothing)/);
  for (const [out, bad, todo] of [[ja.out, /  (?:危険|疑わしい)/, /\n  (?:リンクや添付ファイルを開かず|開く前に).*\n    ・/], [en.out, /  (?:Dangerous|Suspicious)/, /\n  (?:Do not open|Ask your desk).*\n    - /]] as const) if (bad.test(out)) assert.match(out, todo, 'what to do stands before why');
  assert.doesNotMatch(ja.out + en.out, /[\u001b\u202e]/);
});

test('what cannot be read is told in its line and by the exit code, and the others are judged all the same', async () => {
  writeFileSync(join(folder, 'bomb.zip'), zipSync({ 'big.eml': new Uint8Array(40 * 1024 * 1024), 'good.eml': letter('g', 'よい本文です。') }, { level: 9 }));
  const { code, out } = await banya(['check', 'bomb.zip', 'mails/a.eml', '--json']);
  const found = lines(out);
  assert.equal(code, 1);
  assert.deepEqual(found.map((l) => [l.file, l.error ?? null]), [['bomb.zip/big.eml', 'unreadable'], ['bomb.zip/good.eml', null], ['mails/a.eml', null]]);
  assert.equal(found[0]!.reasons[0]!.code, 'could_not_be_analysed');
});

test('a command that is written wrongly says how it is written', async () => {
  writeFileSync(join(folder, 'wrong.json'), '{"officers": "yamada"}');
  for (const [args, said] of [[['check'], /needs a file/], [['look', 'mails'], /one word, check/], [['check', 'nowhere'], /is not there/], [['check', 'mails', '--profile', 'wrong.json'], /officers must be/], [['check', 'mails', '--dns', 'nowhere.json'], /cannot be read/], [['check', 'mails', '--what'], /what/]] as const) {
    const { code, err } = await banya(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, said);
  }
});
