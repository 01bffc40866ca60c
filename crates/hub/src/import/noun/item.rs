//! Items. One that the ERP has already comes into the plant's feed as the ERP states it.

use fettle_domain::ItemId;
use fettle_domain::feed::Feed;
use fettle_domain::item::{AbcClass, Item, ItemCriticality};
use fettle_domain::row::Row;

use super::super::context::JudgeFault;
use super::super::fields::Fields;
use super::{Brought, Field, coded, is_code, is_flag, is_plant, maybe, needed};
use crate::core::{Core, StoreFault};

pub(super) const FIELDS: &[Field] = &[
    coded("plant", true, is_plant),
    needed("number"),
    needed("description"),
    needed("unit"),
    maybe("manufacturer"),
    maybe("part_number"),
    maybe("class"),
    coded("criticality", false, is_code::<ItemCriticality>),
    maybe("lead_time_days"),
    coded("is_inactive", false, is_flag),
    coded("abc", false, is_code::<AbcClass>),
    maybe("substitutes"),
    maybe("superseded_by"),
];

pub(super) fn read(fields: &Fields<'_>, core: Core<'_>) -> Result<Brought, JudgeFault> {
    let plant = fields.plant()?;
    let number = fields.needed("number")?;
    let id = core.item_of_number(&number)?;
    let of = |numbers: Vec<String>| -> Result<Vec<ItemId>, StoreFault> {
        let ids = numbers.iter().map(|number| core.item_of_number(number));
        ids.collect()
    };
    let stated = Item {
        id,
        external_ids: fields.external("item", &number),
        number,
        description: fields.needed("description")?,
        manufacturer: fields.word("manufacturer")?.unwrap_or_default(),
        part_number: fields.word("part_number")?.unwrap_or_default(),
        unit: fields.unit("unit")?,
        class: fields.word("class")?.unwrap_or_default(),
        criticality: fields.code("criticality")?,
        lead_time_days: fields.whole("lead_time_days")?,
        is_inactive: fields.flag("is_inactive")?,
        abc: fields.code("abc")?,
        substitutes: of(fields.list("substitutes")?)?,
        superseded_by: of(fields.word("superseded_by")?.into_iter().collect())?.pop(),
    };
    let held = core.erp_item(id)?;
    let remarks = match &held {
        Some(_) => vec!["the ERP has it, so it stands as the ERP states it".to_owned()],
        None => Vec::new(),
    };
    let item = held.unwrap_or(stated);
    let feed = Feed::Items(plant.clone());
    Ok(Brought {
        remarks,
        ..Brought::master(id.to_string(), plant, feed, Row::Item(item))
    })
}
