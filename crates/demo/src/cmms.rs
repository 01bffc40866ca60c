//! The demo CMMS: its rules, without HTTP.
//!
//! | call | what it does |
//! |---|---|
//! | `GET /os/{site,location,asset,labor}?changedsince=&pagesize=` | masters changed since |
//! | `GET /os/wo?changedsince=&pagesize=` | orders changed since |
//! | `GET /os/wo?externalrefid=` | orders by external reference |
//! | `GET /os/wo/{wonum}` | one order |
//! | `POST /os/wo` | creates an order |
//! | `POST /os/wo/{wonum}/status` `{status, memo, externalrefid, statusdate}` | changes its status; `If-Match` row stamp |
//! | `POST /os/wo/{wonum}/plan` | changes fields of its plan; `If-Match` row stamp, which it needs |
//! | `POST /os/wo/{wonum}/worklog` | adds a fact under an external reference |
//! | `GET /os/statuschange?externalrefid=&wonum=` | changes of status by reference |
//! | `GET /os/planchange?externalrefid=&wonum=` | changes of the plan by reference |
//! | `GET /os/worklog?externalrefid=&wonum=` | facts by reference |
//! | `GET /admin/worklog`, `POST /admin/close/{wonum}` | for demonstrations and tests |
//! | `POST /admin/wo/{wonum}` `{field: value, …}` | what the office changes behind everybody's back: any field, whatever the status |
//!
//! Refusals: 409 `CLOSED_ORDER`, 409 `ILLEGAL_STATUS`, 412 `STALE_ROWSTAMP`, 428 `ROWSTAMP_NEEDED`,
//! 400 and 404.

mod office;
mod order;
mod plan;
mod worklog;

use std::path::Path;

use fettle_domain::Timestamp;
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::{self, Answer, Call, No, Page, Reply, Target, cmms_error, finish, ok};
use crate::table::{Side, counter, log, master};
use crate::world::{Company, Size, company};
use crate::{Clock, OpenError, store};

/// The demo CMMS over its own file.
pub struct Cmms {
    connection: Connection,
    clock: Clock,
}

impl Cmms {
    /// Opens a file, or memory when there is none; a new one is filled with the demonstration of
    /// `seed`.
    ///
    /// # Errors
    /// When the file cannot be opened, migrated or filled.
    pub fn open(file: Option<&Path>, seed: u64, clock: Clock) -> Result<Self, OpenError> {
        Self::open_grown(file, seed, Size::DEMONSTRATION, clock)
    }

    /// As [`Cmms::open`]; a new one is filled with a company of a size.
    ///
    /// # Errors
    /// When the file cannot be opened, migrated or filled.
    pub fn open_grown(
        file: Option<&Path>,
        seed: u64,
        size: Size,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let connection = store::open(file)?;
        let mut cmms = Self { connection, clock };
        if !counter::is_filled(&cmms.connection, Side::Cmms)? {
            cmms.fill(&company(seed, clock.now(), size))?;
        }
        Ok(cmms)
    }

    /// Answers a call by the rules of this system; a refusal changes nothing.
    pub fn handle(&mut self, call: &Call<'_>) -> Answer {
        let now = self.clock.now();
        let reply = self
            .connection
            .transaction()
            .map_err(No::from)
            .and_then(|transaction| {
                let answer = route(&transaction, call, now)?;
                transaction.commit()?;
                Ok(answer)
            });
        finish(reply, cmms_error)
    }

    /// Sets the clock (simulation, tests).
    #[cfg(feature = "faults")]
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    fn fill(&mut self, company: &Company) -> Result<(), rusqlite::Error> {
        let now = self.clock.now();
        let transaction = self.connection.transaction()?;
        let put =
            |kind, number: &str, body| master::put(&transaction, Side::Cmms, kind, number, &body);
        for site in company.sites() {
            put("site", &site.siteid, json!(site))?;
        }
        for location in company.locations() {
            put("location", &location.location, json!(location))?;
        }
        for asset in company.assets() {
            put("asset", &asset.assetnum, json!(asset))?;
        }
        for labor in company.people() {
            put("labor", &labor.laborcode, json!(labor))?;
        }
        for work_order in company.orders() {
            order::insert(&transaction, &work_order, None, now)?;
        }
        transaction.commit()
    }
}

/// A page of a list, with the change to go on from.
#[derive(Serialize)]
struct Members {
    member: Vec<Value>,
    nextchange: i64,
    more: bool,
}

fn members(rows: Vec<(i64, Value)>, page: Page) -> Reply {
    let nextchange = rows.last().map_or(page.since, |(change, _)| *change);
    let more = rows.len() == page.size;
    ok(&Members {
        member: rows.into_iter().map(|(_, body)| body).collect(),
        nextchange,
        more,
    })
}

fn route(connection: &Connection, call: &Call<'_>, now: Timestamp) -> Reply {
    let target = Target::read(call.target);
    match (call.method, target.path.as_slice()) {
        ("GET", ["os", kind @ ("site" | "location" | "asset" | "labor")]) => {
            let page = target.page("changedsince", "pagesize")?;
            members(master::changed(connection, Side::Cmms, kind, page)?, page)
        }
        ("GET", ["os", "wo"]) => order::list(connection, &target),
        ("GET", ["os", "wo", wonum]) => order::show(connection, wonum),
        ("POST", ["os", "wo"]) => order::create(connection, call, now),
        ("POST", ["os", "wo", wonum, "status"]) => {
            order::change_status(connection, wonum, call, now)
        }
        ("POST", ["os", "wo", wonum, "plan"]) => plan::change(connection, wonum, call, now),
        ("GET", ["os", "planchange"]) => plan::find(connection, &target),
        ("POST", ["os", "wo", wonum, "worklog"]) => worklog::add(connection, wonum, call, now),
        ("GET", ["os", "statuschange"]) => order::status_changes(connection, &target),
        ("GET", ["os", "worklog"]) => worklog::find(connection, &target),
        ("POST", ["admin", "close", wonum]) => office::close(connection, wonum, now),
        ("POST", ["admin", "wo", wonum]) => office::change(connection, wonum, call, now),
        ("GET", ["admin", "worklog"]) => {
            let counts = log::count_by_reference(connection)?;
            let rows = counts
                .iter()
                .map(|(reference, count)| json!({ "externalrefid": reference, "count": count }));
            ok(&json!({ "member": rows.collect::<Vec<_>>() }))
        }
        _ => Err(answer::unknown_path(call)),
    }
}
