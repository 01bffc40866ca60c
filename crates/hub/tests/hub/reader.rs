//! Readers: prices and costs go to an exchange that proves whose it is, and to no other.

use std::collections::BTreeMap;

use fettle_connectors::{GoodsMovement, Movement, Posting};
use fettle_domain::effect::Reference;
use fettle_domain::feed::Feed;
use fettle_domain::person::Role;
use fettle_domain::price::{CostElement, OrderCost};
use fettle_domain::row::Row;
use fettle_domain::{PlantId, Quantity};
use fettle_hub::clock::now;
use fettle_hub::core::SecretBytes;
use fettle_hub::store::Store;
use fettle_sync::exchange::{Cursor, Down, DownHead, FeedItem, FeedNumber, UpExchange, UpHead};
use fettle_sync::frame::Decoder;
use fettle_sync::reader::{Challenge, Reader, ReaderAnswer, ReaderProof};
use fettle_sync::request::{Credentials, HexKey, SignInRequest};

use crate::desk::{Desk, request};
use crate::world::{PASSWORD, World};

/// What an exchange with a reader brought.
struct Asked {
    head: DownHead,
    /// Restricted rows.
    rows: Vec<Row>,
    /// Cursors of the restricted feeds that brought something.
    cursors: BTreeMap<FeedNumber, Cursor>,
    bytes: usize,
}

impl Asked {
    fn prices(&self) -> usize {
        let is_price = |row: &&Row| matches!(row, Row::Price(_));
        self.rows.iter().filter(is_price).count()
    }

    fn costs(&self) -> Vec<&OrderCost> {
        let rows = self.rows.iter();
        rows.filter_map(|row| match row {
            Row::Cost(cost) => Some(cost),
            _ => None,
        })
        .collect()
    }

    /// Names of the feeds the reader is told to follow.
    fn feeds(&self) -> Vec<String> {
        match &self.head.reader {
            Some(ReaderAnswer::Feeds(feeds)) => feeds.values().map(Feed::to_string).collect(),
            other => panic!("no feeds: {other:?}"),
        }
    }

    /// The code the reader is refused with.
    fn refused(&self) -> &str {
        match &self.head.reader {
            Some(ReaderAnswer::Refused(refusal)) => &refusal.code,
            other => panic!("not refused: {other:?}"),
        }
    }
}

fn proof(desk: &Desk) -> ReaderProof {
    let challenge = Challenge::of_session(&desk.token);
    challenge.sign(desk.info.device.id, desk.actor, &desk.key)
}

fn reader(desk: &Desk, proof: Option<ReaderProof>) -> Reader {
    Reader {
        actor: desk.actor,
        proof,
        cursors: BTreeMap::new(),
    }
}

async fn ask(world: &World, desk: &Desk, reader: Reader) -> Asked {
    let head = UpHead {
        reader: Some(reader),
        ..desk.head()
    };
    let sent = request(head.clone(), Vec::new()).len();
    let exchange = UpExchange {
        head,
        pushes: Vec::new(),
        offers: Vec::new(),
        is_cut: false,
    };
    let session = desk.info.clone();
    let bytes = world
        .store
        .exchange(session, exchange, now())
        .await
        .unwrap();
    let mut decoder = Decoder::default();
    decoder.push(&bytes);
    let Some(Down::Head(head)) = decoder.next_frame().unwrap() else {
        panic!("no head");
    };
    let mut asked = Asked {
        head,
        rows: Vec::new(),
        cursors: BTreeMap::new(),
        bytes: sent + bytes.len(),
    };
    while let Some(Down::Slice(slice)) = decoder.next_frame().unwrap() {
        let rows = slice.items.into_iter().filter_map(|item| match item {
            FeedItem::Row(_, row) if row.is_restricted() => Some(*row),
            _ => None,
        });
        let before = asked.rows.len();
        asked.rows.extend(rows);
        if asked.rows.len() > before {
            asked.cursors.insert(slice.feed, slice.cursor);
        }
    }
    asked
}

/// Signs an account in on a desk's device: another session, and another key when the number differs.
async fn sign_in(world: &World, desk: &mut Desk, account: &str, number: u8) {
    let key = ed25519_dalek::SigningKey::from_bytes(&[number; 32]);
    let request = SignInRequest {
        device: desk.info.device.id,
        device_secret: desk.secret.clone(),
        credentials: Credentials {
            account: account.to_owned(),
            password: PASSWORD.to_owned(),
        },
        person_key: HexKey(key.verifying_key().to_bytes()),
    };
    let token = SecretBytes([number ^ 0x5a; 32]);
    let session = world.store.sign_in(request, true, token, now()).await;
    let session = session.unwrap().unwrap();
    let info = world.store.authenticate(session.token.clone(), now()).await;
    desk.info = info.unwrap().unwrap();
    (desk.token, desk.actor, desk.key) = (session.token, session.actor, key);
}

/// Takes one part for order 4182207 in the ERP, as somebody there does.
async fn issue(world: &World) {
    let movement = GoodsMovement {
        reference: Reference("AT-THE-ERP".to_owned()),
        movement: Movement::Issue,
        order: "4182207".to_owned(),
        item: "1004-0931".to_owned(),
        plant: PlantId::new("1200").unwrap(),
        storeroom: "01".to_owned(),
        bin: "C-02".to_owned(),
        quantity: Quantity::pieces(2),
        cost_centre: "1200300".to_owned(),
        person: None,
        at: now(),
    };
    let posted = world.systems.goods.post_movement(&movement).await;
    assert!(matches!(posted, Posting::Posted { .. }), "{posted:?}");
    world.poll().await;
}

#[tokio::test]
async fn who_proves_once_for_a_session_reads_what_comes_under_it() {
    let world = World::new().await;
    let mut desk = world.desk("brandt", 1).await;
    desk.sync(&world).await;
    assert!(desk.rows.values().all(|(_, row)| !row.is_restricted()));

    let asked = ask(&world, &desk, reader(&desk, None)).await;
    assert_eq!(asked.head.reader, Some(ReaderAnswer::ProofWanted));
    assert_eq!(asked.prices(), 0);

    let asked = ask(&world, &desk, reader(&desk, Some(proof(&desk)))).await;
    assert_eq!(asked.feeds(), ["plant/1200/prices"]);
    assert!(asked.prices() > 100, "{}", asked.prices());
    assert_eq!(asked.head.fill_remaining, 0);

    let mut known = reader(&desk, None);
    known.cursors = asked.cursors;
    let asked = ask(&world, &desk, known.clone()).await;
    assert_eq!((asked.head.reader.as_ref(), asked.rows.len()), (None, 0));
    assert!(
        asked.bytes < 250,
        "{} bytes though nothing changed",
        asked.bytes
    );

    issue(&world).await;
    let asked = ask(&world, &desk, known).await;
    assert_eq!(asked.feeds(), ["plant/1200/prices", "plant/1200/costs"]);
    let costs = asked.costs();
    let [cost] = costs.as_slice() else {
        panic!("{costs:?}");
    };
    assert_eq!(
        desk.order(cost.order).number.as_deref(),
        Some("4182207"),
        "the id is the order's own"
    );
    let material = cost.elements.iter();
    let material = material.filter(|cost| cost.element == CostElement::Material);
    assert!(material.map(|cost| cost.actual.minor).sum::<i64>() > 0);
}

#[tokio::test]
async fn a_price_that_changes_comes_alone() {
    let world = World::new().await;
    let desk = world.desk("sommer", 1).await;
    let asked = ask(&world, &desk, reader(&desk, Some(proof(&desk)))).await;
    let mut known = reader(&desk, None);
    known.cursors = asked.cursors;
    world.erp_admin(
        "/admin/price",
        r#"{"Material":"1004-2217","Plant":"1200","Price":"199.95","PriceUnit":"1",
            "BaseUnit":"EA","Currency":"EUR","PriceControl":"S",
            "ValidFrom":"2026-11-16T08:00:00Z"}"#,
    );
    world.poll().await;
    let asked = ask(&world, &desk, known).await;
    let [Row::Price(price)] = asked.rows.as_slice() else {
        panic!("{:?}", asked.rows);
    };
    assert_eq!(price.price.amount.to_string(), "199.95");
    // A storekeeper sees no costs, whatever was posted.
    issue(&world).await;
    let asked = ask(&world, &desk, reader(&desk, None)).await;
    assert_eq!(asked.feeds(), ["plant/1200/prices"]);
    assert!(asked.costs().is_empty());
}

#[tokio::test]
async fn a_proof_is_worth_nothing_elsewhere() {
    let world = World::new().await;
    let mut desk = world.desk("brandt", 1).await;
    let other = world.desk("ode", 2).await;
    let stolen = reader(&desk, Some(proof(&desk)));
    // On another device.
    let asked = ask(&world, &other, stolen.clone()).await;
    assert_eq!((asked.refused(), asked.rows.len()), ("reader.unknown", 0));
    // In another's name on that device.
    let forged = Reader {
        actor: other.actor,
        ..stolen.clone()
    };
    let asked = ask(&world, &other, forged).await;
    assert!(asked.head.reader.is_none());
    assert_eq!(asked.prices(), 0);
    // Under another session of the same device, even after it counted under the first.
    let asked = ask(&world, &desk, stolen.clone()).await;
    assert!(asked.prices() > 0);
    sign_in(&world, &mut desk, "kowalska", 7).await;
    let asked = ask(&world, &desk, stolen.clone()).await;
    assert_eq!((asked.refused(), asked.prices()), ("reader.signature", 0));
    let unproven = Reader {
        proof: None,
        ..stolen
    };
    let asked = ask(&world, &desk, unproven).await;
    assert_eq!(asked.head.reader, Some(ReaderAnswer::ProofWanted));
    assert_eq!(asked.prices(), 0);
}

#[tokio::test]
async fn who_unlocks_under_another_persons_session_proves_for_it() {
    let world = World::new().await;
    let mut desk = world.desk("brandt", 1).await;
    let (actor, key) = (desk.actor, desk.key.clone());
    sign_in(&world, &mut desk, "kowalska", 7).await;
    let challenge = Challenge::of_session(&desk.token);
    let planner = Reader {
        actor,
        proof: Some(challenge.sign(desk.info.device.id, actor, &key)),
        cursors: BTreeMap::new(),
    };
    let asked = ask(&world, &desk, planner).await;
    assert!(asked.prices() > 0);
    // The technician under whose session it was is served none of it.
    let asked = ask(&world, &desk, reader(&desk, Some(proof(&desk)))).await;
    assert_eq!(asked.prices(), 0);
    let (head, _) = desk.exchange(&world, Vec::new()).await;
    assert!(head.reader.is_none());
    desk.sync(&world).await;
    assert!(desk.rows.values().all(|(_, row)| !row.is_restricted()));
}

#[tokio::test]
async fn who_loses_the_role_is_told_to_drop_what_it_gave() {
    let world = World::new().await;
    let desk = world.desk("brandt", 1).await;
    issue(&world).await;
    let asked = ask(&world, &desk, reader(&desk, Some(proof(&desk)))).await;
    assert_eq!((asked.feeds().len(), asked.costs().len()), (2, 1));
    let mut known = reader(&desk, None);
    known.cursors = asked
        .cursors
        .keys()
        .map(|at| (*at, Cursor::NOTHING))
        .collect();
    let set_roles = async |roles: &'static [Role]| {
        let set =
            move |core: fettle_hub::core::Core<'_>| core.set_person_roles("brandt", roles, now());
        world.store.write(set).await.unwrap().unwrap();
    };
    set_roles(&[Role::Storekeeper]).await;
    let asked = ask(&world, &desk, known.clone()).await;
    assert_eq!(asked.feeds(), ["plant/1200/prices"]);
    assert!(asked.costs().is_empty());
    set_roles(&[Role::Technician]).await;
    let asked = ask(&world, &desk, known.clone()).await;
    assert!(asked.feeds().is_empty());
    assert_eq!(asked.prices(), 0);
    set_roles(&[Role::Planner]).await;
    let disable =
        |core: fettle_hub::core::Core<'_>| core.set_person_disabled("brandt", true, now());
    world.store.write(disable).await.unwrap().unwrap();
    let asked = ask(&world, &desk, known).await;
    assert!(asked.feeds().is_empty());
    assert_eq!(asked.prices(), 0);
}

#[tokio::test]
async fn nobody_reads_another_plants_amounts() {
    let world = World::new().await;
    // A planner of plant 1300 at a laptop of plant 1200.
    let desk = world.desk("weiss", 1).await;
    let asked = ask(&world, &desk, reader(&desk, Some(proof(&desk)))).await;
    assert!(asked.head.reader.is_none());
    assert_eq!(asked.prices(), 0);
}
