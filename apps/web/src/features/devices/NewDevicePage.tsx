import { useNavigate } from '@tanstack/react-router';
import { inventory } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { GoLink, Page, useUndo } from '../../ui/index.ts';
import { DeviceForm } from './DeviceForm.tsx';

/** Puts a device on the list. */
export default function NewDevicePage() {
  const t = useTexts().devices.form;
  const org = useOrg();
  const navigate = useNavigate();
  const say = useUndo();
  const create = useAct(inventory.devices.create);
  const archive = useAct(inventory.devices.archive);
  return (
    <Page title={t.newTitle} lead={t.newLead}>
      <DeviceForm
        action={t.add} beside={<GoLink to={`/o/${org}/devices`}>{t.toList}</GoLink>}
        send={async (body) => {
          const made = await create.mutateAsync({ params: { org }, body });
          say({ text: t.added(made.name), undo: () => archive.mutateAsync({ params: { org, device: made.id } }) });
          void navigate({ to: `/o/${org}/devices` });
        }}
      />
    </Page>
  );
}
