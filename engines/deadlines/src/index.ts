export * from './date.ts';
export * from './zone.ts';
export * from './holidays.ts';
export * from './calendar.ts';
export * from './minutes.ts';
export * from './days.ts';
