//! Items: their page, what is said of stock, and lists and answers page by page.

use fettle_desk::view::{Certainty, PageInput, StockBadge};
use fettle_domain::item::Item;
use fettle_domain::row::Row;
use fettle_domain::stock::StockBalance;
use fettle_domain::work_order::{Status, WorkOrderRow};
use fettle_domain::{Decimal, ItemId, WorkOrderId};
use uuid::Uuid;

use crate::build::{Bench, balance, item_id, now, order_id, row, seal};

/// Most that may cross to the window at once.
const PAYLOAD_BYTES: usize = 64 * 1024;

fn id(number: u128) -> ItemId {
    ItemId(Uuid::from_u128(0x9000 + number))
}

fn item(number: u128) -> Item {
    Item {
        id: id(number),
        number: format!("1001-{number:04}"),
        description: "Deep groove ball bearing with a long description of it".to_owned(),
        manufacturer: "Kugellager Nord".to_owned(),
        part_number: format!("6310.{number}.NL"),
        ..seal()
    }
}

fn whole(after: Option<String>) -> PageInput {
    PageInput {
        query: String::new(),
        after,
    }
}

#[tokio::test]
async fn the_page_of_an_item_has_stock_substitutes_and_the_orders_that_need_it() {
    let bench = Bench::at_work().await;
    bench.hear(20, Row::Item(item(1))).await;
    let seal = Item {
        substitutes: vec![id(1), id(2)],
        superseded_by: Some(id(1)),
        manufacturer: "Sealmaker".to_owned(),
        ..seal()
    };
    bench.hear(21, Row::Item(seal)).await;
    let page = bench.desk.item(item_id()).await.unwrap();
    assert_eq!(page.manufacturer.as_deref(), Some("Sealmaker"));
    assert_eq!(page.part_number, None);
    assert_eq!((page.lead_time_days, page.abc), (None, None));
    assert_eq!((&*page.bins[0].bin, &*page.bins[0].on_hand), ("C-14", "5"));
    assert_eq!(page.bins[0].reorder_point, None);
    assert_eq!(page.substitutes[0].number, "1001-0001");
    // Stock of the substitute is not known, which is not zero.
    assert_eq!(page.substitutes[0].stock.kind, StockBadge::NeverChecked);
    assert_eq!(page.substitutes[0].stock.amount, None);
    assert_eq!(page.substitutes_elsewhere, 1);
    assert_eq!(page.superseded_by.unwrap().number, "1001-0001");
    assert_eq!(page.open_orders[0].order.id, order_id());
    assert!(page.open_orders[0].planned.is_some());
    assert!(page.past_orders.is_empty());
    // Ana is a technician.
    assert!(page.price.is_none());
}

#[tokio::test]
async fn an_order_that_has_ended_is_a_past_order_of_its_parts() {
    let bench = Bench::at_work().await;
    bench.hear(20, Row::WorkOrder(row(Status::Close, 9))).await;
    let page = bench.desk.item(item_id()).await.unwrap();
    assert!(page.open_orders.is_empty());
    assert_eq!(page.past_orders[0].order.id, order_id());
}

#[tokio::test]
async fn a_figure_is_fresh_within_its_limit_then_past_it_and_at_last_old() {
    for (age_minutes, expected) in [
        (0, Certainty::Fresh),
        (10, Certainty::Fresh),
        (11, Certainty::Past),
        (60, Certainty::Past),
        (61, Certainty::Old),
    ] {
        let bench = Bench::at_work().await;
        let aged = StockBalance {
            as_of: now().plus_ms(-age_minutes * 60_000),
            ..balance()
        };
        bench.hear(20, Row::Stock(aged)).await;
        let badge = bench.desk.item(item_id()).await.unwrap().row.stock;
        assert_eq!(badge.certainty, expected, "{age_minutes} minutes");
        assert_eq!(badge.amount.as_deref(), Some("5"));
    }
}

#[tokio::test]
async fn a_badge_adds_up_bins_and_is_as_old_as_the_oldest_figure() {
    let bench = Bench::at_work().await;
    let older = now().plus_ms(-5 * 60_000);
    let second = StockBalance {
        bin: "C-15".to_owned(),
        on_hand: Decimal::of_parts(25, 1),
        as_of: older,
        ..balance()
    };
    bench.hear(20, Row::Stock(second.clone())).await;
    let badge = bench.desk.item(item_id()).await.unwrap().row.stock;
    assert_eq!((badge.bins, badge.bin), (2, None));
    assert_eq!(badge.amount.as_deref(), Some("7.5"));
    assert_eq!(badge.as_of, Some(older.as_ms() as f64));
    for (version, bin) in [(21, "C-14"), (22, "C-15")] {
        let empty = StockBalance {
            bin: bin.to_owned(),
            on_hand: Decimal::from(0),
            ..second.clone()
        };
        bench.hear(version, Row::Stock(empty)).await;
    }
    let badge = bench.desk.item(item_id()).await.unwrap().row.stock;
    assert_eq!(badge.kind, StockBadge::NoneFound);
}

#[tokio::test]
async fn an_item_that_is_not_here_and_a_key_that_is_none_are_refused() {
    let bench = Bench::at_work().await;
    for id in ["nothing".to_owned(), id(7).to_string()] {
        assert_eq!(bench.desk.item(id).await.unwrap_err().code, "item.unknown");
    }
    let asked = whole(Some("no key".to_owned()));
    let refused = bench.desk.items(asked.clone()).await.unwrap_err();
    assert_eq!(refused.code, "page.unknown");
    let refused = bench.desk.orders(asked).await.unwrap_err();
    assert_eq!(refused.code, "page.unknown");
    bench.desk.lock().await.unwrap();
    let refused = bench.desk.items(whole(None)).await.unwrap_err();
    assert_eq!(refused.code, "desk.locked");
}

#[tokio::test]
async fn pages_go_through_every_item_and_order_once_and_stay_small() {
    let bench = Bench::at_work().await;
    for number in 0..120 {
        bench
            .hear(100 + number, Row::Item(item(number.into())))
            .await;
        let order = WorkOrderRow {
            id: WorkOrderId(Uuid::from_u128(0x7000 + u128::from(number))),
            title: "Exchange the bearing at the drive end and check the alignment".to_owned(),
            ..row(Status::Appr, 1)
        };
        bench.hear(100 + number, Row::WorkOrder(order)).await;
    }
    let (mut items, mut orders) = (Vec::new(), Vec::new());
    let mut asked = Some(whole(None));
    while let Some(input) = asked {
        let page = bench.desk.items(input).await.unwrap();
        assert!(serde_json::to_vec(&page).unwrap().len() <= PAYLOAD_BYTES);
        assert_eq!(page.total.count, 121);
        items.extend(page.rows.into_iter().map(|row| row.id));
        asked = page.next.map(|next| whole(Some(next)));
    }
    let mut asked = Some(whole(None));
    while let Some(input) = asked {
        let page = bench.desk.orders(input).await.unwrap();
        assert!(serde_json::to_vec(&page).unwrap().len() <= PAYLOAD_BYTES);
        orders.extend(page.rows.into_iter().map(|row| row.id));
        asked = page.next.map(|next| whole(Some(next)));
    }
    for seen in [&mut items, &mut orders] {
        assert_eq!(seen.len(), 121);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 121);
    }
}

#[tokio::test]
async fn a_search_answers_in_groups_with_totals_and_says_what_was_meant() {
    let bench = Bench::at_work().await;
    for number in 0..30 {
        bench
            .hear(100 + number, Row::Item(item(number.into())))
            .await;
    }
    let search = |query: &str| bench.desk.search(query.to_owned());
    let found = search("ball bearing").await.unwrap();
    assert!(!found.is_superseded);
    assert_eq!((found.items.len(), found.items_total.count), (12, 30));
    assert!(serde_json::to_vec(&found).unwrap().len() <= PAYLOAD_BYTES);
    let found = search("baering").await.unwrap();
    assert_eq!(found.meant.as_deref(), Some("bearing"));
    assert_eq!(found.items_total.count, 30);
    // What was typed is there among the orders, so nothing else is guessed among the items.
    let found = search("replace").await.unwrap();
    assert_eq!((found.orders_total.count, found.meant), (1, None));
    let found = search("zzzzzz").await.unwrap();
    assert_eq!((found.items_total.count, found.meant), (0, None));
    assert!(!found.holds.is_empty());
}
