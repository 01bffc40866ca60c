//! A document that stays in memory says what one that is read anew says.

use fettle_document::{RecentDocuments, WorkOrderDocument, hydrate};

use crate::build::{ANA, BEN, PIA, actor, authors, labour, measured, note, part_line, send, write};

#[test]
fn a_document_in_memory_says_what_its_bytes_say() {
    let (mut ana, mut ben) = (WorkOrderDocument::new(), WorkOrderDocument::new());
    for round in 0..4 {
        let number = round * 10;
        // What it holds is asked for before each change, so it has to grow with it.
        let _ = (hydrate(&ana, &authors()), ana.save().len());
        write(
            &mut ana,
            ANA,
            &[labour(number, ANA, true), measured(1, "0.03")],
        );
        write(
            &mut ben,
            BEN,
            &[note(number + 1, "seen"), measured(1, "0.07")],
        );
        write(&mut ben, PIA, &[part_line(number + 2, 4)]);
        send(&ben, &mut ana);
        send(&ana, &mut ben);
        for document in [&ana, &ben] {
            let read = WorkOrderDocument::load(document.save()).unwrap();
            assert_eq!(hydrate(document, &authors()), hydrate(&read, &authors()));
            assert_eq!(document.heads(), read.heads());
            for author in [ANA, BEN, PIA] {
                assert_eq!(document.seq_of(actor(author)), read.seq_of(actor(author)));
            }
        }
    }
}

#[test]
fn what_is_kept_is_given_for_the_very_bytes_alone() {
    let recent = RecentDocuments::default();
    let mut document = WorkOrderDocument::new();
    write(&mut document, ANA, &[note(1, "one")]);
    let before = document.save().to_vec();
    write(&mut document, ANA, &[note(2, "two")]);
    let after = document.save().to_vec();
    recent.keep(document);
    let notes = |saved: &[u8]| {
        let document = recent.load(saved).unwrap();
        let notes = hydrate(&document, &authors()).notes.len();
        recent.keep(document);
        notes
    };
    assert_eq!([notes(&before), notes(&after), notes(&before)], [1, 2, 1]);
    assert!(recent.load(&after[..after.len() - 1]).is_err());
}

#[test]
fn what_is_refused_leaves_the_document_as_it_was() {
    let mut document = WorkOrderDocument::new();
    write(&mut document, ANA, &[note(1, "one")]);
    let (saved, content) = (document.save().to_vec(), hydrate(&document, &authors()));
    let long = "x".repeat(800_000);
    let at = fettle_domain::Timestamp::default();
    assert!(document.edit(actor(ANA), at, &[note(2, &long)]).is_err());
    assert_eq!(document.save(), saved);
    assert_eq!(hydrate(&document, &authors()), content);
}
