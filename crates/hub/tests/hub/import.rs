//! Import of history and masters: what is taken, repaired and refused, that nothing comes twice,
//! and that nobody ever sees half of a file.

mod cut;
mod file;
mod history;
mod masters;
mod real;

use std::collections::BTreeMap;

use fettle_domain::Timestamp;
use fettle_domain::row::Row;
use fettle_hub::core::Hub;
use fettle_hub::import::{ImportFault, Judged, Mapping, Report, Source, import, preview};
use fettle_sync::frame::from_cbor;
use rusqlite::Connection;

use crate::world::{World, policy};

const MAPPING: &str = r#"
name = "sheet"
noun = "work_orders"
checks = [{ column = "Type", words = ["R", "S"], cut = "Text", strip = "'" }]
[file]
encoding = "utf-8"
delimiter = ";"
decimal_sign = ","
thousands_sign = "."
date_formats = ["%d.%m.%Y", "%Y-%m-%d"]
blank = ["-"]
[columns]
date = "Day"
asset = "Machine"
title = "Text"
type = "Type"
cost = "Cost"
location = "Place"
[fixed]
plant = "1200"
status = "CLOSE"
currency = "EUR"
[words.asset]
pump = "P-204A"
[words.type]
R = "corrective"
S = "preventive"
"#;

const HEADER: &str = "Day;Machine;Text;Type;Cost;Place";

const SHEET: &str = "Day;Machine;Text;Type;Cost;Place
01.02.2010;pump;Seal weeps;R;10,50;SEAL - LEFT
01.02.2010;pump;Seal weeps;R;10,50;SEAL - LEFT
02.02.2010;pump;Bearing, warm;S;-3;-
2010-02-03;pump;Noise;R;1.007,25;Left seals
";

fn now() -> Timestamp {
    "2026-11-25T08:00:00Z".parse().unwrap()
}

fn mapping() -> Mapping {
    Mapping::read(MAPPING).unwrap()
}

fn source(text: impl Into<Vec<u8>>) -> Source {
    Source {
        name: "sheet.csv".to_owned(),
        bytes: text.into(),
    }
}

/// What stands in the feeds: feed and key of every row that is not removed.
type Standing = BTreeMap<(String, String), Row>;

/// A hub that has read the demo systems, and the command's own connection beside it.
struct Desk {
    world: World,
}

impl Desk {
    async fn new() -> Self {
        Self {
            world: World::new().await,
        }
    }

    fn hub(&self) -> Hub {
        Hub::open(Some(&self.world.file), policy()).unwrap()
    }

    fn import(&self, text: &str, mapping: &Mapping) -> Report {
        self.try_import(&source(text), mapping).unwrap()
    }

    fn try_import(&self, source: &Source, mapping: &Mapping) -> Result<Report, ImportFault> {
        import(&mut self.hub(), source, mapping, now(), |_| true)
    }

    fn preview(&self, text: &str, mapping: &Mapping) -> Report {
        preview(&self.hub(), &source(text), mapping, now()).unwrap()
    }

    fn undo(&self, report: &Report) -> u64 {
        let undone = fettle_hub::import::undo(&mut self.hub(), report.id, now(), || true);
        undone.unwrap().unwrap()
    }

    fn standing(&self) -> Standing {
        let connection = Connection::open(&self.world.file).unwrap();
        let mut statement = connection
            .prepare("SELECT name, key, body FROM official_row JOIN feed ON feed = number")
            .unwrap();
        let rows = statement
            .query_map([], |row| {
                Ok(((row.get(0)?, row.get(1)?), row.get::<_, Vec<u8>>(2)?))
            })
            .unwrap();
        rows.map(Result::unwrap)
            .map(|(key, body)| (key, from_cbor(&body).unwrap()))
            .filter(|(_, row)| !matches!(row, Row::Removed(_)))
            .collect()
    }
}

/// Rows that stand and did not before.
fn news(before: &Standing, after: &Standing) -> Vec<Row> {
    let is_new = |(key, row): &(&(String, String), &Row)| before.get(*key) != Some(*row);
    let rows = after.iter().filter(is_new);
    rows.map(|(_, row)| row.clone()).collect()
}

/// Our nouns and how many rows of each.
fn nouns(rows: &[Row]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.noun()).or_default() += 1;
    }
    counts
}

fn refusals(report: &Report) -> Vec<(u64, &str)> {
    let refused = report.refused();
    refused
        .map(|Judged { line, why, .. }| (*line, why.as_str()))
        .collect()
}
