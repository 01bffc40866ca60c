//! Stock: a balance by item, storeroom and bin. Where the ERP states one, that stands.

use fettle_domain::feed::Feed;
use fettle_domain::row::Row;
use fettle_domain::stock::StockBalance;
use fettle_domain::{Decimal, Timestamp};

use super::super::context::{Context, JudgeFault};
use super::super::fields::Fields;
use super::super::intake::RowFault;
use super::{Brought, Field, coded, is_plant, maybe, needed};
use crate::core::Core;

pub(super) const FIELDS: &[Field] = &[
    coded("plant", true, is_plant),
    needed("item"),
    needed("storeroom"),
    needed("bin"),
    needed("unit"),
    needed("on_hand"),
    maybe("hard_reserved"),
    maybe("soft_reserved"),
    maybe("reorder_point"),
    needed("counted_on"),
];

pub(super) fn read(
    fields: &Fields<'_>,
    context: &Context<'_>,
    core: Core<'_>,
) -> Result<Brought, JudgeFault> {
    let plant = fields.plant()?;
    let number = fields.needed("item")?;
    let item = core.item_of_number(&number)?;
    if !core.knows_item(&plant, item)? {
        return Err(RowFault::NoItem { number, plant }.into());
    }
    let missing = |field: &str| RowFault::Missing(field.to_owned());
    let on = fields
        .day("counted_on")?
        .ok_or_else(|| missing("counted_on"))?;
    let balance = StockBalance {
        item,
        plant: plant.clone(),
        storeroom: fields.needed("storeroom")?,
        bin: fields.needed("bin")?,
        unit: fields.unit("unit")?,
        on_hand: fields
            .decimal("on_hand")?
            .ok_or_else(|| missing("on_hand"))?,
        hard_reserved: fields.decimal("hard_reserved")?.unwrap_or(Decimal::ZERO),
        soft_reserved: fields.decimal("soft_reserved")?.unwrap_or(Decimal::ZERO),
        reorder_point: fields.decimal("reorder_point")?,
        // A day says no hour: its first moment, so that the figure never looks younger than it is.
        as_of: Timestamp::min(on.start(), context.now),
        includes: Vec::new(),
    };
    let id = format!("{item}/{}/{}", balance.storeroom, balance.bin);
    let feed = Feed::Stock(plant.clone());
    let mut brought = Brought::master(id, plant.clone(), feed, Row::Stock(balance));
    brought.on = Some(on);
    // A plant that stocks an item has it in its feed.
    if let Some(item) = core.erp_item(item)? {
        brought.rows.push((Feed::Items(plant), Row::Item(item)));
    }
    Ok(brought)
}
