// Two people on two laptops who work on the same order: everything happens to them at once.
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { Desk } from './desk.mjs';
import { openDisplay } from './display.mjs';
import { Link } from './link.mjs';
import { said } from './order_page.mjs';
import { Person } from './person.mjs';

const PLANT = '1200';
const PASSWORD = 'fettle-demo';
const PIN = '274916';
/** Time for everything to travel up and down over a bad link. */
const CONVERGE_MS = 180_000;

/** A laptop with its person, its own display and its own link. */
export class Mate {
  /**
   * Opens a window for somebody.
   * @param {import('./hub.mjs').Hub} hub
   * @param {{ account: string, laptop: string, program: string, folder: string }} who
   */
  static async open(hub, { account, laptop, program, folder }) {
    const mate = new Mate();
    mate.hub = hub;
    mate.laptop = laptop;
    const place = join(folder, account);
    mate.display = await openDisplay({ log: join(place, 'display.log') });
    mate.link = await Link.to(hub.port);
    mate.desk = await Desk.open({
      program,
      display: mate.display.name,
      folder: join(place, 'desk'),
      pictures: join(folder, 'pictures', account),
      log: join(place, 'desk.log'),
    });
    mate.person = new Person(mate.desk, { account, password: PASSWORD, pin: PIN });
    return mate;
  }

  get window() {
    return this.desk.window;
  }

  /** Signs in for the first time and lets the laptop fill. */
  async signIn() {
    const code = await this.hub.deviceCode({ plant: PLANT, name: this.laptop });
    await this.person.enrol({ hub: this.link.url, code });
    await this.person.choosePin();
  }

  /** Opens an order again, from wherever the person is. */
  async backTo(order) {
    await this.person.press('My work');
    await this.person.openOrder(order);
  }

  /** The power goes; the window is opened again and shows the order. */
  async dieAndReopen(order) {
    await this.desk.kill();
    await this.desk.openAgain();
    await this.person.unlock();
    await this.person.openOrder(order);
  }

  async close() {
    await this.desk?.close();
    await this.link?.cut();
    await this.display?.close();
  }
}

/**
 * Waits until both laptops say the same of the open order and it is right; gives what they say.
 * @param {Mate[]} mates
 * @param {(said: Awaited<ReturnType<typeof said>>) => boolean} isRight
 */
export function converged([one, other], isRight) {
  return one.window.until(
    async () => {
      const [here, there] = [await said(one.window), await said(other.window)];
      return isDeepStrictEqual(here, there) && isRight(here) ? here : undefined;
    },
    'both laptops to say the same of the order',
    CONVERGE_MS,
  );
}
