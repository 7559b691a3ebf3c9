import { operate, type Received } from '@banya/contract';
import { useAct } from '../../api/index.ts';
import { useTexts } from '../../texts/index.tsx';
import { Form, RadioField, TextField, useForm, useUndo } from '../../ui/index.ts';

type Target = Received<typeof operate.backups>['target'];
const words = ['path', 'endpoint', 'bucket', 'prefix', 'region', 'accessKey', 'secretKey', 'passphrase'] as const;
interface Values extends Record<(typeof words)[number], string> { kind: 'folder' | 's3'; keep: string }
const needed: Record<Values['kind'], readonly (typeof words)[number][]> = { folder: ['path'], s3: ['endpoint', 'bucket', 'accessKey'] };
const ofKind: Record<Values['kind'], readonly (typeof words)[number][]> = { folder: ['path', 'passphrase'], s3: ['endpoint', 'bucket', 'prefix', 'region', 'accessKey', 'secretKey', 'passphrase'] };

/** Only what belongs to the chosen kind is sent; an empty field is left out, which keeps a saved secret as it is. */
const toBody = (v: Values) => ({
  kind: v.kind, keep: v.keep.trim() === '' ? Number.NaN : Number(v.keep.normalize('NFKC')),
  ...(Object.fromEntries(ofKind[v.kind].flatMap((name) => (v[name].trim() === '' ? [] : [[name, v[name].trim()]]))) as Partial<Record<(typeof words)[number], string>>),
});
type Body = ReturnType<typeof toBody>;

/** Where hourly backups go; the server tries the place before it is saved. */
export function TargetForm({ target }: { target: Target }) {
  const t = useTexts().operate.backup;
  const say = useUndo();
  const put = useAct(operate.backupTarget);
  const check = (body: unknown) => {
    const result = operate.backupTarget.body.safeParse(body);
    const sent = body as Body;
    const must = [...needed[sent.kind], ...(sent.kind === 's3' && !target?.hasSecret ? ['secretKey' as const] : [])];
    const issues = [...(result.success ? [] : result.error.issues), ...must.filter((name) => sent[name] === undefined).map((name) => ({ code: 'custom', path: [name] }))];
    return issues.length === 0 ? { success: true as const } : { success: false as const, error: { issues } };
  };
  const form = useForm<Values, Body>({
    initial: { kind: target?.kind ?? 'folder', path: target?.path ?? '', endpoint: target?.endpoint ?? '', bucket: target?.bucket ?? '', prefix: target?.prefix ?? '', region: target?.region ?? '', accessKey: target?.accessKey ?? '', secretKey: '', passphrase: '', keep: String(target?.keep ?? 48) },
    labels: { kind: t.where, path: t.path, endpoint: t.endpoint, bucket: t.bucket, prefix: t.prefix, region: t.region, accessKey: t.accessKey, secretKey: t.secretKey, passphrase: t.passphrase, keep: t.keep },
    messages: { keep: t.keepWrong }, toBody, schema: { safeParse: check },
    send: async (body) => {
      await put.mutateAsync({ body });
      say({ text: t.saved });
    },
  });
  return (
    <Form form={form} action={t.save}>
      <RadioField {...form.bind('kind')} onChange={(value) => form.set({ kind: value === 's3' ? 's3' : 'folder' })} options={[{ value: 'folder', label: t.folder, help: t.folderHelp }, { value: 's3', label: t.s3, help: t.s3Help }]} />
      {form.values.kind === 'folder' ? <TextField {...form.bind('path')} help={t.pathHelp} width="full" autoComplete="off" /> : (
        <>
          <TextField {...form.bind('endpoint')} help={t.endpointHelp} kind="url" width="full" autoComplete="off" />
          <TextField {...form.bind('bucket')} autoComplete="off" />
          <TextField {...form.bind('prefix')} autoComplete="off" optional />
          <TextField {...form.bind('region')} autoComplete="off" optional />
          <TextField {...form.bind('accessKey')} autoComplete="off" />
          <TextField {...form.bind('secretKey')} {...(target?.hasSecret ? { help: t.kept } : {})} kind="password" autoComplete="off" optional={target?.hasSecret ?? false} />
        </>
      )}
      <TextField {...form.bind('passphrase')} help={target?.hasPassphrase ? t.kept : `${t.passphraseHelp} ${t.passphraseNone}`} kind="password" width="full" autoComplete="new-password" optional />
      <TextField {...form.bind('keep')} help={t.keepHelp} kind="number" width="short" />
    </Form>
  );
}
