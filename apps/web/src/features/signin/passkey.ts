import { browserSupportsWebAuthn, startAuthentication, startRegistration, type PublicKeyCredentialCreationOptionsJSON, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';

/** Whether this browser, at this address, can use passkeys at all (https or localhost, a host name). */
export const passkeysWork = (): boolean => browserSupportsWebAuthn() && !/^[\d.]+$|^\[/.test(location.hostname);

// The documents pass between server library and browser unchanged; the contract does not look inside.
type Passed = Record<string, unknown>;
/** Asks the device to sign the server's challenge. Throws when the person closes the window. */
export const signWithPasskey = async (options: Passed): Promise<Passed> =>
  ({ ...(await startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON })) });
/** Asks the device to make a passkey. Throws when the person closes the window. */
export const makePasskey = async (options: Passed): Promise<Passed> =>
  ({ ...(await startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON })) });
