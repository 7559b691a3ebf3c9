import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ecsLogsources } from '@banya/library';
import { chain, type EventInput, type LogSource, Pipeline, type RuleSource, windowsEventPipeline, windowsLogsources } from '@banya/sigma';

/** Bounds of what is read: the public collection has 3,800 rules in 10 MB. */
export const LIMITS = { files: 10_000, fileBytes: 4_000_000, allBytes: 64_000_000 } as const;

export interface ImportedRules {
  /** With paths below the data folder, such as `rules/sigma/windows/one.yml`. */
  readonly sources: readonly RuleSource[];
  readonly errors: readonly string[];
}

/**
 * Reads the rules that the operator imported (`rules` in the data folder). What cannot be read is left out and named; rules of
 * others never keep lines from being stored.
 */
export function readImported(folder: string | null): ImportedRules {
  const sources: RuleSource[] = [];
  const errors: string[] = [];
  if (folder === null) return { sources, errors };
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { sources, errors } : { sources, errors: [`rules: ${(error as Error).message}`] };
  }
  let bytes = 0;
  // Folders that begin with a dot are imports that are not finished.
  const files = names.map((name) => name.replaceAll('\\', '/')).filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.')).sort();
  for (const [at, name] of files.entries()) {
    const path = `rules/${name}`;
    try {
      const { size } = statSync(join(folder, name));
      if (at >= LIMITS.files || bytes + size > LIMITS.allBytes) {
        errors.push(`${path}: this file and ${files.length - at - 1} after it are too many: at most ${LIMITS.files} files and ${LIMITS.allBytes / 1e6} MB are read`);
        break;
      }
      if (size > LIMITS.fileBytes) throw new Error(`larger than ${LIMITS.fileBytes / 1e6} MB`);
      bytes += size;
      sources.push({ path, text: readFileSync(join(folder, name), 'utf8') });
    } catch (error) {
      errors.push(`${path}: ${(error as Error).message}`);
    }
  }
  return { sources, errors };
}

/** Fields of the Sigma taxonomy (appendix "Taxonomy" 2.1) → ECS, for what devices other than Windows tell. */
const WEB: Readonly<Record<string, string | readonly string[]>> = {
  'c-ip': 'source.ip', 'cs-ip': 'source.ip', 's-ip': 'destination.ip', 'cs-username': 'user.name', 'c-useragent': 'user_agent.original', 'cs-user-agent': 'user_agent.original',
  'cs-method': 'http.request.method', 'cs-host': 'url.domain', 'r-dns': 'url.domain', 'cs-referrer': 'http.request.referrer', 'cs-referer': 'http.request.referrer', 'sc-status': 'http.response.status_code',
};
const NETWORK: Readonly<Record<string, string | readonly string[]>> = {
  src_ip: 'source.ip', src_port: 'source.port', dst_ip: 'destination.ip', dst_port: 'destination.port', action: 'event.action', username: 'user.name',
};
export const importedPipeline = chain(windowsEventPipeline, new Pipeline([
  { when: { category: 'proxy' }, fields: { ...WEB, 'c-uri': ['url.full', 'url.path'], 'c-uri-query': 'url.query', 'c-uri-stem': 'url.path', 'c-uri-extension': 'file.extension' } },
  { when: { category: 'webserver' }, fields: { ...WEB, 'cs-uri': ['url.full', 'url.path'], 'cs-uri-query': ['url.query', 'url.full'], 'cs-uri-stem': 'url.path' } },
  { when: { category: 'firewall' }, fields: NETWORK },
  { when: { category: 'dns' }, fields: { ...NETWORK, query: 'dns.question.name', record_type: 'dns.question.type', answer: 'dns.resolved_ip' } },
]));

/** Both lists are the same objects for lines of one kind, and so is what is made of them: rules know it again without comparing. */
const both = new WeakMap<readonly LogSource[], WeakMap<readonly LogSource[], readonly LogSource[]>>();

/** The log sources of a line: those of ECS, and for Windows those that its channel and event number stand for. */
export function lineLogsources(line: EventInput): readonly LogSource[] {
  const own = ecsLogsources(line);
  if (typeof (typeof line.get === 'function' ? line.get('Channel') : (line as Readonly<Record<string, unknown>>)['Channel']) !== 'string') return own;
  const windows = windowsLogsources(line);
  let joined = both.get(own);
  if (joined === undefined) both.set(own, (joined = new WeakMap()));
  let list = joined.get(windows);
  if (list === undefined) joined.set(windows, (list = Object.freeze([...own, ...windows])));
  return list;
}
