//! Assets. One that the CMMS has already stands as the CMMS states it.

use fettle_domain::asset::{Asset, AssetStatus};
use fettle_domain::feed::Feed;
use fettle_domain::location::Criticality;
use fettle_domain::row::Row;
use fettle_domain::{AssetId, PlantId};

use super::super::context::{Context, JudgeFault};
use super::super::fields::Fields;
use super::{Brought, Field, coded, is_area, is_code, is_plant, maybe, needed};
use crate::core::Core;

pub(super) const FIELDS: &[Field] = &[
    coded("plant", true, is_plant),
    coded("area", true, is_area),
    needed("tag"),
    needed("name"),
    needed("class"),
    coded("criticality", true, is_code::<Criticality>),
    coded("status", false, is_code::<AssetStatus>),
    maybe("location"),
    maybe("parent"),
    maybe("manufacturer"),
    maybe("model"),
    maybe("serial"),
];

pub(super) fn read(
    fields: &Fields<'_>,
    context: &mut Context<'_>,
    core: Core<'_>,
) -> Result<Brought, JudgeFault> {
    let plant = fields.plant()?;
    let tag = fields.needed("tag")?;
    let mut remarks = Vec::new();
    let location = match fields.word("location")? {
        None => None,
        Some(code) => {
            let location = context.location(core, &plant, &code)?;
            if location.is_none() {
                remarks.push(format!("there is no location {code:?}, it is left out"));
            }
            location
        }
    };
    // A parent may stand further down in the file; the id is the same then.
    let parent = match fields.word("parent")? {
        None => None,
        Some(tag) => Some(id_of(fields, context, core, &plant, &tag)?),
    };
    let id = id_of(fields, context, core, &plant, &tag)?;
    let asset = Asset {
        id,
        external_ids: fields.external("asset", &tag),
        plant: plant.clone(),
        area: fields.area()?,
        tag,
        name: fields.needed("name")?,
        class: fields.needed("class")?,
        location,
        parent,
        manufacturer: fields.word("manufacturer")?.unwrap_or_default(),
        model: fields.word("model")?.unwrap_or_default(),
        serial: fields.word("serial")?.unwrap_or_default(),
        criticality: fields.needed_code("criticality")?,
        status: fields.code("status")?,
    };
    let feed = Feed::Assets(plant.clone());
    Ok(Brought {
        remarks,
        ..Brought::master(id.to_string(), plant, feed, Row::Asset(asset))
    })
}

/// The asset the plant has under the tag, or the one this mapping makes for it.
fn id_of(
    fields: &Fields<'_>,
    context: &mut Context<'_>,
    core: Core<'_>,
    plant: &PlantId,
    tag: &str,
) -> Result<AssetId, JudgeFault> {
    let held = context.machine(core, plant, tag)?;
    let made = || AssetId(fields.id("asset", &format!("{plant}/{tag}")));
    Ok(held.map_or_else(made, |held| held.id))
}
