declare module 'tr46' {
  export function toASCII(domain: string, options?: { checkHyphens?: boolean; checkBidi?: boolean; checkJoiners?: boolean; useSTD3ASCIIRules?: boolean; verifyDNSLength?: boolean; transitionalProcessing?: boolean; ignoreInvalidPunycode?: boolean }): string | null;
  export function toUnicode(domain: string, options?: { checkHyphens?: boolean; useSTD3ASCIIRules?: boolean }): { domain: string; error: boolean };
}
