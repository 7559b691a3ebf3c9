import { useRef, useState } from 'react';
import { ApiProblem } from '../../api/problem.ts';
import { useTexts, type Texts } from '../../texts/index.tsx';

/** The part of a zod issue that becomes words. */
export interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly format?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly origin?: string;
  readonly expected?: string;
}
/** Anything with zod's `safeParse`; a route's `body` fits. */
export interface Schema {
  safeParse(value: unknown): { success: true } | { success: false; error: { issues: readonly unknown[] } };
}

/** `/manager/email` (JSON pointer of a problem document) or a zod path as the form's name `manager.email`. */
export const nameOf = (at: string | readonly PropertyKey[]): string =>
  typeof at === 'string'
    ? at.split('/').filter(Boolean).map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~')).join('.')
    : at.map(String).join('.');

/** One plain sentence for an issue, naming the field by its label. */
export function wordsOf(issue: Issue, label: string, value: unknown, t: Texts['ui']['form']): string {
  const nothing = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (nothing) return issue.code === 'invalid_value' || Array.isArray(value) ? t.choose(label) : t.required(label);
  switch (issue.code) {
    case 'invalid_value': return t.choose(label);
    case 'too_big': return issue.origin === 'string' ? t.tooLong(label, Number(issue.maximum)) : t.tooBig(label, Number(issue.maximum));
    case 'too_small': return issue.origin === 'string' ? t.tooShort(label, Number(issue.minimum)) : t.tooSmall(label, Number(issue.minimum));
    case 'invalid_format': return issue.format === 'email' ? t.email(label) : issue.format === 'url' ? t.url(label) : t.other(label);
    case 'invalid_type': return issue.expected === 'number' || issue.expected === 'int' ? t.number(label) : t.other(label);
    default: return t.other(label);
  }
}

/** What a field component wants; spread it: `<TextField {...form.bind('name')} />`. */
export interface Bound<Value> {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly error: string | undefined;
}

export interface FormState<Values extends object> {
  readonly values: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly bind: <K extends keyof Values & string>(name: K) => Bound<Values[K]>;
  readonly errors: readonly { readonly name: string; readonly message: string }[];
  /** A refusal that belongs to no field. */
  readonly problem: ApiProblem | null;
  readonly busy: boolean;
  readonly changed: boolean;
  /** Counts the refused submits, so that the summary takes focus each time. */
  readonly refused: number;
  readonly submit: () => Promise<void>;
}

/**
 * A form's values, their errors in plain words and its sending.
 * Names of nested fields are written with points (`manager.email`). Errors come from `schema` before sending and from
 * the problem document's `fields` after; both are bound to the field of that name.
 * @param toBody what the schema checks and `send` receives, when it is not the values themselves
 * @param messages a better sentence than the general one, by name: with an example of the right form
 */
export function useForm<Values extends object, Body = Values>({ initial, labels, schema, toBody, messages, send }: {
  initial: Values;
  labels: { readonly [K in keyof Values]: string };
  schema?: Schema;
  toBody?: (values: Values) => Body;
  messages?: { readonly [K in keyof Values]?: string };
  send: (body: Body) => Promise<unknown>;
}): FormState<Values> {
  const t = useTexts().ui.form;
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(0);
  const sending = useRef(false);
  const known = (name: string): name is keyof Values & string => Object.hasOwn(labels, name);

  const set = (change: Partial<Values>) => {
    setValues((now) => ({ ...now, ...change }));
    setErrors((now) => new Map([...now].filter(([name]) => !Object.hasOwn(change, name))));
  };
  const refuse = (found: ReadonlyMap<string, string>, left: ApiProblem | null) => {
    setErrors(found);
    setProblem(left);
    setRefused((n) => n + 1);
  };
  const check = (body: unknown): ReadonlyMap<string, string> => {
    const found = new Map<string, string>();
    const parsed = schema?.safeParse(body);
    if (!parsed || parsed.success) return found;
    for (const issue of parsed.error.issues as readonly Issue[]) {
      const full = nameOf(issue.path);
      // An issue deep inside a field (an item of a list) belongs to the nearest field that is on the form.
      const name = Object.keys(labels).find((n) => full === n || full.startsWith(`${n}.`)) ?? full;
      if (found.has(name)) continue;
      const value = known(name) ? values[name] : undefined;
      const special = known(name) && value !== '' ? messages?.[name] : undefined;
      found.set(name, special ?? wordsOf(issue, known(name) ? labels[name] : name, value, t));
    }
    return found;
  };
  const submit = async () => {
    if (sending.current) return;
    const body = toBody ? toBody(values) : (values as unknown as Body);
    const found = check(body);
    if (found.size > 0) return refuse(found, null);
    sending.current = true;
    setBusy(true);
    setErrors(new Map());
    setProblem(null);
    try {
      await send(body);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const fields = new Map(error.fields.map((field) => [nameOf(field.at), field.message]));
      refuse(fields, fields.size > 0 ? null : error);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };
  return {
    values, set, problem, busy, refused, submit,
    changed: values !== initial && JSON.stringify(values) !== JSON.stringify(initial),
    errors: [...errors].map(([name, message]) => ({ name, message })),
    bind: (name) => ({
      name, label: labels[name], value: values[name], error: errors.get(name),
      onChange: (value) => set({ [name]: value } as unknown as Partial<Values>),
    }),
  };
}
