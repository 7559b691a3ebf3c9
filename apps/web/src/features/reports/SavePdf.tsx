import { prove } from '@banya/contract';
import { useState } from 'react';
import { ApiProblem, fetchFile } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Button, StateNote } from '../../ui/index.ts';
import type { Report } from './parts.tsx';

/** Fetches the PDF and hands it to the browser; a refusal is said on the page and never saved as a broken file. */
export function SavePdf({ report }: { report: Pick<Report, 'org' | 'orgName' | 'month' | 'version'> }) {
  const t = useTexts().reports;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const file = await fetchFile(prove.reports.pdf, { params: { org: report.org, month: report.month }, query: { version: report.version } });
      const address = URL.createObjectURL(file);
      const link = document.createElement('a');
      link.href = address;
      link.download = t.fileName(report.orgName, report.month);
      link.click();
      // The browser has begun to read it by then; freeing it in the same turn would cancel the download.
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button kind="main" icon="report" busy={busy} onClick={() => void save()}>{t.pdf}</Button>
      {problem ? <StateNote state={problem.status === 0 ? { kind: 'offline' } : { kind: 'error', problem }} /> : null}
    </>
  );
}
