//! What an outside system can do, so that the hub asks it nothing else.

/// One thing an outside system may offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capability {
    /// [`crate::WorkOrders`].
    WorkOrders,
    /// [`crate::OrderPlans`].
    OrderPlans,
    /// [`crate::MaintenanceMasters`].
    MaintenanceMasters,
    /// [`crate::MaterialMasters`].
    MaterialMasters,
    /// [`crate::PriceList`].
    PriceList,
    /// [`crate::OrderCosts`].
    OrderCosts,
    /// [`crate::GoodsMovements`].
    GoodsMovements,
    /// [`crate::ConfirmLabour`].
    ConfirmLabour,
}

/// Describes an outside system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Name in external ids, such as `demo-cmms`.
    pub system: &'static str,
    /// What it offers.
    pub offers: &'static [Capability],
    /// True when it finds documents by our reference.
    pub finds_by_reference: bool,
    /// True when it refuses a second document with the same reference by itself.
    pub refuses_duplicates: bool,
    /// True when a change of an order must name the row stamp it was decided on.
    pub has_row_stamps: bool,
}
