// Files of unsent work: saved here for another laptop, and carried here for others.
import type { CarriedView, ProblemView, SavedFileView } from '../generated/bindings';
import { host, problemOf } from '../host';

export class WorkFileStore {
  carried: CarriedView[] = $state([]);
  saved: SavedFileView | null = $state(null);
  problem: ProblemView | null = $state(null);
  isBusy = $state(false);

  refresh = () => this.#run(async () => void (this.carried = await host().carried()));

  save = (folder: string) =>
    this.#run(async () => void (this.saved = await host().saveUnsent({ folder: folder.trim() || null })));

  carry = (file: File) =>
    this.#run(async () => {
      const base64 = await base64Of(file);
      this.carried = await host().carryFile({ name: file.name, base64 });
    });

  async #run(work: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    try {
      await work();
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isBusy = false;
    }
  }
}

/** The bytes of a file in base64; a data address carries them behind its first comma. */
function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const address = typeof reader.result === 'string' ? reader.result : '';
      resolve(address.slice(address.indexOf(',') + 1));
    };
    reader.onerror = () => {
      reject(new Error(reader.error?.message ?? file.name));
    };
    reader.readAsDataURL(file);
  });
}
