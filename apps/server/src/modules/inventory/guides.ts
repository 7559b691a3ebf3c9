import type { Bilingual } from '@banya/contract';
import type { Family } from './schema.ts';

export interface Guide {
  readonly family: Family;
  readonly name: Bilingual;
  readonly minutes: number;
  readonly steps: readonly { readonly text: Bilingual; readonly paste: string | null }[];
  readonly notes: readonly Bilingual[];
}

/** Where the device shall send to: this Banya's own addresses. */
export interface GuideTarget {
  readonly host: string;
  readonly syslogPort: number;
  readonly ingestUrl: string;
}

const openSettings = (ja: string, en: string) => ({ text: { ja, en }, paste: null });
const paste = (ja: string, en: string, text: string) => ({ text: { ja, en }, paste: text });
const done = openSettings('貼り付けたら、この画面に戻ってお待ちください。ログが届くと、2分ほどで「届いています」に変わります。', 'Come back to this page and wait: when lines arrive it changes to “flowing” within about two minutes.');
const unverified: Bilingual = { ja: 'UDPで届くログは、送り主をよそおうことができます。大事な判断は、TCPや収集役（リレー）経由のログで行います。', en: 'Anybody can pretend to be a UDP sender. Decisions that matter use lines that came by TCP or through the collector.' };

/** The exact settings per device family, with the address filled in. Commands follow the makers' public manuals. */
export function guideFor(family: Family, target: GuideTarget): Guide {
  const { host, syslogPort: port } = target;
  switch (family) {
    case 'fortigate':
      return {
        family, minutes: 10, name: { ja: 'FortiGate（UTM）', en: 'FortiGate (UTM)' },
        steps: [
          openSettings('管理画面を開き、右上の「CLIコンソール」（>_ の印）を押します。', 'Open the admin page and click the CLI console (the >_ sign, top right).'),
          paste('次の文を、まるごと貼り付けてEnterを押します。', 'Paste all of this and press Enter.', `config log syslogd setting\n    set status enable\n    set server "${host}"\n    set port ${port}\n    set mode reliable\n    set format default\nend\nconfig log syslogd filter\n    set severity information\n    set forward-traffic enable\n    set local-traffic enable\nend`),
          done,
        ],
        notes: [{ ja: '「set mode reliable」はTCPで送る設定です。通信がとぎれても取りこぼしにくくなります。', en: '“set mode reliable” sends by TCP, which loses less when the line is cut.' }, { ja: '設定の保存は自動です。再起動は要りません。', en: 'The setting is kept by itself; no restart is needed.' }],
      };
    case 'yamaha-rtx':
      return {
        family, minutes: 10, name: { ja: 'ヤマハ RTX（ルーター）', en: 'Yamaha RTX (router)' },
        steps: [
          openSettings('かんたん設定ページの「管理」→「保守」→「コマンドの実行」を開きます。', 'Open the web settings: Administration, Maintenance, Run commands.'),
          paste('次の文を貼り付けて「確認」→「実行」を押します。収集役（リレー）を置いた機器のアドレスを入れてください。', 'Paste this, then Confirm and Run. Fill in the address of the computer with the collector.', 'syslog host 192.168.100.10\nsyslog notice on\nsyslog info on\nsyslog local address 192.168.100.1\nsave'),
          openSettings('フィルターで止めた通信を残すため、「reject」のフィルターがあることを確かめます。', 'Check that your filters use “reject”, so that stopped traffic is written down.'),
          done,
        ],
        notes: [{ ja: 'この機器はUDPの514番にだけ送れます。社内のパソコン1台に収集役（リレー）を入れ、そこへ送るのが確かです。', en: 'This device can only send to UDP port 514. Install the collector on one computer and send there.' }, { ja: '時計を合わせるため、「ntpdate」の定期実行も設定してください。', en: 'Let the router set its clock regularly (ntpdate).' }, unverified],
      };
    case 'cef':
      return {
        family, minutes: 10, name: { ja: 'ウイルス対策の管理画面（CEF形式）', en: 'Endpoint protection console (CEF)' },
        steps: [openSettings('ウイルス対策ソフトの管理画面で「syslogへの転送」「SIEM連携」などの項目を開きます。', 'In the console of the antivirus product, open “syslog forwarding” or “SIEM”.'), paste('次のように入れます。', 'Fill in:', `Server: ${host}\nPort: ${port}\nProtocol: TCP\nFormat: CEF`), done],
        notes: [{ ja: '「検知」「隔離」「パターン更新」「機器の接続」の通知を、すべて送るようにします。', en: 'Send detections, quarantines, pattern updates and device control.' }],
      };
    case 'leef':
      return {
        family, minutes: 10, name: { ja: 'ウイルス対策の管理画面（LEEF形式）', en: 'Endpoint protection console (LEEF)' },
        steps: [openSettings('管理画面で「syslogへの転送」「SIEM連携」などの項目を開きます。', 'In the console, open “syslog forwarding” or “SIEM”.'), paste('次のように入れます。', 'Fill in:', `Server: ${host}\nPort: ${port}\nProtocol: TCP\nFormat: LEEF`), done],
        notes: [{ ja: 'CEF形式も選べるときは、CEFをおすすめします。', en: 'If CEF is offered too, prefer CEF.' }],
      };
    case 'mail-gateway':
      return {
        family, minutes: 15, name: { ja: 'メールサーバ・メールの検査装置（Postfix形式）', en: 'Mail server or mail gateway (Postfix)' },
        steps: [openSettings('メールサーバの管理者に、この画面を見せてください。', 'Show this page to whoever runs the mail server.'), paste('/etc/rsyslog.d/60-banya.conf に次の行を書きます。', 'Write this to /etc/rsyslog.d/60-banya.conf.', `mail.*  action(type="omfwd" target="${host}" port="${port}" protocol="tcp" TCP_Framing="octet-counted" queue.type="LinkedList" queue.filename="banya" action.resumeRetryCount="-1")`), paste('設定を読み直します。', 'Reload.', 'systemctl restart rsyslog'), done],
        notes: [{ ja: '本文は送られません。差出人・宛先・結果だけです。', en: 'No mail text is sent: only sender, recipient and result.' }],
      };
    case 'rfc5424':
      return {
        family, minutes: 10, name: { ja: 'そのほかの機器（syslog RFC 5424）', en: 'Other devices (syslog RFC 5424)' },
        steps: [openSettings('機器の設定で「syslog」「リモートログ」の項目を開きます。', 'Open “syslog” or “remote logging” in the device’s settings.'), paste('次のように入れます。', 'Fill in:', `Server: ${host}\nPort: ${port}\nProtocol: TCP\nFormat: RFC 5424`), done],
        notes: [unverified],
      };
    case 'generic':
      return {
        family, minutes: 10, name: { ja: 'プログラムから送る（HTTPS）', en: 'From a program (HTTPS)' },
        steps: [openSettings('この機器を「合言葉（トークン）を付けて HTTPS で」で登録します。合言葉が一度だけ出るので、控えてください。', 'Register it with “token”: the secret is shown once; keep it.'), paste('行をそのまま送ります。', 'Send lines as they are.', `curl -sS --data-binary @app.log \\\n  -H "Authorization: Bearer \${BANYA_TOKEN}" \\\n  -H "Content-Type: text/plain" \\\n  -H "Idempotency-Key: $(uuidgen)" \\\n  ${target.ingestUrl}`), done],
        notes: [{ ja: '同じ Idempotency-Key で送り直しても、二重には入りません。', en: 'Sending again with the same Idempotency-Key never doubles lines.' }],
      };
  }
}
