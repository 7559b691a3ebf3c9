export { refang } from './refang.ts';
export { normalise, NORMALISE_MAX, type Indicator, type IndicatorKind, type IndicatorNote, type Normalised, type NormaliseError, type NormaliseOptions } from './normalise.ts';
export { literals, mentions, pattern, sameAddress } from './spellings.ts';
export { common, type Common, type WellKnown } from './common.ts';
export { hasKnownSuffix, hostOf, isAddress, kindsOf, normaliseHost, registrable, type HostLists } from './hosts.ts';
