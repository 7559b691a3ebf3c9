-- Addresses of connections are searched by words that no mail has: 宛先 and 送信元 are said of mails, too.
update search_saved s set q = (
  select regexp_replace(regexp_replace(regexp_replace(s.q, '(^|[\s　(（-])(?:宛先|あて先|送信先)(ポート)?([:：])', '\1接続先\2\3', 'g'), '(^|[\s　(（-])(?:送信元|発信元)(ポート)?([:：])', '\1接続元\2\3', 'g'), '(^|[\s　(（-])受取人([:：])', '\1受信者\2', 'g'))
 where s.q ~ '宛先|あて先|送信先|送信元|発信元|受取人';
