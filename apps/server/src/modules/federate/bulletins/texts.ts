import { addActionTexts, addProblemTexts } from '../../../kernel/texts.ts';

export const card = {
  by: { ja: 'デスク', en: 'The desk' },
  strict: { ja: 'デスクからの注意喚起があります（担当者あて）', en: 'A warning from the desk, for the lead' },
  step: { ja: '読んで、届いていないか確かめる', en: 'Read it and see whether you got it' },
} as const;

addProblemTexts({
  bulletin_sent: {
    title: { ja: 'もう送った注意喚起です', en: 'It has been sent' },
    detail: { ja: '送ったあとは、変えたり消したりできません。', en: 'Once sent, a warning cannot be changed or thrown away.' },
    remedy: { ja: '直すことがあれば、新しい注意喚起を送ってください。', en: 'To correct it, send another one.' },
  },
  bulletin_empty: {
    title: { ja: 'まだ送れません', en: 'It cannot be sent yet' },
    detail: { ja: '題名か本文か送り先が空です。', en: 'The title, the text or the list of members is empty.' },
    remedy: { ja: '日本語の題名と本文を書き、送り先を選んでください。', en: 'Write a Japanese title and text, and choose members.' },
  },
  bulletin_names: {
    title: { ja: '送り先を一つずつ選んでください', en: 'Choose the members by name' },
    detail: { ja: '「RED」は、選んだ会員の担当者だけに送れます。', en: 'RED goes only to the leads of members you have named.' },
    remedy: { ja: '会員を選ぶか、「AMBER」などに変えてください。', en: 'Choose members, or change it to AMBER or the like.' },
  },
});

addActionTexts({
  'bulletins.drafted': { ja: 'メールから注意喚起の下書きを作りました', en: 'Drafted a warning from a mail' },
  'bulletins.saved': { ja: '注意喚起の下書きを直しました', en: 'Changed a draft of a warning' },
  'bulletins.removed': { ja: '注意喚起の下書きを捨てました', en: 'Threw a draft of a warning away' },
  'bulletins.sent': { ja: '注意喚起を送りました', en: 'Sent a warning' },
  'bulletins.receipts': { ja: '注意喚起をだれが読んだか見ました', en: 'Looked at who has read a warning' },
  'warnings.received': { ja: 'デスクから注意喚起が届きました', en: 'Got a warning from the desk' },
  'warnings.read': { ja: '注意喚起を読みました', en: 'Read a warning' },
  'warnings.shared': { ja: '注意喚起の手がかりがここで見つかったかを、デスクに伝えました', en: 'Told the desk whether a warning’s traces were seen here' },
});
