//! The table: every container of every document, its rule and the roles that write it.

use fettle_domain::person::Role;

use crate::kind::DocumentKind;

/// How a container is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Fields: the roles write them.
    Field,
    /// Text: the roles edit it.
    Text,
    /// Planned members: the roles write any of them, others only members they added.
    Planned,
    /// Results: each recording is a fresh map.
    Result,
    /// Entries: written by their author until closed.
    Entry,
}

impl Rule {
    /// The rule's word in documentation.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Text => "text",
            Self::Planned => "planned",
            Self::Result => "result",
            Self::Entry => "entry",
        }
    }

    /// True for what is free while an order is being made.
    pub(crate) fn is_plan(self) -> bool {
        match self {
            Self::Field | Self::Text | Self::Planned => true,
            Self::Result | Self::Entry => false,
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Kind of document.
    pub kind: DocumentKind,
    /// Container.
    pub container: &'static str,
    /// How it is written.
    pub rule: Rule,
    /// Roles that write it.
    pub roles: &'static [Role],
    /// Roles that add members of their own.
    pub own_roles: &'static [Role],
}

use DocumentKind::{MaterialRequest, ScheduleDraft, WorkOrder, WorkRequest};
use Role::{Cmms, Planner, Storekeeper, Supervisor, Technician};

/// Roles that may make a new order and write its whole plan with its first change.
pub const AUTHORS_OF_ORDERS: &[Role] = &[Technician, Planner, Supervisor, Cmms];
const PLANNING: &[Role] = &[Planner, Cmms];
const OFFICE: &[Role] = &[Planner, Supervisor, Cmms];
const WORK: &[Role] = &[Technician, Planner, Supervisor, Cmms];
const ALL_WORK: &[Role] = &[Technician, Planner, Supervisor, Storekeeper, Cmms];
const OWN_LINES: &[Role] = &[Technician, Storekeeper];

const fn line(
    kind: DocumentKind,
    container: &'static str,
    rule: Rule,
    roles: &'static [Role],
) -> Row {
    Row {
        kind,
        container,
        rule,
        roles,
        own_roles: &[],
    }
}

/// Every container of every document.
pub const TABLE: &[Row] = &[
    line(WorkOrder, "order", Rule::Field, PLANNING),
    line(WorkOrder, "description", Rule::Text, WORK),
    line(WorkOrder, "instructions", Rule::Text, OFFICE),
    line(WorkOrder, "tasks", Rule::Planned, OFFICE),
    line(WorkOrder, "results", Rule::Result, WORK),
    Row {
        own_roles: OWN_LINES,
        ..line(WorkOrder, "part_lines", Rule::Planned, OFFICE)
    },
    line(WorkOrder, "labour", Rule::Entry, ALL_WORK),
    line(WorkOrder, "parts_used", Rule::Entry, ALL_WORK),
    line(WorkOrder, "readings", Rule::Entry, WORK),
    line(WorkOrder, "notes", Rule::Entry, ALL_WORK),
    line(WorkOrder, "photos", Rule::Entry, ALL_WORK),
    line(WorkOrder, "failure_reports", Rule::Entry, WORK),
    line(WorkOrder, "downtime", Rule::Entry, WORK),
    line(WorkOrder, "links", Rule::Entry, WORK),
    line(WorkOrder, "times", Rule::Field, WORK),
    line(WorkRequest, "request", Rule::Field, ALL_WORK),
    line(WorkRequest, "text", Rule::Text, ALL_WORK),
    line(WorkRequest, "photos", Rule::Entry, ALL_WORK),
    line(WorkRequest, "links", Rule::Entry, OFFICE),
    line(MaterialRequest, "request", Rule::Field, ALL_WORK),
    line(MaterialRequest, "lines", Rule::Planned, ALL_WORK),
    line(MaterialRequest, "balances_seen", Rule::Entry, ALL_WORK),
    line(
        MaterialRequest,
        "route",
        Rule::Field,
        &[Planner, Storekeeper, Cmms],
    ),
    line(MaterialRequest, "notes", Rule::Entry, ALL_WORK),
    line(ScheduleDraft, "draft", Rule::Field, OFFICE),
    line(ScheduleDraft, "assignments", Rule::Planned, OFFICE),
    line(ScheduleDraft, "absences", Rule::Planned, OFFICE),
    line(ScheduleDraft, "notes", Rule::Entry, OFFICE),
];

/// The line of a container.
#[must_use]
pub fn row(kind: DocumentKind, container: &str) -> Option<&'static Row> {
    TABLE
        .iter()
        .find(|row| row.kind == kind && row.container == container)
}
