//! Files of the demo systems of released versions: they open and go on where they ended.
//!
//! A new version adds a folder; files of an older one are never written again. `FETTLE_GOLDEN=write`
//! writes the files of the present version where they are missing.

use std::path::{Path, PathBuf};
use std::sync::Once;

use fettle_demo::world::DEMO_SEED;
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_domain::Timestamp;
use serde_json::{Value, json};

const ORDER: &str = "4182207";

fn noon() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/v1")
}

/// One of the two systems over a file.
trait System: Sized {
    fn open(file: &Path) -> Self;
    fn handle(&mut self, call: &Call<'_>) -> fettle_demo::Answer;

    fn ask(&mut self, method: &str, target: &str, body: Value) -> Value {
        let answer = self.handle(&Call {
            method,
            target,
            if_match: None,
            body: body.to_string().as_bytes(),
        });
        let text = String::from_utf8(answer.body).unwrap();
        assert!(answer.status < 300, "{method} {target}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    fn post(&mut self, target: &str, body: Value) -> Value {
        self.ask("POST", target, body)
    }

    fn get(&mut self, target: &str) -> Value {
        self.ask("GET", target, json!({}))
    }
}

impl System for Cmms {
    fn open(file: &Path) -> Self {
        Cmms::open(Some(file), DEMO_SEED, Clock::Fixed(noon())).unwrap()
    }

    fn handle(&mut self, call: &Call<'_>) -> fettle_demo::Answer {
        Cmms::handle(self, call)
    }
}

impl System for Erp {
    fn open(file: &Path) -> Self {
        Erp::open(Some(file), DEMO_SEED, Clock::Fixed(noon())).unwrap()
    }

    fn handle(&mut self, call: &Call<'_>) -> fettle_demo::Answer {
        Erp::handle(self, call)
    }
}

fn issue(reference: &str) -> Value {
    json!({ "ReferenceDocument": reference, "OrderNumber": ORDER, "Material": "1004-2217",
        "Plant": "1200", "StorageLocation": "01", "StorageBin": "C-14", "Quantity": "1",
        "EntryUnit": "EA", "CostCenter": "1200300", "PostingDate": "2026-11-25T08:00:00Z" })
}

/// What people did in the CMMS before the file was put away.
fn work_in_cmms(cmms: &mut Cmms) {
    cmms.post(
        "/os/wo",
        json!({ "externalrefid": "IMP1", "wo": { "description": "Bucket tooth missing",
            "siteid": "1200", "sector": "HALL-1", "worktype": "CM", "wopriority": 2, "wonum": "",
            "status": "APPR" } }),
    );
    cmms.post(
        &format!("/os/wo/{ORDER}/status"),
        json!({ "status": "INPRG", "externalrefid": "S1" }),
    );
    cmms.post(
        &format!("/os/wo/{ORDER}/worklog"),
        json!({ "externalrefid": "F1", "logtype": "NOTE", "text": "Seal faces worn" }),
    );
}

/// What was posted in the ERP before the file was put away.
fn work_in_erp(erp: &mut Erp) {
    erp.post("/api/GoodsIssue", issue("REF1"));
    erp.post(
        "/api/TimeConfirmation",
        json!({ "ReferenceDocument": "REF2", "OrderNumber": ORDER, "PersonnelNumber": "104417",
            "ActivityType": "MECH", "Hours": "1.5", "CostCenter": "1200300",
            "PostingDate": "2026-11-25T08:00:00Z" }),
    );
    erp.post(
        "/admin/period",
        json!({ "FiscalPeriod": "2026-10", "IsOpen": false }),
    );
}

/// Writes the files where they are missing and it is asked for; never over old ones.
fn write_missing() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let is_asked = std::env::var("FETTLE_GOLDEN").is_ok_and(|word| word == "write");
        if !is_asked || folder().exists() {
            return;
        }
        let made = tempfile::tempdir().unwrap();
        let file = |name: &str| made.path().join(name);
        work_in_cmms(&mut <Cmms as System>::open(&file("cmms.db")));
        work_in_erp(&mut <Erp as System>::open(&file("erp.db")));
        std::fs::create_dir_all(folder()).unwrap();
        for name in ["cmms.db", "erp.db"] {
            let packed = zstd::bulk::compress(&std::fs::read(file(name)).unwrap(), 19).unwrap();
            std::fs::write(folder().join(format!("{name}.zst")), packed).unwrap();
        }
    });
}

/// The system over its file of version 1.
fn of_version_1<S: System>(name: &str) -> (S, tempfile::TempDir) {
    write_missing();
    let packed = std::fs::read(folder().join(format!("{name}.zst"))).unwrap();
    let bytes = zstd::bulk::decompress(&packed, 64 << 20).unwrap();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    (S::open(&file), place)
}

fn count(answer: &Value, list: &str) -> usize {
    answer[list].as_array().unwrap().len()
}

/// Every balance, page by page.
fn balances(erp: &mut Erp) -> Vec<Value> {
    let (mut rows, mut since) = (Vec::new(), 0);
    loop {
        let page = erp.get(&format!("/api/MaterialStock?$since={since}&$top=500"));
        rows.extend(page["value"].as_array().unwrap().iter().cloned());
        since = page["NextChange"].as_i64().unwrap();
        if page["HasMore"] != true {
            return rows;
        }
    }
}

#[test]
fn a_cmms_of_version_1_opens_and_goes_on() {
    let (mut cmms, _place) = of_version_1::<Cmms>("cmms.db");
    let order = cmms.get(&format!("/os/wo/{ORDER}"));
    assert_eq!(order["status"], "INPRG");
    let imported = cmms.get("/os/wo?externalrefid=IMP1");
    assert_eq!(imported["member"][0]["wonum"], "4190001");
    assert_eq!(
        count(&cmms.get("/os/statuschange?externalrefid=S1"), "member"),
        1
    );
    let log = cmms.get("/os/worklog?externalrefid=F1");
    assert_eq!(log["member"][0]["text"], "Seal faces worn");
    for (noun, least) in [("site", 3), ("asset", 70), ("location", 10), ("labor", 5)] {
        let listed = cmms.get(&format!("/os/{noun}?changedsince=0&pagesize=500"));
        assert!(count(&listed, "member") >= least, "{noun}");
    }
    // The next numbers follow the last ones.
    let before = order["_rowstamp"].as_str().unwrap().parse::<i64>().unwrap();
    let held = cmms.post(
        &format!("/os/wo/{ORDER}/status"),
        json!({ "status": "ONHOLD" }),
    );
    let after = held["_rowstamp"].as_str().unwrap().parse::<i64>().unwrap();
    assert!(after > before);
    assert_eq!(held["transid"], "88000002");
}

#[test]
fn an_erp_of_version_1_opens_and_goes_on() {
    let (mut erp, _place) = of_version_1::<Erp>("erp.db");
    let issued = erp.get("/api/GoodsIssue?ReferenceDocument=REF1");
    assert_eq!(issued["value"][0]["MaterialDocument"], "4900001201");
    let confirmed = erp.get("/api/TimeConfirmation?ReferenceDocument=REF2");
    assert_eq!(confirmed["value"][0]["ConfirmationDocument"], "5000000401");
    let bin = balances(&mut erp).into_iter().find(|row| {
        (&row["Material"], &row["Plant"], &row["StorageBin"])
            == (&json!("1004-2217"), &json!("1200"), &json!("C-14"))
    });
    assert_eq!(bin.unwrap()["RecentReferences"], json!(["REF1"]));
    assert_eq!(
        count(&erp.get("/api/Material?$since=0&$top=500"), "value"),
        300
    );
    let next = erp.post("/api/GoodsIssue", issue("REF3"));
    assert_eq!(next["MaterialDocument"], "4900001202");
    // What was closed stays closed.
    let mut late = issue("REF4");
    late["PostingDate"] = json!("2026-10-05T08:00:00Z");
    let answer = erp.handle(&Call {
        method: "POST",
        target: "/api/GoodsIssue",
        if_match: None,
        body: late.to_string().as_bytes(),
    });
    assert_eq!(answer.status, 422);
    assert!(
        String::from_utf8(answer.body)
            .unwrap()
            .contains("PERIOD_CLOSED")
    );
}
