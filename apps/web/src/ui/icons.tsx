/** Line icons drawn on a 24-unit square; decoration beside a word, so hidden from screen readers. */
const paths = {
  done: 'M4.5 12.5l5 5 10-11',
  look: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z',
  now: 'M12 3.2L22 20.5H2L12 3.2zM12 9.5v5.5M12 17.7v.4',
  quiet: 'M5 12h14',
  home: 'M3.5 11.5L12 4l8.5 7.5M6 9.8V20h12V9.8',
  finding: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21',
  ticket: 'M4 5h16v11H11l-4.5 4V16H4z',
  device: 'M3.5 5h17v11h-17zM9 20h6M12 16v4',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-4 3-6 6.500-6s6.100 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2 .8 3.200 2.600 3.500 5.500',
  report: 'M6 3h8.500L19 7.500V21H6zM14 3v5h5M9 12.500h7M9 16.500h7',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.800a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400zM9 14.800a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z',
  overview: 'M4 4h6.500v6.500H4zM13.500 4H20v6.500h-6.500zM4 13.500h6.500V20H4zM13.500 13.500H20V20h-6.500z',
  trend: 'M3.500 20h17M5 15.500l4.500-5 4 3L20 6',
  queue: 'M4 6h16M4 12h16M4 18h10',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c.5-4.500 3.500-6.500 7.500-6.500s7 2 7.500 6.500',
  phone: 'M6 3.500h3.500l1.500 4.500-2.200 1.700a12 12 0 0 0 5.500 5.500L16 13l4.500 1.500V18c0 1.400-1 2.500-2.500 2.500C10.500 20.500 3.500 13.500 3.500 6 3.500 4.500 4.600 3.500 6 3.500z',
  clock: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM12 7.500V12l3 2',
  down: 'M6 9.500l6 6 6-6',
  right: 'M9.500 6l6 6-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M8.500 8.500H20V20H8.500zM15.500 8.500V4H4v11.500h4.500',
  sheet: 'M4 4h16v16H4zM4 9.500h16M4 14.700h16M10 4v16',
  upload: 'M12 16V4.500M7.500 9L12 4.500 16.500 9M4.500 15v4.500h15V15',
  columns: 'M4 4h16v16H4zM9.500 4v16M14.700 4v16',
  sort: 'M8 4v16M4.500 16.500L8 20l3.500-3.500M16 20V4M12.500 7.500L16 4l3.500 3.500',
  menu: 'M4 7h16M4 12h16M4 17h16',
  offline: 'M3 3l18 18M5 10a11 11 0 0 1 4-2.300M14 7.500a11 11 0 0 1 5 2.500M8.500 13.500a6 6 0 0 1 3-1.400M12 18.300v.4',
  key: 'M8 10.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 11.500L20 4M16.500 7l2.500 3',
  mail: 'M3.500 5.500h17v13h-17zM3.500 6.500l8.500 7 8.500-7',
  bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l2 2H4zM10 18.500a2 2 0 0 0 4 0',
  lock: 'M6 10.500h12V20H6zM8.500 10.500V7.500a3.500 3.500 0 0 1 7 0v3',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  group: 'M4 20V9l8-5 8 5v11M9.500 20v-6h5v6',
} as const;

export type IconName = keyof typeof paths;

/** @param size in rem, 1.25 unless told */
export function Icon({ name, size = 1.25 }: { name: IconName; size?: number }) {
  return (
    <svg aria-hidden="true" focusable="false" viewBox="0 0 24 24" width={`${size}rem`} height={`${size}rem`} fill="none" stroke="currentColor" strokeWidth={name === 'more' ? 3 : 1.9} strokeLinecap="round" strokeLinejoin="round" className="icon">
      <path d={paths[name]} />
    </svg>
  );
}
