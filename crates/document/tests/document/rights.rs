//! One table says who may write what, and the documentation lists it.

use std::fmt::Write as _;

use fettle_document::genesis::containers;
use fettle_document::rights::{TABLE, row as table_row};
use fettle_document::{DocumentKind, Edit, WorkOrderDocument, check_rights, may_write};
use fettle_domain::person::Role;
use fettle_domain::work_order::Priority;

use crate::build::{
    ANA, BEN, PIA, authors, labour, measured, note, part_line, row, verified, write,
};

/// What the hub answers when `of` makes `edit` on an order Pia planned and Ana worked on.
fn check(of: u8, edit: Edit, expected: Result<(), &str>) {
    let mut document = WorkOrderDocument::new();
    let planned = [Edit::SetPriority(Priority::clamped(3)), part_line(5, 2)];
    write(&mut document, PIA, &planned);
    write(
        &mut document,
        ANA,
        &[labour(1, ANA, false), part_line(6, 1)],
    );
    let before = document.clone();
    let change = verified(&write(&mut document, of, std::slice::from_ref(&edit)));
    let answer = check_rights(&before, &change, &row(of), &authors());
    let code = answer
        .as_ref()
        .copied()
        .map_err(|refusal| refusal.code.as_str());
    assert_eq!(code, expected, "{edit:?}");
}

#[test]
fn planned_fields_are_the_planners_and_entries_their_authors() {
    let priority = || Edit::SetPriority(Priority::clamped(1));
    check(PIA, priority(), Ok(()));
    check(ANA, priority(), Err("document.field_protected"));
    check(ANA, part_line(5, 9), Err("document.field_protected"));
    check(ANA, part_line(6, 9), Ok(()));
    check(BEN, part_line(6, 9), Err("document.field_protected"));
    check(PIA, part_line(6, 9), Ok(()));
    check(BEN, part_line(7, 1), Ok(()));
    check(ANA, labour(1, ANA, true), Ok(()));
    check(BEN, labour(1, BEN, true), Err("entry.not_yours"));
    check(BEN, note(8, "seen"), Ok(()));
    check(BEN, measured(9, "1"), Ok(()));
}

#[test]
fn the_desk_asks_the_same_table() {
    let priority = Edit::SetPriority(Priority::clamped(1));
    assert!(may_write(&priority, &[Role::Planner]).is_ok());
    assert!(may_write(&priority, &[Role::Technician]).is_err());
    assert!(may_write(&part_line(1, 1), &[Role::Technician]).is_ok());
}

#[test]
fn every_container_has_its_row_and_is_documented() {
    let documented = include_str!("../../../../docs/FIELDS.md");
    for kind in DocumentKind::ALL {
        for (container, _) in containers(kind) {
            assert!(table_row(kind, container).is_some(), "{container}");
        }
    }
    let mut table = String::new();
    for row in TABLE {
        let words = |roles: &[Role]| {
            let words: Vec<_> = roles.iter().map(|role| role.word()).collect();
            words.join(", ")
        };
        let (kind, rule) = (row.kind.word(), row.rule.word());
        let (roles, own) = (words(row.roles), words(row.own_roles));
        let container = row.container;
        writeln!(table, "| {kind} | {container} | {rule} | {roles} | {own} |").unwrap();
    }
    assert!(
        documented.contains(&table),
        "docs/FIELDS.md should hold:\n{table}"
    );
}
