import { useNavigate } from '@tanstack/react-router';
import { orgs } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useOrg } from '../../index.ts';
import { useTexts } from '../../texts/index.tsx';
import { GoLink, Page, useUndo } from '../../ui/index.ts';
import { PersonForm } from './PersonForm.tsx';

/** Puts somebody on the list; roles are given on the person's page afterwards. */
export default function NewPersonPage() {
  const t = useTexts().people.form;
  const org = useOrg();
  const navigate = useNavigate();
  const say = useUndo();
  const create = useAct(orgs.people.create);
  const archive = useAct(orgs.people.archive);
  return (
    <Page title={t.newTitle} lead={t.newLead}>
      <PersonForm
        action={t.add} beside={<GoLink to={`/o/${org}/people`}>{t.toList}</GoLink>}
        send={async (body) => {
          const made = await create.mutateAsync({ params: { org }, body });
          say({ text: t.added(made.name), undo: () => archive.mutateAsync({ params: { org, person: made.id } }) });
          void navigate({ to: `/o/${org}/people/${made.id}` });
        }}
      />
    </Page>
  );
}
