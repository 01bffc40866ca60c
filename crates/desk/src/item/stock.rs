//! What is said of stock: place, amount, certainty and age. What is not known is never zero.

use fettle_domain::charter::Domain;
use fettle_domain::item::Item;
use fettle_domain::stock::StockBalance;
use fettle_domain::{Decimal, Timestamp};

use crate::core::Core;
use crate::person::shell::ms;
use crate::trouble::Answer;
use crate::view::{Certainty, ItemRowView, StockBadge, StockBadgeView, StockRowView};

/// Past this many times the limit a figure is drawn as old.
const OLD_TIMES: i64 = 6;

/// The moment and limit that ages are judged by, read once per answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Freshness {
    now: Timestamp,
    limit_ms: i64,
}

impl Freshness {
    fn of(self, as_of: Timestamp) -> Certainty {
        let age_ms = self.now.ms_since(as_of);
        if age_ms <= self.limit_ms {
            Certainty::Fresh
        } else if age_ms <= OLD_TIMES.saturating_mul(self.limit_ms) {
            Certainty::Past
        } else {
            Certainty::Old
        }
    }
}

impl Core {
    pub(super) fn stock_freshness(&self) -> Answer<Freshness> {
        let limit_minutes = self.charter()?.row(Domain::Stock).freshness_limit_minutes;
        Ok(Freshness {
            now: self.now().corrected(),
            limit_ms: i64::from(limit_minutes) * 60_000,
        })
    }

    /// Rows of a list of items.
    pub(crate) fn item_rows(&self, items: Vec<Item>) -> Answer<Vec<ItemRowView>> {
        let freshness = self.stock_freshness()?;
        let row = |item: Item| {
            let balances = self.replica.stock_of(item.id)?;
            Ok(item_row(item, &balances, freshness))
        };
        items.into_iter().map(row).collect()
    }
}

pub(super) fn item_row(item: Item, balances: &[StockBalance], freshness: Freshness) -> ItemRowView {
    let maker = [item.manufacturer.trim(), item.part_number.trim()];
    let made_by: Vec<&str> = maker.into_iter().filter(|word| !word.is_empty()).collect();
    ItemRowView {
        id: item.id.to_string(),
        made_by: made_by.join(" "),
        is_inactive: item.is_inactive,
        stock: badge(balances, item.unit.symbol(), freshness),
        number: item.number,
        description: item.description,
    }
}

fn badge(balances: &[StockBalance], unit: &str, freshness: Freshness) -> StockBadgeView {
    let filled: Vec<&StockBalance> = balances
        .iter()
        .filter(|balance| balance.on_hand.is_positive())
        .collect();
    // A sum is as old as its oldest part.
    let as_of = balances.iter().map(|balance| balance.as_of).min();
    let amount: Decimal = balances.iter().map(|balance| balance.on_hand).sum();
    StockBadgeView {
        kind: match (as_of, filled.is_empty()) {
            (None, _) => StockBadge::NeverChecked,
            (Some(_), true) => StockBadge::NoneFound,
            (Some(_), false) => StockBadge::InBin,
        },
        amount: as_of.map(|_| amount.to_string()),
        unit: balances
            .first()
            .map_or(unit, |balance| balance.unit.symbol())
            .to_owned(),
        bin: match filled.as_slice() {
            [balance] => Some(balance.bin.clone()),
            _ => None,
        },
        bins: u32::try_from(filled.len()).unwrap_or(u32::MAX),
        as_of: as_of.map(ms),
        certainty: as_of.map_or(Certainty::Old, |as_of| freshness.of(as_of)),
    }
}

pub(super) fn stock_row(balance: &StockBalance, freshness: Freshness) -> StockRowView {
    StockRowView {
        storeroom: balance.storeroom.clone(),
        bin: balance.bin.clone(),
        on_hand: balance.on_hand.to_string(),
        hard_reserved: balance.hard_reserved.to_string(),
        soft_reserved: balance.soft_reserved.to_string(),
        reorder_point: balance.reorder_point.map(|point| point.to_string()),
        unit: balance.unit.symbol().to_owned(),
        as_of: ms(balance.as_of),
        certainty: freshness.of(balance.as_of),
    }
}
