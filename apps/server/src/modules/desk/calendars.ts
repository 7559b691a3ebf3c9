import { ALWAYS_OPEN, BusinessCalendar, japaneseHolidays, type HolidayTable } from '@banya/deadlines';
import { nationalHolidays } from '@banya/library';
import { usualSla, type Plan, type Plans, type SlaSettings } from './rules.ts';
import type { Urgency } from './schema.ts';

const MINUTE = 60_000;
/** Years after the published table are computed from the law, so that a ticket of its last December has a due time. */
const COMPUTED_YEARS = 20;
const KEPT_MAX = 20;

function holidays(): HolidayTable {
  const lastYear = Number(nationalHolidays.validTo.slice(0, 4));
  const computed = Array.from({ length: COMPUTED_YEARS }, (_, i) => japaneseHolidays(lastYear + 1 + i)).flat();
  return { validFrom: nationalHolidays.validFrom, validTo: `${lastYear + COMPUTED_YEARS}-12-31`, days: [...nationalHolidays.days, ...computed] };
}

const table = holidays();
const JAPAN_MS = 9 * 60 * MINUTE;
const dayAndNight = new BusinessCalendar({ holidays: table, hours: ALWAYS_OPEN, openOnHolidays: true, yearEnd: null });
const kept = new Map<string, Plans>();

/** The plans of a federation's settings; each different setting is unfolded once. */
export function plansOf(settings: SlaSettings | null): Plans {
  const chosen = settings ?? usualSla;
  const key = JSON.stringify([chosen.minutes, chosen.hours, chosen.closedDays]);
  let plans = kept.get(key);
  if (!plans) {
    const open = new BusinessCalendar({ holidays: table, hours: chosen.hours, extraClosed: chosen.closedDays });
    const plan = (urgency: Urgency, calendar: BusinessCalendar): Plan => ({ calendar, firstReplyMs: chosen.minutes[urgency].firstReply * MINUTE, solveMs: chosen.minutes[urgency].solve * MINUTE });
    plans = { now: plan('now', dayAndNight), today: plan('today', open), normal: plan('normal', open) };
    if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value!);
    kept.set(key, plans);
  }
  return plans;
}

/** The national holidays of the twelve months from a moment on, as the clock of tickets knows them. */
export function holidaysAfter(now: Date): { day: string; name: { ja: string; en: string } }[] {
  const today = new Date(now.getTime() + JAPAN_MS).toISOString().slice(0, 10);
  const last = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
  return table.days.filter((d) => d.date >= today && d.date < last).map((d) => ({ day: d.date, name: { ja: d.ja ?? '祝日', en: d.en ?? 'National holiday' } }));
}
