//! What the hub's own file says at rest: acknowledged means in the log, for ever and once.

use std::collections::{BTreeMap, BTreeSet};

use fettle_document::WorkOrderDocument;
use fettle_domain::case::CaseSubject;
use fettle_domain::intent::Verdict;
use fettle_domain::row::Row;
use fettle_domain::{AreaId, ChangeHash, DocumentId, IntentId, PlantId};
use fettle_replica::Replica;
use fettle_sync::frame::from_cbor;
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::{Held, Play};

/// Every change somebody was told is saved stands in the log once.
pub(super) fn holds_every_change(play: &Play) -> Held {
    let hub = play.hub.look();
    for (index, done) in play.done.iter().enumerate() {
        for made in &done.changes {
            let document = made.document;
            let count = count_of(&hub, document, made.hash);
            if count != 1 {
                return Err(format!(
                    "laptop {index}: a change of {document} stands {count} times in the log"
                ));
            }
        }
    }
    Ok(())
}

fn count_of(hub: &Connection, document: DocumentId, hash: ChangeHash) -> u32 {
    hub.prepare_cached(
        "SELECT count(*) FROM accept WHERE document = ?1 AND hash = ?2 AND number IS NOT NULL",
    )
    .unwrap()
    .query_row((document.0.as_bytes(), hash.0), |row| row.get(0))
    .unwrap()
}

/// What the hub decided about a claim.
pub(super) fn verdict(hub: &Connection, id: IntentId) -> Option<Verdict> {
    let found: Option<Option<Vec<u8>>> = hub
        .prepare_cached("SELECT verdict FROM intent WHERE id = ?1")
        .unwrap()
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()
        .unwrap();
    found.flatten().map(|bytes| from_cbor(&bytes).unwrap())
}

/// True when a claim lies in quarantine.
pub(super) fn is_kept_aside(hub: &Connection, id: IntentId) -> bool {
    hub.prepare_cached("SELECT 1 FROM quarantine WHERE id = ?1")
        .unwrap()
        .query_row([id.0.as_bytes()], |_| Ok(()))
        .optional()
        .unwrap()
        .is_some()
}

/// What is refused has one case with somebody who has it, however often it was sent again.
pub(super) fn cases_are_one_each(play: &mut Play, before: usize) -> Held {
    let open = play.hub.administer(|core| core.open_cases());
    let mut subjects = BTreeSet::new();
    for case in &open {
        if !subjects.insert(format!("{:?}", case.subject)) {
            return Err(format!("{:?} has two open cases", case.subject));
        }
    }
    let effects = open
        .iter()
        .filter(|case| matches!(case.subject, CaseSubject::Effect { .. }));
    if effects.count() > before {
        return Err("sending again opened a new case".to_owned());
    }
    Ok(())
}

/// What a laptop shows of its plant is what the hub has: documents by their heads, stock by its
/// rows. A cursor that passed something shows here.
pub(super) fn is_what_laptops_hold(play: &Play, index: usize) -> Held {
    let (hub, laptop) = (play.hub.look(), &play.laptops[index]);
    let device = &laptop.who.device;
    let plant = &device.plant;
    let areas = device.areas.iter();
    let documents: BTreeMap<_, _> = areas
        .flat_map(|area| documents(&hub, plant, area))
        .collect();
    let heads = laptop.replica.heads().unwrap();
    if documents.len() != heads.len() {
        return Err(format!(
            "there are {} documents at the hub and {} on laptop {index}",
            documents.len(),
            heads.len()
        ));
    }
    for (id, body) in documents {
        let document = WorkOrderDocument::load(&body).map_err(|error| format!("{id}: {error}"))?;
        if heads.get(&id) != Some(&document.heads()) {
            return Err(format!(
                "{id} has other content at the hub than on laptop {index}"
            ));
        }
    }
    stock_is_the_same(&hub, &laptop.replica, plant)
        .map_err(|what| format!("laptop {index}: {what}"))
}

fn documents(hub: &Connection, plant: &PlantId, area: &AreaId) -> BTreeMap<DocumentId, Vec<u8>> {
    let mut statement = hub
        .prepare(
            "SELECT document.id, body FROM document JOIN feed ON feed.number = document.feed
             WHERE feed.name = 'plant/' || ?1 || '/' || 'work/' || ?2",
        )
        .unwrap();
    let found = statement.query_map([plant.as_str(), area.as_str()], |row| {
        let id: [u8; 16] = row.get(0)?;
        Ok((DocumentId(Uuid::from_bytes(id)), row.get(1)?))
    });
    found.unwrap().map(Result::unwrap).collect()
}

fn stock_is_the_same(hub: &Connection, replica: &Replica, plant: &PlantId) -> Held {
    let mut statement = hub
        .prepare(
            "SELECT body FROM official_row JOIN feed ON feed.number = official_row.feed
             WHERE feed.name = 'plant/' || ?1 || '/stock'",
        )
        .unwrap();
    let bodies = statement.query_map([plant.as_str()], |row| row.get::<_, Vec<u8>>(0));
    for body in bodies.unwrap() {
        let row = from_cbor(&body.unwrap()).map_err(|error| error.to_string())?;
        let Row::Stock(balance) = row else {
            return Err("a feed of stock holds something else".to_owned());
        };
        let held = replica.stock_of(balance.item).unwrap();
        if !held.contains(&balance) {
            return Err(format!(
                "stock of {} in {} is another one",
                balance.item, balance.storeroom
            ));
        }
    }
    Ok(())
}
