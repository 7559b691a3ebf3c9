/** Looking after the installation: mail, backups, health. */
export const operate = {
  mail: {
    title: 'メールはどこから送りますか', lead: 'サインインのリンクと知らせは、すべてこのサーバから送ります。', host: '送信サーバ', hostHelp: '例 smtp.example.jp', port: 'ポート番号', portHelp: 'たいていは 465 か 587 です。', secure: '始めから暗号化する（465番のとき）', user: 'ユーザー名', password: 'パスワード', passwordKept: '保存してあります。変えないときは、空のままにします。サーバかユーザー名を変えたら、入れ直してください。', from: '差出人のアドレス', fromHelp: '例 banya@example.jp', portWrong: 'ポート番号は、1から65535までの数字で入れてください。',
    save: '保存する', saved: 'メールの送り方を保存しました。とどめていたメールも送ります', test: '試しに1通送る', testLead: '保存した設定で、1通送ります。', to: '宛先', send: '試しに送る', ok: '送れました', bad: '送れませんでした', notYet: 'まだ設定がありません。上で保存してから試します。', outbox: '送信箱を見る',
  },
  backup: {
    title: 'バックアップは取れていますか', lead: '1時間ごとに自動で取ります。', none: 'まだ1つもありません。', last: (when: string) => `最後は ${when} です。`, lastBad: (when: string) => `最後の1回（${when}）は取れませんでした。`, now: '今すぐ取る', started: 'バックアップを始めました', running: '今、取っています…', already: '今、取っているところです',
    sameDisk: '今は、番屋と同じディスクに置いています。ディスクが壊れると一緒に失われます。下で、別の場所を選んでください。',
    trial: '復元の練習', trialLead: '写しの中で試すので、今のデータは変わりません。数分かかります。月に1回試してください。25日より新しい練習がなければ、毎月1日に運用者へ知らせます。', trialGo: '復元を試す', trying: '写しの中で試しています。終わると、ここに結果が出ます。', trialOk: (when: string) => `${when} の練習では、元どおりに戻せました。`, trialBad: (when: string) => `${when} の練習では、戻せませんでした。`, trialNever: 'まだ一度も試していません。戻せて初めて、役に立つバックアップです。', trialOld: 'ひと月以上たっています。', trialText: '練習の記録を見る',
    place: '置き場所', change: '置き場所を変える', s3Short: 'S3 の保管先', sealed: '暗号化しています', where: 'どこに置きますか', folder: 'フォルダ（別の機器の共有フォルダなど）', folderHelp: '番屋の機器から書ける場所です。', s3: 'S3（または S3 と同じ方式の保管先）', s3Help: '離れた場所に置けます。火事や水害にも強くなります。', path: 'フォルダの場所', pathHelp: '例 /mnt/backup/banya', endpoint: '接続先', endpointHelp: '例 https://s3.example.com', bucket: 'バケット', prefix: '前に付ける名前', region: 'リージョン', accessKey: 'アクセスキー', secretKey: 'シークレットキー', kept: '保存してあります。変えないときは、空のままにします。', passphrase: '暗号化の合言葉', passphraseHelp: '12文字以上。入れると、写しを暗号化し、秘密の鍵も中に入れます。なくすと戻せないので、紙に書いて金庫に入れてください。', passphraseNone: '合言葉がないと、写しは暗号化されず、メールのパスワードなどの秘密は写しに入りません。', keep: '残す数', keepHelp: '1時間に1つ増えます。48で2日分です。各月の最後の1つは、ほかに12か月残します。', save: '書けるか確かめて保存する', saved: '置き場所を保存しました。次からここに置きます', pathWrong: 'フォルダの場所を入れてください。', keepWrong: '残す数は、2から1000までの数字で入れてください。',
    list: '取ったバックアップ', at: '取った時', size: '大きさ', state: '結果', ok: '取れました', bad: '取れませんでした', name: '名前', why: '理由', emptyTitle: 'バックアップはまだありません', emptyWhy: '1時間に1回、自動で取ります。待たずに「今すぐ取る」もできます。',
  },
  health: {
    title: '番屋の調子はどうですか', well: '悪いところはありません。することはありません。', look: (n: string) => `見てほしいところが${n}あります。`, bad: (n: string) => `今すぐ直してほしいところが${n}あります。`, checks: '調べたところ', remedy: '直し方', states: { ok: '良い', look: '見てください', bad: '今すぐ' },
    intake: 'ログの受け取り', perMinute: '今の速さ', perMinuteValue: (n: string) => `1分に${n}行`, backlog: 'まだ読んでいない量', backlogNone: 'ありません', drops: '受け取りきれなかった行（UDP、起動してから）', unknown: '登録のない機器からの行', unknownGo: '登録のない送り主を見る', version: '版', again: 'もう一度調べる', go: { mail: 'メールの送り方へ', backup: 'バックアップへ' },
  },
};
