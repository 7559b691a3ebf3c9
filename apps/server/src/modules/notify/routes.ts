import { api } from '@banya/contract';
import { actorOf, bind, type Bound } from '../../kernel/http/call.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import { newId } from '../../kernel/ids.ts';
import type { MailErrorCode } from './rules.ts';
import type { Post } from './service.ts';
import type { MailSettings } from './settings.ts';
import * as store from './store.ts';
import { errorText, testMail } from './texts.ts';

export function notifyRoutes(kernel: Kernel, post: Post, settings: MailSettings): Bound[] {
  const { tenancy } = kernel;
  return [
    bind(api.notify.outbox, async ({ scope, query, lang }) => {
      const before = decodeCursor(query.after, 1);
      const found = await tenancy.inOrg(scope, async (tx) => ({
        rows: await store.mails.list(tx, scope.orgId, { before: before && String(before[0]), limit: query.limit, state: query.state }),
        count: await store.mails.count(tx, scope.orgId, query.state),
      }));
      const page = cut(found.rows, query.limit, (r) => [r.id], (r) => ({
        id: r.id, at: r.created_at.toISOString(), to: r.recipient, subject: r.subject, text: r.text, state: r.state, tries: r.tries,
        error: r.error_code === null ? null : errorText(r.error_code as MailErrorCode, lang, r.error_detail),
      }));
      return { ...page, total: { count: Math.min(found.count, 1000), more: found.count > 1000 } };
    }),
    bind(api.notify.again, ({ scope, params }) => tenancy.inOrg(scope, (tx) => post.again(tx, scope.orgId, params.mail))),
    bind(api.operate.mailGet, async () => {
      const s = await settings.stored();
      return { host: s?.host ?? null, port: s?.port ?? null, secure: s?.secure ?? true, user: s?.user ?? null, from: s?.from ?? null, hasPassword: s?.passwordSealed != null };
    }),
    bind(api.operate.mailPut, async ({ body, person, principal }) => {
      await settings.save(body);
      // In the ledger of the federation, whose operator that is: there others read it.
      await tenancy.inOrg({ orgId: person.homeOrgId, actor: actorOf(principal!) }, async (tx) => {
        tx.audit({ action: 'notify.settings_changed', facts: { host: body.host, port: body.port, from: body.from } });
        tx.job('notify.release', {}, { singletonKey: 'release' });
      });
    }),
    bind(api.operate.mailTest, async ({ body, lang }) => {
      const server = await settings.server();
      if (!server) return { ok: false, message: testMail.noServer[lang] };
      const now = kernel.clock.now();
      const failure = await post.test(server, {
        to: body.to, subject: testMail.subject[lang], text: testMail.text[lang], messageId: `<${newId(now)}@${server.from.split('@')[1]}>`, date: new Date(now), lang,
      });
      return failure ? { ok: false, message: errorText(failure.code, lang, failure.detail) } : { ok: true, message: testMail.sent[lang].replace('{to}', () => body.to) };
    }),
  ];
}
