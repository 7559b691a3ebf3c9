import { useState } from 'react';
import { orgs, type Received } from '@banya/contract';
import { ApiProblem, once, upload, urlOf, useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useFormat, useTexts } from '../../texts/index.tsx';
import { Actions, Button, ButtonLink, DataTable, Details, FileDrop, FileLink, Page, Prose, Section, StateNote, stateOf, StateTag, type State } from '../../ui/index.ts';
import css from './people.module.css';

type Preview = Received<typeof orgs.people.importPreview>;
const shownMax = 200;
const tone: Record<Preview['rows'][number]['kind'], State> = { new: 'done', changed: 'look', same: 'quiet', wrong: 'now' };

/** Takes a list over: choose the file, see what would change, take over all of it or nothing. */
export default function ImportPage() {
  const t = useTexts().people.import;
  const f = useFormat();
  const org = useOrg();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [reading, setReading] = useState(false);
  const commit = useAct(orgs.people.importCommit, { touches: ['people'] });
  const look = async (chosen: readonly File[]) => {
    setFiles(chosen);
    setProblem(null);
    commit.reset();
    setPreview(null);
    const file = chosen[0];
    if (!file) return;
    setReading(true);
    try {
      // Browsers name CSV and Excel files differently from machine to machine; the server looks into the bytes anyway.
      setPreview(await upload(orgs.people.importPreview, { params: { org } }, file.slice(0, file.size, 'application/octet-stream')));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setReading(false);
    }
  };
  if (commit.data) {
    return (
      <Page title={t.done}>
        <Prose><p role="status"><StateTag state="done" /> {t.doneBody(f.count(commit.data.created, 'person'), f.count(commit.data.changed, 'person'))}</p></Prose>
        <Actions><ButtonLink kind="main" to={`/o/${org}/people`}>{t.toList}</ButtonLink></Actions>
      </Page>
    );
  }
  const refused = stateOf({ isPending: false, error: problem ?? commit.error });
  return (
    <Page title={t.title} lead={t.lead}>
      <FileDrop label={t.file} help={t.fileHelp} kinds={['.xlsx', '.csv']} bytesMax={orgs.people.importPreview.bodyBytesMax} files={files} onFiles={(chosen) => void look(chosen)} />
      {preview ? null : <div><FileLink icon="sheet" href={urlOf(orgs.people.export, { params: { org }, query: {} })} download>{t.sample}</FileLink><p className={css.soft}>{t.sampleHelp}</p></div>}
      {reading ? <StateNote state={{ kind: 'loading' }} /> : null}
      {refused ? <StateNote state={refused} /> : null}
      {preview ? <Preview preview={preview} busy={commit.isPending} onTake={() => once(commit.mutateAsync({ params: { org }, body: { token: preview.token } }), () => scrollTo(0, 0))} /> : null}
    </Page>
  );
}

function Preview({ preview, busy, onTake }: { preview: Preview; busy: boolean; onTake: () => void }) {
  const t = useTexts().people.import;
  const f = useFormat();
  const { counts } = preview;
  const moving = counts.new + counts.changed;
  return (
    <>
      <Section title={t.result}>
        <p role="status">{t.nothingYet}</p>
        <ul className={css.counts}>
          {(['new', 'changed', 'same', 'wrong'] as const).map((kind) => <li key={kind} data-wrong={kind === 'wrong' && counts.wrong > 0}><span>{t.summary[kind]}</span><strong>{f.count(counts[kind], kind === 'wrong' ? 'item' : 'person')}</strong></li>)}
        </ul>
        {counts.wrong > 0 ? null : moving === 0 ? <p>{t.nothing}</p> : (
          <><p className={css.soft}>{t.keeps}</p><Actions><Button kind="main" busy={busy} onClick={onTake}>{t.go(f.count(moving, 'person'))}</Button></Actions></>
        )}
      </Section>
      {preview.errors.length > 0 ? (
        <Section title={t.errors}>
          <p>{t.errorsLead}</p>
          <DataTable
            caption={t.errors} remember="people.import.errors" list={{ rows: preview.errors.map((e, i) => ({ ...e, key: String(i) })) }} rowKey={(e) => e.key}
            columns={[
              { id: 'row', title: t.rowNo, main: true, cell: (e) => t.rowText(String(e.row)) },
              { id: 'column', title: t.column, cell: (e) => e.column },
              { id: 'message', title: t.message, cell: (e) => e.message },
            ]}
          />
          {preview.errors.length >= shownMax ? <p className={css.soft}>{t.errorsMore}</p> : null}
        </Section>
      ) : null}
      <Section title={t.columns}>
        <p className={css.soft}>{t.columnsLead(String(preview.headerRow))}</p>
        <DataTable
          caption={t.columns} remember="people.import.columns" list={{ rows: preview.columns.map((c, i) => ({ ...c, key: String(i) })) }} rowKey={(c) => c.key}
          columns={[{ id: 'header', title: t.header, main: true, cell: (c) => c.header }, { id: 'field', title: t.field, cell: (c) => c.field ?? <span className={css.soft}>{t.unused}</span> }]}
        />
      </Section>
      <Details summary={t.rows}>
        <DataTable
          caption={t.rows} remember="people.import.rows" list={{ rows: preview.rows }} rowKey={(r) => String(r.row)}
          columns={[
            { id: 'name', title: t.name, main: true, cell: (r) => r.name || t.rowText(String(r.row)) },
            { id: 'kind', title: t.change, cell: (r) => <StateTag state={tone[r.kind]} word={t.kinds[r.kind]} /> },
            { id: 'row', title: t.rowNo, align: 'end', cell: (r) => String(r.row) },
            { id: 'email', title: t.email, cell: (r) => r.email },
            { id: 'department', title: t.department, cell: (r) => r.department },
          ]}
        />
        {preview.rows.length >= shownMax ? <p className={css.soft}>{t.rowsMore}</p> : null}
      </Details>
    </>
  );
}
