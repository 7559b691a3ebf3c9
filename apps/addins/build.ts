/**
 * Makes what is handed out, for those who do not let the server do it:
 *
 *   node apps/addins/build.ts [OUT_FOLDER] [PUBLIC_URL]
 *
 * Writes banya-thunderbird.xpi and, with the https address of your Banya, banya-outlook.xml. Without a folder: artifacts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outlookManifest, thunderbirdXpi } from './src/index.ts';

const [out = 'artifacts', publicUrl] = process.argv.slice(2);
if (publicUrl !== undefined && !publicUrl.startsWith('https://')) {
  console.error('Outlook takes addresses with https:// only.');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const made = [join(out, 'banya-thunderbird.xpi')];
writeFileSync(made[0]!, thunderbirdXpi());
if (publicUrl !== undefined) {
  made.push(join(out, 'banya-outlook.xml'));
  writeFileSync(made[1]!, outlookManifest(publicUrl.replace(/\/$/, '')));
}
console.log(made.join('\n'));
