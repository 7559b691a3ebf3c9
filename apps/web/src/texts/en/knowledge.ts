import type { knowledge as ja } from '../ja/knowledge.ts';

export const knowledge: typeof ja = {
  title: 'What should members read?', lead: 'When the same question keeps coming, an article can go with the answer.', add: 'Write an article', search: 'Words', caption: 'Knowledge articles',
  article: 'Article', state: 'Visible', published: 'Published', draft: 'Draft', helped: 'It helped', updated: 'Updated', by: 'Written by',
  emptyTitle: 'No articles yet', emptyWhy: 'Start with one thing you are often asked, in a few lines.',
  newTitle: 'Write an article', editTitle: 'Change an article',
  ja: 'Japanese', en: 'English (optional)', enHelp: 'Only if members read English. Left empty, the Japanese text is shown.', titleField: 'Title', titleHelp: 'In words a member would search for (for example How to tell a fake invoice mail).', summary: 'In short', summaryHelp: 'Two or three lines, shown in the list.', body: 'Text', bodyHelp: 'An empty line starts a paragraph. At the start of a line, “# ” makes a heading, “- ” a list, “1. ” steps.', show: 'Publish to members', showHelp: 'Every member can read it at once.',
  preview: 'What members see', previewEmpty: 'It appears here as you write.', previewLang: 'Language', saved: (title) => `“${title}” saved`, back: 'To the articles', save: 'Save',
};
