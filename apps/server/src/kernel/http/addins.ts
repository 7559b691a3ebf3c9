import { outlookFiles, outlookManifest, thunderbirdXpi } from '@banya/addins';
import type { Hono } from 'hono';
import type { NodeEnv } from './app.ts';

const types: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', png: 'image/png' };
const OFFICE = 'https://appsforoffice.microsoft.com';
/** Where Outlook in a browser shows the pane; its programs frame nothing. */
const FRAMED_BY = ['https://outlook.office.com', 'https://outlook.office365.com', 'https://outlook.live.com', 'https://outlook.cloud.microsoft'].join(' ');

/** What goes along to the API: the token, never a session. */
function handedOn(request: { header(name: string): string | undefined }): Headers {
  const headers = new Headers();
  for (const name of ['authorization', 'content-type', 'content-length', 'accept-language', 'x-forwarded-for']) {
    const value = request.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

/**
 * The report buttons: Thunderbird's extension to everybody, Outlook's pane where the operator turned it on. Made in memory at
 * the first request. The pane alone loads a script from elsewhere, as Outlook demands; that script can then run at our address,
 * so its page may speak to two paths only, and what goes there carries a token and never a session.
 */
export function serveAddins(app: Hono<NodeEnv>, parts: { readonly publicUrl: () => string; readonly outlook: boolean }): void {
  let xpi: Uint8Array<ArrayBuffer> | null = null;
  // Under its own media type a web browser would try to install it in itself.
  app.get('/addins/thunderbird.xpi', (c) => c.body((xpi ??= new Uint8Array(thunderbirdXpi())), 200, { 'Content-Type': 'application/octet-stream', 'Content-Disposition': 'attachment; filename="banya-thunderbird.xpi"', 'Cache-Control': 'no-cache' }));
  if (!parts.outlook) {
    app.all('/addins/*', (c) => c.text('Not found', 404));
    return;
  }
  app.get('/addins/outlook/manifest.xml', (c) => c.body(outlookManifest(parts.publicUrl()), 200, { 'Content-Type': 'application/xml; charset=utf-8', 'Content-Disposition': 'attachment; filename="banya-outlook.xml"', 'Cache-Control': 'no-cache' }));
  app.post('/addins/outlook/report', (c) => {
    const asked = new URL(c.req.url);
    const org = asked.searchParams.get('org') ?? '';
    const query = new URLSearchParams({ via: 'button', touched: asked.searchParams.get('touched') ?? '' });
    const headers = handedOn(c.req);
    const reader = asked.searchParams.get('reader');
    if (reader !== null) query.set('reader', reader);
    return app.fetch(new Request(new URL(`/api/v1/orgs/${encodeURIComponent(org)}/samples?${query}`, asked), { method: 'POST', headers, body: c.req.raw.body, duplex: 'half' } as RequestInit), c.env);
  });
  app.get('/addins/outlook/answer', (c) => {
    const asked = new URL(c.req.url);
    const [org, sample] = ['org', 'sample'].map((name) => encodeURIComponent(asked.searchParams.get(name) ?? ''));
    return app.fetch(new Request(new URL(`/api/v1/orgs/${org}/samples/${sample}`, asked), { headers: handedOn(c.req) }), c.env);
  });
  let files: ReadonlyMap<string, Uint8Array> | null = null;
  app.get('/addins/outlook/*', (c) => {
    const name = c.req.path.slice('/addins/outlook/'.length);
    const bytes = (files ??= outlookFiles()).get(name);
    if (!bytes) return c.text('Not found', 404);
    const kind = name.slice(name.lastIndexOf('.') + 1);
    const headers: Record<string, string> = { 'Content-Type': types[kind] ?? 'application/octet-stream', 'Cache-Control': 'no-cache' };
    if (kind === 'html') headers['Content-Security-Policy'] = `default-src 'none'; script-src 'self' ${OFFICE}; style-src 'self'; img-src 'self'; connect-src ${parts.publicUrl()}/addins/outlook/report ${parts.publicUrl()}/addins/outlook/answer; base-uri 'none'; form-action 'none'; frame-ancestors ${FRAMED_BY}`;
    // Pictures of the button are shown by Outlook's own pages.
    if (kind === 'png') headers['Cross-Origin-Resource-Policy'] = 'cross-origin';
    return c.body(new Uint8Array(bytes), 200, headers);
  });
  app.all('/addins/*', (c) => c.text('Not found', 404));
}
