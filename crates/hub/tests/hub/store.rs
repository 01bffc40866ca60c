//! What every implementation of the store must do.

use fettle_domain::{EffectId, PlantId};
use fettle_hub::clock::now;
use fettle_hub::core::{Masters, Rows, StoreFault};
use fettle_hub::effect::Outcome;
use fettle_hub::store::{ReadOn, SqliteStore, Store};
use fettle_sync::request::HexKey;
use uuid::Uuid;

use crate::world::policy;

/// Holds a fresh store against the contract of the trait.
async fn conformance(store: &dyn Store) {
    let at = now();
    let totals = store.totals().await.unwrap();
    assert_eq!((totals.log_epoch, totals.orders, totals.changes), (1, 0, 0));
    assert_eq!(
        store.password_hash("nobody".to_owned()).await.unwrap(),
        None
    );
    let refused = store.authenticate(HexKey([0; 32]), at).await.unwrap();
    assert_eq!(refused.unwrap_err().code, "sign_in.expired");
    assert_eq!(store.poll_cursor("a list").await.unwrap(), None);
    let page = Masters {
        system: "outside".to_owned(),
        rows: Rows::Plants(vec![fettle_connectors::PlantRecord {
            code: PlantId::new("1200").unwrap(),
            name: "Havel Works".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            areas: Vec::new(),
            neighbours: Vec::new(),
        }]),
    };
    let next = ReadOn {
        list: "a list".to_owned(),
        cursor: "17".to_owned(),
    };
    store.ingest(page, Some(next), at, at).await.unwrap();
    assert_eq!(
        store.poll_cursor("a list").await.unwrap().as_deref(),
        Some("17")
    );
    assert!(store.orders_to_reread(10).await.unwrap().is_empty());
    store.recover_effects(at).await.unwrap();
    assert!(store.claim_effects(at, 10).await.unwrap().is_empty());
    assert_eq!(store.next_effect_due().await.unwrap(), None);
    // An answer to an effect nobody knows changes nothing.
    let unknown = EffectId(Uuid::from_u128(1));
    store
        .effect_answered(unknown, 1, Outcome::NotThere, at)
        .await
        .unwrap();
}

#[tokio::test]
async fn sqlite_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("hub.db"), policy()).unwrap();
    conformance(&store).await;
}

#[tokio::test]
async fn a_failed_job_takes_nothing_of_its_group_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("hub.db"), policy()).unwrap();
    let at = now();
    let hub_fails = store.write(move |core| {
        core.make_code(&code("lost"), at)?.ok();
        Err::<(), _>(StoreFault::Content("on purpose".to_owned()))
    });
    let hub_panics = store.write(|_| -> Result<(), StoreFault> { panic!("on purpose") });
    let hub_works = store.write(|core| core.totals());
    let (failed, panicked, worked) = tokio::join!(hub_fails, hub_panics, hub_works);
    assert!(failed.is_err() && panicked.is_err() && worked.is_ok());
    assert!(store.totals().await.is_ok(), "the writer lives on");
}

fn code(name: &str) -> fettle_hub::core::NewCode {
    fettle_hub::core::NewCode {
        name: name.to_owned(),
        plant: PlantId::new("1200").unwrap(),
        areas: Vec::new(),
        random: [1; 8],
        fingerprint: [2; 32],
    }
}
