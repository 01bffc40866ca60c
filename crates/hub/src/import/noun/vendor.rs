//! Vendors: whom a plant may buy from.

use fettle_domain::VendorId;
use fettle_domain::feed::Feed;
use fettle_domain::row::Row;
use fettle_domain::vendor::{Approved, Vendor};

use super::super::context::JudgeFault;
use super::super::fields::Fields;
use super::{Brought, Field, coded, is_flag, is_plant, maybe, needed};

pub(super) const FIELDS: &[Field] = &[
    coded("plant", true, is_plant),
    needed("code"),
    needed("name"),
    maybe("approved_for"),
    coded("is_blocked", false, is_flag),
    maybe("emergency_contact"),
];

pub(super) fn read(fields: &Fields<'_>) -> Result<Brought, JudgeFault> {
    let plant = fields.plant()?;
    let code = fields.needed("code")?;
    let id = VendorId(fields.id("vendor", &code));
    let approved = |class| Approved {
        plant: plant.clone(),
        class,
    };
    let classes = fields.list("approved_for")?;
    let vendor = Vendor {
        id,
        external_ids: fields.external("vendor", &code),
        code,
        name: fields.needed("name")?,
        approved_for: classes
            .into_iter()
            .map(|class| approved(Some(class)))
            .collect(),
        is_blocked: fields.flag("is_blocked")?,
        emergency_contact: fields.word("emergency_contact")?,
    };
    Ok(Brought::master(
        id.to_string(),
        plant.clone(),
        Feed::Vendors,
        Row::Vendor(vendor),
    ))
}
