//! The authority charter: per data domain, who says what is true and who owns what goes wrong.
//!
//! `charter.toml` beside this crate is the default. A company's overlay replaces single keys; an
//! unknown key and a loosened class A row are refused with the row's name.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effect::Outside;
use crate::feed::Class;
use crate::person::Role;

const DEFAULT: &str = include_str!("../charter.toml");

/// A data domain the charter governs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Official status of orders.
    WorkOrderStatus,
    /// Priority, dates, tasks and part lines of orders.
    WorkOrderPlan,
    /// Checklist results.
    StepResult,
    /// Notes.
    Note,
    /// Photos and files.
    Photo,
    /// Labour.
    Labour,
    /// Parts used.
    PartUsed,
    /// Failure reports.
    FailureReport,
    /// Stock balances.
    Stock,
    /// Items.
    Item,
    /// Prices of items.
    Price,
    /// Costs of orders.
    Cost,
    /// Assets and locations.
    Asset,
    /// Persons and devices.
    Person,
}

impl Domain {
    /// Every domain; a charter without a row for one of them is refused.
    pub const ALL: [Self; 14] = [
        Self::WorkOrderStatus,
        Self::WorkOrderPlan,
        Self::StepResult,
        Self::Note,
        Self::Photo,
        Self::Labour,
        Self::PartUsed,
        Self::FailureReport,
        Self::Stock,
        Self::Item,
        Self::Price,
        Self::Cost,
        Self::Asset,
        Self::Person,
    ];
}

/// System of record of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SystemOfRecord {
    /// The business system.
    #[serde(rename = "ERP")]
    Erp,
    /// The maintenance system.
    #[serde(rename = "CMMS")]
    Cmms,
    /// The hub.
    #[serde(rename = "hub")]
    Hub,
    /// The device on which a fact was observed.
    #[serde(rename = "device")]
    Device,
}

/// Last of the four states a change of this domain reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum LastState {
    /// Ends at *Sent*.
    #[serde(rename = "sent")]
    Sent,
    /// Ends at *Accepted by ERP*.
    #[serde(rename = "ERP")]
    Erp,
    /// Ends at *Accepted by CMMS*.
    #[serde(rename = "CMMS")]
    Cmms,
}

impl LastState {
    /// The outside system that has the last word, if one has.
    #[must_use]
    pub fn outside(self) -> Option<Outside> {
        match self {
            Self::Sent => None,
            Self::Erp => Some(Outside::Erp),
            Self::Cmms => Some(Outside::Cmms),
        }
    }
}

/// One row of the charter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CharterRow {
    /// Who says what is true.
    pub system_of_record: SystemOfRecord,
    /// Which way it travels: `both`, `to_hub`, `to_outside`, `from_outside`, `to_device`.
    pub direction: String,
    /// How it travels: `event`, `minutes` or `scheduled`.
    pub pattern: String,
    /// Older figures are stale, in minutes.
    pub freshness_limit_minutes: u32,
    /// Criticality class.
    pub class: Class,
    /// How it is checked.
    pub validation: String,
    /// What happens when two say different things.
    pub conflict: String,
    /// What happens when the outside says no.
    pub on_failure: String,
    /// Role that has its exceptions.
    pub owner: Role,
    /// Minutes from the opening of an exception case until it is overdue.
    pub case_due_minutes: u32,
    /// From click to the last state, in seconds, for 95 of 100.
    pub objective_seconds: u32,
    /// Last state of a change.
    pub last_state: LastState,
}

/// The charter in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Charter {
    /// Version; every intent names the one it was decided under.
    pub version: u32,
    domain: BTreeMap<Domain, CharterRow>,
}

/// Why a charter was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCharter {
    /// Not TOML, an unknown key or a wrong value; the text names line and key.
    #[error("charter cannot be read: {0}")]
    Unreadable(String),
    /// A domain has no row.
    #[error("charter has no row for {0:?}")]
    MissingRow(Domain),
    /// An overlay makes a class A row weaker.
    #[error("charter loosens class A row {0:?}: {1}")]
    Loosened(Domain, &'static str),
}

impl Charter {
    /// The default charter, embedded in the program.
    ///
    /// # Errors
    /// [`BadCharter`] when the embedded file is wrong, which a test rules out.
    pub fn embedded() -> Result<Self, BadCharter> {
        Self::parse(toml::Table::new())
    }

    /// The default charter with a company's overlay in TOML over it.
    ///
    /// # Errors
    /// [`BadCharter`] with the line or row that is wrong.
    pub fn with_overlay(overlay: &str) -> Result<Self, BadCharter> {
        let overlay: toml::Table = overlay.parse().map_err(unreadable)?;
        let charter = Self::parse(overlay)?;
        let default = Self::embedded()?;
        for (domain, row) in &default.domain {
            check_not_loosened(*domain, row, charter.row(*domain))?;
        }
        Ok(charter)
    }

    fn parse(overlay: toml::Table) -> Result<Self, BadCharter> {
        let mut table: toml::Table = DEFAULT.parse().map_err(unreadable)?;
        merge(&mut table, overlay);
        let charter: Self = table.try_into().map_err(unreadable)?;
        match Domain::ALL
            .into_iter()
            .find(|domain| !charter.domain.contains_key(domain))
        {
            Some(domain) => Err(BadCharter::MissingRow(domain)),
            None => Ok(charter),
        }
    }

    /// The row of a domain.
    #[must_use]
    pub fn row(&self, domain: Domain) -> &CharterRow {
        // Invariant: `parse` refuses a charter without a row for every domain.
        &self.domain[&domain]
    }
}

fn unreadable(error: impl std::fmt::Display) -> BadCharter {
    BadCharter::Unreadable(error.to_string())
}

fn merge(base: &mut toml::Table, overlay: toml::Table) {
    for (key, value) in overlay {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(base)), toml::Value::Table(overlay)) => merge(base, overlay),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn check_not_loosened(
    domain: Domain,
    default: &CharterRow,
    row: &CharterRow,
) -> Result<(), BadCharter> {
    if default.class != Class::A {
        return Ok(());
    }
    let loosened = |what| Err(BadCharter::Loosened(domain, what));
    if row.class != Class::A {
        return loosened("class");
    }
    if row.freshness_limit_minutes > default.freshness_limit_minutes {
        return loosened("freshness_limit_minutes");
    }
    if row.objective_seconds > default.objective_seconds {
        return loosened("objective_seconds");
    }
    if row.case_due_minutes > default.case_due_minutes {
        return loosened("case_due_minutes");
    }
    if (row.system_of_record, &row.conflict, &row.validation)
        != (
            default.system_of_record,
            &default.conflict,
            &default.validation,
        )
    {
        return loosened("system_of_record, conflict or validation");
    }
    Ok(())
}
