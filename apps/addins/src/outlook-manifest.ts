import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const texts = {
  name: { ja: '怪しいメールを報告', en: 'Report suspicious mail' },
  group: { ja: '番屋', en: 'Banya' },
  about: { ja: '開いているメールを番屋に送り、本物かどうかを確かめてもらいます。', en: 'Sends the open mail to your Banya desk, to find out whether it is real.' },
} as const;
export const iconSizes = [16, 32, 64, 80, 128] as const;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
/** An id of its own for each Banya (UUID version 8 of its address), since one Microsoft 365 may have buttons of two. */
function idOf(url: string): string {
  const hex = createHash('sha256').update(`banya outlook ${url}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * The add-in only manifest (XML) of the report button in Outlook, for a Banya at this address.
 * Mailbox 1.14 is the first requirement set that reads a mail as a file; `ReadItem` is the least permission for it.
 * The older parts at the top are required by the schema; programs that know commands use VersionOverrides 1.1.
 * Source: Office add-ins manifest, schema 1.1 and mailappversionoverrides 1.1.
 * @param publicUrl https address without a slash at the end
 */
export function outlookManifest(publicUrl: string): string {
  const at = (name: string): string => escaped(`${publicUrl}/addins/outlook/${name}`);
  const pane = at('pane.html');
  const both = (tag: string, text: { ja: string; en: string }): string => `<${tag} DefaultValue="${escaped(text.ja)}"><Override Locale="en-US" Value="${escaped(text.en)}"/></${tag}>`;
  const word = (id: string, text: { ja: string; en: string }): string => `<bt:String id="${id}" DefaultValue="${escaped(text.ja)}"><bt:Override Locale="en-US" Value="${escaped(text.en)}"/></bt:String>`;
  const pictures = [16, 32, 80] as const;
  return `<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="http://schemas.microsoft.com/office/appforoffice/1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bt="http://schemas.microsoft.com/office/officeappbasictypes/1.0" xsi:type="MailApp">
  <Id>${idOf(publicUrl)}</Id>
  <Version>${version}.0</Version>
  <ProviderName>Banya</ProviderName>
  <DefaultLocale>ja-JP</DefaultLocale>
  ${both('DisplayName', texts.name)}
  ${both('Description', texts.about)}
  <IconUrl DefaultValue="${at('icon-64.png')}"/>
  <HighResolutionIconUrl DefaultValue="${at('icon-128.png')}"/>
  <SupportUrl DefaultValue="${escaped(publicUrl)}"/>
  <AppDomains><AppDomain>${escaped(publicUrl)}</AppDomain></AppDomains>
  <Hosts><Host Name="Mailbox"/></Hosts>
  <Requirements><Sets><Set Name="Mailbox" MinVersion="1.14"/></Sets></Requirements>
  <FormSettings>
    <Form xsi:type="ItemRead"><DesktopSettings><SourceLocation DefaultValue="${pane}"/><RequestedHeight>450</RequestedHeight></DesktopSettings></Form>
  </FormSettings>
  <Permissions>ReadItem</Permissions>
  <Rule xsi:type="ItemIs" ItemType="Message" FormType="Read"/>
  <DisableEntityHighlighting>true</DisableEntityHighlighting>
  <VersionOverrides xmlns="http://schemas.microsoft.com/office/mailappversionoverrides" xsi:type="VersionOverridesV1_0">
    <VersionOverrides xmlns="http://schemas.microsoft.com/office/mailappversionoverrides/1.1" xsi:type="VersionOverridesV1_1">
      <Requirements><bt:Sets DefaultMinVersion="1.14"><bt:Set Name="Mailbox"/></bt:Sets></Requirements>
      <Hosts>
        <Host xsi:type="MailHost">
          <DesktopFormFactor>
            <ExtensionPoint xsi:type="MessageReadCommandSurface">
              <OfficeTab id="TabDefault">
                <Group id="banyaGroup">
                  <Label resid="group"/>
                  <Control xsi:type="Button" id="banyaReport">
                    <Label resid="name"/>
                    <Supertip><Title resid="name"/><Description resid="about"/></Supertip>
                    <Icon>${pictures.map((size) => `<bt:Image size="${size}" resid="icon${size}"/>`).join('')}</Icon>
                    <Action xsi:type="ShowTaskpane"><SourceLocation resid="pane"/></Action>
                  </Control>
                </Group>
              </OfficeTab>
            </ExtensionPoint>
          </DesktopFormFactor>
        </Host>
      </Hosts>
      <Resources>
        <bt:Images>${pictures.map((size) => `<bt:Image id="icon${size}" DefaultValue="${at(`icon-${size}.png`)}"/>`).join('')}</bt:Images>
        <bt:Urls><bt:Url id="pane" DefaultValue="${pane}"/></bt:Urls>
        <bt:ShortStrings>${word('group', texts.group)}${word('name', texts.name)}</bt:ShortStrings>
        <bt:LongStrings>${word('about', texts.about)}</bt:LongStrings>
      </Resources>
    </VersionOverrides>
  </VersionOverrides>
</OfficeApp>
`;
}
