//! Merges agree everywhere, and rules decide what stands.

use fettle_document::{Edit, VerifiedChange, WorkOrderDocument, hydrate};
use fettle_domain::Timestamp;
use fettle_domain::work_order::Priority;
use proptest::prelude::*;

use crate::build::{
    ANA, BEN, PIA, actor, authors, labour, measured, note, part_line, send, verified, write,
};

fn priority(number: u8) -> Edit {
    Edit::SetPriority(Priority::clamped(number))
}

#[test]
fn two_values_of_one_step_are_both_kept_and_equal_ones_folded() {
    let mut ana = WorkOrderDocument::new();
    let mut ben = ana.clone();
    write(&mut ana, ANA, &[measured(1, "0.4"), measured(2, "7")]);
    write(&mut ben, BEN, &[measured(1, "0.9"), measured(2, "7")]);
    send(&ben, &mut ana);
    let counts: Vec<usize> = hydrate(&ana, &authors())
        .results
        .iter()
        .map(|state| state.results.len())
        .collect();
    assert_eq!(counts, [2, 1]);
}

#[test]
fn the_planner_wins_over_a_technician_at_once_and_later() {
    let mut pia = WorkOrderDocument::new();
    write(&mut pia, PIA, &[priority(4), part_line(5, 2)]);
    let mut ana = pia.clone();
    write(&mut pia, PIA, &[priority(3), part_line(5, 3)]);
    write(&mut ana, ANA, &[priority(1), part_line(5, 9)]);
    send(&pia, &mut ana);
    write(&mut ana, ANA, &[priority(2), part_line(5, 8)]);
    let content = hydrate(&ana, &authors());
    assert_eq!(content.priority.map(Priority::number), Some(3));
    assert_eq!(content.part_lines[0].quantity.value.to_string(), "3");
    write(&mut ana, PIA, &[priority(4)]);
    let content = hydrate(&ana, &authors());
    assert_eq!(content.priority.map(Priority::number), Some(4));
}

#[test]
fn entries_stand_in_the_order_of_writing_whatever_their_clocks_said() {
    let mut ana = WorkOrderDocument::new();
    // Ids begin with the clock of the laptop: here it went back after the first note.
    write(&mut ana, ANA, &[note(9, "first")]);
    let mut ben = ana.clone();
    write(&mut ben, BEN, &[note(5, "second")]);
    write(&mut ben, BEN, &[note(7, "third")]);
    let content = hydrate(&ben, &authors());
    let texts: Vec<&str> = content
        .notes
        .iter()
        .map(|note| note.entry.text.as_str())
        .collect();
    assert_eq!(texts, ["first", "second", "third"]);
}

#[test]
fn an_open_entry_of_another_person_stays_as_its_author_wrote_it() {
    let mut document = WorkOrderDocument::new();
    write(&mut document, ANA, &[labour(1, ANA, false)]);
    write(&mut document, BEN, &[labour(1, BEN, true)]);
    let labour = &hydrate(&document, &authors()).labour[0];
    assert!(!labour.is_closed);
    assert_eq!(labour.entry.end, None);
    assert_eq!(labour.actor, actor(ANA));
}

#[test]
fn a_closed_entry_written_by_another_stays_as_it_was_closed() {
    let mut ana = WorkOrderDocument::new();
    write(&mut ana, ANA, &[labour(1, ANA, false)]);
    let mut ben = ana.clone();
    write(&mut ana, ANA, &[labour(1, ANA, true)]);
    let closed = hydrate(&ana, &authors()).labour;
    write(&mut ben, BEN, &[labour(1, BEN, true)]);
    send(&ben, &mut ana);
    assert_eq!(hydrate(&ana, &authors()).labour, closed);
}

fn writer() -> impl Strategy<Value = (u8, u8, u8)> {
    (1_u8..=3, 0_u8..6, 0_u8..4)
}

fn edit_of(of: u8, what: u8, which: u8) -> Edit {
    let number = u128::from(which) + 10;
    match what {
        0 => priority(which + 1),
        1 => measured(number, &which.to_string()),
        2 => part_line(number, of.into()),
        3 => note(number + u128::from(of) * 100, "seen"),
        4 => labour(number + u128::from(of) * 100, of, which > 1),
        _ => Edit::SetDescription(format!("words {of} {which}")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_order_and_grouping_gives_the_same(
        writes in proptest::collection::vec(writer(), 1..24),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 24),
        group in 1_usize..6,
    ) {
        let mut devices = vec![WorkOrderDocument::new(); 4];
        for (step, (of, what, which)) in writes.into_iter().enumerate() {
            let edit = edit_of(of, what, which);
            // A closed entry refuses; that is another test.
            let _ = devices[usize::from(of)].edit(actor(of), Timestamp::default(), &[edit]);
            if step % 5 == 4 {
                let (from, to) = (devices[usize::from(of)].clone(), usize::from(of % 3) + 1);
                send(&from, &mut devices[to]);
            }
        }
        let mut whole = WorkOrderDocument::new();
        for device in &devices {
            send(device, &mut whole);
        }
        let mut changes: Vec<VerifiedChange> =
            whole.changes_after(&[]).iter().map(verified).collect();
        let mut waiting = Vec::new();
        for index in order {
            if !changes.is_empty() {
                waiting.push(changes.swap_remove(index.index(changes.len())));
            }
        }
        waiting.extend(changes);
        let mut other = WorkOrderDocument::new();
        while other.heads() != whole.heads() {
            for part in waiting.chunks(group) {
                other.apply(part).unwrap();
            }
        }
        prop_assert_eq!(hydrate(&other, &authors()), hydrate(&whole, &authors()));
    }
}
