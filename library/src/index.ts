export * from './holidays.ts';
export * from './detections.ts';
