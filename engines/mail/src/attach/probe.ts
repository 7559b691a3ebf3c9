import type { FileFlag, Link, Trouble } from '../types.ts';
import type { Budget } from './budget.ts';
import { linkOf } from './url.ts';
import { shownName } from './names.ts';

export type Inspect = (name: string, bytes: Uint8Array, probe: Probe) => Promise<void>;

/**
 * What the readers write down about one attachment. Everything found further inside is written down here, too: the
 * employee sees one file. `path` and `depth` say how far inside the reader stands.
 */
export class Probe {
  readonly file: string;
  readonly budget: Budget;
  readonly flags = new Set<FileFlag>();
  readonly entries: string[] = [];
  readonly words = new Set<string>();
  readonly links: Link[] = [];
  readonly troubles: Trouble[] = [];
  /** How many archives surround what is being read. */
  depth = 0;
  /** `outer.zip/` while its entries are read. */
  path = '';
  #text = '';
  readonly #urls = new Set<string>();
  readonly #inspect: Inspect;

  constructor(file: string, budget: Budget, inspect: Inspect) {
    this.file = file;
    this.budget = budget;
    this.#inspect = inspect;
  }

  get text(): string {
    return this.#text;
  }

  flag(...flags: readonly FileFlag[]): void {
    for (const flag of flags) this.flags.add(flag);
  }

  /** Lists a name inside; false when the mail's entries are used up. */
  entry(name: string): boolean {
    if (!this.budget.entry()) {
      this.trouble('archive_too_large');
      return false;
    }
    this.entries.push(shownName(this.path + name));
    return true;
  }

  word(word: string): void {
    const clean = word.replace(/[\u0000-\u001f\u007f\s]+/g, ' ').trim().slice(0, 120);
    if (clean !== '' && this.words.size < 20) this.words.add(clean);
  }

  /** Keeps a URL once; what is no URL with a host is left out. */
  link(url: string, from: 'qr' | 'attachment' = 'attachment', text?: string): void {
    const link = linkOf(url, from, this.file, text);
    const key = link === undefined ? '' : `${from} ${link.url}`;
    if (link === undefined || this.#urls.has(key)) return;
    if (this.links.length >= this.budget.limits.links) return this.trouble('too_many_links');
    this.#urls.add(key);
    this.links.push(link);
  }

  read(text: string): void {
    const room = this.budget.limits.text - this.#text.length;
    const piece = text.slice(0, 2_000_000).replace(/[\u0000-\u0008\u000b-\u001f]/g, ' ').replace(/[ \t\u00a0]+/g, ' ').replace(/ ?\n\s*/g, '\n').trim();
    if (room > 0 && piece !== '') this.#text += (this.#text === '' ? piece : `\n${piece}`).slice(0, room);
  }

  trouble(code: Trouble['code']): void {
    if (!this.troubles.some((known) => known.code === code)) this.troubles.push({ code, where: this.file });
  }

  /** True when the time is up; then it is written down. */
  late(): boolean {
    if (!this.budget.late) return false;
    this.trouble('time_out');
    return true;
  }

  /** Inspects something found inside this file: an entry of an archive (one level deeper) or an embedded object. */
  async inside(name: string, bytes: Uint8Array, archive: boolean): Promise<void> {
    const { path, depth } = this;
    if (archive) {
      this.path = `${path}${name}/`;
      this.depth++;
    }
    await this.#inspect(name, bytes, this);
    this.path = path;
    this.depth = depth;
  }
}
