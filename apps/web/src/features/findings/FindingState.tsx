import type { findings, Received } from '@banya/contract';
import { useTexts } from '../../texts/index.tsx';
import { StateTag } from '../../ui/index.ts';

type Finding = Received<typeof findings.list>['items'][number];

/** How a finding stands: how urgent while open, how it ended once closed. */
export function FindingState({ finding }: { finding: Pick<Finding, 'state' | 'severity' | 'outcome'> }) {
  const t = useTexts().findings;
  if (finding.state === 'closed') return <StateTag state="done" {...(finding.outcome ? { word: t.outcome[finding.outcome] } : {})} />;
  return <StateTag state={finding.severity === 'fyi' ? 'quiet' : finding.severity} word={t.severity[finding.severity]} />;
}
