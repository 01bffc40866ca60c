//! A work order of a job, with the words of whoever raised and finished it.

use fettle_domain::{Decimal, Timestamp};

use super::super::orders::check;
use super::super::{Activity, DAY_MS, Dice, FailureReport, HOUR_MS, PlannedPart, WorkOrder};
use super::asset::Machine;
use super::class::{Failure, Plan};
use super::job::{Cause, Job};
use super::{Company, family, plant, words};

/// The first number of the demonstration; grown orders have the numbers before it.
const NUMBERS_END: usize = super::super::orders::FIRST_NUMBER;

/// The order of a job.
pub(super) fn order(company: &Company, index: usize) -> WorkOrder {
    let job = &company.jobs[index];
    let machine = &company.machines[job.machine];
    let mut dice = Dice::of(
        company.seed,
        "order",
        machine.place.serial << 40 | job.serial,
    );
    let told = words::tell(&mut dice, machine, job);
    let minutes = match job.cause {
        Cause::Failure(failure) => dice.quarters(failure.minutes),
        Cause::Plan(plan) => u64::from(plan.minutes) * (70 + dice.below(70)) / 100,
    };
    let minutes_ms = i64::try_from(minutes).unwrap_or(0) * 60_000;
    let status = status(&mut dice, job, company.midnight);
    let is_done = matches!(status, "COMP" | "CLOSE");
    let is_planned = is_done || matches!(status, "SCHD" | "DISPATCHED" | "INPRG");
    let started = job.finished.plus_ms(-minutes_ms);
    let due = due(job);
    let technician = technician(&mut dice, machine, job);
    let crew = plant::craft(technician).1;
    let number = NUMBERS_END + index - company.jobs.len();
    WorkOrder {
        wonum: number.to_string(),
        description: told.short,
        description_longdescription: told.long,
        siteid: machine.asset.siteid.clone(),
        sector: machine.asset.sector.clone(),
        assetnum: Some(machine.asset.assetnum.clone()),
        location: Some(machine.asset.location.clone()),
        worktype: worktype(&mut dice, job).to_owned(),
        wopriority: job.priority,
        status: status.to_owned(),
        glaccount: Some(machine.cost_centre.clone()),
        jpnum: plan_of(job).map(|plan| plan.number.to_owned()),
        jprevision: plan_of(job).map(|_| 1),
        crewid: Some(crew.to_owned()),
        assignments: if is_planned {
            vec![plant::laborcode(machine.place.serial, technician)]
        } else {
            Vec::new()
        },
        planner: Some(plant::planner(&machine.place, technician)),
        targstartdate: Some(due.plus_ms(-minutes_ms)),
        targcompdate: Some(due),
        schedstart: is_planned.then_some(started),
        schedfinish: is_planned.then_some(job.finished),
        actstart: (is_done || status == "INPRG").then_some(if is_done {
            started
        } else {
            company.midnight.plus_ms(-HOUR_MS)
        }),
        actfinish: is_done.then_some(job.finished),
        downsince: None,
        permits: Vec::new(),
        woactivity: vec![activity(job, crew, minutes)],
        wpmaterial: parts(company, &mut dice, job, due),
        failurereport: is_done.then_some(told.report),
    }
}

fn plan_of(job: &Job) -> Option<&'static Plan> {
    match job.cause {
        Cause::Plan(plan) => Some(plan),
        Cause::Failure(_) => None,
    }
}

fn worktype(dice: &mut Dice, job: &Job) -> &'static str {
    match job.cause {
        Cause::Plan(plan) => plan.kind,
        Cause::Failure(_) if job.priority == 1 && dice.chance(700) => "EM",
        Cause::Failure(_) if dice.chance(15) => "REF",
        Cause::Failure(_) => "CM",
    }
}

/// Where an order stands by its age and by when it will be finished.
fn status(dice: &mut Dice, job: &Job, midnight: Timestamp) -> &'static str {
    let since = |moment: Timestamp| midnight.as_ms() - moment.as_ms();
    if job.finished < midnight {
        return match since(job.finished) {
            _ if job.is_cancelled => "CAN",
            ms if ms < 7 * DAY_MS && dice.chance(500) => "COMP",
            _ => "CLOSE",
        };
    }
    let may_be: &[&str] = match -since(job.finished) {
        ms if ms < 12 * HOUR_MS => &["INPRG", "DISPATCHED"],
        ms if ms < 4 * DAY_MS => &["SCHD", "SCHD", "DISPATCHED", "WMATL"],
        ms if ms < 14 * DAY_MS => &["WSCH", "WMATL", "APPR", "SCHD"],
        _ => &["WAPPR", "APPR", "WMATL", "WSCH"],
    };
    may_be[dice.roll(may_be.len())]
}

/// When it had to be finished: by its priority, or by its plan.
fn due(job: &Job) -> Timestamp {
    let days = match (job.cause, job.priority) {
        (Cause::Plan(_), _) => 35,
        (_, 1) => 1,
        (_, 2) => 5,
        (_, 3) => 21,
        _ => 60,
    };
    job.raised.plus_ms(days * DAY_MS)
}

/// Serial of who did it or has it: a craft that fits.
fn technician(dice: &mut Dice, machine: &Machine, job: &Job) -> u64 {
    let craft = match job.cause {
        Cause::Plan(plan) => plan.craft,
        Cause::Failure(failure) => craft_of(failure, machine),
    };
    let count = plant::technicians(&machine.place);
    let first = dice.below(count);
    (0..count)
        .map(|step| (first + step) % count)
        .find(|serial| plant::craft(*serial).0 == craft)
        .unwrap_or(first)
}

fn craft_of(failure: &Failure, machine: &Machine) -> &'static str {
    match (failure.material, machine.class.code) {
        (Some("INSTRUMENT"), _) | (_, "IP") => "Instruments",
        (Some("ELECTRIC" | "CABLE"), _) | (_, "SG") => "Electrical",
        _ => "Mechanical",
    }
}

fn activity(job: &Job, crew: &str, minutes: u64) -> Activity {
    let craft = if crew.starts_with("MEC") {
        "Mechanical"
    } else if crew.starts_with("ELE") {
        "Electrical"
    } else if crew.starts_with("INS") {
        "Instruments"
    } else {
        "Lubrication"
    };
    let (description, estdurmin, lines) = match job.cause {
        Cause::Plan(plan) => (plan.title, plan.minutes, plan.lines),
        // Planned in quarters of an hour.
        Cause::Failure(_) => (
            "Repair",
            u32::try_from(minutes.div_ceil(15) * 15).unwrap_or(60),
            [].as_slice(),
        ),
    };
    Activity {
        taskid: 10,
        description: description.to_owned(),
        craft: craft.to_owned(),
        estdurmin,
        quantity: 1,
        checklist: (10..)
            .step_by(10)
            .zip(lines)
            .map(|(line, &(text, measure))| check(line, text, measure))
            .collect(),
    }
}

/// Planned parts: of the material group the work needs, from what the world has.
fn parts(company: &Company, dice: &mut Dice, job: &Job, due: Timestamp) -> Vec<PlannedPart> {
    let (group, chance) = match job.cause {
        Cause::Failure(failure) => (failure.material, 450),
        Cause::Plan(plan) => (plan.material, 900),
    };
    let Some(group) = group.filter(|_| dice.chance(chance)) else {
        return Vec::new();
    };
    let Some(index) = family::pick(dice, group, company.catalogue.items) else {
        return Vec::new();
    };
    let quantity = i64::try_from(1 + dice.quarters([0, 0, 0, 1, 4])).unwrap_or(1);
    vec![PlannedPart {
        line: 1,
        itemnum: family::number(index),
        itemqty: Decimal::from(quantity),
        orderunit: family::family(index).0.unit.to_owned(),
        requiredate: Some(due),
        critical: job.priority <= 2,
    }]
}

/// What the record says of it once it is done.
pub(super) fn report(
    cause: Cause,
    (part, remedy, position): (&str, &str, Option<&str>),
) -> FailureReport {
    let text = |word: &str| Some(word.to_owned());
    match cause {
        Cause::Failure(failure) => FailureReport {
            failuremode: text(failure.mode),
            subsystem: text(failure.system),
            component: text(part),
            remedy: text(remedy),
            position: position.map(str::to_owned),
        },
        Cause::Plan(_) => FailureReport {
            failuremode: None,
            subsystem: None,
            component: None,
            remedy: text(remedy),
            position: None,
        },
    }
}
