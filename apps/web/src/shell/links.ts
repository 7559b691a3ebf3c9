/** A link to a page with values in its address. The router reads values of an address as JSON: unquoted, a hash of digits would become a number and quotes would go. */
export const linkTo = (path: string, values: Readonly<Record<string, string>>): string => `${path}?${new URLSearchParams(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]))}`;
