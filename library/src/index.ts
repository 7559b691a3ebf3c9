export * from './holidays.ts';
export * from './detections.ts';
export * from './brands.ts';
export * from './hosts.ts';
export * from './lures.ts';
export * from './words.ts';
export * from './mail-knowledge.ts';
export * from './device-guides.ts';
