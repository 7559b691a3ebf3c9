/** What a sending mail server reads, and through its bounce the person who wrote. English first: many servers show other letters as question marks. */
export const replies = {
  unknown: [550, 'Nobody here has this address. Please check it, or phone your security desk. / このあて先はありません。あて先を確かめるか、デスクに電話してください。'],
  tooManyRecipients: [452, 'Too many recipients in one mail. / 一度に送れるあて先の数を超えています。分けて送ってください。'],
  tooFast: [450, 'Too many mails at once, please try again in a few minutes. / 一度に届いた数が多すぎます。数分後にもう一度送ってください。'],
  tooManyConnections: [421, 'Too many connections from your address, please try again in a minute. / 同時につながる数を超えています。1分後にもう一度送ってください。'],
  tooManyUnknown: [421, 'Too many unknown recipients, goodbye.'],
  noRoom: [452, 'There is no room for more mails today; please try again tomorrow, or phone your security desk. / 今日はこれ以上受け取れません。明日もう一度送るか、デスクに電話してください。'],
  full: [452, 'The disk is nearly full; please try again later. / いまは受け取れません。あとでもう一度送ってください。'],
  broken: [451, 'The mail could not be stored; please try again later. / いまは受け取れません。あとでもう一度送ってください。'],
  loop: [554, 'This mail comes from here, or goes round in a circle. / 同じメールが回り続けています。転送の設定を確かめてください。'],
  tooLarge: [552, 'The mail is larger than 30 MB; please phone your security desk. / 30MBを超えるメールは受け取れません。デスクに電話してください。'],
} as const satisfies Record<string, readonly [number, string]>;

export function refusal(reason: keyof typeof replies): Error {
  const [code, text] = replies[reason];
  return Object.assign(new Error(text), { responseCode: code });
}
