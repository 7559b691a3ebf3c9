import { api } from '@banya/contract';
import { bind, type Bound } from '../../../kernel/http/call.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { LEARN_DAYS } from './rules.ts';
import * as store from './store.ts';

const DAY = 86_400_000;

/** What is known of an organisation's ordinary days, for whoever reads its findings. */
export const usualRoutes = (kernel: Pick<Kernel, 'tenancy'>): Bound[] => [
  bind(api.findings.usual, ({ scope }) =>
    kernel.tenancy.inOrg(scope, async (tx) => ({
      items: (await store.learning(tx, scope.orgId)).map(({ kind, since, values }) => ({ kind, since: since.toISOString(), values: Number(values), tellsFrom: new Date(since.getTime() + LEARN_DAYS * DAY).toISOString() })),
    }))),
];
