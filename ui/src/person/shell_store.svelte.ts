// The frame: who is at work, where the link stands, how the screens look.
import type { LookInput, ProblemView, Shell, SignInInput, UnlockInput } from '../generated/bindings';
import { host, problemOf } from '../host';
import { useFormat } from '../shared/format';

export class ShellStore {
  shell: Shell | null = $state(null);
  problem: ProblemView | null = $state(null);
  isBusy = $state(false);

  refresh = () => this.#take(() => host().shell());
  tryAgain = () => this.#take(() => host().tryAgain());
  signIn = (input: SignInInput) => this.#take(() => host().signIn(input));
  setPin = (pin: string) => this.#take(() => host().setPin(pin));
  unlock = (input: UnlockInput) => this.#take(() => host().unlock(input));
  lock = () => this.#take(() => host().lock());
  setLook = (input: LookInput) => this.#take(() => host().setLook(input));
  rescue = () => this.#take(() => host().rescue());
  rescueRead = () => this.#take(() => host().rescueRead());
  syncNow = () => this.#take(() => host().syncNow());

  clearProblem = () => {
    this.problem = null;
  };

  /** Runs one call whose answer is the new frame; says whether it went well. */
  async #take(call: () => Promise<Shell>): Promise<boolean> {
    this.isBusy = true;
    try {
      this.#show(await call());
      this.problem = null;
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  #show(shell: Shell): void {
    if (shell.plant) useFormat({ timeZone: shell.plant.time_zone });
    document.documentElement.dataset['theme'] = shell.theme;
    document.documentElement.dataset['density'] = shell.density;
    this.shell = shell;
  }
}
