// The stores of the desk's rooms, which room is open, and the ways between them.
import { AssetStore } from '../asset/asset_store.svelte';
import { TreeStore } from '../asset/tree_store.svelte';
import { CaseStore } from '../case/case_store.svelte';
import type { ChangedView, ItemRowView, OrderRowView } from '../generated/bindings';
import { host, problemOf } from '../host';
import { ItemStore } from '../item/item_store.svelte';
import { type Hit, SearchStore } from '../search/search_store.svelte';
import { PagedRows } from '../shared/paged_rows.svelte';
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
  readonly item = new ItemStore();
  readonly search = new SearchStore();
  readonly everyOrder = new PagedRows<OrderRowView>((input) => host().orders(input), problemOf);
  readonly everyItem = new PagedRows<ItemRowView>((input) => host().items(input), problemOf);
  room: Room = $state('work');

  /** True when something is open in the room. */
  readonly isOpened = $derived.by(() => {
    if (this.room === 'parts') return this.item.id !== null;
    if (this.room === 'assets') return this.asset.id !== null;
    return this.order.id !== null;
  });

  openOrder = (id: string) => {
    if (this.room !== 'orders') this.room = 'work';
    this.work.focusedId = id;
    void this.order.open(id);
  };

  openHit = (hit: Hit) => {
    if (hit.kind === 'order') return this.openOrder(hit.id);
    if (hit.kind === 'item') return this.openItem(hit.id);
    if (hit.kind === 'every_order') return this.#list('orders', hit.id);
    if (hit.kind === 'every_item') return this.#list('parts', hit.id);
    this.openAsset(hit.id);
  };

  openAsset = (id: string) => {
    this.openRoom('assets');
    void this.asset.open(id);
  };

  openItem = (id: string) => {
    this.room = 'parts';
    if (this.everyItem.answer === null) void this.everyItem.begin();
    void this.item.open(id);
  };

  /** Opens a list narrowed to what was typed. */
  #list(room: 'orders' | 'parts', query: string) {
    this.room = room;
    void (room === 'orders' ? this.everyOrder : this.everyItem).begin(query);
  }

  openRoom = (next: Room) => {
    this.room = next;
    if (next === 'orders') void this.everyOrder.refresh();
    if (next === 'assets') void this.tree.refresh();
    if (next === 'parts') void this.everyItem.refresh();
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

  /** Moves the keyboard's place in the list of the room. */
  move = (by: number) => {
    if (this.room === 'cases') this.cases.move(by);
    else if (this.room === 'orders') this.everyOrder.move(by);
    else if (this.room === 'parts') this.everyItem.move(by);
    else this.work.move(by);
  };

  /** Opens the row the keyboard is on. */
  openFocused = () => {
    if (this.room === 'orders') {
      const focused = this.everyOrder.rowAt(this.everyOrder.focused);
      if (focused) this.openOrder(focused.id);
    } else if (this.room === 'parts') {
      const focused = this.everyItem.rowAt(this.everyItem.focused);
      if (focused) this.openItem(focused.id);
    } else if (this.work.focusedId !== null) this.openOrder(this.work.focusedId);
  };

  /** Closes what is open in the room. */
  leave = () => {
    if (this.room === 'parts') return void this.item.open(null);
    if (this.room === 'assets') return void this.asset.open(null);
    void this.order.open(null);
  };

  /** Reads again what a change made stale. */
  reread = (changed: ChangedView) => {
    const { work, order, asset, cases, unsent, search } = this;
    const hasOrders = changed.orders.length > 0;
    if (hasOrders) void work.refresh();
    if (order.id !== null && changed.orders.includes(order.id)) void order.refresh();
    if (asset.id !== null && (hasOrders || this.room === 'assets')) void asset.refresh();
    if (changed.shell || hasOrders) void search.again();
    if (this.room === 'orders' && hasOrders) void this.everyOrder.refresh();
    if (this.room === 'parts' && (changed.shell || hasOrders)) {
      void this.everyItem.refresh();
      void this.item.refresh();
    }
    if (this.room === 'cases' && (changed.shell || hasOrders)) void cases.refresh();
    if (this.room === 'sync' && (changed.shell || hasOrders)) void unsent.refresh();
  };
}
