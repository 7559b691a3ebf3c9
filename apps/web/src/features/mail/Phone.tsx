import { useMe } from '../../index.ts';
import { FileLink, Heading, Icon, telephone } from '../../ui/index.ts';
import css from './mail.module.css';

/** The telephone before everything else, where waiting for a page would be wrong. */
export function PhoneFirst({ title, words }: { title?: string; words: string }) {
  const { deskPhone } = useMe();
  return (
    <div role="status" className={css.phone}>
      {title ? <div className={css.phoneHead}><Icon name="phone" size={1.75} /><Heading>{title}</Heading></div> : null}
      <p>{words}</p>
      {deskPhone ? <div><FileLink kind="main" icon="phone" href={telephone(deskPhone)}>{deskPhone}</FileLink></div> : null}
    </div>
  );
}
