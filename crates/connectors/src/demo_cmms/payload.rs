//! The built-in CMMS's payloads as they are read, and their conversion.

use fettle_domain::effect::Reference;
use fettle_domain::plant::{Area, Neighbour};
use fettle_domain::work_order::{Permit, Priority, Recorded, StepKind};
use fettle_domain::{AreaId, Decimal, PlantId, Quantity, Timestamp};
use serde::Deserialize;

use super::code;
use crate::master::{AssetRecord, LocationRecord, PersonRecord, PlantRecord};
use crate::order::{OrderRecord, PartLineRecord, StepRecord, TaskRecord};

#[derive(Deserialize)]
pub(super) struct List<P> {
    pub(super) member: Vec<P>,
    pub(super) nextchange: i64,
    pub(super) more: bool,
}

/// Answer to a search by reference.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) member: Vec<Key>,
}

/// Number of what was created or found: each kind of document names it in its own way.
#[derive(Deserialize)]
pub(super) struct Key {
    transid: Option<String>,
    plannum: Option<String>,
    lognum: Option<String>,
    wonum: Option<String>,
}

impl Key {
    /// A log line and a change also name their order, so they are asked for first.
    pub(super) fn number(self) -> Option<String> {
        self.transid.or(self.plannum).or(self.lognum).or(self.wonum)
    }
}

/// Number in the answer to a creation.
pub(super) fn number_of(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Key>(body).ok()?.number()
}

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(rename = "Error")]
    error: ErrorDetail,
}

#[derive(Deserialize)]
struct ErrorDetail {
    #[serde(rename = "reasonCode")]
    reason_code: String,
    message: String,
}

/// Code and message of a refusal.
pub(super) fn read_error(body: &[u8]) -> Option<(String, String)> {
    let body: ErrorBody = serde_json::from_slice(body).ok()?;
    Some((body.error.reason_code, body.error.message))
}

#[derive(Deserialize)]
pub(super) struct Site {
    siteid: String,
    description: String,
    currency: String,
    timezone: String,
    sectors: Vec<Sector>,
    neighbours: Vec<SiteNeighbour>,
}

#[derive(Deserialize)]
struct Sector {
    sector: String,
    description: String,
}

#[derive(Deserialize)]
struct SiteNeighbour {
    siteid: String,
    transitmin: u32,
}

impl TryFrom<Site> for PlantRecord {
    type Error = String;

    fn try_from(site: Site) -> Result<Self, String> {
        let areas = site.sectors.into_iter().map(|sector| {
            Ok(Area {
                id: area_id(sector.sector)?,
                name: sector.description,
            })
        });
        let neighbours = site.neighbours.into_iter().map(|neighbour| {
            let plant = plant_id(neighbour.siteid)?;
            Ok(Neighbour {
                plant,
                transit_minutes: neighbour.transitmin,
            })
        });
        Ok(Self {
            areas: areas.collect::<Result<_, String>>()?,
            neighbours: neighbours.collect::<Result<_, String>>()?,
            code: plant_id(site.siteid)?,
            name: site.description,
            currency: site.currency,
            time_zone: site.timezone,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Location {
    location: String,
    siteid: String,
    sector: String,
    description: String,
    parent: Option<String>,
    criticality: String,
    glaccount: Option<String>,
}

impl TryFrom<Location> for LocationRecord {
    type Error = String;

    fn try_from(location: Location) -> Result<Self, String> {
        Ok(Self {
            key: location.location,
            plant: plant_id(location.siteid)?,
            area: area_id(location.sector)?,
            name: location.description,
            parent: location.parent,
            criticality: code::criticality_of(&location.criticality)?,
            cost_centre: location.glaccount,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Asset {
    assetnum: String,
    tag: String,
    siteid: String,
    sector: String,
    description: String,
    classcode: String,
    location: Option<String>,
    parent: Option<String>,
    manufacturer: String,
    model: String,
    serialnum: String,
    criticality: String,
    status: Option<String>,
}

impl TryFrom<Asset> for AssetRecord {
    type Error = String;

    fn try_from(asset: Asset) -> Result<Self, String> {
        Ok(Self {
            key: asset.assetnum,
            plant: plant_id(asset.siteid)?,
            area: area_id(asset.sector)?,
            tag: asset.tag,
            name: asset.description,
            class: asset.classcode,
            location: asset.location,
            parent: asset.parent,
            manufacturer: asset.manufacturer,
            model: asset.model,
            serial: asset.serialnum,
            criticality: code::criticality_of(&asset.criticality)?,
            status: asset
                .status
                .as_deref()
                .map(code::asset_status_of)
                .transpose()?,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Labor {
    laborcode: String,
    loginid: String,
    displayname: String,
    craft: String,
    siteid: String,
    crewid: Option<String>,
    groups: Vec<String>,
    active: bool,
}

impl TryFrom<Labor> for PersonRecord {
    type Error = String;

    fn try_from(labor: Labor) -> Result<Self, String> {
        Ok(Self {
            employee_number: labor.laborcode,
            account: labor.loginid,
            name: labor.displayname,
            craft: labor.craft,
            plant: plant_id(labor.siteid)?,
            crew: labor.crewid,
            roles: labor
                .groups
                .iter()
                .filter_map(|group| code::role_of(group))
                .collect(),
            is_disabled: !labor.active,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct WorkOrder {
    wonum: String,
    siteid: String,
    sector: String,
    description: String,
    #[serde(default)]
    description_longdescription: String,
    worktype: String,
    status: String,
    wopriority: u8,
    assetnum: Option<String>,
    location: Option<String>,
    glaccount: Option<String>,
    jpnum: Option<String>,
    jprevision: Option<u32>,
    crewid: Option<String>,
    #[serde(default)]
    assignments: Vec<String>,
    planner: Option<String>,
    targstartdate: Option<Timestamp>,
    targcompdate: Option<Timestamp>,
    schedstart: Option<Timestamp>,
    schedfinish: Option<Timestamp>,
    actstart: Option<Timestamp>,
    actfinish: Option<Timestamp>,
    downsince: Option<Timestamp>,
    #[serde(default)]
    permits: Vec<WorkPermit>,
    #[serde(default)]
    woactivity: Vec<Activity>,
    #[serde(default)]
    wpmaterial: Vec<PlannedPart>,
    failurereport: Option<FailureReport>,
    externalrefid: Option<String>,
    changedate: Timestamp,
    #[serde(rename = "_rowstamp")]
    rowstamp: String,
}

/// What was found and done, in the words of the code tables there.
#[derive(Deserialize)]
struct FailureReport {
    failuremode: Option<String>,
    subsystem: Option<String>,
    component: Option<String>,
    remedy: Option<String>,
    position: Option<String>,
}

#[derive(Deserialize)]
struct WorkPermit {
    permitnum: String,
    kind: String,
    validto: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Activity {
    taskid: u32,
    description: String,
    craft: String,
    estdurmin: u32,
    quantity: u32,
    #[serde(default)]
    checklist: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    line: u32,
    description: String,
    kind: String,
    measureunit: Option<String>,
    lowerlimit: Option<Decimal>,
    upperlimit: Option<Decimal>,
}

#[derive(Deserialize)]
struct PlannedPart {
    line: u32,
    itemnum: String,
    itemqty: Decimal,
    orderunit: String,
    requiredate: Option<Timestamp>,
    #[serde(default)]
    critical: bool,
}

impl TryFrom<WorkOrder> for OrderRecord {
    type Error = String;

    fn try_from(order: WorkOrder) -> Result<Self, String> {
        let number = order.wonum;
        let recorded = order.failurereport.map(|report| Recorded {
            kind: Some(order.worktype.clone()),
            status: Some(order.status.clone()),
            location: order.location.clone(),
            ..recorded(report)
        });
        let in_order = |what: String| format!("order {number}: {what}");
        let tasks: Result<_, String> = order
            .woactivity
            .into_iter()
            .map(|activity| task(&number, activity))
            .collect();
        let parts = order
            .wpmaterial
            .into_iter()
            .map(|part| part_line(&number, part))
            .collect();
        Ok(Self {
            row_stamp: order.rowstamp,
            reference: order.externalrefid.map(Reference),
            plant: plant_id(order.siteid).map_err(in_order)?,
            area: area_id(order.sector).map_err(in_order)?,
            title: order.description,
            description: order.description_longdescription,
            // This system keeps instructions in the texts of its operations.
            instructions: String::new(),
            kind: code::kind_of(&order.worktype).map_err(in_order)?,
            status: code::status_of(&order.status).map_err(in_order)?,
            priority: Some(Priority::clamped(order.wopriority)),
            asset: order.assetnum,
            location: order.location,
            cost_centre: order.glaccount,
            job_plan: job_plan(order.jpnum, order.jprevision),
            crew: order.crewid,
            assignees: order.assignments,
            planner: order.planner,
            required_start: order.targstartdate,
            required_finish: order.targcompdate,
            scheduled_start: order.schedstart,
            scheduled_finish: order.schedfinish,
            actual_start: order.actstart,
            actual_finish: order.actfinish,
            permits: order.permits.into_iter().map(Into::into).collect(),
            down_since: order.downsince,
            tasks: tasks.map_err(in_order)?,
            part_lines: parts,
            recorded,
            changed: order.changedate,
            number,
        })
    }
}

fn recorded(report: FailureReport) -> Recorded {
    Recorded {
        mode: report.failuremode,
        system: report.subsystem,
        part: report.component,
        action: report.remedy,
        position: report.position,
        ..Recorded::default()
    }
}

fn job_plan(number: Option<String>, revision: Option<u32>) -> Option<String> {
    let number = number?;
    Some(match revision {
        Some(revision) => format!("{number}, rev {revision}"),
        None => number,
    })
}

impl From<WorkPermit> for Permit {
    fn from(permit: WorkPermit) -> Self {
        Self {
            number: permit.permitnum,
            kind: permit.kind,
            ends: permit.validto,
        }
    }
}

/// Operations, checklist lines and parts are numbered within their order only; a key names all.
fn task(order: &str, activity: Activity) -> Result<TaskRecord, String> {
    let key = format!("{order}/{}", activity.taskid);
    let steps = activity
        .checklist
        .into_iter()
        .map(|check| step(&key, check));
    Ok(TaskRecord {
        number: activity.taskid,
        text: activity.description,
        craft: activity.craft,
        planned_minutes: activity.estdurmin,
        headcount: activity.quantity,
        predecessor: None,
        steps: steps.collect::<Result<_, String>>()?,
        key,
    })
}

fn step(task: &str, check: Check) -> Result<StepRecord, String> {
    let kind = match check.kind.as_str() {
        "CHECK" => StepKind::Tick,
        "REMARK" => StepKind::Text,
        "MEASURE" => StepKind::Value {
            unit: code::unit_of(check.measureunit.as_deref().unwrap_or_default()),
            lower: check.lowerlimit,
            upper: check.upperlimit,
        },
        other => return Err(format!("checklist line of kind {other:?}")),
    };
    let key = format!("{task}/{}", check.line);
    Ok(StepRecord {
        key,
        position: check.line,
        text: check.description,
        kind,
    })
}

fn part_line(order: &str, part: PlannedPart) -> PartLineRecord {
    PartLineRecord {
        key: format!("{order}/part/{}", part.line),
        item: part.itemnum,
        quantity: Quantity {
            value: part.itemqty,
            unit: code::unit_of(&part.orderunit),
        },
        need_date: part.requiredate,
        is_critical: part.critical,
        // This system does not know substitutes.
        is_substitute_allowed: false,
    }
}

fn plant_id(code: String) -> Result<PlantId, String> {
    PlantId::new(code).map_err(|bad| format!("siteid {:?}", bad.0))
}

fn area_id(code: String) -> Result<AreaId, String> {
    AreaId::new(code).map_err(|bad| format!("sector {:?}", bad.0))
}
