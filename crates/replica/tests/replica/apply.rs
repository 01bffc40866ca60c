//! Applying what the hub sends: idempotent, with its cursor, own work kept.

use fettle_document::{Edit, WorkOrderDocument};
use fettle_domain::effect::{Outside, RejectionClass};
use fettle_domain::intent::{Decision, Verdict};
use fettle_domain::person::{ActorRow, Role};
use fettle_domain::row::{Outcome, OutcomeRow, Row, Subject};
use fettle_domain::work_order::{Priority, Status};
use fettle_domain::{EntryId, Refusal, WorkOrderId};
use fettle_replica::{Fault, Paging, Replica};
use fettle_sync::exchange::{Cursor, FeedItem};
use uuid::Uuid;

use crate::build::{
    ACTORS, ASSETS, OTHER_WORK, PEOPLE, WORK, acknowledged, feeds, filled, head, hub_actor,
    hub_document, key, note, now, official, order, order_slice, row, slice, start, start_intent,
    tick,
};

/// Changes of a document the hub made on top of what a device has.
fn hub_changes(document: &mut WorkOrderDocument, edit: Edit) -> Vec<FeedItem> {
    let heads = document.heads();
    document.edit(hub_actor(), now(), &[edit]).unwrap();
    document
        .changes_after(&heads)
        .into_iter()
        .map(|change| FeedItem::Change(order().into(), change.bytes.into()))
        .collect()
}

#[test]
fn applying_a_slice_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    tick(&replica, 1);
    let before = replica.order(order()).unwrap();
    replica.apply_slice(&order_slice()).unwrap();
    assert_eq!(replica.order(order()).unwrap(), before);
}

#[test]
fn own_unsent_work_stays_under_what_the_hub_sends() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    tick(&replica, 1);
    let mut document = hub_document();
    let items = hub_changes(&mut document, Edit::SetPriority(Priority::clamped(1)));
    let touched = replica.apply_slice(&slice(WORK, 3, items)).unwrap();
    assert_eq!(touched.orders, vec![order()]);
    let line = replica.order_line(order()).unwrap().unwrap();
    assert_eq!(line.priority, Some(Priority::clamped(1)));
    assert_eq!((line.steps_done, line.unsent), (1, 1));
}

#[test]
fn a_change_waits_for_what_it_depends_on() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let mut document = hub_document();
    let first = hub_changes(&mut document, Edit::SetPriority(Priority::clamped(3)));
    let second = hub_changes(&mut document, Edit::SetPriority(Priority::clamped(4)));
    let priority = || replica.order_line(order()).unwrap().unwrap().priority;
    replica.apply_slice(&slice(WORK, 3, second)).unwrap();
    assert_eq!(priority(), Some(Priority::clamped(2)));
    replica.apply_slice(&slice(WORK, 4, first)).unwrap();
    assert_eq!(priority(), Some(Priority::clamped(4)));
}

#[test]
fn a_slice_with_bad_bytes_moves_no_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let items = vec![
        official(9, Row::WorkOrder(row(Status::Sched, 9))),
        FeedItem::Change(order().into(), vec![1, 2, 3].into()),
    ];
    let refused = replica.apply_slice(&slice(WORK, 9, items));
    assert!(matches!(refused, Err(Fault::BadItem { feed: WORK, .. })));
    let head = replica.up_head(now(), 1000).unwrap();
    assert_eq!(head.cursors[&WORK], Cursor::At(2));
    let line = replica.order_line(order()).unwrap().unwrap();
    assert_eq!(line.official, Status::Appr);
}

#[test]
fn every_feed_is_named_with_its_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let fill = Cursor::Fill {
        through: 7,
        after: "x".to_owned(),
        log: None,
    };
    let mut assets = slice(ASSETS, 0, vec![]);
    assets.cursor = fill.clone();
    replica.apply_slice(&assets).unwrap();
    let head = replica.up_head(now(), 1000).unwrap();
    assert_eq!(head.log_epoch, Some(1));
    let named: Vec<u32> = head.cursors.keys().copied().collect();
    assert_eq!(named, vec![WORK, PEOPLE, ACTORS, ASSETS, OTHER_WORK]);
    assert_eq!(head.cursors[&ASSETS], fill);
    assert_eq!(head.cursors[&OTHER_WORK], Cursor::NOTHING);
    replica.exchange_ended(false).unwrap();
    assert!(!replica.fill().unwrap().is_complete);
    replica.apply_slice(&slice(ASSETS, 7, vec![])).unwrap();
    replica.exchange_ended(false).unwrap();
    assert!(replica.fill().unwrap().is_complete);
}

#[test]
fn a_verdict_and_its_row_may_come_in_either_order() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    start(&replica);
    replica.acknowledge(&[acknowledged(2)], now()).unwrap();
    let verdict = |decision| {
        Row::Verdict(Verdict {
            intent: start_intent().id,
            order: order(),
            decision,
            at: now().plus_ms(2),
        })
    };
    let status = || replica.order_line(order()).unwrap().unwrap().status;
    assert_eq!(status(), Status::Inprg);
    let accepted = official(3, verdict(Decision::Accepted));
    replica
        .apply_slice(&slice(PEOPLE, 3, vec![accepted]))
        .unwrap();
    assert_eq!(status(), Status::Inprg);
    let refused = verdict(Decision::Refused(Refusal::new("order.transition_illegal")));
    replica
        .apply_slice(&slice(PEOPLE, 4, vec![official(4, refused)]))
        .unwrap();
    assert_eq!(status(), Status::Appr);
    let line = replica.order_line(order()).unwrap().unwrap();
    assert_eq!((line.unsent, line.attention), (0, 1));
    assert_eq!(replica.open_changes().unwrap().len(), 1);
}

#[test]
fn a_refusal_of_an_outside_system_needs_attention_until_it_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    note(&replica, 1, "Seal face worn");
    replica.acknowledge(&[acknowledged(1)], now()).unwrap();
    let outcome = |version, outcome| {
        official(
            version,
            Row::Outcome(OutcomeRow {
                order: order(),
                subject: Subject::Entry(EntryId(Uuid::from_u128(0x501))),
                outside: Outside::Erp,
                outcome,
                at: now().plus_ms(i64::try_from(version).unwrap()),
            }),
        )
    };
    let refused = Outcome::Refused {
        class: RejectionClass::MasterData,
        code: "cost_centre_unknown".to_owned(),
        message: "Cost centre 4711 does not exist".to_owned(),
        owner: Role::IntegrationOwner,
    };
    replica
        .apply_slice(&slice(WORK, 3, vec![outcome(3, refused)]))
        .unwrap();
    assert_eq!(replica.attention().unwrap(), 1);
    assert_eq!(replica.open_changes().unwrap().len(), 1);
    let accepted = Outcome::Accepted {
        number: "4500012345".to_owned(),
    };
    replica
        .apply_slice(&slice(WORK, 4, vec![outcome(4, accepted.clone())]))
        .unwrap();
    assert_eq!(replica.attention().unwrap(), 0);
    let stored = replica.order(order()).unwrap().unwrap();
    assert_eq!(stored.outcomes[0].outcome, accepted);
}

#[test]
fn an_order_that_leaves_stays_until_its_last_change_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    tick(&replica, 1);
    let leave = vec![FeedItem::Leave(order().into())];
    replica.apply_slice(&slice(WORK, 3, leave)).unwrap();
    assert!(replica.order(order()).unwrap().is_some());
    let orders = replica.acknowledge(&[acknowledged(1)], now()).unwrap();
    assert_eq!(orders, vec![order()]);
    assert!(replica.order(order()).unwrap().is_none());
    // Whoever looks for it is told where it was, until it is here again.
    let left = replica.left_order(order()).unwrap().unwrap();
    assert_eq!(left.area, row(Status::Sched, 1).area);
    let back = vec![
        FeedItem::Enter(order().into()),
        FeedItem::Base(order().into(), hub_document().save().to_vec().into()),
        official(5, Row::WorkOrder(row(Status::Sched, 2))),
    ];
    replica.apply_slice(&slice(WORK, 5, back)).unwrap();
    assert!(replica.order(order()).unwrap().is_some());
    assert_eq!(replica.left_order(order()).unwrap(), None);
}

#[test]
fn an_order_that_has_entered_another_feed_stays() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let enter = vec![
        FeedItem::Enter(order().into()),
        official(1, Row::WorkOrder(row(Status::Sched, 2))),
    ];
    replica.apply_slice(&slice(OTHER_WORK, 1, enter)).unwrap();
    let leave = vec![FeedItem::Leave(order().into())];
    replica.apply_slice(&slice(WORK, 3, leave)).unwrap();
    let line = replica.order_line(order()).unwrap().unwrap();
    assert_eq!(line.official, Status::Sched);
}

/// Found by seed 9 of the simulation: the first copy of the feed an order went to is read before the
/// feed it left, because its number is lower.
#[test]
fn an_order_that_came_with_the_first_copy_of_another_feed_stays() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let base = vec![
        official(1, Row::WorkOrder(row(Status::Sched, 2))),
        FeedItem::Base(order().into(), hub_document().save().to_vec().into()),
    ];
    replica.apply_slice(&slice(OTHER_WORK, 1, base)).unwrap();
    let leave = vec![FeedItem::Leave(order().into())];
    replica.apply_slice(&slice(WORK, 3, leave)).unwrap();
    let line = replica.order_line(order()).unwrap().unwrap();
    assert_eq!(line.official, Status::Sched);
    let heads = replica.heads().unwrap();
    assert_eq!(heads.get(&order().into()), Some(&hub_document().heads()));
}

#[test]
fn another_log_epoch_takes_sent_back_and_reads_everything_anew() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    tick(&replica, 1);
    let mut answer = head(&feeds());
    answer.acknowledged = vec![acknowledged(1)];
    replica.apply_head(&answer).unwrap();
    assert_eq!(replica.unsent().unwrap(), 0);
    let before = replica.all_orders().unwrap();
    let mut answer = head(&feeds());
    answer.log_epoch = 2;
    answer.acknowledged = vec![acknowledged(1)];
    assert!(replica.apply_head(&answer).unwrap().is_restored);
    drop(replica);
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert!(replica.is_hub_restored().unwrap());
    // Nothing of that answer counted, and nobody sees less than before.
    assert_eq!(replica.unsent().unwrap(), 1);
    assert_eq!(replica.pushes(1000).unwrap().len(), 1);
    let after = replica.all_orders().unwrap();
    assert_eq!(after[0].steps_done, before[0].steps_done);
    assert_eq!((after.len(), after[0].unsent), (before.len(), 1));
    let up = replica.up_head(now(), 1000).unwrap();
    assert_eq!((up.log_epoch, up.cursors.len()), (Some(2), 0));
    // Official rows count again from any version, under any number.
    answer.acknowledged = Vec::new();
    assert!(!replica.apply_head(&answer).unwrap().is_restored);
    let older = official(1, Row::WorkOrder(row(Status::Wappr, 0)));
    replica.apply_slice(&slice(WORK, 1, vec![older])).unwrap();
    let line = replica.order_line(order()).unwrap().unwrap();
    assert_eq!(line.official, Status::Wappr);
}

/// Found by seed 92 of the simulation: nobody could say any more that it left.
#[test]
fn an_order_that_left_while_the_hub_was_set_back_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let mut answer = head(&feeds());
    answer.log_epoch = 2;
    assert!(replica.apply_head(&answer).unwrap().is_restored);
    assert!(!replica.apply_head(&answer).unwrap().is_restored);
    assert!(replica.order(order()).unwrap().is_some());
    for (number, _) in feeds() {
        replica.apply_slice(&slice(number, 1, vec![])).unwrap();
    }
    replica.exchange_ended(false).unwrap();
    assert!(replica.order(order()).unwrap().is_none());
    assert!(replica.left_order(order()).unwrap().is_some());
}

#[test]
fn an_actor_row_that_comes_late_gives_changes_their_person() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let stranger = fettle_domain::ActorId([5; 16]);
    let mut document = hub_document();
    let heads = document.heads();
    let id = EntryId(Uuid::from_u128(0x900));
    let entry = fettle_domain::work_order::Note {
        text: "Seen from the bridge".to_owned(),
        at: crate::build::device_time(),
        proposes: None,
        settles: None,
    };
    document
        .edit(stranger, now(), &[Edit::PutNote { id, entry }])
        .unwrap();
    let items = document
        .changes_after(&heads)
        .into_iter()
        .map(|change| FeedItem::Change(order().into(), change.bytes.into()))
        .collect();
    replica.apply_slice(&slice(WORK, 3, items)).unwrap();
    let person = || replica.order(order()).unwrap().unwrap().content.notes[0].person;
    assert_eq!(person(), None);
    let ben = fettle_domain::PersonId(Uuid::from_u128(2));
    let actor = Row::Actor(ActorRow {
        actor: stranger,
        person: Some(ben),
        device: None,
        roles: vec![Role::Technician],
        valid_from: now(),
        earlier: vec![],
        device_name: None,
    });
    let touched = replica
        .apply_slice(&slice(ACTORS, 3, vec![official(3, actor)]))
        .unwrap();
    assert_eq!(touched.orders, vec![WorkOrderId(order().0)]);
    assert_eq!(person(), Some(ben));
}

#[test]
fn projections_are_what_rebuilding_makes_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    tick(&replica, 1);
    start(&replica);
    note(&replica, 1, "Seal face worn");
    let mut document = hub_document();
    let items = hub_changes(&mut document, Edit::SetPriority(Priority::clamped(1)));
    replica.apply_slice(&slice(WORK, 3, items)).unwrap();
    let before = (
        replica.all_orders().unwrap(),
        replica.order(order()).unwrap(),
    );
    replica.rebuild().unwrap();
    let after = (
        replica.all_orders().unwrap(),
        replica.order(order()).unwrap(),
    );
    assert_eq!(before, after);
    assert_eq!(
        replica
            .search_orders("10427", Paging::first(5))
            .unwrap()
            .page
            .rows
            .len(),
        1
    );
}

#[test]
fn two_laptops_that_hold_the_same_have_the_same_heads() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ana = filled(one.path());
    tick(&ana, 1);
    note(&ana, 1, "Seal face worn");
    let ben = filled(other.path());
    assert_ne!(ana.heads().unwrap(), ben.heads().unwrap());
    let pushes = ana.pushes(1_000_000).unwrap();
    let mut items: Vec<FeedItem> = pushes
        .into_iter()
        .flat_map(|push| push.items)
        .filter_map(|item| match item {
            fettle_sync::exchange::PushItem::Change(id, bytes) => Some(FeedItem::Change(id, bytes)),
            _ => None,
        })
        .collect();
    items.reverse();
    ben.apply_slice(&slice(WORK, 3, items)).unwrap();
    assert_eq!(ana.heads().unwrap(), ben.heads().unwrap());
    let content = |replica: &Replica| replica.order(order()).unwrap().unwrap().content;
    assert_eq!(content(&ana), content(&ben));
}
