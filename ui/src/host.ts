// The one door between the screens and the program behind them.
// Screens call `host()`; tests install a host of their own. An answer that is a problem is thrown.
import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import type { ChangedView, DraftView, ProblemView } from './generated/bindings';
import { commands, events } from './generated/bindings';

type Answer<T> = { status: 'ok'; data: T } | { status: 'error'; error: ProblemView };
type Plain<F> = F extends (...input: infer A) => Promise<infer R>
  ? (...input: A) => Promise<R extends { status: 'ok'; data: infer T } ? T : never>
  : never;

export type Host = { [K in keyof typeof commands]: Plain<(typeof commands)[K]> } & {
  onChanged(heard: (changed: ChangedView) => void): Promise<() => void>;
  /** Takes the bytes of a file somebody chose; they cross as they are. */
  draftPhoto(bytes: Uint8Array): Promise<DraftView>;
  /** Where the bytes of a content are shown from. */
  attachmentUrl(content: string): string;
};

/** A clear answer that stops an action; carries the code the screens word. */
export class Problem extends Error {
  constructor(readonly view: ProblemView) {
    super(view.code);
  }
}

/** What to show for anything thrown: unknown faults keep their text for the report. */
export function problemOf(thrown: unknown): ProblemView {
  if (thrown instanceof Problem) return thrown.view;
  return { code: 'desk.unexpected', arguments: [{ name: 'detail', value: String(thrown) }] };
}

/** An answer of the desk that is a problem. */
function isProblem(thrown: unknown): thrown is ProblemView {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'arguments' in thrown;
}

async function takeBytes(bytes: Uint8Array): Promise<DraftView> {
  try {
    return await invoke<DraftView>('draft_photo', bytes);
  } catch (thrown) {
    throw isProblem(thrown) ? new Problem(thrown) : thrown;
  }
}

async function take<T>(answer: Promise<Answer<T>>): Promise<T> {
  const settled = await answer;
  if (settled.status === 'error') throw new Problem(settled.error);
  return settled.data;
}

const tauriHost: Host = {
  shell: () => take(commands.shell()),
  tryAgain: () => take(commands.tryAgain()),
  signIn: (input) => take(commands.signIn(input)),
  setPin: (pin) => take(commands.setPin(pin)),
  unlock: (input) => take(commands.unlock(input)),
  lock: () => take(commands.lock()),
  myWork: () => take(commands.myWork()),
  order: (id) => take(commands.order(id)),
  tickStep: (input) => take(commands.tickStep(input)),
  recordStep: (input) => take(commands.recordStep(input)),
  settleStep: (input) => take(commands.settleStep(input)),
  takeBack: (input) => take(commands.takeBack(input)),
  failureCodes: (orderId) => take(commands.failureCodes(orderId)),
  reportFailure: (input) => take(commands.reportFailure(input)),
  nameReport: (input) => take(commands.nameReport(input)),
  writeNote: (input) => take(commands.writeNote(input)),
  changePlan: (input) => take(commands.changePlan(input)),
  proposePlan: (input) => take(commands.proposePlan(input)),
  addPhoto: (input) => take(commands.addPhoto(input)),
  takeBackPhoto: (input) => take(commands.takeBackPhoto(input)),
  fetchPhoto: (input) => take(commands.fetchPhoto(input)),
  takePart: (input) => take(commands.takePart(input)),
  startOrder: (orderId) => take(commands.startOrder(orderId)),
  startLabour: (orderId) => take(commands.startLabour(orderId)),
  stopLabour: (orderId) => take(commands.stopLabour(orderId)),
  holdOrder: (input) => take(commands.holdOrder(input)),
  resumeOrder: (orderId) => take(commands.resumeOrder(orderId)),
  finishCheck: (orderId) => take(commands.finishCheck(orderId)),
  finishOrder: (orderId) => take(commands.finishOrder(orderId)),
  unsent: () => take(commands.unsent()),
  cases: () => take(commands.cases()),
  case: (id) => take(commands.case(id)),
  decideCase: (input) => take(commands.decideCase(input)),
  asset: (id) => take(commands.asset(id)),
  assetHistory: (input) => take(commands.assetHistory(input)),
  historyPage: (input) => take(commands.historyPage(input)),
  assetTree: (place) => take(commands.assetTree(place)),
  search: (query) => take(commands.search(query)),
  orders: (input) => take(commands.orders(input)),
  items: (input) => take(commands.items(input)),
  item: (id) => take(commands.item(id)),
  setLook: (input) => take(commands.setLook(input)),
  syncNow: () => take(commands.syncNow()),
  rescue: () => take(commands.rescue()),
  rescueRead: () => take(commands.rescueRead()),
  saveUnsent: (input) => take(commands.saveUnsent(input)),
  carryFile: (input) => take(commands.carryFile(input)),
  carried: () => take(commands.carried()),
  appReady: () => take(commands.appReady()),
  draftPhoto: takeBytes,
  attachmentUrl: (content) => convertFileSrc(content, 'attachment'),
  onChanged: (heard) => events.changed.listen((event) => heard(event.payload)),
};

let installed: Host = tauriHost;

/** The host in use. */
export function host(): Host {
  return installed;
}

/** Puts another host in place, for tests. */
export function installHost(other: Host): void {
  installed = other;
}
