//! Two small outside systems, clearly named demo: a CMMS and an ERP behind HTTP on loopback.
//!
//! They behave like foreign systems: own payloads, own document numbers, own rules, refusals as
//! HTTP 4xx with a machine code. [`Cmms`] and [`Erp`] hold the rules without HTTP; [`serve`] is a
//! thin layer over them. Neither knows what an idempotency key is: whoever posts twice gets two
//! documents, as many real systems do it.

mod answer;
pub mod clock;
pub mod cmms;
pub mod erp;
#[cfg(feature = "faults")]
pub mod fault;
mod instance;
mod server;
mod store;
mod table;
pub mod world;

pub use answer::{Answer, Call};
pub use clock::Clock;
pub use cmms::Cmms;
pub use erp::Erp;
pub use instance::{INSTANCE_PATH, Instance, instance_of};
pub use server::{Bound, DemoConfig, ServeError, System, bind, serve};
pub use store::OpenError;
