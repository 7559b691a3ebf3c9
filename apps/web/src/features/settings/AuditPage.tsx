import { consentKinds, orgs } from '@banya/contract';
import { useAct, useList, useSteady } from '../../api/index.ts';
import { useFilters, useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Button, DataTable, Details, Page, Panel, SelectField, StateNote, stateOf, StateTag } from '../../ui/index.ts';
import { Back } from './Back.tsx';
import css from './settings.module.css';

/** Who looked at this organisation's data and who changed it, and proof that the records are whole. */
export default function AuditPage() {
  const texts = useTexts().settings;
  const t = texts.audit;
  const f = useFormat();
  const org = useOrg();
  const { values, settled, set, any } = useFilters('only');
  const list = useSteady(useList(orgs.audit.list, { params: { org }, query: settled.only === 'outsiders' ? { outsiders: 'true' } : {} }), org);
  const viaWords = (via: string, ticket: string | null): string => {
    const kind = consentKinds.find((k) => k === via);
    if (kind && ticket) return t.vias.ticket(texts.sharing[kind].name, ticket);
    return kind ? t.vias.share(texts.sharing[kind].name) : via === 'federation' ? t.vias.federation : t.vias.always;
  };
  return (
    <Page title={t.title} lead={t.lead}>
      <Verify />
      <DataTable
        caption={t.caption} remember="audit" list={list} rowKey={(e) => e.seq}
        filters={<SelectField label={t.only} value={values.only} onChange={(word) => set('only', word)} options={[{ value: '', label: t.everyone }, { value: 'outsiders', label: t.outsiders }]} />}
        {...(any ? {} : { empty: { kind: 'empty' as const, title: t.emptyTitle, why: t.emptyWhy } })}
        columns={[
          { id: 'what', title: t.what, main: true, cell: (e) => e.text },
          { id: 'who', title: t.who, cell: (e) => <span className={css.who}>{e.whose === '' ? t.system : e.who}{e.via ? <StateTag state="look" word={t.outside} /> : null}</span> },
          { id: 'via', title: t.via, cell: (e) => (e.via ? viaWords(e.via, e.ticket) : e.whose === '' ? '' : t.own) },
          { id: 'at', title: t.at, cell: (e) => f.when(e.at) },
          { id: 'target', title: t.target, hidden: true, cell: (e) => <span className={css.code}>{e.target ?? ''}</span> },
        ]}
      />
      <Back />
    </Page>
  );
}

function Verify() {
  const t = useTexts().settings.audit;
  const f = useFormat();
  const org = useOrg();
  // Checking changes nothing, so nothing needs to be read again.
  const verify = useAct(orgs.audit.verify);
  const refused = stateOf({ isPending: false, error: verify.error });
  const result = verify.data;
  return (
    <div className={css.verify}>
      <div><Button icon="lock" busy={verify.isPending} onClick={() => verify.mutate({ params: { org } })}>{t.verify}</Button></div>
      {refused ? <StateNote state={refused} /> : null}
      <div role="status">
        {result ? (
          <Panel>
            <p className={css.who}><StateTag state={result.ok ? 'done' : 'now'} />{result.ok ? t.ok(f.count(result.entries)) : t.bad(String(result.atSeq ?? ''))}</p>
            {result.ok ? <Details summary={t.head}><p className={css.code}>{result.head}</p><p className={css.soft}>{t.headHelp}</p></Details> : <p>{t.badDo}</p>}
          </Panel>
        ) : null}
      </div>
    </div>
  );
}
