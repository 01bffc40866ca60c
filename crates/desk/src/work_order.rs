//! Work orders: what a person sees of them and does to them.
//!
//! Each verb loads, asks the rule in `domain`, and commits once; `commit` holds what they share.

pub(crate) mod change;
mod change_plan;
mod commit;
mod day;
mod finish_check;
mod finish_order;
mod hold_order;
mod labour;
mod my_work;
mod order;
mod part;
mod photo;
mod record_step;
mod resume_order;
pub(crate) mod row;
mod start_labour;
mod start_order;
mod step;
mod stop_labour;
mod take_part;
mod tick_step;
mod unsent;
mod write_note;
