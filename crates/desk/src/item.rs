//! Items: the list, the page of one, and what is said of stock with its age.

mod list;
mod show;
mod stock;

pub(crate) use list::paging;
