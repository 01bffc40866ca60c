//! The SQL of the demo systems, one file per table.

pub(crate) mod counter;
pub(crate) mod document;
pub(crate) mod log;
pub(crate) mod master;
pub(crate) mod order;
pub(crate) mod stock;

/// Which half of the schema a query is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Cmms,
    Erp,
}

impl Side {
    fn prefix(self) -> &'static str {
        match self {
            Self::Cmms => "cmms",
            Self::Erp => "erp",
        }
    }
}
