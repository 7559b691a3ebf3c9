import { loadBrands, type Brand } from './brands.ts';
import { loadHosts, type HostKinds } from './hosts.ts';
import { loadLures, type Lure } from './lures.ts';
import { loadWords, type Words } from './words.ts';

/** All that the library knows for the judging of mails, as @banya/mail takes it. */
export interface MailKnowledge {
  readonly brands: readonly Brand[];
  readonly lures: readonly Lure[];
  readonly hosts: HostKinds;
  readonly words: Words;
}

let loaded: MailKnowledge | undefined;

/** Read once for each process (about 0.3 s): what is prepared from the lists lives as long as these very lists. */
export function loadMailKnowledge(): MailKnowledge {
  return (loaded ??= { brands: loadBrands(), lures: loadLures(), hosts: loadHosts(), words: loadWords() });
}
