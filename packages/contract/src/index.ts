export * from './route.ts';
export * from './common.ts';
export * from './permissions.ts';
export * from './problem.ts';
export { api } from './api.ts';
