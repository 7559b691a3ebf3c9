import { useRef } from 'react';
import { identity, inventory } from '@banya/contract';
import { useApi } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, Details, RadioField, SelectField, TextField, type FormState } from '../../ui/index.ts';
import type { How, MatchValues } from './match.ts';
import css from './devices.module.css';

type Fields = Pick<FormState<MatchValues>, 'bind' | 'values' | 'set' | 'problem'>;
const hows = ['address', 'relay', 'token', 'certificate'] as const satisfies readonly How[];

/** The collectors of an organisation: what sends with a secret can send for others. */
export function useRelays(org: string) {
  const read = useApi(inventory.sources.list, { params: { org }, query: { limit: 200 } });
  return (read.data?.items ?? []).filter((s) => s.match.by === 'token' && s.archivedAt === null);
}

/** Which way lines come, and what tells this sender from others. */
export function MatchFields({ form, fixed = false }: { form: Fields; fixed?: boolean }) {
  const t = useTexts().devices.match;
  const org = useOrg();
  const relays = useRelays(org);
  const { how } = form.values;
  // Once a message speaks of what is folded away, it stays open.
  const spoken = useRef(false);
  spoken.current ||= form.problem?.code === 'sender_taken' || form.bind('match.headerHost').error !== undefined;
  const words = { address: [t.direct, t.directHelp], relay: [t.relay, relays.length > 0 ? t.relayHelp : t.relayNone], token: [t.token, t.tokenHelp], certificate: [t.certificate, t.certificateHelp] } as const;
  const listeners = [{ value: 'tcp', label: t.tcp }, { value: 'udp', label: t.udp }, { value: 'tls', label: t.tls }];
  return (
    <>
      {how === 'address' ? (
        <>
          <TextField {...form.bind('match.address')} help={t.addressHelp} width="short" autoComplete="off" />
          <Yours onUse={(address) => form.set({ 'match.address': address })} now={form.values['match.address']} />
        </>
      ) : null}
      {how === 'relay' ? (
        <>
          <SelectField {...form.bind('match.relay')} options={[{ value: '', label: '' }, ...relays.map((s) => ({ value: s.id, label: s.name }))]} />
          <TextField {...form.bind('match.address')} label={t.lanAddress} help={t.lanAddressHelp} width="short" autoComplete="off" />
        </>
      ) : null}
      {how === 'certificate' ? <TextField {...form.bind('match.fingerprint')} help={t.fingerprintHelp} width="full" autoComplete="off" /> : null}
      {fixed && how !== 'address' ? null : (
        <Details summary={t.rarely(words[how][0])} open={spoken.current}>
          <div className={css.rarely}>
            {fixed ? null : (
              <RadioField
                {...form.bind('how')} onChange={(value) => form.set({ how: hows.find((h) => h === value) ?? 'address' })}
                options={hows.map((value) => ({ value, label: words[value][0], help: words[value][1], disabled: value === 'relay' && relays.length === 0 }))}
              />
            )}
            {how === 'address' ? (
              <>
                <SelectField {...form.bind('match.listener')} onChange={(value) => form.set({ 'match.listener': value === 'udp' || value === 'tls' ? value : 'tcp' })} options={listeners} />
                <TextField {...form.bind('match.headerHost')} help={t.headerHostHelp} autoComplete="off" optional />
              </>
            ) : null}
          </div>
        </Details>
      )}
    </>
  );
}

/** Most devices stand where their lead sits: the address of this very session is then the right one. */
function Yours({ now, onUse }: { now: string; onUse: (address: string) => void }) {
  const t = useTexts().devices.match;
  const read = useApi(identity.self.sessions, {}, { staleMs: 300_000 });
  const address = read.data?.items.find((s) => s.current)?.address;
  if (!address || now === address) return null;
  return <p className={css.yours}><span>{t.yours(address)}</span><Button onClick={() => onUse(address)}>{t.useYours}</Button></p>;
}
