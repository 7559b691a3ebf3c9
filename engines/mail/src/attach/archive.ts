import type { Archive } from './zip.ts';
import { extension, hasDirectionTrick, hasDoubleExtension, natureOf, opensCode } from './names.ts';
import type { Probe } from './probe.ts';

/**
 * Lists an archive and inspects what can be read of it. Names are judged even where contents are encrypted: a program
 * behind a password is still a program.
 */
export async function walkArchive(archive: Archive, probe: Probe): Promise<void> {
  if (archive.broken) probe.trouble('broken_container');
  if (archive.namesHidden) probe.flag('encrypted_archive');
  const deeper = probe.depth < probe.budget.limits.depth;
  for (const entry of archive.entries) {
    if (probe.late()) return;
    if (entry.folder) continue;
    if (!probe.entry(entry.name)) return;
    judgeName(entry.name, probe);
    if (entry.encrypted) probe.flag('encrypted_archive');
    if (entry.read === undefined) continue;
    if (!deeper) {
      probe.trouble('too_deep');
      continue;
    }
    const content = entry.read(probe.budget);
    if (content.kind === 'bomb') {
      probe.flag('archive_bomb');
      probe.trouble('archive_too_large');
      return;
    }
    if (content.kind === 'broken') probe.trouble('broken_container');
    else await probe.inside(entry.name, content.bytes, true);
  }
}

/** What the name of an entry alone gives away. */
export function judgeName(name: string, probe: Probe): void {
  const nature = natureOf(extension(name));
  if (opensCode(nature)) probe.flag('dangerous_inside');
  if (nature === 'archive') probe.flag('nested_archive');
  if (hasDirectionTrick(name)) probe.flag('rtlo');
  if (hasDoubleExtension(name)) probe.flag('double_extension');
}
