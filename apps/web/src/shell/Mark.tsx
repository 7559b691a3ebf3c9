/** The house's mark: a lodge with its lamp lit. */
export function Mark({ className }: { className?: string | undefined }) {
  return (
    <svg className={className} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M3 14.5L16 4l13 10.500" fill="none" stroke="currentColor" strokeWidth="2.600" strokeLinecap="round" strokeLinejoin="round" />
      <path d="M7 13.500V27h18V13.500" fill="none" stroke="currentColor" strokeWidth="2.600" strokeLinejoin="round" />
      <circle cx="16" cy="18" r="3.200" fill="#e0a100" />
      <path d="M13 27v-3h6v3" fill="none" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}
