//! Work orders: history, sealed from the start.
//!
//! What the file says stands in [`Recorded`] in its own words; what it does not say is absent. Of a
//! field that names several the first one is taken where the mapping says so (`first_named`), and
//! all of it stands in the description. System and part keep every word: a page counts an order for
//! the system named first and a failure for each that is named.

use fettle_domain::feed::Feed;
use fettle_domain::price::{CostElement, ElementCost, OrderCost};
use fettle_domain::row::Row;
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus};
use fettle_domain::work_order::{
    Recorded, SealedOrder, Status, WorkOrderContent, WorkOrderRow, WorkOrderType,
};
use fettle_domain::{ExternalId, WorkOrderId};

use super::super::context::{Context, JudgeFault};
use super::super::fields::Fields;
use super::super::intake::RowFault;
use super::{Brought, Field, coded, is_code, is_currency, is_plant, maybe, needed};
use crate::core::{Core, id_of_file};

pub(super) const FIELDS: &[Field] = &[
    coded("plant", true, is_plant),
    needed("asset"),
    needed("title"),
    coded("type", true, is_code::<WorkOrderType>),
    coded("status", true, is_ended),
    maybe("date"),
    maybe("number"),
    maybe("description"),
    maybe("cost"),
    coded("currency", false, is_currency),
    maybe("cost_centre"),
    maybe("system"),
    maybe("part"),
    maybe("action"),
    maybe("mode"),
    maybe("position"),
    maybe("location"),
];

/// Fields of which the description keeps all words, when only the first were taken.
const KEPT: [&str; 5] = ["system", "part", "action", "mode", "position"];

/// Open work is created in the CMMS, where it is planned; a file brings what is over.
fn is_ended(word: &str) -> bool {
    serde_json::from_value::<Status>(serde_json::Value::from(word)).is_ok_and(Status::is_ended)
}

pub(super) fn read(
    fields: &Fields<'_>,
    context: &mut Context<'_>,
    core: Core<'_>,
) -> Result<Brought, JudgeFault> {
    let plant = fields.plant()?;
    let machine = context.needed_machine(core, &plant, fields.needed("asset")?)?;
    let status: Status = fields.needed_code("status")?;
    let kind: WorkOrderType = fields.needed_code("type")?;
    let title = fields.needed("title")?;
    let cost = fields.money("cost")?;
    let recorded = recorded(fields, context)?;
    let id = id_of(fields);
    // Places are noted last: those of a refused row are nobody's.
    let spelling = recorded.location.as_deref();
    let place =
        spelling.and_then(|spelling| context.places.note(fields.mapping, &machine, spelling));
    let feed = Feed::Work(plant.clone(), machine.area.clone());
    let on = recorded.on;
    let row = WorkOrderRow {
        id,
        external_ids: vec![ExternalId {
            value: fields.reference.0.clone(),
            ..fields.external("row", "").remove(0)
        }],
        number: fields.word("number")?,
        local_reference: None,
        plant: plant.clone(),
        area: machine.area,
        title,
        kind,
        status: OfficialStatus {
            status,
            revision: 1,
            // Nothing of it is on its way to anybody.
            cmms: CmmsAnswer::Accepted,
        },
        asset: Some(machine.id),
        location: place.or(machine.location),
        cost_centre: fields.word("cost_centre")?,
        job_plan: None,
        crew: None,
        assignees: Vec::new(),
        planner: None,
        scheduled_start: None,
        scheduled_finish: None,
        permits: Vec::new(),
        down_since: None,
        changed: context.now,
    };
    let sealed = SealedOrder {
        order: id,
        content: WorkOrderContent {
            description: description(fields)?,
            ..WorkOrderContent::default()
        },
        recorded: Some(recorded),
        heads: Vec::new(),
    };
    let minor = cost.as_ref().map(|cost| cost.minor);
    let mut rows = vec![
        (feed.clone(), Row::WorkOrder(row)),
        (feed, Row::Sealed(Box::new(sealed))),
    ];
    if let Some(actual) = cost {
        let cost = OrderCost {
            order: id,
            plant: plant.clone(),
            elements: vec![ElementCost {
                element: CostElement::Unsplit,
                planned: None,
                actual,
            }],
            as_of: context.now,
        };
        rows.push((Feed::Costs(plant.clone()), Row::Cost(cost)));
    }
    Ok(Brought {
        id: id.to_string(),
        plant,
        rows,
        is_fact: true,
        on,
        cost: minor,
        tag: Some(machine.tag),
        remarks: Vec::new(),
    })
}

/// Rests on mapping name, content and occurrence number: the same row is the same order.
fn id_of(fields: &Fields<'_>) -> WorkOrderId {
    let Fields {
        mapping, reference, ..
    } = fields;
    WorkOrderId(id_of_file(&mapping.name, "work_order", &reference.0))
}

fn recorded(fields: &Fields<'_>, context: &Context<'_>) -> Result<Recorded, RowFault> {
    let said = |field: &str| {
        fields
            .said(field)
            .map(|word| word.replace(char::is_control, " "))
    };
    Ok(Recorded {
        import: Some(context.import),
        line: Some(fields.line),
        on: fields.day("date")?,
        kind: said("type"),
        status: said("status"),
        system: fields.word("system")?,
        part: fields.word("part")?,
        action: fields.word("action")?,
        mode: fields.word("mode")?,
        position: fields.word("position")?,
        location: said("location"),
    })
}

/// The long text of the file, and every word of a field of which only the first was taken.
fn description(fields: &Fields<'_>) -> Result<String, RowFault> {
    let mut lines: Vec<String> = fields
        .said("description")
        .map(str::to_owned)
        .into_iter()
        .collect();
    for field in KEPT {
        let sign = fields.mapping.first_named.get(field);
        let said = fields.said(field);
        if let (Some(sign), Some(said)) = (sign, said)
            && said.contains(sign.as_str())
        {
            lines.push(format!("{field}: {said}"));
        }
    }
    Ok(lines.join("\n"))
}
