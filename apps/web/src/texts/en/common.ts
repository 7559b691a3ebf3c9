import type { common as ja } from '../ja/common.ts';

export const common: typeof ja = {
  product: 'Banya',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  back: 'Back',
  next: 'Next',
  undo: 'Undo',
  more: 'Show more',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  details: 'Show details',
  optional: 'optional',
  yes: 'Yes',
  no: 'No',
  unknown: 'We do not know',
  loading: 'Loading',
  aside: (text) => ` (${text})`,
};
