//! Work orders: what a person sees of them and does to them.
//!
//! Each verb loads, asks the rule in `domain`, and commits once; `commit` holds what they share.

pub(crate) mod change;
mod change_plan;
mod commit;
mod day;
mod failure_report;
mod finish_check;
mod finish_order;
mod hold_order;
mod labour;
mod list;
mod my_work;
mod name_report;
mod order;
mod part;
mod photo;
mod record_step;
mod report_failure;
mod resume_order;
pub(crate) mod row;
mod settle_step;
mod start_labour;
mod start_order;
mod step;
mod stop_labour;
mod take_back;
mod take_part;
mod taken_back;
mod tick_step;
mod unsent;
mod write_note;
