//! My work: groups and rows of orders.

use serde::Serialize;
use specta::Type;

/// My work, in its groups.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MyWorkView {
    /// Groups in order; empty ones are left out.
    pub groups: Vec<WorkGroupView>,
}

/// Kind of a group of My work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WorkGroup {
    /// Orders in progress.
    InProgress,
    /// Approved, scheduled or dispatched orders.
    Next,
    /// Orders on hold.
    OnHold,
    /// Orders waiting for parts.
    WaitingForParts,
    /// Finished today, by the calendar of the plant.
    Finished,
}

/// One group with its rows.
#[derive(Debug, Clone, Serialize, Type)]
pub struct WorkGroupView {
    /// Kind.
    pub kind: WorkGroup,
    /// Rows, most urgent first.
    pub orders: Vec<OrderRowView>,
}

/// One row of an order list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct OrderRowView {
    /// Work order id.
    pub id: String,
    /// CMMS number, or the local reference until there is one.
    pub number: String,
    /// Short text.
    pub title: String,
    /// 1 (highest) to 4.
    pub priority: u8,
    /// Official status with my pending claim over it, such as `INPRG`.
    pub status: String,
    /// Asset tag and name.
    pub asset: String,
    /// Location name.
    pub location: String,
    /// Required finish, UTC ms.
    pub due: Option<f64>,
    /// Steps done and in all.
    pub steps_done: u32,
    /// Steps in all.
    pub steps_total: u32,
    /// Part lines of the order.
    pub parts_total: u32,
    /// Part lines with something taken.
    pub parts_taken: u32,
    /// Start of the signed-in person's running labour, UTC ms.
    pub labour_since: Option<f64>,
    /// Steps with two versions about which nobody has chosen yet.
    pub clashes: u32,
    /// Changes of this order saved here and not sent.
    pub unsent: u32,
    /// Changes of this order that need attention.
    pub attention: u32,
    /// Who has the order in hand, when it is begun and not this person's.
    pub now_with: Vec<String>,
}
