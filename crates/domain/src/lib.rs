//! Canonical records and every business rule as a pure function.
//!
//! This room does no input or output, reads no clock, draws no random number and knows neither
//! SQL nor Automerge: `now`, `actor` and `id` are arguments. A rule that says no answers with a
//! [`Refusal`], which is a value, not an error.

pub mod asset;
pub mod attachment;
pub mod case;
pub mod charter;
pub mod contract;
pub mod device;
pub mod effect;
pub mod failure;
pub mod feed;
pub mod id;
pub mod import;
pub mod intent;
pub mod item;
pub mod location;
pub mod money;
pub mod person;
pub mod plant;
pub mod pm_plan;
pub mod price;
pub mod quantity;
pub mod record;
pub mod refusal;
pub mod refusal_answer;
pub mod restricted;
pub mod row;
pub mod stock;
pub mod time;
pub mod vendor;
pub mod work_order;

pub use attachment::ContentHash;
pub use id::*;
pub use quantity::{Decimal, Quantity, Unit};
pub use refusal::{Argument, Refusal};
pub use time::{Day, DeviceTime, Timestamp};
