//! Rows: the official things a feed carries beside document changes, each with its version.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asset::Asset;
use crate::case::ExceptionCase;
use crate::effect::{Outside, RejectionClass};
use crate::import::Import;
use crate::intent::Verdict;
use crate::item::Item;
use crate::location::FunctionalLocation;
use crate::person::{ActorRow, Person, Role};
use crate::plant::Plant;
use crate::pm_plan::PmPlan;
use crate::price::{ItemPrice, OrderCost};
use crate::stock::StockBalance;
use crate::vendor::Vendor;
use crate::work_order::{SealedOrder, WorkOrderRow};
use crate::{EntryId, IntentId, ItemId, PersonId, Timestamp, WorkOrderId};

/// A row of a feed. The latest version of a key stands; older ones are history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// A person.
    Person(Person),
    /// An actor.
    Actor(ActorRow),
    /// A plant.
    Plant(Plant),
    /// A charter overlay, as TOML text.
    Charter(String),
    /// A functional location.
    Location(FunctionalLocation),
    /// An asset.
    Asset(Asset),
    /// An item.
    Item(Item),
    /// A stock balance.
    Stock(StockBalance),
    /// The official row of an order.
    WorkOrder(WorkOrderRow),
    /// What an outside system made of a fact or claim.
    Outcome(OutcomeRow),
    /// What the hub decided about an intent.
    Verdict(Verdict),
    /// A price; restricted.
    Price(ItemPrice),
    /// Costs of an order; restricted.
    Cost(OrderCost),
    /// Something that waits for a person.
    Case(ExceptionCase),
    /// Content of a closed order.
    Sealed(Box<SealedOrder>),
    /// A vendor.
    Vendor(Vendor),
    /// A maintenance plan.
    PmPlan(PmPlan),
    /// What an import brought.
    Import(Import),
    /// A row that is no more.
    Removed(Removed),
}

/// The tombstone of a row: it replaces the row of its key like any later version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Removed {
    /// Key of the row that is no more.
    pub key: String,
    /// The order it belonged to.
    pub order: Option<WorkOrderId>,
    /// When, by the hub's clock.
    pub at: Timestamp,
}

/// What an outside system was asked to take.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A closed entry of the order's document.
    Entry(EntryId),
    /// An accepted claim.
    Intent(IntentId),
    /// Fields of an order's plan.
    Plan(WorkOrderId),
}

/// State of a fact or claim towards one outside system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeRow {
    /// Order.
    pub order: WorkOrderId,
    /// What was asked.
    pub subject: Subject,
    /// Whom.
    pub outside: Outside,
    /// What came of it.
    pub outcome: Outcome,
    /// When, by the hub's clock.
    pub at: Timestamp,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Accepted under this document number.
    Accepted {
        /// Number.
        number: String,
    },
    /// Refused: who has it.
    Refused {
        /// Class.
        class: RejectionClass,
        /// The system's own code.
        code: String,
        /// The system's own words.
        message: String,
        /// Role that has it.
        owner: Role,
    },
    /// Given up by a person; it is not sent again.
    Discarded {
        /// Why, in the person's words.
        reason: String,
        /// Who.
        by: PersonId,
    },
    /// Its author took it back before it stood there; neither it nor its reversal is sent.
    TakenBack,
}

impl Row {
    /// The key under which a later version replaces this row within its feed, as text.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Person(person) => format!("person/{}", person.id),
            Self::Actor(actor) => format!("actor/{}", actor.actor),
            Self::Plant(plant) => format!("plant/{}", plant.id),
            Self::Charter(_) => "charter".to_owned(),
            Self::Location(location) => format!("location/{}", location.id),
            Self::Asset(asset) => format!("asset/{}", asset.id),
            Self::Item(item) => format!("item/{}", item.id),
            Self::Stock(balance) => {
                format!(
                    "stock/{}/{}/{}",
                    balance.item, balance.storeroom, balance.bin
                )
            }
            Self::WorkOrder(row) => format!("work_order/{}", row.id),
            Self::Outcome(row) => outcome_key(row.outside, row.subject),
            Self::Verdict(verdict) => format!("verdict/{}", verdict.intent),
            Self::Price(price) => price_key(price.item),
            Self::Cost(cost) => cost_key(cost.order),
            Self::Case(case) => format!("case/{}", case.id),
            Self::Sealed(sealed) => sealed_key(sealed.order),
            Self::Vendor(vendor) => format!("vendor/{}", vendor.id),
            Self::PmPlan(plan) => format!("pm_plan/{}", plan.id),
            Self::Import(import) => format!("import/{}", import.id),
            Self::Removed(removed) => removed.key.clone(),
        }
    }

    /// The order this row belongs to, when it belongs to one.
    #[must_use]
    pub fn order(&self) -> Option<WorkOrderId> {
        match self {
            Self::WorkOrder(row) => Some(row.id),
            Self::Outcome(row) => Some(row.order),
            Self::Verdict(verdict) => Some(verdict.order),
            Self::Cost(cost) => Some(cost.order),
            Self::Case(case) => case.order,
            Self::Sealed(sealed) => Some(sealed.order),
            Self::Removed(removed) => removed.order,
            Self::Person(_)
            | Self::Actor(_)
            | Self::Plant(_)
            | Self::Charter(_)
            | Self::Location(_)
            | Self::Asset(_)
            | Self::Item(_)
            | Self::Stock(_)
            | Self::Price(_)
            | Self::Vendor(_)
            | Self::PmPlan(_)
            | Self::Import(_) => None,
        }
    }

    /// The noun of the row, such as `asset`.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Actor(_) => "actor",
            Self::Plant(_) => "plant",
            Self::Charter(_) => "charter",
            Self::Location(_) => "location",
            Self::Asset(_) => "asset",
            Self::Item(_) => "item",
            Self::Stock(_) => "stock",
            Self::WorkOrder(_) => "work_order",
            Self::Outcome(_) => "outcome",
            Self::Verdict(_) => "verdict",
            Self::Price(_) => "price",
            Self::Cost(_) => "cost",
            Self::Case(_) => "case",
            Self::Sealed(_) => "sealed",
            Self::Vendor(_) => "vendor",
            Self::PmPlan(_) => "pm_plan",
            Self::Import(_) => "import",
            Self::Removed(_) => "removed",
        }
    }

    /// True when it may stand in restricted feeds and files alone.
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        match self {
            Self::Price(_) | Self::Cost(_) => true,
            Self::Person(_)
            | Self::Actor(_)
            | Self::Plant(_)
            | Self::Charter(_)
            | Self::Location(_)
            | Self::Asset(_)
            | Self::Item(_)
            | Self::Stock(_)
            | Self::WorkOrder(_)
            | Self::Outcome(_)
            | Self::Verdict(_)
            | Self::Case(_)
            | Self::Sealed(_)
            | Self::Vendor(_)
            | Self::PmPlan(_)
            | Self::Import(_)
            // It says that something is no more, and nothing of what it was.
            | Self::Removed(_) => false,
        }
    }
}

/// Key of what came of a fact or claim in an outside system.
#[must_use]
pub fn outcome_key(outside: Outside, subject: Subject) -> String {
    let outside = outside.word();
    match subject {
        Subject::Entry(id) => format!("outcome/{outside}/{id}"),
        Subject::Intent(id) => format!("outcome/{outside}/{id}"),
        Subject::Plan(id) => format!("outcome/{outside}/{id}"),
    }
}

/// Key of the content of a closed order.
#[must_use]
pub fn sealed_key(order: WorkOrderId) -> String {
    format!("sealed/{order}")
}

/// Key of an item's price.
#[must_use]
pub fn price_key(item: ItemId) -> String {
    format!("price/{item}")
}

/// Key of an order's costs.
#[must_use]
pub fn cost_key(order: WorkOrderId) -> String {
    format!("cost/{order}")
}
