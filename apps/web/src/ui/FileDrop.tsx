import { useId, useState, type DragEvent } from 'react';
import { useFormat, useTexts } from '../texts/index.tsx';
import { Icon } from './icons.tsx';
import { IconButton } from './Button.tsx';
import css from './Small.module.css';

/**
 * Chooses files by button, keyboard or by dropping them.
 * @param kinds file name endings that are taken, with the point: ['.xlsx', '.csv']; the server checks again
 * @param bytesMax largest file
 */
export function FileDrop({ label, help, kinds, bytesMax, several = false, files, onFiles, error }: {
  label: string;
  help?: string;
  kinds: readonly string[];
  bytesMax: number;
  several?: boolean;
  files: readonly File[];
  onFiles: (files: readonly File[]) => void;
  error?: string | undefined;
}) {
  const t = useTexts().ui.drop;
  const { aside } = useTexts().common;
  const f = useFormat();
  const id = useId();
  const [over, setOver] = useState(false);
  const [wrong, setWrong] = useState('');
  const take = (list: FileList | null) => {
    const chosen = [...(list ?? [])];
    const bad = chosen.find((file) => file.size > bytesMax || !kinds.some((k) => file.name.toLowerCase().endsWith(k)));
    if (bad) {
      setWrong(bad.size > bytesMax ? t.tooBig(bad.name, f.size(bytesMax)) : t.wrongKind(bad.name, kinds.join(' ')));
      return;
    }
    setWrong('');
    if (chosen.length > 0) onFiles(several ? [...files, ...chosen] : chosen.slice(0, 1));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const said = wrong || error;
  return (
    <div className={css.drop} data-over={over} data-wrong={Boolean(said)} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <strong id={`${id}-label`}>{label}</strong>
      {help ? <span className={css.help}>{help}</span> : null}
      {said ? <span className={css.wrong} id={`${id}-error`} role="alert">{said}</span> : null}
      <label className={css.pick}>
        <Icon name="upload" />
        {t.choose}
        <input type="file" accept={kinds.join(',')} multiple={several} aria-labelledby={`${id}-label`} aria-describedby={`${id}-limit${said ? ` ${id}-error` : ''}`} aria-invalid={Boolean(said)} onChange={(e) => { take(e.target.files); e.target.value = ''; }} />
      </label>
      <span className={css.help} id={`${id}-limit`}>{t.here}{aside(t.limit(kinds.join(' '), f.size(bytesMax)))}</span>
      {files.length > 0 ? (
        <ul className={css.picked}>
          {files.map((file) => (
            <li key={`${file.name}-${file.size}`}>
              <span>{file.name}{aside(f.size(file.size))}</span>
              <IconButton icon="close" label={t.remove(file.name)} onClick={() => onFiles(files.filter((one) => one !== file))} />
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
