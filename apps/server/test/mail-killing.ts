import { createHash } from 'node:crypto';
import { HouseProcess, seeded, type KilledHouse } from './killing.ts';
import { letter, sendMail } from './mails.ts';

export interface MailTally {
  /** Mails answered with 250 that are nowhere. */
  readonly lost: number;
  /** Mails that became more than one ticket or sample. */
  readonly doubled: number;
  readonly stored: number;
  readonly acknowledged: number;
}

interface Posted {
  /** What it is found by: the subject of a question, the id of the file of a report. */
  readonly name: string;
  readonly to: 'desk@banya.test' | 'report@banya.test';
  readonly raw: string;
}

const AT_ONCE = 4;

/**
 * Kills a house again and again while mail servers hand mails in, and looks after each new start what became of them. What
 * got no answer is sent again, byte for byte, as every mail server does.
 */
export class MailKillRig {
  readonly #prepared: KilledHouse;
  readonly #random: () => number;
  readonly #acknowledged = new Set<string>();
  #waiting: Posted[] = [];
  #number = 0;

  constructor(prepared: KilledHouse, seed: number) {
    this.#prepared = prepared;
    this.#random = seeded(seed);
  }

  /** Starts, looks, and kills in the midst of `ms` or less of mails. @returns what was there at the start */
  async round(msMax: number): Promise<MailTally> {
    const house = await HouseProcess.start(this.#prepared.folder);
    const tally = await this.#look(house);
    const ended = { now: false };
    const traffic = Array.from({ length: AT_ONCE }, () => this.#post(house, ended));
    await new Promise((resolve) => setTimeout(resolve, 50 + this.#random() * msMax));
    await house.kill();
    ended.now = true;
    await Promise.all(traffic);
    return tally;
  }

  /** A last look, and an orderly end. */
  async finish(): Promise<MailTally> {
    const house = await HouseProcess.start(this.#prepared.folder);
    try {
      return await this.#look(house);
    } finally {
      await house.close();
    }
  }

  async #look(house: HouseProcess): Promise<MailTally> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const mail of waiting) await this.#send(house, mail);
    const { subjects } = await house.mails();
    return {
      lost: [...this.#acknowledged].filter((name) => subjects[name] === undefined).length, doubled: Object.values(subjects).filter((n) => n > 1).length,
      stored: Object.keys(subjects).length, acknowledged: this.#acknowledged.size,
    };
  }

  async #send(house: HouseProcess, mail: Posted): Promise<void> {
    const { code } = await sendMail(house.ports.smtp, { from: this.#prepared.email, to: mail.to, raw: mail.raw });
    if (code === 250) this.#acknowledged.add(mail.name);
    else this.#waiting.push(mail);
  }

  async #post(house: HouseProcess, ended: { readonly now: boolean }): Promise<void> {
    while (!ended.now) {
      const n = ++this.#number;
      const subject = `mail ${n}`;
      const text = `${'x'.repeat(Math.floor(this.#random() * 900))}\n`.repeat(1 + Math.floor(this.#random() * 60));
      // One in four asks about a mail, as colleagues of various names: the house bounds how much one person reports.
      const report = n % 4 === 0;
      // Proven questions are tickets of their own, however many one person asks.
      const proof = report ? '' : 'Authentication-Results: mx.member.example; dmarc=pass header.from=member.example\r\n';
      const raw = proof + letter({ from: report ? `temp${n}@agency.example` : this.#prepared.email, subject, text, id: `<${n}@member.example>` });
      const to = report ? 'report@banya.test' : 'desk@banya.test';
      const id = createHash('sha256').update(JSON.stringify([this.#prepared.email, [to]])).update(raw).digest('hex').slice(0, 32);
      await this.#send(house, { name: report ? id : subject, to, raw });
    }
  }
}
