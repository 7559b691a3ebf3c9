import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const house = join(here, '..', '..');
const dist = join(here, 'dist');

/** What the built application is made of: its own sources, the contract, the engines it may import, and the versions of all libraries. */
function sources(): string[] {
  const roots = [join(here, 'src'), join(house, 'packages', 'contract', 'src'), join(house, 'engines', 'jp', 'src')];
  const files = ['index.html', 'vite.config.ts', 'build.ts', 'package.json'].map((name) => join(here, name));
  files.push(join(house, 'package-lock.json'));
  for (const root of roots) {
    if (!existsSync(root)) continue;
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
    }
  }
  return files.sort();
}

/** Hash over names and bytes of all sources: the same hash means the same application. */
export function sourceHash(gallery = false): string {
  const hash = createHash('sha256').update(gallery ? 'gallery' : 'application');
  for (const file of sources()) {
    const bytes = readFileSync(file);
    hash.update(`${relative(house, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The folder of the application as built from the sources as they are now; null when it has to be built first. */
export function builtFolder(gallery = false): string | null {
  const target = join(dist, `${gallery ? 'gallery-' : ''}${sourceHash(gallery)}`);
  return existsSync(join(target, 'index.html')) ? target : null;
}

/**
 * Builds the web application once per state of its sources, into apps/web/dist/<hash>; builds of other states that are
 * older than an hour are deleted. A second call with nothing changed only reads the sources (some ten milliseconds). Two processes may call
 * it at once: each builds into a folder of its own and moves it into place whole.
 * @param log told what is going on, one line at a time
 * @param gallery with the gallery of building blocks, kept apart from the ordinary build
 * @returns the folder to serve: index.html, which is never cached, and assets/, whose names change with their bytes
 */
export async function ensureBuilt({ log, gallery = false }: { log: (line: string) => void; gallery?: boolean }): Promise<string> {
  const prefix = gallery ? 'gallery-' : '';
  const name = `${prefix}${sourceHash(gallery)}`;
  const target = join(dist, name);
  if (existsSync(join(target, 'index.html'))) return target;
  const started = Date.now();
  log('Building the web application (once per version)…');
  const { build } = await import('vite');
  const { configFor } = await import('./vite.config.ts');
  const work = `${target}.${process.pid}.part`;
  let modules = 0;
  let told = Date.now();
  const progress = {
    name: 'banya:progress',
    moduleParsed: () => {
      modules += 1;
      if (Date.now() - told < 2_000) return;
      told = Date.now();
      log(`  … ${modules} files read`);
    },
  };
  const config = configFor({ gallery, outDir: work });
  try {
    await build({ ...config, configFile: false, plugins: [...(config.plugins ?? []), progress], logLevel: 'error', mode: 'production' });
    try {
      renameSync(work, target);
    } catch (error) {
      if (!existsSync(join(target, 'index.html'))) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  for (const old of readdirSync(dist)) {
    const path = join(dist, old);
    // What another process is building or serving at this moment is left alone; an hour later it is swept away.
    if (old !== name && Date.now() - statSync(path).mtimeMs > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
  log(`Web application built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  return target;
}
