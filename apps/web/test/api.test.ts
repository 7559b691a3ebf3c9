import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { identity } from '@banya/contract';
import { call, onSignedOut, urlOf } from '../src/api/call.ts';
import { topicsOf } from '../src/api/live.ts';
import { ApiProblem, problemOf } from '../src/api/problem.ts';
import { safeBack } from '../src/features/signin/flow.ts';
import { nameOf, wordsOf } from '../src/ui/form/words.ts';
import { ja } from '../src/texts/ja.ts';

const org = '0193f0a0-0000-7000-8000-000000000001';
const answer = (status: number, body: unknown, type = 'application/problem+json') => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'content-type': type } });

describe('calling a route', () => {
  afterEach(() => mock.restoreAll());

  it('puts parameters into the path so that they cannot leave it', () => {
    assert.equal(urlOf(identity.signIn.oidcStart, { params: { org: '../me?x=1' } }), '/api/v1/sign-in/oidc/..%2Fme%3Fx%3D1');
    assert.equal(urlOf(identity.signIn.oidcReturn, { params: { org: '018f2d5c-0000-7000-8000-000000000001' }, query: { state: 'a&b' } }), '/api/v1/sign-in/oidc/018f2d5c-0000-7000-8000-000000000001/return?state=a%26b');
  });
  it('marks what changes something as coming from this origin, and reads not', async () => {
    const seen: Headers[] = [];
    mock.method(globalThis, 'fetch', async (_: string, init: RequestInit) => {
      seen.push(init.headers as Headers);
      return new Response(null, { status: 204 });
    });
    await call(identity.self.update, { body: { lang: 'ja' } });
    await call(identity.tokens.revoke, { params: { org, token: org } });
    assert.deepEqual(seen.map((h) => h.get('banya-request')), ['1', '1']);
    assert.equal(seen[0]?.get('accept-language'), 'ja');
    mock.method(globalThis, 'fetch', async (_: string, init: RequestInit) => {
      assert.equal((init.headers as Headers).get('banya-request'), null);
      return answer(200, { items: [] }, 'application/json');
    });
    await call(identity.self.sessions);
  });
  it('throws the server’s problem with its words and fields', async () => {
    mock.method(globalThis, 'fetch', async () => answer(422, { type: 'about:blank', title: '電話番号を直してください', status: 422, code: 'invalid', detail: '', fields: [{ at: '/deskPhone', message: '数字で' }, { at: 3 }] }));
    await assert.rejects(call(identity.self.get), (error: unknown) => error instanceof ApiProblem && error.code === 'invalid' && error.fields.length === 1 && error.fields[0]?.at === '/deskPhone');
  });
  it('a proxy’s page instead of an answer becomes a problem, never a crash', async () => {
    const problem = await problemOf(answer(502, '<html>Bad gateway</html>', 'text/html'));
    assert.equal(problem.code, 'unreadable');
    assert.equal((await problemOf(answer(500, 'null'))).code, 'unreadable');
    assert.equal((await problemOf(answer(500, '{"code":7,"fields":"x"}'))).code, 'unreadable');
  });
  it('a server out of reach is told apart from a refusal', async () => {
    mock.method(globalThis, 'fetch', async () => {
      throw new TypeError('network');
    });
    await assert.rejects(call(identity.self.get), (error: unknown) => error instanceof ApiProblem && error.status === 0);
  });
  it('an ended session leads to sign-in; a refused sign-in does not', async () => {
    let ended = 0;
    onSignedOut(() => {
      ended += 1;
    });
    mock.method(globalThis, 'fetch', async () => answer(401, { title: '', status: 401, code: 'signed_out', detail: '', type: '' }));
    await assert.rejects(call(identity.signIn.totp, { body: { code: '123456' } }));
    assert.equal(ended, 0);
    await assert.rejects(call(identity.self.get));
    assert.equal(ended, 1);
  });
});

describe('live news', () => {
  it('reads one topic or several and ignores what it cannot read', () => {
    assert.deepEqual(topicsOf('{"topic":"findings"}'), ['findings']);
    assert.deepEqual(topicsOf('{"topics":["findings","tickets",7]}'), ['findings', 'tickets']);
    for (const bad of ['', '{', 'null', '7', '{"topic":7}', undefined]) assert.deepEqual(topicsOf(bad), []);
  });
});

describe('the way back after sign-in', () => {
  it('stays inside the application', () => {
    assert.equal(safeBack('/o/1/findings?x=2'), '/o/1/findings?x=2');
    for (const bad of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', null, '/sign-in?back=/sign-in']) assert.equal(safeBack(bad), '/');
  });
});

describe('errors of a form', () => {
  const t = ja.ui.form;
  it('a problem document’s pointer and a schema’s path name the same field', () => {
    assert.equal(nameOf('/manager/email'), 'manager.email');
    assert.equal(nameOf(['manager', 'email']), 'manager.email');
    assert.equal(nameOf('/a~1b/0'), 'a/b.0');
  });
  it('say what to do and name the field', () => {
    assert.equal(wordsOf({ code: 'too_small', path: [], origin: 'string', minimum: 1 }, '氏名', '', t), '氏名を入れてください。');
    assert.equal(wordsOf({ code: 'too_big', path: [], origin: 'string', maximum: 80 }, '氏名', 'x', t), '氏名は80文字までにしてください。');
    assert.equal(wordsOf({ code: 'invalid_format', path: [], format: 'email' }, 'メール', 'x', t), 'メールは name@example.jp のような形で入れてください。');
    assert.equal(wordsOf({ code: 'something_new', path: [] }, 'メール', 'x', t), 'メールの書き方を確かめてください。');
  });
});
