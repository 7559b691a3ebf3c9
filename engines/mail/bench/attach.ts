/**
 * Time for the attachments of one mail, over samples of every kind that the tests build.
 * Run: `node engines/mail/bench/attach.ts [rounds]`. Prints p50, p95 and the slowest in milliseconds,
 * the processor's time of one (all threads, average: what stays true on a busy machine), and the memory used.
 */
import { inspectFiles } from '../src/attach/inspect.ts';
import { attach, compound, DROPPER, exe, external, office, pdf, SUMMER, vbaProject, vbaStreams, zip } from '../test/attach/build.ts';
import { iso, lnk, oneNote, rar5, sevenZip } from '../test/attach/build-archives.ts';
import { draw, jpg, png, qr } from '../test/attach/build-pictures.ts';

const rounds = Number(process.argv[2] ?? 30);
const code = await qr('https://scan.example/login');
const photo = draw(1600, 1200, (x, y) => 128 + 90 * Math.sin(x / 37) * Math.cos(y / 23) + ((x * 31 + y * 17) % 19));
const photoCode = draw(1600, 1200, (x, y) => (x >= 700 && y >= 500 && x < 700 + code.width && y < 500 + code.height ? code.data[(y - 500) * code.width + x - 700]! : photo.data[y * 1600 + x]!));
const text = Array.from({ length: 4000 }, (_, i) => `第${i}項 業務の報告と予定について記す。`).join('');

const samples: readonly (readonly [string, string, Uint8Array | string])[] = [
  ['word', '報告.docx', office({ text })],
  ['word with macro', '請求.docm', office({ text, macro: vbaProject({ ThisDocument: DROPPER, Module1: SUMMER.repeat(200) }) })],
  ['word 97', '請求.doc', compound({ WordDocument: Buffer.alloc(200_000, 0x20), ...vbaStreams('Macros/VBA/', { ThisDocument: DROPPER }) })],
  ['external template', '案内.docx', office({ rels: external('attachedTemplate', 'https://tpl.example/a.dotm') })],
  ['excel', '集計.xlsx', office({ kind: 'xl', parts: { 'xl/worksheets/sheet1.xml': `<worksheet>${'<row><c><v>123</v></c><c><f>SUM(A1:A9)</f></c></row>'.repeat(20_000)}</worksheet>` } })],
  ['encrypted excel', '見積.xlsx', compound({ EncryptedPackage: Buffer.alloc(200_000), EncryptionInfo: Buffer.alloc(32) })],
  ['pdf', '報告.pdf', pdf({ text: 'Monthly report '.repeat(200) })],
  ['pdf with link', '明細.pdf', pdf({ annotations: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://go.example/) >> >>' })],
  ['html form', '明細.html', `<html><body>${'<p>明細</p>'.repeat(2000)}<form action="https://take.example/"><input type=password></form>`],
  ['html packed', '明細.htm', `<html><script>document.write(atob("${Buffer.from(`<form><input type=password></form>${'<p>x</p>'.repeat(20_000)}`).toString('base64')}"))</script>`],
  ['zip locked', '見積.zip', zip([{ name: '見積.xlsx', data: Buffer.alloc(200_000), encrypted: true }])],
  ['zip of documents', '資料.zip', zip(Array.from({ length: 20 }, (_, i) => ({ name: `${i}.docx`, data: office({ text }) })))],
  ['7z', '資料.7z', sevenZip({ files: [{ name: '資料.txt', data: Buffer.from(text) }, { name: 'run.exe', data: exe() }], header: 'lzma' })],
  ['rar', '資料.rar', rar5([{ name: '資料.txt', data: Buffer.from(text) }])],
  ['iso', '請求.iso', iso([{ name: '請求.lnk', data: lnk({ path: 'C:\\Windows\\System32\\cmd.exe', parameters: '/c start' }) }])],
  ['onenote', '案内.one', oneNote([{ name: 'open.hta', data: Buffer.from('<script>1</script>') }])],
  ['program', '請求.pdf.exe', exe()],
  ['logo', 'logo.png', png(draw(200, 60, (x, y) => (x * y) & 255))],
  ['code', 'qr.png', png(code)],
  ['photo 2 Mpx', 'photo.jpg', jpg(photo)],
  ['photo with code', 'scan.jpg', jpg(photoCode)],
];

const percentile = (sorted: readonly number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
const row = (name: string, times: number[], cpu: number): string => {
  const sorted = times.toSorted((a, b) => a - b);
  return `${name.padEnd(20)} ${[0.5, 0.95, 1].map((part) => percentile(sorted, part).toFixed(1).padStart(8)).join(' ')} ${(cpu / 1000 / times.length).toFixed(1).padStart(8)}`;
};

const first = performance.now();
await inspectFiles([attach('a.pdf', pdf()), attach('b.png', png(code))]);
console.log(`first PDF and first code (libraries are loaded): ${(performance.now() - first).toFixed(0)} ms`);
console.log(`${'sample'.padEnd(20)} ${['p50', 'p95', 'max', 'cpu'].map((name) => name.padStart(8)).join(' ')}   ms, ${rounds} rounds`);
const all: number[] = [];
const began = process.cpuUsage();
for (const [kind, name, bytes] of samples) {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await inspectFiles([attach(name, bytes)]);
    times.push(performance.now() - start);
  }
  all.push(...times);
  const { user, system } = process.cpuUsage(before);
  console.log(row(kind, times, user + system));
}
const { user, system } = process.cpuUsage(began);
console.log(row('all', all, user + system));
console.log(`resident memory ${(process.memoryUsage().rss / 1024 / 1024).toFixed(0)} MB, Node ${process.version}`);
