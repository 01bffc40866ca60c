//! What one person alone may see: open while that person is unlocked, gone with the right to it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fettle_desk::identity::OpenKey;
use fettle_desk::person::Admission;
use fettle_domain::feed::Feed;
use fettle_domain::money::{Currency, Money, UnitPrice};
use fettle_domain::person::{Person, Role};
use fettle_domain::price::{CostElement, ElementCost, ItemPrice, OrderCost, PriceSource};
use fettle_domain::row::Row;
use fettle_domain::{Decimal, ItemId, PlantId, Quantity};
use fettle_replica::{Replica, ReplicaKey};
use fettle_sync::exchange::{Cursor, FeedItem, Slice};
use uuid::Uuid;

use crate::build::{Bench, PIN, admission, ana, now, order};

const PRICES: u32 = 21;
const COSTS: u32 = 22;

fn item() -> ItemId {
    ItemId(Uuid::from_u128(0x500))
}

fn plant() -> PlantId {
    PlantId::new("1200").unwrap()
}

fn euro() -> Currency {
    Currency::new("EUR").unwrap()
}

fn price() -> ItemPrice {
    ItemPrice {
        item: item(),
        plant: plant(),
        price: UnitPrice {
            amount: Decimal::of_parts(18_450, 2),
            currency: euro(),
            per: Quantity::pieces(1),
        },
        source: PriceSource::Standard,
        as_of: now(),
    }
}

fn cost() -> OrderCost {
    OrderCost {
        order: order(),
        plant: plant(),
        elements: vec![ElementCost {
            element: CostElement::Labour,
            planned: None,
            actual: Money {
                minor: 8_700,
                currency: euro(),
            },
        }],
        as_of: now(),
    }
}

/// Lets Ana in with roles; answers with her key.
async fn admit(bench: &Bench, roles: &[Role]) -> OpenKey {
    let mut admission: Admission = admission();
    admission.session.person.roles = roles.to_vec();
    let key = admission.key.clone();
    bench.desk.admit(admission).await.unwrap();
    bench.desk.set_pin(PIN.to_owned()).await.unwrap();
    key
}

/// Brings prices and costs as an exchange does.
fn fill(replica: &Replica, key: &OpenKey) {
    let key = ReplicaKey::new(*key.restricted_key());
    let restricted = replica.open_restricted(ana(), &key).unwrap();
    let feeds = BTreeMap::from([
        (PRICES, Feed::Prices(plant())),
        (COSTS, Feed::Costs(plant())),
    ]);
    restricted.follow(&feeds).unwrap();
    for (feed, row) in [(PRICES, Row::Price(price())), (COSTS, Row::Cost(cost()))] {
        let slice = Slice {
            feed,
            items: vec![FeedItem::Row(1, Box::new(row))],
            cursor: Cursor::At(1),
            proof: None,
        };
        restricted.apply_slice(&slice).unwrap();
    }
}

fn file(bench: &Bench) -> PathBuf {
    let name = format!("replica/restricted/{}.db", ana());
    bench.folder().join(name)
}

#[tokio::test]
async fn a_planner_reads_prices_and_costs_while_unlocked_alone() {
    let mut bench = Bench::empty().await;
    let key = admit(&bench, &[Role::Planner]).await;
    assert_eq!(bench.desk.item_price(item()).await.unwrap(), None);
    fill(&bench.replica().await, &key);
    assert_eq!(bench.desk.item_price(item()).await.unwrap(), Some(price()));
    assert_eq!(bench.desk.order_cost(order()).await.unwrap(), Some(cost()));
    bench.desk.lock().await.unwrap();
    let locked = bench.desk.item_price(item()).await.unwrap_err();
    assert_eq!(locked.code, "desk.locked");
    let locked = bench.desk.order_cost(order()).await.unwrap_err();
    assert_eq!(locked.code, "desk.locked");
    bench.reopen().await;
    bench.unlock(PIN).await.unwrap();
    assert_eq!(bench.desk.item_price(item()).await.unwrap(), Some(price()));
}

#[tokio::test]
async fn a_technician_has_no_file_to_look_into() {
    let bench = Bench::empty().await;
    admit(&bench, &[Role::Technician]).await;
    assert_eq!(bench.desk.item_price(item()).await.unwrap(), None);
    assert_eq!(bench.desk.order_cost(order()).await.unwrap(), None);
    assert!(!file(&bench).exists());
}

#[tokio::test]
async fn who_has_lost_the_role_finds_the_file_gone_at_the_next_unlock() {
    let bench = Bench::empty().await;
    let key = admit(&bench, &[Role::Planner]).await;
    let replica = bench.replica().await;
    fill(&replica, &key);
    assert!(file(&bench).exists());
    bench.desk.lock().await.unwrap();
    let person = Person {
        roles: vec![Role::Technician],
        ..admission().session.person
    };
    replica.know(&[Row::Person(person)]).unwrap();
    bench.unlock(PIN).await.unwrap();
    assert_eq!(bench.desk.item_price(item()).await.unwrap(), None);
    assert!(!file(&bench).exists());
}

#[tokio::test]
async fn a_new_key_makes_a_new_file() {
    let bench = Bench::empty().await;
    let key = admit(&bench, &[Role::Planner]).await;
    fill(&bench.replica().await, &key);
    bench.desk.lock().await.unwrap();
    admit(&bench, &[Role::Planner]).await;
    assert_eq!(bench.desk.item_price(item()).await.unwrap(), None);
}
