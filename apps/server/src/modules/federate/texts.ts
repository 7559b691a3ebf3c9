import { addActionTexts } from '../../kernel/texts.ts';

export const columns = {
  sheet: { ja: '会員', en: 'Members' },
  file: { ja: '会員の一覧', en: 'Members' },
  headers: {
    ja: ['会員', '業種', '規模', '担当者', '届いている機器', '今すぐ', '見てください', '期限切れ', '相談', '担当者が来てから（日）', '更新'],
    en: ['Member', 'Industry', 'Size', 'Lead', 'Devices sending', 'Now', 'To look at', 'Overdue', 'Questions', 'Days since lead was here', 'Updated'],
  },
  notShared: { ja: '共有なし', en: 'not shared' },
  unknown: { ja: '不明', en: 'not known' },
} as const;

addActionTexts({ 'overview.exported': { ja: '会員の一覧を書き出しました', en: 'Exported the members' } });
