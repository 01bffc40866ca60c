// The stores of the desk's rooms, which room is open, and the ways between them.
import { AssetStore } from '../asset/asset_store.svelte';
import { TreeStore } from '../asset/tree_store.svelte';
import { CaseStore } from '../case/case_store.svelte';
import type { ChangedView } from '../generated/bindings';
import { type Hit, SearchStore } from '../search/search_store.svelte';
import { UnsentStore } from '../sync/unsent_store.svelte';
import { OrderStore } from '../work_order/order_store.svelte';
import { WorkStore } from '../work_order/work_store.svelte';
import type { Room } from './desk_commands';

export class Rooms {
  readonly work = new WorkStore();
  readonly order = new OrderStore();
  readonly asset = new AssetStore();
  readonly tree = new TreeStore();
  readonly cases = new CaseStore();
  readonly unsent = new UnsentStore();
  readonly search = new SearchStore();
  room: Room = $state('work');

  /** True when an order stands beside the list. */
  readonly isOpened = $derived(this.order.id !== null);

  openOrder = (id: string) => {
    this.room = 'work';
    this.work.focusedId = id;
    void this.order.open(id);
  };

  openHit = (hit: Hit) => {
    if (hit.kind === 'order') return this.openOrder(hit.id);
    this.openAsset(hit.id);
  };

  openAsset = (id: string) => {
    this.openRoom('assets');
    void this.asset.open(id);
  };

  openRoom = (next: Room) => {
    this.room = next;
    if (next === 'assets') void this.tree.refresh();
    if (next === 'sync') void this.unsent.refresh();
    if (next === 'cases') void this.cases.refresh();
  };

  /** Opens an order with its note, to ask there: whoever works on it reads it. */
  ask = (orderId: string) => {
    this.room = 'work';
    this.work.focusedId = orderId;
    void this.order.open(orderId).then(() => {
      if (this.order.can('work')) void this.order.show('note');
    });
  };

  /** Closes what is open in the room of work or of assets. */
  leave = () => {
    void (this.room === 'assets' ? this.asset : this.order).open(null);
  };

  /** Reads again what a change made stale. */
  reread = (changed: ChangedView) => {
    const { work, order, asset, cases, unsent, search } = this;
    const hasOrders = changed.orders.length > 0;
    if (hasOrders) void work.refresh();
    if (order.id !== null && changed.orders.includes(order.id)) void order.refresh();
    if (asset.id !== null && (hasOrders || this.room === 'assets')) void asset.refresh();
    if (changed.shell || hasOrders) void search.again();
    if (this.room === 'cases' && (changed.shell || hasOrders)) void cases.refresh();
    if (this.room === 'sync' && (changed.shell || hasOrders)) void unsent.refresh();
  };
}
