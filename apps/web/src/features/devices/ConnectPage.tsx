import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { families, inventory, type Received } from '@banya/contract';
import { useAct, useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, CopyBox, Form, GoLink, Page, Panel, RadioField, stateOf, StepOf, TextField, useForm } from '../../ui/index.ts';
import { Guide } from './Guide.tsx';
import { FAMILY_GROUPS, matchIssues, toMatch, usualMatch, type MatchValues } from './match.ts';
import { NewToken } from './NewToken.tsx';
import { MatchFields, useRelays } from './MatchFields.tsx';
import { Waiting } from './Waiting.tsx';
import type { Source } from './sender.tsx';

/** A device that is registered; its secret is known only until the page is left. */
type Made = Source & { readonly token?: Received<typeof inventory.sources.create>['token'] };

/** Connects a device that sends logs, in three steps: which one, paste its settings, wait for the first line. From the second on the device stands in the address, so that a reload goes on there. */
export default function ConnectPage() {
  const t = useTexts().devices.connect;
  const org = useOrg();
  const navigate = useNavigate();
  const kept = (useSearch({ strict: false }) as Record<string, unknown>)['source'];
  const source = typeof kept === 'string' ? kept : null;
  const [made, setMade] = useState<Made | null>(null);
  const known = made !== null && made.id === source;
  const read = useApi(inventory.sources.get, { params: { org, source: source ?? '' } }, { skip: source === null || known });
  const go = (next: string | null, replace: boolean) => void navigate({ to: '.', search: (next === null ? {} : { source: next }) as never, replace, resetScroll: false });
  const take = (next: Made) => {
    setMade(next);
    go(next.id, true);
  };
  if (source === null) return <Page title={t.title} lead={t.lead}><StepOf n={1} all={3} /><Which onMade={take} /></Page>;
  if (known) return <Connect key={made.id} made={made} onAnother={() => go(null, false)} />;
  const state = stateOf(read);
  if (state || !read.data) return <Page title={t.pasteTitle} state={state ?? { kind: 'loading' }} />;
  return <Connect key={source} made={read.data} onAnother={() => go(null, false)} />;
}

/** The second and the third step. */
function Connect({ made, onAnother }: { made: Made; onAnother: () => void }) {
  const t = useTexts().devices.connect;
  const s = useTexts().devices.sender;
  const org = useOrg();
  const [pasted, setPasted] = useState(made.seenAt !== null);
  if (!pasted) {
    return (
      <Page title={t.pasteTitle} lead={made.name}>
        <StepOf n={2} all={3} />
        {made.token ? <Panel><p>{s.once}</p><CopyBox label={s.tokenLabel} text={made.token} /></Panel> : null}
        <Guide source={made} />
        {made.match.by === 'token' && !made.token ? <NewToken source={made} /> : null}
        <Actions><Button kind="main" onClick={() => { setPasted(true); scrollTo(0, 0); }}>{t.pasteNext}</Button><GoLink to={`/o/${org}/devices/senders/${made.id}`}>{t.later}</GoLink></Actions>
      </Page>
    );
  }
  return <Wait made={made} onBack={() => setPasted(false)} onAnother={onAnother} />;
}

function Wait({ made, onBack, onAnother }: { made: Made; onBack: () => void; onAnother: () => void }) {
  const t = useTexts().devices.connect;
  const org = useOrg();
  const read = useApi(inventory.sources.get, { params: { org, source: made.id } });
  const arrived = Boolean(read.data?.seenAt);
  const to = `/o/${org}/devices/senders/${made.id}`;
  return (
    <Page title={arrived ? t.arrivedTitle(made.name) : t.waitTitle} {...(arrived ? {} : { lead: made.name })}>
      {arrived ? null : <StepOf n={3} all={3} />}
      <Waiting source={made.id} />
      <Actions>
        {arrived ? <><ButtonLink kind="main" to={to}>{t.see}</ButtonLink><Button onClick={onAnother}>{t.another}</Button></> : <><Button kind="quiet" onClick={onBack}>{t.backToPaste}</Button><GoLink to={to}>{t.later}</GoLink></>}
      </Actions>
    </Page>
  );
}

interface Values extends MatchValues { family: Source['family']; name: string }
const toBody = (v: Values) => ({ name: v.name, family: v.family, match: toMatch(v) });
function check(body: unknown) {
  const result = inventory.sources.create.body.safeParse(body);
  const issues = [...(result.success ? [] : result.error.issues), ...matchIssues((body as ReturnType<typeof toBody>).match)];
  return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
}

function Which({ onMade }: { onMade: (made: Received<typeof inventory.sources.create>) => void }) {
  const texts = useTexts().devices;
  const t = texts.connect;
  const m = texts.match;
  const org = useOrg();
  const relay = useRelays(org)[0]?.id;
  const create = useAct(inventory.sources.create, { touches: ['home', 'tokens'] });
  const form = useForm<Values, ReturnType<typeof toBody>>({
    initial: { family: 'fortigate', name: '', 'match.address': '', 'match.headerHost': '', 'match.fingerprint': '', ...usualMatch('fortigate', undefined) },
    labels: { family: t.family, name: t.name, how: m.how, 'match.listener': m.listener, 'match.address': m.address, 'match.headerHost': m.headerHost, 'match.relay': m.relaySource, 'match.fingerprint': m.fingerprint },
    messages: { 'match.address': m.addressWrong, 'match.fingerprint': m.fingerprintWrong },
    toBody, schema: { safeParse: check },
    send: async (body) => {
      onMade(await create.mutateAsync({ params: { org }, body }));
      scrollTo(0, 0);
    },
  });
  const choose = (value: string) => {
    const family = families.find((f) => f === value) ?? 'generic';
    form.set({ family, ...usualMatch(family, relay) });
  };
  return (
    <Form form={form} action={t.next} beside={<GoLink to={`/o/${org}/devices?tab=senders`}>{t.toList}</GoLink>}>
      <RadioField {...form.bind('family')} onChange={choose} groups={Object.entries(FAMILY_GROUPS).map(([group, members]) => ({ title: t.groups[group as keyof typeof FAMILY_GROUPS], options: members.map((value) => ({ value, label: texts.families[value], help: texts.familyHelp[value] })) }))} />
      <TextField {...form.bind('name')} help={t.nameHelp} autoComplete="off" />
      <MatchFields form={form} />
    </Form>
  );
}
