import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../kernel/ids.ts';
import { eachWorld, MINUTE, problem, status, type World } from './desk.test-helper.ts';

const body = (more: object = {}) => ({ title: { ja: 'パスワードの決め方', en: 'Choosing a password' }, summary: { ja: '長くて使い回さないもの' }, body: { ja: '三つの言葉をつなげます。' }, published: true, ...more });
const write = async (w: World, more: object = {}): Promise<string> => {
  w.time += MINUTE;
  return (await w.call(w.people.desk, 'articles.create', w.federation, { body: body(more) })).id;
};
const list = async (w: World, as = w.people.lead, query: object = {}) => (await w.call(as, 'articles.list', as.homeOrgId, { query })).items;
const titles = async (w: World, as = w.people.lead, query: object = {}) => (await list(w, as, query)).map((a: { title: string }) => a.title);

test('what the desk publishes every member reads, in the reader’s language where there is one; drafts only who writes', (t) =>
  eachWorld(t, 'published', async (w) => {
    const id = await write(w);
    const draft = await write(w, { title: { ja: '下書き' }, published: false });
    assert.deepEqual([await titles(w), await titles(w, w.people.staff), await titles(w, w.people.southLead), await titles(w, w.people.otherLead)], [['パスワードの決め方'], ['パスワードの決め方'], ['パスワードの決め方'], []]);
    assert.deepEqual(await titles(w, w.people.desk), ['下書き', 'パスワードの決め方']);
    const office = await w.person(w.federation, 'federation', '事務局 職員', 'staff');
    assert.deepEqual(await titles(w, office), ['パスワードの決め方']);
    const get = (as: typeof office, article: string, lang: 'ja' | 'en' = 'ja') => w.call(as, 'articles.get', as.homeOrgId, { params: { article }, lang });
    const english = await get(w.people.lead, id, 'en');
    assert.deepEqual([english.title, english.body, english.helped], ['Choosing a password', '三つの言葉をつなげます。', null]);
    for (const as of [w.people.lead, w.people.otherLead, office]) await assert.rejects(get(as, draft), status(404));
    await assert.rejects(get(w.people.otherLead, id), status(404));
    await w.call(w.people.desk, 'articles.update', w.federation, { params: { article: id }, body: body({ published: false }) });
    assert.deepEqual(await titles(w), []);
    assert.deepEqual((await w.call(w.people.desk, 'articles.edit', w.federation, { params: { article: id } })).summary, { ja: '長くて使い回さないもの' });
  }));

test('articles are found by what looks or sounds the same, every word of it, page by page', (t) =>
  eachWorld(t, 'search', async (w) => {
    await write(w);
    await write(w, { title: { ja: 'ウイルス対策ソフトの入れ方' }, body: { ja: 'サーバーにも入れます。' } });
    assert.deepEqual([await titles(w, w.people.lead, { q: 'ﾊﾟｽﾜｰﾄﾞ' }), await titles(w, w.people.lead, { q: 'サーバ ういるす' }), await titles(w, w.people.lead, { q: 'サーバ パスワード' }), await titles(w, w.people.lead, { q: '%' })], [['パスワードの決め方'], ['ウイルス対策ソフトの入れ方'], [], []]);
    const first = await w.call(w.people.lead, 'articles.list', w.north, { query: { limit: '1' } });
    const second = await w.call(w.people.lead, 'articles.list', w.north, { query: { limit: '1', after: first.next } });
    assert.deepEqual([first.items[0].title, second.items[0].title, second.next], ['ウイルス対策ソフトの入れ方', 'パスワードの決め方', null]);
    const { statements } = await w.gate.counted(() => list(w, w.people.desk));
    assert.ok(statements <= 10);
  }));

test('"it helped" counts each person once, and only the desk sees how many', (t) =>
  eachWorld(t, 'helped', async (w) => {
    const id = await write(w);
    const helped = (as = w.people.lead) => w.call(as, 'articles.helped', as.homeOrgId, { params: { article: id } });
    for (const as of [w.people.lead, w.people.lead, w.people.staff, w.people.southLead]) await helped(as);
    assert.deepEqual([(await list(w, w.people.desk))[0].helped, (await list(w))[0].helped], [3, null]);
    await assert.rejects(helped(w.people.otherLead), status(404));
  }));

test('only the federation’s desk writes articles and templates', (t) =>
  eachWorld(t, 'writers', async (w) => {
    const id = await write(w);
    const manager = await w.person(w.north, 'member', '北浜 部長', 'manager');
    await assert.rejects(w.call(w.people.lead, 'articles.create', w.north, { body: body() }), status(403));
    await assert.rejects(w.call(manager, 'articles.create', w.north, { body: body() }), status(404));
    await assert.rejects(w.call(manager, 'articles.update', w.north, { params: { article: id }, body: body() }), status(404));
    await assert.rejects(w.call(w.people.otherDesk, 'articles.update', w.otherFederation, { params: { article: id }, body: body() }), status(404));
    await assert.rejects(w.call(w.people.otherDesk, 'articles.edit', w.otherFederation, { params: { article: id } }), status(404));
    await assert.rejects(w.call(manager, 'templates.save', w.north, { params: { template: newId() }, body: { name: 'x', text: 'y', lang: 'ja' } }), status(404));
    await assert.rejects(write(w, { title: { en: 'no Japanese' } }), /ja/);
    await assert.rejects(write(w, { body: { ja: 'あ'.repeat(30_001) } }), /too_big/);
  }));

test('an answer carries a published article of the own federation and nothing else', (t) =>
  eachWorld(t, 'attached', async (w) => {
    const [id, draft] = [await write(w), await write(w, { published: false })];
    const foreign = (await w.call(w.people.otherDesk, 'articles.create', w.otherFederation, { body: body() })).id;
    const ticket = (await w.call(w.people.lead, 'tickets.ask', w.north, { body: { subject: '相談', message: '本文' } })).id;
    const reply = (article: string) => w.call(w.people.desk, 'queue.reply', w.federation, { params: { ticket }, body: { text: 'こちらをどうぞ', article } });
    assert.deepEqual((await reply(id)).article, { id, title: 'パスワードの決め方' });
    for (const wrong of [draft, foreign, newId()]) {
      await assert.rejects(reply(wrong), status(404));
      await assert.rejects(w.call(w.people.lead, 'tickets.reply', w.north, { params: { ticket }, body: { text: 'x', article: wrong } }), status(404));
    }
    const shown = await w.call(w.people.lead, 'tickets.get', w.north, { params: { ticket }, lang: 'en' });
    assert.deepEqual(shown.messages.map((m: { article: unknown }) => m.article), [null, { id, title: 'Choosing a password' }]);
    await w.call(w.people.desk, 'articles.update', w.federation, { params: { article: id }, body: body({ published: false }) });
    assert.equal((await w.call(w.people.lead, 'tickets.get', w.north, { params: { ticket } })).messages[1].article, null);
  }));

test('templates are the federation’s own: saved, changed, removed, and not without end', (t) =>
  eachWorld(t, 'templates', async (w) => {
    const template = newId();
    const save = (id: string, name: string) => w.call(w.people.desk, 'templates.save', w.federation, { params: { template: id }, body: { name, text: '{名前}さん', lang: 'ja' } });
    await save(template, '最初');
    await save(template, '直した');
    const names = async (as = w.people.desk2, org = w.federation) => (await w.call(as, 'templates.list', org)).items.map((i: { name: string }) => i.name);
    assert.deepEqual([await names(), await names(w.people.otherDesk, w.otherFederation)], [['直した'], []]);
    await assert.rejects(w.call(w.people.lead, 'templates.list', w.north), status(403));
    await assert.rejects(w.call(w.people.otherDesk, 'templates.remove', w.otherFederation, { params: { template } }), status(404));
    await w.tenancy.asSystem('test: many templates', (tx) => tx.query("insert into desk_templates select $1, gen_random_uuid(), n::text, 'x', 'ja', now() from generate_series(1, 299) n", [w.federation]));
    await assert.rejects(save(newId(), '多すぎる'), problem('too_many_templates'));
    await save(template, 'まだ直せる');
    await w.call(w.people.desk, 'templates.remove', w.federation, { params: { template } });
    await assert.rejects(w.call(w.people.desk, 'templates.remove', w.federation, { params: { template } }), status(404));
  }));
