import { useFilters } from '../../index.ts';

const states = ['open', 'new', 'working', 'waiting', 'solved'] as const;
const urgencies = ['now', 'today', 'normal'] as const;

/** What narrows the queue; it stands in the address, so that going back from a ticket finds the same list. */
export interface Filter {
  readonly state: (typeof states)[number];
  readonly member: string;
  /** '', 'me', 'none' or a person's id. */
  readonly assignee: string;
  readonly urgency: '' | (typeof urgencies)[number];
  readonly late: boolean;
  readonly q: string;
}
export const everything: Filter = { state: 'open', member: '', assignee: '', urgency: '', late: false, q: '' };

const names = ['state', 'member', 'assignee', 'urgency', 'late', 'q'] as const;
const oneOf = <T extends string>(allowed: readonly T[], value: string): T | undefined => allowed.find((one) => one === value);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads a filter out of an address; what is not understood counts as not there. */
export const filterOf = (search: Readonly<Record<(typeof names)[number], string>>): Filter => ({
  state: oneOf(states, search.state) ?? 'open',
  member: uuid.test(search.member) ? search.member : '',
  assignee: search.assignee === 'me' || search.assignee === 'none' || uuid.test(search.assignee) ? search.assignee : '',
  urgency: oneOf(urgencies, search.urgency) ?? '',
  late: search.late === 'yes',
  q: search.q.slice(0, 100),
});

/** Whether anything but the words narrows the queue. */
export const narrowed = (filter: Filter): boolean => names.some((name) => name !== 'q' && filter[name] !== everything[name]);

/** The filter as the fields show it, as the server is asked (once typing has rested), and the way to change it. */
export function useFilter(): { readonly shown: Filter; readonly asked: Filter; readonly change: (change: Partial<Filter>) => void } {
  const { values, settled, set } = useFilters(...names);
  return {
    shown: filterOf(values),
    asked: filterOf(settled),
    change: (change) => {
      for (const name of names) {
        const value = change[name];
        if (value !== undefined) set(name, value === everything[name] ? '' : value === true ? 'yes' : String(value));
      }
    },
  };
}
