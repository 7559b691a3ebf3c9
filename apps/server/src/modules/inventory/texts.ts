import { addActionTexts, addProblemTexts } from '../../kernel/texts.ts';

addProblemTexts({
  sender_taken: {
    title: { ja: 'この送り主は登録済みです', en: 'This sender is already registered' },
    detail: { ja: '同じアドレスの送り主が、すでに登録されています。', en: 'A sender with this address is already registered.' },
    remedy: { ja: '同じ場所に2台あるときは、ログの中の機器名も入れて区別してください。', en: 'If two devices share the address, tell them apart by the host name in their lines.' },
  },
  senders_full: {
    title: { ja: '送り主は{limit}台までです', en: 'At most {limit} senders' },
    detail: { ja: '一つの組織で登録できるログの送り主は、{limit}台までです。', en: 'An organisation can register {limit} senders of logs.' },
    remedy: { ja: '使っていない送り主の受け取りを止めるか、拠点に収集役を置いてまとめて送ってください。', en: 'Stop senders that are no longer used, or put a collector at the site that sends for many.' },
  },
  claims_full: {
    title: { ja: '確認待ちの送り主が{limit}台あります', en: '{limit} senders wait to be confirmed' },
    detail: { ja: 'デスクが確かめるまで、次の送り主は登録できません。', en: 'No more can be registered until the desk has confirmed some of them.' },
    remedy: { ja: 'デスクに電話して、今ある分を確かめてもらってください。', en: 'Phone the desk and have those confirmed first.' },
  },
  sender_gone: {
    title: { ja: 'この送り主は一覧から消えました', en: 'This sender is gone from the list' },
    detail: { ja: 'しばらく届いていないか、ほかの方が登録しました。', en: 'It has not sent for a while, or somebody else registered it.' },
    remedy: { ja: '一覧を読み直してください。', en: 'Reload the list.' },
  },
  sender_changed: {
    title: { ja: '登録の内容が変わりました', en: 'The registration has changed' },
    detail: { ja: '一覧に出てから、会員がアドレスなどを変えました。まだ受け取っていません。', en: 'The member has changed the address or the like since the list was shown. Its lines are not taken yet.' },
    remedy: { ja: '一覧を読み直し、新しい内容でもう一度確かめてください。', en: 'Reload the list, and ask again about what it says now.' },
  },
  token_wrong: {
    title: { ja: '合言葉（トークン）が合っていません', en: 'The token does not match' },
    detail: { ja: 'この機器の合言葉ではないか、止められた合言葉です。', en: 'It is not this sender’s token, or it was revoked.' },
    remedy: { ja: '機器の画面で新しい合言葉を作り、入れ直してください。', en: 'Make a new token on the device’s page and set it again.' },
  },
  intake_paused: {
    title: { ja: '今は受け取れません', en: 'Intake is paused' },
    detail: { ja: 'サーバの空き容量が少ないため、ログの受け取りを止めています。', en: 'The server is low on disk space and takes no lines.' },
    remedy: { ja: '送らずにためて、{seconds}秒後に送り直してください。', en: 'Keep the lines and send them again in {seconds} seconds.' },
  },
  too_many_lines: {
    title: { ja: '行が多すぎます', en: 'Too many lines' },
    detail: { ja: '一度に送れるのは {limit} 行までです。', en: 'At most {limit} lines can be sent at once.' },
    remedy: { ja: '分けて送ってください。', en: 'Send them in parts.' },
  },
  key_reused: {
    title: { ja: '同じ番号で違う内容が届きました', en: 'The same key with other content' },
    detail: { ja: 'Idempotency-Key は、内容が変わるたびに新しくしてください。', en: 'Use a new Idempotency-Key for each new content.' },
  },
});

addActionTexts({
  'inventory.device_created': { ja: '機器を登録しました', en: 'Registered a device' },
  'inventory.device_updated': { ja: '機器の情報を変えました', en: 'Changed a device' },
  'inventory.device_archived': { ja: '機器を台帳から外しました', en: 'Took a device off the list' },
  'inventory.device_restored': { ja: '機器を台帳に戻しました', en: 'Put a device back' },
  'inventory.exported': { ja: '機器の一覧を書き出しました', en: 'Exported the devices' },
  'inventory.source_created': { ja: 'ログの送り主を登録しました', en: 'Registered a sender of logs' },
  'inventory.source_confirmed': { ja: 'ログの送り主を確認しました', en: 'Confirmed a sender of logs' },
  'inventory.source_updated': { ja: 'ログの送り主を変えました', en: 'Changed a sender of logs' },
  'inventory.source_archived': { ja: 'ログの受け取りを止めました', en: 'Stopped a sender of logs' },
  'inventory.source_restored': { ja: 'ログの受け取りを再開しました', en: 'Resumed a sender of logs' },
  'inventory.token_renewed': { ja: '送るための合言葉を作り直しました', en: 'Renewed a sender’s token' },
});
