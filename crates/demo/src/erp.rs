//! The demo ERP: its rules, without HTTP.
//!
//! | call | what it does |
//! |---|---|
//! | `GET /api/{Material,CostCenter,FiscalPeriod}?$since=&$top=` | masters changed since |
//! | `GET /api/MaterialStock?$since=&$top=` | balances by bin changed since, with `AsOf` |
//! | `GET /api/MaterialPrice?$since=&$top=` | prices by plant changed since |
//! | `GET /api/OrderCost?$since=&$top=` | what the postings of each order come to, changed since |
//! | `POST /api/GoodsIssue` | posts a goods issue, number `49…` |
//! | `POST /api/TimeConfirmation` | posts labour, number `50…` |
//! | `GET /api/{GoodsIssue,TimeConfirmation}?ReferenceDocument=` | documents by reference |
//! | `GET /admin/documents` | documents per reference |
//! | `POST /admin/{period,stock,movements,order,price}` | change the world |
//!
//! Refusals: 422 `NOT_ENOUGH_STOCK`, `PERIOD_CLOSED`, `UNKNOWN_COST_CENTRE`, `UNKNOWN_MATERIAL`,
//! `INACTIVE_MATERIAL`, `UNKNOWN_BIN`, `WRONG_UNIT`, `ORDER_CLOSED`, `BAD_QUANTITY`. The same
//! reference posted twice makes two documents: exactly once is the caller's work.
//!
//! A posting that names a `ReversedDocument` takes it back in full, at the value it was charged at:
//! 422 `UNKNOWN_DOCUMENT`, `IS_REVERSAL`, `ALREADY_REVERSED`.

mod admin;
mod cost;
mod posting;
mod reversal;

use std::path::Path;

use fettle_domain::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::answer::{self, Answer, Call, No, Page, Reply, Target, erp_error, finish, ok};
use crate::table::stock::{self, Stock};
use crate::table::{Side, counter, document, master};
use crate::world::{Bin, Company, Size, company};
use crate::{Clock, OpenError, store};

/// The demo ERP over its own file.
pub struct Erp {
    connection: Connection,
    clock: Clock,
}

impl Erp {
    /// Opens a file, or memory when there is none; a new one is filled with the demonstration of
    /// `seed`.
    ///
    /// # Errors
    /// When the file cannot be opened, migrated or filled.
    pub fn open(file: Option<&Path>, seed: u64, clock: Clock) -> Result<Self, OpenError> {
        Self::open_grown(file, seed, Size::DEMONSTRATION, clock)
    }

    /// As [`Erp::open`]; a new one is filled with a company of a size.
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
        let mut erp = Self { connection, clock };
        if !counter::is_filled(&erp.connection, Side::Erp)? {
            erp.fill(&company(seed, clock.now(), size))?;
        }
        Ok(erp)
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
        finish(reply, erp_error)
    }

    /// Sets the clock (simulation, tests).
    #[cfg(feature = "faults")]
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    fn fill(&mut self, company: &Company) -> Result<(), rusqlite::Error> {
        let transaction = self.connection.transaction()?;
        let put =
            |kind, number: &str, body| master::put(&transaction, Side::Erp, kind, number, &body);
        for material in company.materials() {
            put("Material", &material.material, json!(material))?;
        }
        for price in company.prices() {
            put("MaterialPrice", &price.number(), json!(price))?;
        }
        for center in company.cost_centers() {
            put("CostCenter", &center.cost_center, json!(center))?;
        }
        for period in company.periods() {
            put("FiscalPeriod", &period.fiscal_period, json!(period))?;
        }
        for bin in company.bins() {
            stock::put(&transaction, &balance(bin))?;
        }
        transaction.commit()
    }
}

/// The balance a bin of the world opens with.
fn balance(bin: Bin) -> Stock {
    Stock {
        material: bin.material,
        plant: bin.plant,
        storeroom: bin.storage_location,
        bin: bin.storage_bin,
        on_hand: bin.quantity.into(),
        reserved: bin.reserved.into(),
        reorder_point: bin.reorder_point.map(Into::into),
        change: 0,
    }
}

fn values(rows: Vec<(i64, Value)>, page: Page) -> Reply {
    let next = rows.last().map_or(page.since, |(change, _)| *change);
    let has_more = rows.len() == page.size;
    let value: Vec<_> = rows.into_iter().map(|(_, body)| body).collect();
    ok(&json!({ "value": value, "NextChange": next, "HasMore": has_more }))
}

fn balances(connection: &Connection, page: Page, now: Timestamp) -> Reply {
    let rows = stock::changed(connection, page)?;
    let shown = rows.into_iter().map(|row| {
        let unit = master::get(connection, Side::Erp, "Material", &row.material)?
            .map_or(Value::Null, |material| material["BaseUnit"].clone());
        let place = document::place(&row.material, &row.plant, &row.storeroom, &row.bin);
        let recent = document::recent_references(connection, &place)?;
        let body = json!({
            "Material": row.material, "Plant": row.plant, "StorageLocation": row.storeroom,
            "StorageBin": row.bin, "BaseUnit": unit, "QuantityOnHand": row.on_hand,
            "QuantityReserved": row.reserved, "ReorderPoint": row.reorder_point, "AsOf": now,
            "RecentReferences": recent,
        });
        Ok((row.change, body))
    });
    values(shown.collect::<Result<_, rusqlite::Error>>()?, page)
}

fn route(connection: &Connection, call: &Call<'_>, now: Timestamp) -> Reply {
    let target = Target::read(call.target);
    match (call.method, target.path.as_slice()) {
        (
            "GET",
            [
                "api",
                kind @ ("Material" | "MaterialPrice" | "CostCenter" | "FiscalPeriod" | "OrderCost"),
            ],
        ) => {
            let page = target.page("$since", "$top")?;
            values(master::changed(connection, Side::Erp, kind, page)?, page)
        }
        ("GET", ["api", "MaterialStock"]) => {
            balances(connection, target.page("$since", "$top")?, now)
        }
        ("GET", ["api", kind @ ("GoodsIssue" | "TimeConfirmation")]) => {
            let found = document::find(connection, kind, target.get("ReferenceDocument"))?;
            ok(&json!({ "value": found }))
        }
        ("POST", ["api", "GoodsIssue"]) => posting::issue(connection, call, now),
        ("POST", ["api", "TimeConfirmation"]) => posting::confirm(connection, call, now),
        ("GET", ["admin", "documents"]) => admin::documents(connection),
        ("POST", ["admin", "period"]) => admin::set_period(connection, call),
        ("POST", ["admin", "stock"]) => admin::add_stock(connection, call),
        ("POST", ["admin", "movements"]) => admin::move_stock(connection, call),
        ("POST", ["admin", "order"]) => admin::close_order(connection, call),
        ("POST", ["admin", "price"]) => admin::set_price(connection, call),
        _ => Err(answer::unknown_path(call)),
    }
}
