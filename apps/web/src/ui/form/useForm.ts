import { useRef, useState } from 'react';
import { ApiProblem } from '../../api/problem.ts';
import { useTexts } from '../../texts/index.tsx';
import { nameOf, wordsOf, type Issue, type Schema } from './words.ts';

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
 * @param messages a better sentence than the general one, by name: with an example of the right form; a function chooses it by what is wrong
 */
export function useForm<Values extends object, Body = Values>({ initial, labels, schema, toBody, messages, send }: {
  initial: Values;
  labels: { readonly [K in keyof Values]: string };
  schema?: Schema;
  toBody?: (values: Values) => Body;
  messages?: { readonly [K in keyof Values]?: string | ((issue: Issue) => string | undefined) };
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
  /** What is wrong deep inside a field (an item of a list) belongs to the nearest field that is on the form. */
  const fieldOf = (full: string): string => Object.keys(labels).find((n) => full === n || full.startsWith(`${n}.`)) ?? full;
  const check = (body: unknown): ReadonlyMap<string, string> => {
    const found = new Map<string, string>();
    const parsed = schema?.safeParse(body);
    if (!parsed || parsed.success) return found;
    for (const issue of parsed.error.issues as readonly Issue[]) {
      const name = fieldOf(nameOf(issue.path));
      if (found.has(name)) continue;
      const value = known(name) ? values[name] : undefined;
      const special = known(name) && value !== '' ? messages?.[name] : undefined;
      found.set(name, (typeof special === 'function' ? special(issue) : special) ?? wordsOf(issue, known(name) ? labels[name] : name, value, t));
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
      const fields = new Map(error.fields.map((field) => [fieldOf(nameOf(field.at)), field.message]));
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
