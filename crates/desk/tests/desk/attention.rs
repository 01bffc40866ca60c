//! What needs attention: the frame, the list and the order page agree on every laptop, and all of
//! them fall silent once somebody has decided.

use fettle_desk::view::{CaseKind, ChangeState, ChangeView, WriteNoteInput};
use fettle_domain::case::{CaseState, CaseSubject, ExceptionCase, Resolution, Settlement};
use fettle_domain::effect::Outside;
use fettle_domain::intent::{Decision, Verdict};
use fettle_domain::person::Role;
use fettle_domain::row::{Outcome, OutcomeRow, Row, Subject};
use fettle_domain::{EntryId, Refusal};

use crate::build::{Bench, actor, ana, now, order, order_id};
use crate::case::{LENZ, hear_case, lenz, part_case, raced_start, take};

/// Role and hours from the opening of the case within which it is to be settled.
pub(crate) fn who_has_it(change: &ChangeView) -> String {
    assert_eq!(change.state, ChangeState::Attention);
    let hours = (change.due.unwrap() - change.at) / 3_600_000.0;
    format!("{} by {hours}", change.owner.as_deref().unwrap())
}

#[tokio::test]
async fn the_laptop_whose_claim_stands_says_who_has_the_race_in_the_same_words() {
    let bench = Bench::at_work().await;
    let lost = Bench::at_work().await;
    let theirs = raced_start(&lost, true).await;
    bench.desk.start_order(order_id()).await.unwrap();
    bench.acknowledge().await;
    let own = bench.replica().await.order(order()).unwrap().unwrap();
    let stands = Row::Verdict(Verdict {
        intent: own.claims[0].intent.id,
        order: order(),
        decision: Decision::Accepted,
        at: now(),
    });
    bench.hear(3, stands).await;
    hear_case(&bench, 4, &theirs).await;
    let list = bench.desk.unsent().await.unwrap();
    let (page, other) = (bench.order().await, lost.order().await);
    assert_eq!(
        (list.len(), page.unsent.len(), page.row.attention),
        (1, 1, 1)
    );
    assert_eq!(list[0].about.as_ref().unwrap().kind, CaseKind::Race);
    let there = other.transition.unwrap();
    for here in [
        &list[0].change,
        &page.unsent[0].change,
        &page.transition.unwrap(),
    ] {
        assert_eq!(who_has_it(here), who_has_it(&there));
        assert_eq!(
            here.reason.as_ref().unwrap().arguments,
            there.reason.as_ref().unwrap().arguments
        );
    }

    bench.hear(5, lenz()).await;
    hear_case(
        &bench,
        6,
        &ended(theirs, Settlement::Rejected, "The crane comes first"),
    )
    .await;
    let page = bench.order().await;
    assert_eq!((page.unsent.len(), page.row.attention), (0, 0));
    assert_eq!(bench.desk.unsent().await.unwrap().len(), 0);
    assert_eq!(bench.desk.shell().await.unwrap().link.attention, 0);
    let said = page.transition.unwrap();
    assert_eq!(said.state, ChangeState::Sent);
    assert_eq!(said.reason.unwrap().code, "case.rejected");
}

/// A case as Lenz settled it.
fn ended(case: ExceptionCase, how: Settlement, reason: &str) -> ExceptionCase {
    ExceptionCase {
        state: CaseState::Resolved,
        resolution: Some(Resolution {
            by: Some(LENZ),
            at: now().plus_ms(1),
            how,
            reason: Some(reason.to_owned()),
        }),
        ..case
    }
}

#[tokio::test]
async fn a_note_kept_aside_is_read_whole_and_falls_away_once_somebody_has_decided() {
    let bench = Bench::at_work().await;
    let words = format!(
        "Seal face worn.\n{}\nReplaced it.",
        "Scored all around. ".repeat(20)
    );
    let note = WriteNoteInput {
        order_id: order_id(),
        text: words.clone(),
    };
    bench.desk.write_note(note).await.unwrap();
    let refusal = Refusal::new("document.too_large").with("limit", 1_000_000);
    bench.keep_aside(vec![(1, refusal.clone())]).await;
    let case = ExceptionCase {
        subject: CaseSubject::Item {
            actor: actor(),
            position: 1,
        },
        cause: refusal,
        class: None,
        outside: None,
        owner: Role::Administrator,
        author: Some(ana()),
        ..part_case(7, 1, "")
    };
    hear_case(&bench, 3, &case).await;
    let attention = async || bench.desk.shell().await.unwrap().link.attention;
    assert_eq!(attention().await, 1);
    let list = bench.desk.unsent().await.unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].whole.as_deref(), Some(words.as_str()));
    assert!(list[0].text.chars().count() <= 121, "{}", list[0].text);
    assert_eq!(who_has_it(&list[0].change), "administrator by 4");

    bench.hear(4, lenz()).await;
    hear_case(
        &bench,
        5,
        &ended(case, Settlement::Rejected, "Written on paper"),
    )
    .await;
    assert_eq!(attention().await, 0);
    assert_eq!(bench.desk.unsent().await.unwrap().len(), 0);
    let page = bench.order().await;
    assert_eq!(page.row.attention, 0);
    let kept = &page.unsent[0];
    assert_eq!(kept.change.state, ChangeState::Sent);
    assert_eq!(kept.change.reason.as_ref().unwrap().code, "case.rejected");
    assert_eq!(
        kept.whole.as_deref(),
        Some(words.as_str()),
        "the words stay"
    );
}

#[tokio::test]
async fn a_part_that_came_after_the_order_was_closed_waits_for_its_planner_in_the_list() {
    let bench = Bench::at_work().await;
    bench.desk.take_part(take()).await.unwrap();
    bench.acknowledge().await;
    let page = bench.order().await;
    let entry: EntryId = page.parts[0].used[0].id.parse().unwrap();
    let late = ExceptionCase {
        subject: CaseSubject::Entry(entry),
        cause: Refusal::new("order.fact_late").with("status", "CLOSE"),
        class: None,
        outside: None,
        owner: Role::Planner,
        ..part_case(8, 1, "")
    };
    hear_case(&bench, 3, &late).await;
    let list = bench.desk.unsent().await.unwrap();
    let page = bench.order().await;
    assert_eq!(
        (list.len(), page.unsent.len(), page.row.attention),
        (1, 1, 1)
    );
    assert_eq!(who_has_it(&list[0].change), "planner by 4");
    assert_eq!(who_has_it(&page.parts[0].used[0].change), "planner by 4");
    hear_case(&bench, 4, &ended(late, Settlement::Accepted, "")).await;
    assert_eq!(bench.desk.unsent().await.unwrap().len(), 0);
    assert_eq!(bench.order().await.row.attention, 0);
}

#[tokio::test]
async fn hours_released_after_all_are_posted_like_any_others() {
    let bench = Bench::at_work().await;
    bench.desk.start_labour(order_id()).await.unwrap();
    bench.clock.pass_ms(20 * 60_000);
    bench.desk.stop_labour(order_id()).await.unwrap();
    let refusal = Refusal::new("author.disabled");
    bench.keep_aside(vec![(2, refusal.clone())]).await;
    let case = ExceptionCase {
        subject: CaseSubject::Item {
            actor: actor(),
            position: 2,
        },
        cause: refusal,
        class: None,
        outside: None,
        owner: Role::Administrator,
        ..part_case(9, 1, "")
    };
    hear_case(&bench, 3, &case).await;
    let labour = async || bench.order().await.labour.remove(0);
    assert_eq!(who_has_it(&labour().await.change), "administrator by 4");
    let mut released = ended(case, Settlement::Accepted, "She did it");
    released.resolution.as_mut().unwrap().by = None;
    hear_case(&bench, 4, &released).await;
    let told = labour().await.change;
    assert_eq!(told.state, ChangeState::Sent);
    assert_eq!(told.reason.unwrap().code, "case.released");
    let posted = OutcomeRow {
        order: order(),
        subject: Subject::Entry(labour().await.id.parse::<EntryId>().unwrap()),
        outside: Outside::Erp,
        outcome: Outcome::Accepted {
            number: "5000000414".to_owned(),
        },
        at: now(),
    };
    bench.hear(5, Row::Outcome(posted)).await;
    let told = labour().await.change;
    assert_eq!(told.number.as_deref(), Some("5000000414"));
    assert_eq!(bench.order().await.row.attention, 0);
}
