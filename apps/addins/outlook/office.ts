/**
 * The part of Office.js that the pane uses: Mailbox requirement set 1.14, where a mail is read as a file.
 * Source: https://learn.microsoft.com/javascript/api/outlook/office.messageread
 */
interface Result<T> {
  readonly status: string;
  readonly value: T;
}
export interface Office {
  onReady(): Promise<unknown>;
  readonly context: {
    readonly displayLanguage?: string;
    /** What keeps the storage of one place of embedding apart from another's, where the browser does so. */
    readonly partitionKey?: string;
    readonly requirements: { isSetSupported(name: string, version: string): boolean };
    readonly mailbox?: {
      readonly userProfile?: { readonly emailAddress?: string };
      readonly item?: {
        readonly subject?: string;
        readonly from?: { readonly displayName: string; readonly emailAddress: string };
        /** The mail as an EML file in base64. */
        getAsFileAsync(told: (result: Result<string>) => void): void;
      } | null;
    };
  };
}
