//! One module per outside system behind capability traits.
//!
//! A connector converts payloads at the border and says honestly what became of a call. It holds
//! no business rule, draws no id of ours, repeats nothing by itself and keeps no state: the hub
//! records, retries and searches.

pub mod capability;
pub mod demo_cmms;
pub mod demo_erp;
pub mod master;
pub mod order;
pub mod plan;
pub mod posting;
pub mod stock;
pub mod transport;
mod wire;

pub use capability::{Capabilities, Capability};
pub use demo_cmms::DemoCmms;
pub use demo_erp::DemoErp;
pub use master::{
    AssetRecord, CostRecord, ItemRecord, LocationRecord, MaintenanceMasters, MaterialMasters,
    OrderCosts, PersonRecord, PlantRecord, PriceList, PriceRecord, StockRecord,
};
pub use order::{
    Fact, FactReport, NewOrder, NewPartLine, NewStep, NewTask, OrderRecord, PartLineRecord,
    StatusChange, StepRecord, TaskRecord, WorkOrders,
};
pub use plan::{OrderPlans, PlanFieldUpdate, PlanUpdate, TaskPlan};
pub use posting::{Cursor, Fault, Page, Posting};
pub use stock::{ConfirmLabour, GoodsMovement, GoodsMovements, LabourConfirmation, Movement};
pub use transport::{Answer, Cut, Http, HttpLimits, Inline, Method, Request, Transport};
