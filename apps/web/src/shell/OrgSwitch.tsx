import { useState } from 'react';
import { useFormat, useTexts } from '../texts/index.tsx';
import { Dialog, Icon, TextField } from '../ui/index.ts';
import { orgsOf, type Here, type Me } from './session.ts';
import css from './OrgSwitch.module.css';
import frame from './Frame.module.css';

const searchFrom = 8;

/** The organisation one is in; with several, a button that opens the list of them (searched when it is long). */
export function OrgSwitch({ me, here, onOrg }: { me: Me; here: Here; onOrg: (org: string) => void }) {
  const texts = useTexts();
  const t = texts.shell;
  const f = useFormat();
  const [open, setOpen] = useState(false);
  const [word, setWord] = useState('');
  const orgs = orgsOf(me);
  if (orgs.length < 2) return <span className={frame.orgName}>{here.name}</span>;
  const found = orgs.filter((o) => o.name.toLowerCase().includes(word.trim().toLowerCase()));
  return (
    <>
      <button type="button" className={frame.orgButton} aria-haspopup="dialog" aria-expanded={open} aria-label={`${t.orgSwitch}: ${here.name}`} onClick={() => setOpen(true)}>
        <span className={frame.orgName}>{here.name}</span>
        <Icon name="down" size={1} />
      </button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t.orgSwitch}>
        {orgs.length >= searchFrom ? <TextField label={t.orgSearch} kind="search" value={word} onChange={setWord} /> : null}
        <ul className={css.list}>
          {found.map((o) => (
            <li key={o.org}>
              <button type="button" className={css.org} aria-current={o.org === here.org || undefined} onClick={() => { setOpen(false); onOrg(o.org); }}>
                <span>{o.name}</span>
                <span className={css.roles}>{f.list(o.roles.map((r) => texts.ui.roles[r]))}</span>
              </button>
            </li>
          ))}
        </ul>
        {found.length === 0 ? <p>{texts.ui.form.noMatch}</p> : null}
      </Dialog>
    </>
  );
}
