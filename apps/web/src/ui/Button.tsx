import { Link } from '@tanstack/react-router';
import type { MouseEvent, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icons.tsx';
import css from './Button.module.css';

/** main: the one thing to do here. plain: the other choices. quiet: looks like a link. grave: cannot be undone. */
export type ButtonKind = 'main' | 'plain' | 'quiet' | 'grave';

interface Look {
  kind?: ButtonKind;
  icon?: IconName;
  /** Fills the width, for narrow columns and phones. */
  wide?: boolean;
  children: ReactNode;
}

const look = ({ kind = 'plain', wide }: Look) => [css.button, css[kind], wide ? css.wide : ''].filter(Boolean).join(' ');

/**
 * A button. While `busy` it keeps its place and focus but does nothing, so that a double click acts once.
 */
export function Button(props: Look & {
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  submit?: boolean;
  busy?: boolean;
  disabled?: boolean;
  /** For screen readers when the words alone are not enough ("Open: KEIRI-03"). */
  label?: string;
  ref?: Ref<HTMLButtonElement>;
  expanded?: boolean;
}) {
  const { onClick, submit, busy, disabled, icon, label, children, ref, expanded } = props;
  const idle = busy || disabled;
  return (
    <button
      ref={ref}
      type={submit ? 'submit' : 'button'}
      className={look(props)}
      aria-disabled={idle || undefined}
      aria-busy={busy || undefined}
      aria-label={label}
      aria-expanded={expanded}
      onClick={(event) => {
        if (idle) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span className={css.busy} aria-hidden="true" /> : icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}

/** The same look for going somewhere: a path of this application. */
export function ButtonLink(props: Look & { to: string }) {
  return (
    <Link to={props.to} className={look(props)}>
      {props.icon ? <Icon name={props.icon} /> : null}
      {props.children}
    </Link>
  );
}

/** The same look for a file to fetch (Excel, PDF, ICS) or a telephone number. */
export function FileLink(props: Look & { href: string; download?: string | true }) {
  const { href, download } = props;
  return (
    <a href={href} className={look(props)} download={download}>
      {props.icon ? <Icon name={props.icon} /> : null}
      {props.children}
    </a>
  );
}

/** A square button that shows only an icon; `label` is its name. */
export function IconButton({ icon, label, onClick, ref, expanded }: { icon: IconName; label: string; onClick?: () => void; ref?: Ref<HTMLButtonElement>; expanded?: boolean }) {
  return (
    <button ref={ref} type="button" className={`${css.button} ${css.square}`} aria-label={label} title={label} onClick={onClick} aria-expanded={expanded}>
      <Icon name={icon} />
    </button>
  );
}

/** A link to a path of this application inside a sentence. */
export function GoLink({ to, children, label }: { to: string; children: ReactNode; label?: string }) {
  return <Link to={to} aria-label={label}>{children}</Link>;
}
