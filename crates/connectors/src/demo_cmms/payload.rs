//! The built-in CMMS's payloads and their conversion.

use fettle_domain::plant::{Area, Neighbour};
use fettle_domain::work_order::{Permit, Priority, StepKind};
use fettle_domain::{AreaId, Decimal, PlantId, Quantity, Timestamp};
use serde::{Deserialize, Serialize};

use super::code;
use crate::master::{AssetRecord, LocationRecord, PersonRecord, PlantRecord};
use crate::order::{
    Fact, FactReport, NewOrder, NewPartLine, NewStep, NewTask, OrderRecord, PartLineRecord,
    StatusChange, StepRecord, TaskRecord,
};
use fettle_domain::effect::Reference;

#[derive(Deserialize)]
pub(super) struct List<P> {
    pub(super) member: Vec<P>,
    #[serde(rename = "responseInfo")]
    pub(super) response_info: ResponseInfo,
}

#[derive(Deserialize)]
pub(super) struct ResponseInfo {
    pub(super) cursor: String,
    pub(super) more: bool,
}

/// Answer to a search by reference.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) member: Vec<Key>,
}

#[derive(Deserialize)]
pub(super) struct Key {
    #[serde(alias = "wonum", alias = "transid", alias = "worklogid")]
    pub(super) number: String,
}

/// Number in the answer to a creation.
pub(super) fn number_of(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Key>(body)
        .ok()
        .map(|key| key.number)
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
    areas: Vec<SiteArea>,
    neighbors: Vec<Neighbor>,
}

#[derive(Deserialize)]
struct SiteArea {
    areaid: String,
    description: String,
}

#[derive(Deserialize)]
struct Neighbor {
    siteid: String,
    transitminutes: u32,
}

impl TryFrom<Site> for PlantRecord {
    type Error = String;

    fn try_from(site: Site) -> Result<Self, String> {
        let areas = site.areas.into_iter().map(|area| {
            Ok(Area {
                id: area_id(area.areaid)?,
                name: area.description,
            })
        });
        let neighbours = site.neighbors.into_iter().map(|neighbor| {
            let plant = plant_id(neighbor.siteid)?;
            Ok(Neighbour {
                plant,
                transit_minutes: neighbor.transitminutes,
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
    areaid: String,
    description: String,
    parent: Option<String>,
    abc: String,
    glaccount: Option<String>,
}

impl TryFrom<Location> for LocationRecord {
    type Error = String;

    fn try_from(location: Location) -> Result<Self, String> {
        Ok(Self {
            key: location.location,
            plant: plant_id(location.siteid)?,
            area: area_id(location.areaid)?,
            name: location.description,
            parent: location.parent,
            criticality: code::criticality_of(&location.abc)?,
            cost_centre: location.glaccount,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Asset {
    assetnum: String,
    assettag: String,
    siteid: String,
    areaid: String,
    description: String,
    classcode: String,
    location: Option<String>,
    parent: Option<String>,
    manufacturer: String,
    model: String,
    serialnum: String,
    abc: String,
    status: Option<String>,
}

impl TryFrom<Asset> for AssetRecord {
    type Error = String;

    fn try_from(asset: Asset) -> Result<Self, String> {
        Ok(Self {
            key: asset.assetnum,
            plant: plant_id(asset.siteid)?,
            area: area_id(asset.areaid)?,
            tag: asset.assettag,
            name: asset.description,
            class: asset.classcode,
            location: asset.location,
            parent: asset.parent,
            manufacturer: asset.manufacturer,
            model: asset.model,
            serial: asset.serialnum,
            criticality: code::criticality_of(&asset.abc)?,
            status: asset
                .status
                .as_deref()
                .map(code::asset_status_of)
                .transpose()?,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Person {
    personid: String,
    loginid: String,
    displayname: String,
    craft: String,
    siteid: String,
    crewid: Option<String>,
    groups: Vec<String>,
    status: String,
}

impl TryFrom<Person> for PersonRecord {
    type Error = String;

    fn try_from(person: Person) -> Result<Self, String> {
        Ok(Self {
            employee_number: person.personid,
            account: person.loginid,
            name: person.displayname,
            craft: person.craft,
            plant: plant_id(person.siteid)?,
            crew: person.crewid,
            roles: person
                .groups
                .iter()
                .filter_map(|group| code::role_of(group))
                .collect(),
            is_disabled: person.status != "ACTIVE",
        })
    }
}

#[derive(Deserialize)]
pub(super) struct WorkOrder {
    wonum: String,
    siteid: String,
    areaid: String,
    description: String,
    #[serde(default)]
    longdescription: String,
    #[serde(default)]
    instructions: String,
    worktype: String,
    status: String,
    wopriority: Option<u8>,
    assetnum: Option<String>,
    location: Option<String>,
    glaccount: Option<String>,
    jpnum: Option<String>,
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
    tasks: Vec<WoTask>,
    #[serde(default)]
    wpmaterial: Vec<Material>,
    externalrefid: Option<String>,
    changedate: Timestamp,
    #[serde(rename = "_rowstamp")]
    rowstamp: String,
}

#[derive(Deserialize)]
struct WorkPermit {
    permitnum: String,
    permittype: String,
    validto: Option<Timestamp>,
}

#[derive(Deserialize)]
struct WoTask {
    taskkey: String,
    taskid: u32,
    description: String,
    craft: String,
    estmins: u32,
    headcount: u32,
    predecessor: Option<String>,
    #[serde(default)]
    steps: Vec<TaskStep>,
}

#[derive(Deserialize)]
struct TaskStep {
    stepkey: String,
    seq: u32,
    description: String,
    #[serde(rename = "type")]
    kind: String,
    measureunit: Option<String>,
    lowerlimit: Option<Decimal>,
    upperlimit: Option<Decimal>,
}

#[derive(Deserialize)]
struct Material {
    linekey: String,
    itemnum: String,
    itemqty: Decimal,
    orderunit: String,
    requiredate: Option<Timestamp>,
    #[serde(default)]
    critical: bool,
    #[serde(default)]
    substitute: bool,
}

impl TryFrom<WorkOrder> for OrderRecord {
    type Error = String;

    fn try_from(order: WorkOrder) -> Result<Self, String> {
        let number = order.wonum;
        let in_order = |what: String| format!("order {number}: {what}");
        let tasks: Result<_, String> = order.tasks.into_iter().map(TryInto::try_into).collect();
        Ok(Self {
            row_stamp: order.rowstamp,
            reference: order.externalrefid.map(Reference),
            plant: plant_id(order.siteid).map_err(in_order)?,
            area: area_id(order.areaid).map_err(in_order)?,
            title: order.description,
            description: order.longdescription,
            instructions: order.instructions,
            kind: code::kind_of(&order.worktype).map_err(in_order)?,
            status: code::status_of(&order.status).map_err(in_order)?,
            priority: order.wopriority.map(Priority::clamped),
            asset: order.assetnum,
            location: order.location,
            cost_centre: order.glaccount,
            job_plan: order.jpnum,
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
            part_lines: order.wpmaterial.into_iter().map(Into::into).collect(),
            changed: order.changedate,
            number,
        })
    }
}

impl From<WorkPermit> for Permit {
    fn from(permit: WorkPermit) -> Self {
        Self {
            number: permit.permitnum,
            kind: permit.permittype,
            ends: permit.validto,
        }
    }
}

impl TryFrom<WoTask> for TaskRecord {
    type Error = String;

    fn try_from(task: WoTask) -> Result<Self, String> {
        Ok(Self {
            key: task.taskkey,
            number: task.taskid,
            text: task.description,
            craft: task.craft,
            planned_minutes: task.estmins,
            headcount: task.headcount,
            predecessor: task.predecessor,
            steps: task
                .steps
                .into_iter()
                .map(TryInto::try_into)
                .collect::<Result<_, String>>()?,
        })
    }
}

impl TryFrom<TaskStep> for StepRecord {
    type Error = String;

    fn try_from(step: TaskStep) -> Result<Self, String> {
        let kind = match step.kind.as_str() {
            "CHECK" => StepKind::Tick,
            "TEXT" => StepKind::Text,
            "MEASURE" => StepKind::Value {
                unit: code::unit_of(step.measureunit.as_deref().unwrap_or_default()),
                lower: step.lowerlimit,
                upper: step.upperlimit,
            },
            other => return Err(format!("step type {other:?}")),
        };
        Ok(Self {
            key: step.stepkey,
            position: step.seq,
            text: step.description,
            kind,
        })
    }
}

impl From<Material> for PartLineRecord {
    fn from(material: Material) -> Self {
        Self {
            key: material.linekey,
            item: material.itemnum,
            quantity: Quantity {
                value: material.itemqty,
                unit: code::unit_of(&material.orderunit),
            },
            need_date: material.requiredate,
            is_critical: material.critical,
            is_substitute_allowed: material.substitute,
        }
    }
}

#[derive(Serialize)]
pub(super) struct NewWorkOrder<'a> {
    externalrefid: &'a str,
    siteid: &'a str,
    areaid: &'a str,
    description: &'a str,
    longdescription: &'a str,
    worktype: &'static str,
    status: &'static str,
    wopriority: Option<u8>,
    assetnum: Option<&'a str>,
    location: Option<&'a str>,
    glaccount: Option<&'a str>,
    assignments: &'a [String],
    planner: Option<&'a str>,
    reportdate: Option<Timestamp>,
    targstartdate: Option<Timestamp>,
    targcompdate: Option<Timestamp>,
    actstart: Option<Timestamp>,
    actfinish: Option<Timestamp>,
    tasks: Vec<NewWoTask<'a>>,
    wpmaterial: Vec<NewMaterial<'a>>,
}

#[derive(Serialize)]
struct NewWoTask<'a> {
    taskid: u32,
    description: &'a str,
    craft: &'a str,
    estmins: u32,
    headcount: u32,
    steps: Vec<NewTaskStep<'a>>,
}

#[derive(Serialize)]
struct NewTaskStep<'a> {
    description: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    measureunit: Option<String>,
    lowerlimit: Option<Decimal>,
    upperlimit: Option<Decimal>,
}

#[derive(Serialize)]
struct NewMaterial<'a> {
    itemnum: &'a str,
    itemqty: Decimal,
    orderunit: String,
    critical: bool,
}

impl<'a> From<&'a NewOrder> for NewWorkOrder<'a> {
    fn from(order: &'a NewOrder) -> Self {
        Self {
            externalrefid: &order.reference.0,
            siteid: order.plant.as_str(),
            areaid: order.area.as_str(),
            description: &order.title,
            longdescription: &order.description,
            worktype: code::kind_word(order.kind),
            status: code::status_word(order.status),
            wopriority: order.priority.map(Priority::number),
            assetnum: order.asset.as_deref(),
            location: order.location.as_deref(),
            glaccount: order.cost_centre.as_deref(),
            assignments: &order.assignees,
            planner: order.planner.as_deref(),
            reportdate: order.reported,
            targstartdate: order.required_start,
            targcompdate: order.required_finish,
            actstart: order.actual_start,
            actfinish: order.actual_finish,
            tasks: order.tasks.iter().map(Into::into).collect(),
            wpmaterial: order.part_lines.iter().map(Into::into).collect(),
        }
    }
}

impl<'a> From<&'a NewTask> for NewWoTask<'a> {
    fn from(task: &'a NewTask) -> Self {
        Self {
            taskid: task.number,
            description: &task.text,
            craft: &task.craft,
            estmins: task.planned_minutes,
            headcount: task.headcount,
            steps: task.steps.iter().map(Into::into).collect(),
        }
    }
}

impl<'a> From<&'a NewStep> for NewTaskStep<'a> {
    fn from(step: &'a NewStep) -> Self {
        let description = &step.text;
        match &step.kind {
            StepKind::Tick => Self::plain(description, "CHECK"),
            StepKind::Text => Self::plain(description, "TEXT"),
            StepKind::Value { unit, lower, upper } => Self {
                description,
                kind: "MEASURE",
                measureunit: Some(code::unit_word(unit)),
                lowerlimit: *lower,
                upperlimit: *upper,
            },
        }
    }
}

impl<'a> NewTaskStep<'a> {
    fn plain(description: &'a str, kind: &'static str) -> Self {
        Self {
            description,
            kind,
            measureunit: None,
            lowerlimit: None,
            upperlimit: None,
        }
    }
}

impl<'a> From<&'a NewPartLine> for NewMaterial<'a> {
    fn from(line: &'a NewPartLine) -> Self {
        Self {
            itemnum: &line.item,
            itemqty: line.quantity.value,
            orderunit: code::unit_word(&line.quantity.unit),
            critical: line.is_critical,
        }
    }
}

#[derive(Serialize)]
pub(super) struct NewStatus<'a> {
    externalrefid: &'a str,
    status: &'static str,
    memo: Option<&'a str>,
    statusdate: Timestamp,
}

impl<'a> From<&'a StatusChange> for NewStatus<'a> {
    fn from(change: &'a StatusChange) -> Self {
        Self {
            externalrefid: &change.reference.0,
            status: code::status_word(change.to),
            memo: change.reason.as_deref(),
            statusdate: change.at,
        }
    }
}

/// A line of the work log; which fields it has depends on `logtype`.
#[derive(Serialize, Default)]
pub(super) struct NewWorkLog<'a> {
    externalrefid: &'a str,
    personid: Option<&'a str>,
    logdate: Timestamp,
    logtype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stepkey: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measurement: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measureunit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    laborcode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    taskkey: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labormins: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metername: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failuremode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mechanism: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
}

impl<'a> From<&'a FactReport> for NewWorkLog<'a> {
    fn from(report: &'a FactReport) -> Self {
        let line = Self {
            externalrefid: &report.reference.0,
            personid: report.person.as_deref(),
            logdate: report.at,
            ..Self::default()
        };
        match &report.fact {
            Fact::Step {
                step,
                is_done,
                value,
                unit,
                text,
            } => Self {
                logtype: "STEP",
                stepkey: Some(step),
                done: Some(*is_done),
                measurement: *value,
                measureunit: unit.as_ref().map(code::unit_word),
                description: text.as_deref(),
                ..line
            },
            Fact::Note { text } => Self {
                logtype: "NOTE",
                description: Some(text),
                ..line
            },
            Fact::Labour {
                kind,
                task,
                minutes,
            } => Self {
                logtype: "LABOR",
                laborcode: Some(code::labour_word(*kind)),
                taskkey: task.as_deref(),
                labormins: Some(*minutes),
                ..line
            },
            Fact::Reading { meter, value, unit } => Self {
                logtype: "METER",
                metername: Some(meter),
                measurement: Some(*value),
                measureunit: Some(code::unit_word(unit)),
                ..line
            },
            Fact::Failure {
                mode,
                mechanism,
                cause,
                remedy,
            } => Self {
                logtype: "FAILURE",
                failuremode: Some(mode),
                mechanism: mechanism.as_deref(),
                cause: cause.as_deref(),
                description: remedy.as_deref(),
                ..line
            },
        }
    }
}

fn plant_id(code: String) -> Result<PlantId, String> {
    PlantId::new(code).map_err(|bad| format!("siteid {:?}", bad.0))
}

fn area_id(code: String) -> Result<AreaId, String> {
    AreaId::new(code).map_err(|bad| format!("areaid {:?}", bad.0))
}
