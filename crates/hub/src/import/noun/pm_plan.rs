//! Maintenance plans: what calls preventive work, and on which assets.

use fettle_domain::PmPlanId;
use fettle_domain::feed::Feed;
use fettle_domain::pm_plan::{PmPlan, Trigger};
use fettle_domain::row::Row;

use super::super::context::{Context, JudgeFault};
use super::super::fields::Fields;
use super::super::intake::RowFault;
use super::{Brought, Field, coded, is_flag, is_plant, maybe, needed};
use crate::core::Core;

pub(super) const FIELDS: &[Field] = &[
    coded("plant", true, is_plant),
    needed("code"),
    needed("name"),
    needed("assets"),
    maybe("every_days"),
    coded("is_floating", false, is_flag),
    maybe("every_meter"),
    maybe("meter_unit"),
    maybe("tolerance_days"),
    maybe("job_plan"),
    maybe("next_due"),
];

pub(super) fn read(
    fields: &Fields<'_>,
    context: &mut Context<'_>,
    core: Core<'_>,
) -> Result<Brought, JudgeFault> {
    let plant = fields.plant()?;
    let code = fields.needed("code")?;
    let mut assets = Vec::new();
    for tag in fields.list("assets")? {
        assets.push(context.needed_machine(core, &plant, tag)?.id);
    }
    if assets.is_empty() {
        return Err(RowFault::Missing("assets".to_owned()).into());
    }
    let id = PmPlanId(fields.id("pm_plan", &format!("{plant}/{code}")));
    let plan = PmPlan {
        id,
        external_ids: fields.external("pm_plan", &code),
        plant: plant.clone(),
        code,
        name: fields.needed("name")?,
        assets,
        triggers: triggers(fields)?,
        tolerance_days: fields.whole("tolerance_days")?,
        job_plan: fields.word("job_plan")?,
        next_due: fields.day("next_due")?,
    };
    let feed = Feed::Assets(plant.clone());
    Ok(Brought::master(
        id.to_string(),
        plant,
        feed,
        Row::PmPlan(plan),
    ))
}

/// A plan that nothing calls is none.
fn triggers(fields: &Fields<'_>) -> Result<Vec<Trigger>, RowFault> {
    let mut triggers = Vec::new();
    if let Some(every_days) = fields.whole("every_days")? {
        triggers.push(Trigger::Time {
            every_days,
            is_floating: fields.flag("is_floating")?,
        });
    }
    if let Some(every) = fields.decimal("every_meter")? {
        triggers.push(Trigger::Meter {
            every,
            unit: fields.unit("meter_unit")?,
        });
    }
    if triggers.is_empty() {
        return Err(RowFault::Missing("every_days".to_owned()));
    }
    Ok(triggers)
}
