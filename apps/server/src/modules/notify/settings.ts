import type { Kernel } from '../../kernel/kernel.ts';
import type { MailServer } from './smtp.ts';

/** As stored under 'mail'. */
interface Stored {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string | null;
  readonly passwordSealed: string | null;
  readonly from: string;
}

export interface MailInput {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
}

const KEY = 'mail';
const PURPOSE = 'notify.smtp';

export interface MailSettings {
  stored(): Promise<Stored | null>;
  server(): Promise<MailServer | null>;
  save(input: MailInput): Promise<void>;
}

export function mailSettings(kernel: Pick<Kernel, 'settings' | 'secrets'>): MailSettings {
  const stored = (): Promise<Stored | null> => kernel.settings.get<Stored>(KEY);
  // A password is bound to the server it was typed for: it opens for no other host or user.
  const context = (s: { host: string; user: string | null }): string => `${s.user ?? ''}@${s.host.toLowerCase()}`;
  return {
    stored,
    async server() {
      const s = await stored();
      if (!s) return null;
      return { host: s.host, port: s.port, secure: s.secure, user: s.user, from: s.from, password: s.passwordSealed === null ? null : kernel.secrets.open(PURPOSE, s.passwordSealed, context(s)).toString('utf8') };
    },
    async save(input) {
      const before = await stored();
      const user = input.user?.trim() || null;
      const next = { host: input.host, port: input.port, secure: input.secure, user, from: input.from };
      let passwordSealed: string | null = null;
      if (input.password) passwordSealed = kernel.secrets.seal(PURPOSE, input.password, context(next));
      // Left out means unchanged, but a password never goes along to another server.
      else if (input.password === undefined && user !== null && before && context(before) === context(next)) passwordSealed = before.passwordSealed;
      await kernel.settings.set(KEY, { ...next, passwordSealed } satisfies Stored);
    },
  };
}
