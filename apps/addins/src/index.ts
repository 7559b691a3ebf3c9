export { outlookFiles, thunderbirdXpi } from './pack.ts';
export { outlookManifest } from './outlook-manifest.ts';
export { formatSetting, type Setting } from '../shared/setting.ts';
