import { addActionTexts, addProblemTexts } from '../../kernel/texts.ts';

addProblemTexts({
  not_closed_yet: {
    title: { ja: 'この月の報告書はまだありません', en: 'There is no report of this month yet' },
    detail: { ja: '報告書は、翌月1日の朝3時すぎに自動でできます。', en: 'Reports are made by themselves after three in the morning on the first of the next month.' },
    remedy: { ja: '待たずに見たいときは「今すぐ作る」を押してください。', en: 'To see it sooner, press “Make it now”.' },
  },
  month_in_future: {
    title: { ja: 'まだ来ていない月です', en: 'This month has not begun' },
    detail: { ja: '報告書は、今月と過ぎた月について作れます。', en: 'A report can be made of this month and of months gone by.' },
  },
  pdf_unavailable: {
    title: { ja: 'PDFを作れませんでした', en: 'The PDF could not be made' },
    detail: { ja: 'PDFを作る部分が動きませんでした。報告書そのものは無事で、画面で読めます。', en: 'The part that makes PDFs did not answer. The report itself is safe and can be read on the page.' },
    remedy: { ja: '1分ほどおいて、もう一度お試しください。', en: 'Try again in a minute.' },
  },
});

addActionTexts({
  'reports.made': { ja: '月の報告書を作りました', en: "Made the month's report" },
  'reports.federation_made': { ja: '連合の月の報告書を作りました', en: "Made the federation's report of the month" },
});
