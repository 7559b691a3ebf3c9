import { z } from 'zod';
import { id, instant, lang, line, orgParams, orgParamsWith } from './common.ts';
import { roles } from './permissions.ts';
import { route, tokenScopes } from './route.ts';

/** What is left to do before a sign-in is finished. */
const signInStep = z.object({
  /** done: the session is open. totp: a code is due. enrol: no second factor yet, one must be set up now. */
  step: z.enum(['done', 'totp', 'enrol']),
});
const code = z.string().regex(/^\d{6}$/);
/** WebAuthn documents are passed through to the browser and back; the server library checks them. */
const webauthn = z.looseObject({});

const setUp = {
  state: route({
    id: 'setup.state', method: 'GET', path: '/setup', summary: 'Is the first set-up still to be done?',
    access: { kind: 'public' },
    reply: z.object({ needed: z.boolean(), demo: z.boolean(), deskPhone: z.string().nullable(), federation: z.string().nullable() }),
  }),
  finish: route({
    id: 'setup.finish', method: 'POST', path: '/setup', summary: 'First set-up with the one-time link',
    access: { kind: 'public' },
    body: z.object({
      token: z.string().max(200),
      federation: line(120),
      manager: z.object({ name: line(80), reading: line(120).optional(), email: z.email().max(254) }),
      deskPhone: line(30).optional(),
      timeZone: z.string().max(60).default('Asia/Tokyo'),
      lang: lang.default('ja'),
      mail: z.object({
        host: line(253), port: z.number().int().min(1).max(65535), secure: z.boolean(),
        user: z.string().max(200).optional(), password: z.string().max(400).optional(), from: z.email().max(254),
      }).optional(),
    }),
    reply: signInStep, problems: ['setup_done', 'setup_token_wrong'],
  }),
};

const signIn = {
  link: route({
    id: 'signIn.link', method: 'POST', path: '/sign-in/link', summary: 'Mail a sign-in link (same answer whether or not the address is known)',
    access: { kind: 'public' }, body: z.object({ email: z.email().max(254) }), status: 202,
    reply: z.object({ sent: z.literal(true), sso: z.object({ org: id, name: z.string() }).nullable() }), problems: ['too_many_requests'],
  }),
  redeem: route({
    id: 'signIn.redeem', method: 'POST', path: '/sign-in/redeem', summary: 'Use a sign-in link',
    access: { kind: 'public' }, body: z.object({ token: z.string().max(200) }), reply: signInStep, problems: ['link_used_or_old', 'too_many_requests'],
  }),
  enrol: route({
    id: 'signIn.enrol', method: 'POST', path: '/sign-in/enrol', summary: 'Start setting up a code generator during the first sign-in',
    access: { kind: 'public' }, reply: z.object({ secret: z.string(), uri: z.string(), qrSvg: z.string() }), problems: ['sign_in_not_started'],
  }),
  totp: route({
    id: 'signIn.totp', method: 'POST', path: '/sign-in/totp', summary: 'Enter the six-digit code (or a recovery code)',
    access: { kind: 'public' }, body: z.union([z.object({ code }), z.object({ recovery: z.string().max(40) })]),
    reply: signInStep.extend({ recoveryCodes: z.array(z.string()).optional() }), problems: ['code_wrong', 'sign_in_not_started', 'too_many_requests'],
  }),
  passkeyOptions: route({
    id: 'signIn.passkeyOptions', method: 'POST', path: '/sign-in/passkey/options', summary: 'Challenge for signing in with a passkey',
    access: { kind: 'public' }, reply: webauthn, problems: ['passkey_needs_host_name'],
  }),
  passkey: route({
    id: 'signIn.passkey', method: 'POST', path: '/sign-in/passkey', summary: 'Sign in with a passkey',
    access: { kind: 'public' }, body: webauthn, reply: signInStep, problems: ['passkey_refused'],
  }),
  enrolPasskeyOptions: route({
    id: 'signIn.enrolPasskeyOptions', method: 'POST', path: '/sign-in/enrol/passkey/options', summary: 'Challenge for registering a passkey as the second factor during the first sign-in',
    access: { kind: 'public' }, reply: webauthn, problems: ['sign_in_not_started', 'passkey_needs_host_name'],
  }),
  enrolPasskey: route({
    id: 'signIn.enrolPasskey', method: 'POST', path: '/sign-in/enrol/passkey', summary: 'Register a passkey during the first sign-in',
    access: { kind: 'public' }, body: webauthn, reply: signInStep.extend({ recoveryCodes: z.array(z.string()).optional() }), problems: ['sign_in_not_started', 'passkey_refused'],
  }),
  oidcStart: route({
    id: 'signIn.oidcStart', method: 'GET', path: '/sign-in/oidc/{org}', summary: "Go to the organisation's own sign-in",
    access: { kind: 'public' }, params: orgParams, produces: 'redirect', problems: ['sso_not_set'],
  }),
  oidcReturn: route({
    id: 'signIn.oidcReturn', method: 'GET', path: '/sign-in/oidc/{org}/return', summary: "Come back from the organisation's own sign-in",
    access: { kind: 'public' }, params: orgParams, query: z.looseObject({ state: z.string().max(400), code: z.string().max(4000).optional(), error: z.string().max(200).optional() }),
    produces: 'redirect',
  }),
  out: route({ id: 'signIn.out', method: 'POST', path: '/sign-out', summary: 'End this session', access: { kind: 'signedIn' }, status: 204 }),
};

export const roleAt = z.object({ org: id, orgName: z.string(), orgKind: z.enum(['federation', 'member', 'unit']), role: z.enum(roles) });
export const me = z.object({
  accountId: id, personId: id, name: z.string(), email: z.string(), lang, homeOrg: id,
  roles: z.array(roleAt),
  /** Where this person starts: the page of the highest-need role. */
  start: z.object({ org: id, page: z.enum(['home', 'executive', 'desk', 'overview', 'ask']) }),
  deskPhone: z.string().nullable(), demo: z.boolean(), federation: z.object({ id, name: z.string() }),
  secondFactors: z.object({ totp: z.boolean(), passkeys: z.number().int() }),
});

const self = {
  get: route({ id: 'me.get', method: 'GET', path: '/me', summary: 'Who am I, and where may I go', access: { kind: 'signedIn' }, reply: me }),
  update: route({
    id: 'me.update', method: 'PATCH', path: '/me', summary: 'Change my language', access: { kind: 'signedIn' },
    body: z.object({ lang }), status: 204,
  }),
  sessions: route({
    id: 'me.sessions', method: 'GET', path: '/me/sessions', summary: 'Where I am signed in', access: { kind: 'signedIn' },
    reply: z.object({ items: z.array(z.object({ id, current: z.boolean(), method: z.enum(['link', 'passkey', 'oidc']), device: z.string(), address: z.string(), startedAt: instant, seenAt: instant })) }),
  }),
  endSession: route({ id: 'me.endSession', method: 'DELETE', path: '/me/sessions/{session}', summary: 'Sign out one of my devices', access: { kind: 'signedIn' }, params: z.object({ session: id }), status: 204 }),
  passkeys: route({
    id: 'me.passkeys', method: 'GET', path: '/me/passkeys', summary: 'My passkeys', access: { kind: 'signedIn' },
    reply: z.object({ items: z.array(z.object({ id, name: z.string(), createdAt: instant, usedAt: instant.nullable() })) }),
  }),
  passkeyOptions: route({ id: 'me.passkeyOptions', method: 'POST', path: '/me/passkeys/options', summary: 'Challenge for a new passkey', access: { kind: 'signedIn' }, reply: webauthn, problems: ['passkey_needs_host_name'] }),
  addPasskey: route({ id: 'me.addPasskey', method: 'POST', path: '/me/passkeys', summary: 'Register a passkey', access: { kind: 'signedIn' }, body: z.object({ name: line(60), response: webauthn }), status: 204, problems: ['passkey_refused'] }),
  removePasskey: route({ id: 'me.removePasskey', method: 'DELETE', path: '/me/passkeys/{passkey}', summary: 'Remove a passkey', access: { kind: 'signedIn' }, params: z.object({ passkey: id }), status: 204, problems: ['last_second_factor'] }),
};

/** The lead or manager helps somebody who lost phone or device: second factors end, sessions end, a new link goes out. */
const lostPhone = route({
  id: 'people.lostPhone', method: 'POST', path: '/orgs/{org}/people/{person}/lost-phone', summary: 'Reset the second factor of a person who lost the phone',
  access: { kind: 'org', permission: 'roles.write' }, params: orgParamsWith('person'), status: 204, problems: ['cannot_reset_own'],
});

const token = z.object({ id, name: z.string(), scopes: z.array(z.enum(tokenScopes)), createdAt: instant, usedAt: instant.nullable(), expiresAt: instant.nullable(), source: id.nullable() });
const tokens = {
  list: route({ id: 'tokens.list', method: 'GET', path: '/orgs/{org}/tokens', summary: 'API tokens', access: { kind: 'org', permission: 'tokens.write' }, params: orgParams, reply: z.object({ items: z.array(token) }) }),
  create: route({
    id: 'tokens.create', method: 'POST', path: '/orgs/{org}/tokens', summary: 'New API token; its secret is shown once',
    access: { kind: 'org', permission: 'tokens.write' }, params: orgParams,
    body: z.object({ name: line(80), scopes: z.array(z.enum(tokenScopes)).min(1), expiresAt: instant.optional() }),
    reply: token.extend({ secret: z.string() }), status: 201,
  }),
  revoke: route({ id: 'tokens.revoke', method: 'DELETE', path: '/orgs/{org}/tokens/{token}', summary: 'Revoke a token', access: { kind: 'org', permission: 'tokens.write' }, params: orgParamsWith('token'), status: 204 }),
};

const sso = {
  get: route({
    id: 'sso.get', method: 'GET', path: '/orgs/{org}/sso', summary: "The organisation's own sign-in (OIDC)", access: { kind: 'org', permission: 'sso.write' }, params: orgParams,
    reply: z.object({ issuer: z.string().nullable(), clientId: z.string().nullable(), domains: z.array(z.string()), required: z.boolean(), returnUrl: z.string() }),
  }),
  put: route({
    id: 'sso.put', method: 'PUT', path: '/orgs/{org}/sso', summary: "Set the organisation's own sign-in; the issuer is asked before it is saved", access: { kind: 'org', permission: 'sso.write' }, params: orgParams,
    body: z.object({ issuer: z.url().max(500), clientId: line(300), clientSecret: z.string().min(1).max(1000), domains: z.array(z.string().max(253)).max(20), required: z.boolean().default(false) }),
    status: 204, problems: ['issuer_unreachable', 'domain_taken', 'domain_public'],
  }),
  remove: route({ id: 'sso.remove', method: 'DELETE', path: '/orgs/{org}/sso', summary: 'Go back to mail links and passkeys', access: { kind: 'org', permission: 'sso.write' }, params: orgParams, status: 204 }),
};

export const identity = { setUp, signIn, self, lostPhone, tokens, sso };
