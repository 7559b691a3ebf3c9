/** The name of a time zone as the platform spells it (IANA time zone database), or null when there is none of that name. */
export function knownZone(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
