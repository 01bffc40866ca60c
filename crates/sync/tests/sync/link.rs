//! The link: noticed by use, never latched.

use fettle_domain::{Refusal, Timestamp};
use fettle_sync::limits::{BAD_LINK_BUDGET_BYTES, EXCHANGE_BUDGET_BYTES, frame_target_bytes};
use fettle_sync::link::{IDLE_MS, Link, LinkEvent, LinkState, RETRY_LONGEST_MS};

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

#[test]
fn a_lost_link_is_tried_again_ever_more_slowly_and_comes_back_by_itself() {
    let mut link = Link::new(at(0));
    let mut waits = Vec::new();
    for n in 0..8 {
        link.on(LinkEvent::Lost, at(n));
        waits.push(link.due.ms_since(at(n)));
    }
    assert_eq!(
        waits,
        [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
    );
    assert_eq!(link.since, at(0), "no connection since the first loss");
    assert_eq!(waits.last(), Some(&RETRY_LONGEST_MS));
    link.on(LinkEvent::Exchanged { has_more: false }, at(100));
    assert_eq!(
        (link.state.clone(), link.since),
        (LinkState::Connected, at(100))
    );
    link.on(LinkEvent::Lost, at(200));
    assert_eq!(link.due, at(1_200), "the back-off begins anew");
}

#[test]
fn a_commit_is_sent_at_once_on_a_good_link_and_does_not_hammer_a_dead_one() {
    let mut link = Link::new(at(0));
    link.on(LinkEvent::Exchanged { has_more: false }, at(0));
    assert_eq!(link.due, at(IDLE_MS));
    link.on(LinkEvent::Committed, at(5));
    assert_eq!(link.due, at(5));
    link.on(LinkEvent::Lost, at(10));
    link.on(LinkEvent::Committed, at(11));
    assert_eq!(link.due, at(1_010));
    link.on(LinkEvent::Asked, at(12));
    assert_eq!(link.due, at(12));
}

#[test]
fn a_refusal_is_shown_and_asked_about_again() {
    let mut link = Link::new(at(0));
    let refusal = Refusal::new("device.revoked");
    link.on(LinkEvent::Refused(refusal.clone()), at(0));
    assert_eq!(link.state, LinkState::Refused(refusal));
    link.on(LinkEvent::Exchanged { has_more: true }, at(60_000));
    assert_eq!(
        (link.state.clone(), link.due),
        (LinkState::Connected, at(60_000))
    );
}

#[test]
fn a_link_that_failed_carries_less_until_it_holds() {
    let mut link = Link::new(at(0));
    assert_eq!(link.budget_bytes(), EXCHANGE_BUDGET_BYTES);
    link.on(LinkEvent::Lost, at(1));
    assert_eq!(link.budget_bytes(), BAD_LINK_BUDGET_BYTES);
    let well = LinkEvent::Exchanged { has_more: true };
    let mut budgets = Vec::new();
    for n in 2..6 {
        link.on(well.clone(), at(n));
        budgets.push(link.budget_bytes());
    }
    assert_eq!(budgets, [256_000, 1_024_000, 4_000_000, 4_000_000]);
    assert_eq!(frame_target_bytes(link.budget_bytes()), 256_000);
    link.on(LinkEvent::Lost, at(7));
    assert_eq!(frame_target_bytes(link.budget_bytes()), 64_000);
}
