import { Navigate } from '@tanstack/react-router';
import { useMe } from '../../index.ts';

/** On to the backups of the installation, in the frame of where this person is operator. */
export default function GoBackup() {
  const me = useMe();
  const org = me.roles.find((r) => r.role === 'operator')?.org ?? me.federation.id;
  return <Navigate to={`/o/${org}/settings/backup`} replace />;
}
