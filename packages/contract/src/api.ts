/** The whole contract: every module's routes under one map. */
export const api = {} as const;
