import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { GoLink, Page, Panel } from '../../ui/index.ts';
import { PhoneForm } from './PhoneForm.tsx';

/** The phone form as a page of its own, for a second window or a phone. */
export default function PhonePage() {
  const t = useTexts().desk;
  const org = useOrg();
  return (
    <Page title={t.phone.title} lead={t.phone.lead}>
      <Panel><PhoneForm org={org} /></Panel>
      <p><GoLink to={`/o/${org}/desk`}>{t.ticket.back}</GoLink></p>
    </Page>
  );
}
