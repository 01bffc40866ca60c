//! Parts of an order: planned lines with bins and what was taken, and parts taken without a line.

use std::collections::BTreeSet;

use fettle_domain::charter::Domain;
use fettle_domain::stock::StockBalance;
use fettle_domain::work_order::reversal::reversal;
use fettle_domain::work_order::{Authored, PartLine, PartUsed};
use fettle_domain::{Decimal, ItemId, Unit};

use super::change;
use super::order::Reader;
use super::taken_back::{may_take_back, taken_back};
use crate::person::shell::ms;
use crate::trouble::Answer;
use crate::view::{BinView, PartUsedView, PartView};

/// Part lines, then parts taken without one.
pub(super) fn part_views(reader: &Reader<'_>) -> Answer<Vec<PartView>> {
    let content = &reader.order.content;
    let mut views = Vec::new();
    for line in &content.part_lines {
        views.push(line_view(reader, line)?);
    }
    let has_line = |used: &Authored<PartUsed>| {
        let line = used.entry.part_line;
        line.is_some_and(|id| content.part_lines.iter().any(|line| line.id == id))
    };
    let unplanned = content.parts_used.iter().filter(|used| !has_line(used));
    for used in unplanned.filter(|used| used.entry.reversal_of.is_none()) {
        views.push(unplanned_view(reader, used)?);
    }
    Ok(views)
}

fn line_view(reader: &Reader<'_>, line: &PartLine) -> Answer<PartView> {
    let used: Vec<&Authored<PartUsed>> = reader
        .order
        .content
        .parts_used
        .iter()
        .filter(|used| used.entry.part_line == Some(line.id))
        .filter(|used| used.entry.reversal_of.is_none())
        .collect();
    Ok(PartView {
        id: line.id.to_string(),
        planned: Some(line.quantity.value.to_string()),
        ..part_view(reader, line.item, &line.quantity.unit, &used)?
    })
}

fn unplanned_view(reader: &Reader<'_>, used: &Authored<PartUsed>) -> Answer<PartView> {
    let PartUsed { item, quantity, .. } = &used.entry;
    Ok(PartView {
        id: used.id.to_string(),
        ..part_view(reader, *item, &quantity.unit, &[used])?
    })
}

fn part_view(
    reader: &Reader<'_>,
    item: ItemId,
    unit: &Unit,
    used: &[&Authored<PartUsed>],
) -> Answer<PartView> {
    let master = reader.core.replica.item(item)?;
    let mut balances = reader.core.replica.stock_of(item)?;
    balances.retain(|balance| balance.plant == reader.order.row.plant);
    let as_of = balances.iter().map(|balance| balance.as_of).min();
    let limit_minutes = reader.charter.row(Domain::Stock).freshness_limit_minutes;
    let limit_ms = i64::from(limit_minutes) * 60_000;
    let mut uses = used
        .iter()
        .map(|used| used_view(reader, used))
        .collect::<Answer<Vec<_>>>()?;
    uses.reverse();
    let all = &reader.order.content.parts_used;
    let taken: Decimal = used
        .iter()
        .filter(|used| reversal(all, used).is_none())
        .map(|used| used.entry.quantity.value)
        .sum();
    let (number, description) = master
        .map(|item| (item.number, item.description))
        .unwrap_or_default();
    Ok(PartView {
        id: String::new(),
        item_id: item.to_string(),
        item: number,
        description,
        planned: None,
        taken: taken.to_string(),
        unit: unit.symbol().to_owned(),
        bins: balances
            .iter()
            .map(|balance| BinView {
                bin: bin_label(balance, &balances),
                on_hand: balance.on_hand.to_string(),
            })
            .collect(),
        as_of: as_of.map(ms),
        is_stale: as_of.is_some_and(|as_of| reader.now.corrected().ms_since(as_of) > limit_ms),
        used: uses,
    })
}

fn used_view(reader: &Reader<'_>, used: &Authored<PartUsed>) -> Answer<PartUsedView> {
    let all = &reader.order.content.parts_used;
    let PartUsed { quantity, at, .. } = &used.entry;
    Ok(PartUsedView {
        id: used.id.to_string(),
        quantity: quantity.value.to_string(),
        bin: used.entry.bin.clone(),
        by: reader.author_name(used.person, used.id)?,
        at: ms(at.corrected()),
        may_take_back: may_take_back(reader, all, used.id),
        taken_back: taken_back(reader, Domain::PartUsed, all, used, |back| back.at),
        change: change::of_entry(
            reader.order,
            reader.charter,
            Domain::PartUsed,
            used.id,
            at.at,
        ),
    })
}

/// The bin alone while one storeroom stocks the item in its plant, else storeroom and bin.
pub(super) fn bin_label(balance: &StockBalance, all: &[StockBalance]) -> String {
    let storerooms: BTreeSet<&str> = all
        .iter()
        .filter(|other| other.plant == balance.plant)
        .map(|other| other.storeroom.as_str())
        .collect();
    if storerooms.len() > 1 {
        format!("{} {}", balance.storeroom, balance.bin)
    } else {
        balance.bin.clone()
    }
}
