import { make, type Say } from './dom.ts';
import { touches, type Answer, type Refusal, type Sent, type Touched } from './send.ts';

export interface ReportForm {
  readonly say: Say;
  readonly mail: { readonly subject: string; readonly from: string };
  /** Fetches the mail's source and sends it. Rejects where the mail program does not give the source. */
  readonly send: (touched: Touched) => Promise<Sent>;
  /** The answer, once there is one; null where it can only be read on the page. */
  readonly answer: (number: string) => Promise<Answer | null>;
  /** Opens a page of Banya where the reader is signed in. */
  readonly openPage: (url: string) => void;
}

const TEXT_MAX = 200;
const shortened = (text: string): string => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text);

/** Asks what was done with the mail, sends it, and says what came of it. */
export function showForm(root: HTMLElement, form: ReportForm): void {
  const { say, mail } = form;
  const answers = touches.map((touch) => make('label', {}, make('input', { type: 'radio', name: 'touched', value: touch, required: '' }), say(`did_${touch}`)));
  const state = make('div', { role: 'status' });
  const button = make('button', { type: 'submit' }, say('report'));
  const question = make('fieldset', {}, make('legend', {}, say('did')), ...answers);
  const asked = make('form', {}, question, button);
  asked.addEventListener('submit', (event) => {
    event.preventDefault();
    const touched = new FormData(asked).get('touched') as Touched | null;
    if (touched !== null) void send(touched);
  });
  const busy = (on: boolean): void => {
    question.disabled = on;
    button.disabled = on;
  };
  const send = async (touched: Touched): Promise<void> => {
    busy(true);
    state.replaceChildren(make('p', {}, say('sending')));
    const sent = await form.send(touched).catch(() => null);
    if (sent?.ok) {
      asked.remove();
      // What cannot wait stands there at once; the answer brings all of the steps in its place.
      const first = touched === 'nothing' ? say('leave_it') : say(`first_${touched}`);
      const found = make('div', {}, make('p', {}, first), make('p', {}, say('checking')));
      state.replaceChildren(...received(form, touched, sent, found));
      const answer = await form.answer(sent.number).catch(() => null);
      found.replaceChildren(...(answer ? answered(say, touched, answer) : [make('p', {}, first), make('p', {}, say('checking_late'))]));
      return;
    }
    busy(false);
    state.replaceChildren(...refused(say, sent === null ? 'source' : sent.why));
    button.textContent = say('again');
  };
  root.replaceChildren(make('h1', {}, say('name')), make('p', { class: 'mail' }, make('b', {}, shortened(mail.subject) || say('no_subject')), make('br'), shortened(mail.from)), asked, state);
}

/** The verdict, what to do now, and why. */
function answered(say: Say, touched: Touched, { stand, steps, reasons }: Answer): Node[] {
  const kind = /dangerous|suspicious|failed/.test(stand) ? 'call' : 'mail';
  const list = (name: 'ol' | 'ul', texts: readonly string[]): Node => make(name, {}, ...texts.map((text) => make('li', {}, text)));
  return [
    make('p', { class: kind }, make('b', {}, say(`stand_${stand}`))),
    ...(steps.length > 0 ? [make('h2', {}, say('do_now')), list('ol', steps)] : []),
    ...(reasons.length > 0 && touched === 'nothing' ? [make('h2', {}, say('why')), list('ul', reasons)] : []),
  ];
}

function received({ say, openPage }: ReportForm, touched: Touched, { number, page }: Sent & { ok: true }, found: Node): Node[] {
  const link = make('button', { type: 'button' }, say('open_answer'));
  link.addEventListener('click', () => openPage(page));
  const first = touched === 'nothing' ? [] : [make('p', { class: 'call' }, make('b', {}, say('call')), ' ', say('call_why'))];
  return [make('h2', {}, say('received')), ...first, found, make('p', {}, link), make('p', {}, say('answer_who')), make('p', {}, say('number'), make('br'), make('code', {}, number))];
}

function refused(say: Say, why: Refusal | 'source'): Node[] {
  return [make('p', { class: 'wrong' }, make('b', {}, say('not_sent')), ' ', say(`wrong_${why}`)), make('p', {}, say('phone_instead'))];
}

/** One thing to read and nothing to send: no mail chosen, nothing set up yet, a part missing. */
export function showNote(root: HTMLElement, say: Say, text: string, ...more: readonly Node[]): void {
  root.replaceChildren(make('h1', {}, say('name')), make('p', { role: 'status' }, text), ...more);
}
