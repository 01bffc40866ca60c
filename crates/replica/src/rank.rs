//! Rank: where a row stands in lists and in what a search finds.
//!
//! A row's place is its rank and, within that, the order of arrival; it is the row id of the table
//! and of the word index, so the first rows found are the first rows of the answer and nothing is
//! sorted. Only a row whose rank changes moves.

use fettle_domain::Timestamp;
use fettle_domain::asset::Asset;
use fettle_domain::item::{AbcClass, Item, ItemCriticality};
use fettle_domain::location::Criticality;

/// The places of one rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

impl Band {
    const fn new(rank: i64, arrival_bits: u32) -> Self {
        let first = rank << arrival_bits;
        Self {
            first,
            last: first + (1 << arrival_bits) - 1,
        }
    }

    pub(crate) fn holds(self, place: i64) -> bool {
        (self.first..=self.last).contains(&place)
    }
}

/// Room for every master a company will ever have in one band.
const MASTER_ARRIVAL_BITS: u32 = 40;
/// Room for every order of one second, so for a whole history that was filed under one.
const ORDER_ARRIVAL_BITS: u32 = 20;
/// Seconds since 1970 that are told apart: until the year 4147.
const SECOND_BITS: u32 = 36;
const SECOND_MAX: i64 = (1 << SECOND_BITS) - 1;

/// Masters that no list shows.
pub(crate) const UNLISTED: Band = Band::new(1 << 8, MASTER_ARRIVAL_BITS);

/// Usable ones first, then those with stock here, then by use, then by what a missing one does.
pub(crate) fn of_item(item: &Item, is_stocked: bool) -> Band {
    let usage = match item.abc {
        Some(AbcClass::A) => 0,
        Some(AbcClass::B) => 1,
        Some(AbcClass::C) => 2,
        None => 3,
    };
    let criticality = match item.criticality {
        Some(ItemCriticality::Vital) => 0,
        Some(ItemCriticality::Essential) => 1,
        Some(ItemCriticality::Desirable) => 2,
        None => 3,
    };
    let rank =
        i64::from(item.is_inactive) << 5 | i64::from(!is_stocked) << 4 | usage << 2 | criticality;
    Band::new(rank, MASTER_ARRIVAL_BITS)
}

/// By criticality.
pub(crate) fn of_asset(asset: &Asset) -> Band {
    let rank = match asset.criticality {
        Criticality::A => 0,
        Criticality::B => 1,
        Criticality::C => 2,
    };
    Band::new(rank, MASTER_ARRIVAL_BITS)
}

/// Open orders first, each kind newest first.
pub(crate) fn of_order(is_ended: bool, at: Timestamp) -> Band {
    let second = at.as_ms().div_euclid(1000).clamp(0, SECOND_MAX);
    let rank = i64::from(is_ended) << SECOND_BITS | (SECOND_MAX - second);
    Band::new(rank, ORDER_ARRIVAL_BITS)
}

/// The first place of orders that have ended: open ones stand before it.
pub(crate) const FIRST_ENDED: i64 = 1 << (SECOND_BITS + ORDER_ARRIVAL_BITS);

/// Orders that are open.
pub(crate) const OPEN: Band = Band {
    first: 0,
    last: FIRST_ENDED - 1,
};
/// Orders that have ended.
pub(crate) const ENDED: Band = Band {
    first: FIRST_ENDED,
    last: i64::MAX,
};
