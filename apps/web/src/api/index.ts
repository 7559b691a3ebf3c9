export { call, upload, fetchFile, urlOf, onSignedOut, type Parts } from './call.ts';
export { ApiProblem, isMistake } from './problem.ts';
export { keyOf, makeQueryClient, moduleOf, once, useAct, useApi, useList, type List } from './hooks.ts';
export { useLive } from './live.ts';
export { useRested, useSteady } from './steady.ts';
