import { api, type Lang } from '@banya/contract';
import { plainPhone } from '@banya/jp';
import { notFound, Problem, tooMany } from '../../../kernel/errors.ts';
import { bind, type Bound } from '../../../kernel/http/call.ts';
import { RateLimit } from '../../../kernel/http/limits.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { trial } from '../texts.ts';
import type { Notice } from './rules.ts';
import type { Notices } from './service.ts';
import * as store from './store.ts';

export const CHANNELS_MAX = 5;

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const present = (c: store.ChannelRow) => ({ id: c.id, name: c.name, form: c.form, host: c.host, what: c.what, lang: c.lang, lastOkAt: c.last_ok_at?.toISOString() ?? null, lastError: c.last_error_at && (!c.last_ok_at || c.last_error_at > c.last_ok_at) ? c.last_error : null });

export function noticeRoutes(kernel: Kernel, notices: Notices): Bound[] {
  const { tenancy } = kernel;
  /** A trial goes at once to whatever host somebody has named: ten of an organisation, then one a minute. */
  const trials = new RateLimit(kernel.clock, 10, 1 / 60);
  return [
    bind(api.notify.policy, ({ scope }) =>
      tenancy.inOrg(scope, async (tx) => {
        const p = await notices.policy(tx, scope.orgId);
        return { quietFrom: clock(p.quietFrom), quietUntil: clock(p.quietUntil), look: p.look, channels: (await store.channels.list(tx, scope.orgId)).map(present) };
      })),
    bind(api.notify.setPolicy, ({ scope, body }) =>
      tenancy.inOrg(scope, async (tx) => {
        await store.policies.put(tx, scope.orgId, { quietFrom: minutesOf(body.quietFrom), quietUntil: minutesOf(body.quietUntil), look: body.look });
        tx.audit({ action: 'notify.policy_changed', orgId: scope.orgId, facts: { from: body.quietFrom, until: body.quietUntil, look: body.look } });
      })),
    bind(api.notify.addChannel, ({ scope, body }) =>
      tenancy.inOrg(scope, async (tx) => {
        if ((await store.channels.list(tx, scope.orgId)).length >= CHANNELS_MAX) throw new Problem(409, 'too_many_channels');
        const { row, secret } = await notices.add(tx, scope.orgId, body);
        tx.audit({ action: 'notify.channel_added', target: `channel:${row.id}`, orgId: scope.orgId, facts: { host: row.host, form: row.form, what: row.what } });
        return { ...present(row), secret };
      })),
    bind(api.notify.removeChannel, ({ scope, params }) =>
      tenancy.inOrg(scope, async (tx) => {
        const row = await store.channels.get(tx, scope.orgId, params.channel);
        if (!row) throw notFound();
        await store.channels.remove(tx, scope.orgId, row.id);
        tx.audit({ action: 'notify.channel_removed', target: `channel:${row.id}`, orgId: scope.orgId, facts: { host: row.host } });
      })),
    bind(api.notify.testChannel, async ({ scope, params }) => {
      const row = await tenancy.inOrg(scope, (tx) => store.channels.get(tx, scope.orgId, params.channel));
      if (!row) throw notFound();
      const wait = trials.take(scope.orgId);
      if (wait > 0) throw tooMany(wait);
      const error = await notices.test(row, trialNotice(kernel, scope.orgId, row.lang));
      return { ok: error === null, error };
    }),
    bind(api.notify.phones, ({ scope }) => tenancy.inOrg(scope, async (tx) => ({ items: [...(await store.phones.list(tx, scope.orgId))] }))),
    bind(api.notify.setPhones, ({ scope, body }) => {
      const items = body.items.map((item, i) => ({ ...item, phone: plainPhone(item.phone) ?? ((): never => { throw phoneWrong(i); })() }));
      return tenancy.inOrg(scope, async (tx) => {
        await store.phones.put(tx, scope.orgId, items);
        tx.audit({ action: 'notify.phones_changed', orgId: scope.orgId, facts: { count: items.length } });
      });
    }),
  ];
}

const phoneWrong = (i: number): Problem => new Problem(400, 'invalid', {}, { fields: [{ at: `/items/${i}/phone`, message: { ja: '電話番号は、数字10けたか11けたで入れてください。', en: 'Write a phone number of 10 or 11 digits.' } }] });

const trialNotice = (kernel: Kernel, orgId: string, lang: Lang): Notice => ({
  id: 'trial', at: new Date(kernel.clock.now()).toISOString(), urgency: 'look', organisation: { id: orgId, name: '' }, title: trial.title[lang], text: trial.text[lang], steps: [trial.step[lang]], callWhen: null, url: `${kernel.publicUrl()}/o/${orgId}/settings/notices`, rule: null,
});
