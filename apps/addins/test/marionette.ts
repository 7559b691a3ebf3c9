import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const executable = process.env.BANYA_THUNDERBIRD ?? '/usr/bin/thunderbird';
/** Why a real Thunderbird cannot be driven here, or false. */
export const noThunderbird = existsSync(executable) ? false : `no Thunderbird at ${executable}; install it or set BANYA_THUNDERBIRD`;

/** A fresh profile asks, shows and fetches nothing by itself. */
const prefs: Readonly<Record<string, unknown>> = {
  'mail.provider.suppress_dialog_on_startup': true, 'mail.spotlight.firstRunDone': true, 'mailnews.start_page.enabled': false, 'mailnews.start_page_override.mstone': 'ignore', 'mail.shell.checkDefaultClient': false, 'mail.rights.version': 1,
  'app.donation.eoy.version.viewed': 999, 'datareporting.policy.dataSubmissionEnabled': false, 'datareporting.healthreport.uploadEnabled': false, 'toolkit.telemetry.enabled': false, 'app.update.auto': false, 'app.update.disabledForTesting': true, 'extensions.update.enabled': false, 'extensions.getAddons.cache.enabled': false,
  'extensions.blocklist.enabled': false, 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false, 'services.settings.server': 'data:,#remote-settings-dummy/v1', 'browser.safebrowsing.malware.enabled': false, 'browser.safebrowsing.phishing.enabled': false, 'calendar.timezone.useSystemTimezone': true,
  // The prompt stands outside any page; whoever presses Save here has said yes.
  'extensions.webextOptionalPermissionPrompts': false,
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** A Thunderbird without a screen and with a new profile, driven by the Marionette protocol that it brings. */
export class Thunderbird {
  readonly #process: ChildProcess;
  readonly #socket: Socket;
  readonly #profile: string;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 0;
  #got = Buffer.alloc(0);

  private constructor(process: ChildProcess, socket: Socket, profile: string) {
    this.#process = process;
    this.#socket = socket;
    this.#profile = profile;
    socket.on('data', (bytes) => this.#take(bytes));
  }

  static async start(lang: 'ja' | 'en-US', more: Readonly<Record<string, unknown>> = {}): Promise<Thunderbird> {
    const profile = mkdtempSync(join(tmpdir(), 'banya-thunderbird-'));
    const port = await freePort();
    writeFileSync(join(profile, 'user.js'), Object.entries({ ...prefs, 'marionette.port': port, 'intl.locale.requested': lang, ...more }).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
    const child = spawn(executable, ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile], { stdio: process.env.BANYA_TEST_VERBOSE ? 'inherit' : 'ignore', env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' } });
    for (let tries = 0; ; tries += 1) {
      const socket = await new Promise<Socket | null>((done) => {
        const tried = connect(port, '127.0.0.1', () => done(tried));
        tried.once('error', () => done(null));
      });
      if (socket) {
        const made = new Thunderbird(child, socket, profile);
        await made.command('WebDriver:NewSession', { capabilities: { alwaysMatch: { timeouts: { script: 60_000 } } } });
        return made;
      }
      if (tries > 300) throw new Error('Thunderbird did not start');
      await new Promise((done) => setTimeout(done, 200));
    }
  }

  #take(bytes: Buffer): void {
    this.#got = Buffer.concat([this.#got, bytes]);
    for (;;) {
      const colon = this.#got.indexOf(58);
      const length = Number(this.#got.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 0 || this.#got.length < colon + 1 + length) return;
      const message = JSON.parse(this.#got.subarray(colon + 1, colon + 1 + length).toString()) as unknown;
      this.#got = this.#got.subarray(colon + 1 + length);
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message as [number, number, { error: string; message: string } | null, unknown];
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new Error(`${error.error}: ${error.message}`));
      else waiting?.resolve(result);
    }
  }

  command(name: string, parameters: unknown = {}): Promise<any> {
    const id = ++this.#next;
    const text = JSON.stringify([0, id, name, parameters]);
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Runs an asynchronous function's body with the rights of the program; `args` holds what is given. */
  async chrome<T = unknown>(body: string, ...args: readonly unknown[]): Promise<T> {
    await this.command('Marionette:SetContext', { value: 'chrome' });
    const script = `const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1); (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) + ' ' + (error?.stack ?? '') }));`;
    const { value } = await this.command('WebDriver:ExecuteAsyncScript', { script, args, newSandbox: true }) as { value: { value?: T; error?: string } };
    if (value.error !== undefined) throw new Error(value.error);
    return value.value as T;
  }

  /**
   * Runs a function's body in a page of an extension, once a browser shows an address that contains `part`, in a tab or a window of
   * its own, and its heading stands. `press(element)` there clicks as a hand would; `args` holds what is given.
   */
  async page<T = unknown>(part: string, body: string, ...args: readonly unknown[]): Promise<T> {
    const script = `
      const document = content.document, window = content, args = ${JSON.stringify(args)};
      const press = (element) => { const hand = content.windowUtils.setHandlingUserInput(true); try { element.click(); } finally { hand.destruct(); } };
      const ready = async () => { for (let i = 0; !document.querySelector('h1') && i < 200; i++) await new Promise((go) => window.setTimeout(go, 50)); };
      ready().then(async () => { ${body} }).then((value) => sendAsyncMessage('banya-test', { value }), (error) => sendAsyncMessage('banya-test', { error: String(error) }));`;
    const given = await this.chrome<{ value?: T; error?: string }>(`
      const [part, script] = args;
      const shown = () => [...Services.wm.getEnumerator(null)].flatMap((win) => [...win.document.querySelectorAll('browser')]).find((b) => b.currentURI?.spec.startsWith('moz-extension:') && b.currentURI.spec.includes(part));
      let browser;
      for (let tries = 0; !(browser = shown()) && tries < 100; tries++) await new Promise((go) => Services.wm.getMostRecentWindow(null).setTimeout(go, 100));
      if (!browser) throw new Error('no page ' + part);
      return await new Promise((done) => {
        const told = (message) => { browser.messageManager.removeMessageListener('banya-test', told); done(message.data); };
        browser.messageManager.addMessageListener('banya-test', told);
        browser.messageManager.loadFrameScript('data:,' + encodeURIComponent(script), false);
      });`, part, script);
    if (given.error !== undefined) throw new Error(given.error);
    return given.value as T;
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.#process.once('exit', done));
    await this.command('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => this.#process.kill());
    const hard = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(hard);
    this.#socket.destroy();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}
