/** What a feature may use of the shell; building blocks come from ui/, calls from api/, words from texts/. */
export type { Screen } from './shell/screen.ts';
export { useHere, useMay, useMe, useOrg, useParam, type Here, type Me } from './shell/session.ts';
export { useFilters, type Filters } from './shell/filters.ts';
export { linkTo } from './shell/links.ts';
export { RiskList, RiskTag } from './shell/RiskList.tsx';
export { PersonSelect } from './shell/PersonSelect.tsx';
