//! Both systems without HTTP: every call goes through `handle`, as the HTTP layer's do.

use fettle_demo::world::{DEMO_SEED, DEMO_TECHNICIAN, world};
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_domain::Timestamp;
use serde_json::{Value, json};

fn today() -> Timestamp {
    "2026-11-16T08:00:00Z".parse().unwrap()
}

fn erp() -> Erp {
    Erp::open(None, DEMO_SEED, Clock::Fixed(today())).unwrap()
}

fn cmms() -> Cmms {
    Cmms::open(None, DEMO_SEED, Clock::Fixed(today())).unwrap()
}

fn call<'a>(method: &'a str, target: &'a str, body: &'a [u8]) -> Call<'a> {
    Call {
        method,
        target,
        if_match: None,
        body,
    }
}

fn at_erp(erp: &mut Erp, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let answer = erp.handle(&call(method, target, body.to_string().as_bytes()));
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

fn at_cmms(cmms: &mut Cmms, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let answer = cmms.handle(&call(method, target, body.to_string().as_bytes()));
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

fn issue() -> Value {
    json!({ "ReferenceDocument": "REF1", "OrderNumber": "4182207", "Material": "1004-2217",
        "Plant": "1200", "StorageLocation": "01", "StorageBin": "C-14", "Quantity": "1",
        "EntryUnit": "EA", "CostCenter": "1200300", "PostingDate": "2026-11-16T08:00:00Z" })
}

fn hours() -> Value {
    json!({ "ReferenceDocument": "REF2", "OrderNumber": "4182207", "PersonnelNumber": "104417",
        "ActivityType": "MECH", "Hours": "1.5", "CostCenter": "1200300",
        "PostingDate": "2026-11-16T08:00:00Z" })
}

#[test]
fn the_same_seed_and_day_make_the_same_world() {
    let bytes = serde_json::to_vec(&world(DEMO_SEED, today())).unwrap();
    assert_eq!(blake3::hash(&bytes).to_hex().as_str(), WORLD);
}

const WORLD: &str = "30695479cc586e4e85fa15c285421ec09e93d6fc49fe0085ddd26fcb478b6ad9";

#[test]
fn the_world_has_the_size_of_a_few_plants_and_work_for_the_demo_technician() {
    let world = world(DEMO_SEED, today());
    assert_eq!(
        (world.sites.len(), world.assets.len(), world.materials.len()),
        (3, 77, 300)
    );
    assert_eq!(world.orders.len(), 150);
    let is_hers = |order: &&fettle_demo::world::WorkOrder| {
        order.siteid == "1200" && order.assignments.iter().any(|code| code == DEMO_TECHNICIAN)
    };
    assert_eq!(world.orders.iter().filter(is_hers).count(), 12);
    assert!(
        world
            .periods
            .iter()
            .any(|p| p.fiscal_period == "2026-11" && p.is_open)
    );
    assert!(
        world
            .periods
            .iter()
            .any(|p| p.fiscal_period == "2026-01" && !p.is_open)
    );
}

#[test]
fn the_erp_refuses_with_a_code_and_posts_nothing() {
    let cases = [
        ("Quantity", json!("3"), "NOT_ENOUGH_STOCK"),
        ("CostCenter", json!("9999"), "UNKNOWN_COST_CENTRE"),
        (
            "PostingDate",
            json!("2026-01-05T00:00:00Z"),
            "PERIOD_CLOSED",
        ),
        ("Material", json!("none"), "UNKNOWN_MATERIAL"),
        ("StorageBin", json!("Z-99"), "UNKNOWN_BIN"),
        ("EntryUnit", json!("KG"), "WRONG_UNIT"),
        ("Quantity", json!("0"), "BAD_QUANTITY"),
        ("OrderNumber", json!(""), "UNKNOWN_ORDER"),
    ];
    let mut erp = erp();
    for (field, value, code) in cases {
        let mut body = issue();
        body[field] = value;
        let (status, answer) = at_erp(&mut erp, "POST", "/api/GoodsIssue", &body);
        assert_eq!((status, &answer["error"]["code"]), (422, &json!(code)));
    }
    let mut body = issue();
    let inactive = world(DEMO_SEED, today());
    let inactive = inactive
        .materials
        .iter()
        .find(|m| m.is_marked_for_deletion)
        .unwrap();
    body["Material"] = json!(inactive.material);
    let (_, answer) = at_erp(&mut erp, "POST", "/api/GoodsIssue", &body);
    assert_eq!(answer["error"]["code"], "INACTIVE_MATERIAL");
    let (_, all) = at_erp(&mut erp, "GET", "/admin/documents", &json!({}));
    assert_eq!(all["value"], json!([]));
}

#[test]
fn postings_and_what_is_taken_back_add_up_to_the_costs_of_their_order() {
    let mut erp = erp();
    let price = json!({ "Material": "1004-2217", "Plant": "1200", "Price": "12.345",
        "PriceUnit": "1", "BaseUnit": "EA", "Currency": "EUR", "PriceControl": "S",
        "ValidFrom": today() });
    let (status, _) = at_erp(&mut erp, "POST", "/admin/price", &price);
    assert_eq!(status, 200);
    let costs = |erp: &mut Erp| {
        let (_, all) = at_erp(erp, "GET", "/api/OrderCost", &json!({}));
        all["value"].clone()
    };
    assert_eq!(costs(&mut erp), json!([]));
    at_erp(&mut erp, "POST", "/api/GoodsIssue", &issue());
    at_erp(&mut erp, "POST", "/api/TimeConfirmation", &hours());
    let told = costs(&mut erp);
    assert_eq!(
        (&told[0]["OrderNumber"], &told[0]["Plant"]),
        (&json!("4182207"), &json!("1200"))
    );
    assert_eq!(
        (&told[0]["LaborActual"], &told[0]["MaterialActual"]),
        (&json!("87.0"), &json!("12.35"))
    );
    let mut back = issue();
    back["Quantity"] = json!("-1");
    back["ReferenceDocument"] = json!("REF3");
    at_erp(&mut erp, "POST", "/api/GoodsIssue", &back);
    assert_eq!(costs(&mut erp)[0]["MaterialActual"], json!("0.00"));
    let mut refused = issue();
    refused["Quantity"] = json!("900");
    at_erp(&mut erp, "POST", "/api/GoodsIssue", &refused);
    assert_eq!(costs(&mut erp)[0]["MaterialActual"], json!("0.00"));
}

#[test]
fn every_stocked_material_has_a_price_in_its_plant() {
    let world = world(DEMO_SEED, today());
    for bin in &world.bins {
        let is_priced = world.prices.iter().any(|price| {
            price.material == bin.material
                && price.plant == bin.plant
                && price.price.is_positive()
                && price.price_unit.is_positive()
        });
        assert!(is_priced, "{}/{}", bin.material, bin.plant);
    }
}

#[test]
fn a_reference_posted_twice_makes_two_documents_and_both_are_found() {
    let mut erp = erp();
    let numbers = [(); 2].map(|()| {
        let (status, answer) = at_erp(&mut erp, "POST", "/api/GoodsIssue", &issue());
        assert_eq!(status, 201);
        answer["MaterialDocument"].clone()
    });
    assert_eq!(numbers, [json!("4900001201"), json!("4900001202")]);
    let (_, found) = at_erp(
        &mut erp,
        "GET",
        "/api/GoodsIssue?ReferenceDocument=REF1",
        &json!({}),
    );
    assert_eq!(found["value"].as_array().unwrap().len(), 2);
}

#[test]
fn labour_is_confirmed_and_a_closed_order_or_period_refuses_it() {
    let mut erp = erp();
    let (status, answer) = at_erp(&mut erp, "POST", "/api/TimeConfirmation", &hours());
    assert_eq!(
        (status, &answer["ConfirmationDocument"]),
        (201, &json!("5000000401"))
    );
    let period = json!({ "FiscalPeriod": "2026-11", "IsOpen": false });
    at_erp(&mut erp, "POST", "/admin/period", &period);
    let (_, answer) = at_erp(&mut erp, "POST", "/api/TimeConfirmation", &hours());
    assert_eq!(answer["error"]["code"], "PERIOD_CLOSED");
    at_erp(
        &mut erp,
        "POST",
        "/admin/order",
        &json!({ "OrderNumber": "4182207" }),
    );
    let (_, answer) = at_erp(&mut erp, "POST", "/api/TimeConfirmation", &hours());
    assert_eq!(answer["error"]["code"], "ORDER_CLOSED");
}

#[test]
fn the_cmms_refuses_illegal_pairs_stale_stamps_and_closed_orders() {
    let mut cmms = cmms();
    let status = "/os/wo/4182207/status";
    let (code, answer) = at_cmms(&mut cmms, "POST", status, &json!({ "status": "COMP" }));
    assert_eq!(
        (code, &answer["Error"]["reasonCode"]),
        (409, &json!("ILLEGAL_STATUS"))
    );
    let body = json!({ "status": "INPRG" }).to_string();
    let stale = Call {
        if_match: Some("1"),
        ..call("POST", status, body.as_bytes())
    };
    assert_eq!(cmms.handle(&stale).status, 412);
    let (code, answer) = at_cmms(&mut cmms, "POST", status, &json!({ "status": "INPRG" }));
    assert_eq!((code, &answer["status"]), (201, &json!("INPRG")));
    at_cmms(&mut cmms, "POST", "/admin/close/4182207", &json!({}));
    let fact = json!({ "externalrefid": "F1", "logtype": "NOTE", "text": "seal faces worn" });
    let (code, answer) = at_cmms(&mut cmms, "POST", "/os/wo/4182207/worklog", &fact);
    assert_eq!(
        (code, &answer["Error"]["reasonCode"]),
        (409, &json!("CLOSED_ORDER"))
    );
}

#[test]
fn bad_json_is_told_what_is_wrong() {
    let mut cmms = cmms();
    let answer = cmms.handle(&call("POST", "/os/wo", b"{\"externalrefid\":"));
    assert_eq!(answer.status, 400);
    assert!(String::from_utf8(answer.body).unwrap().contains("EOF"));
}

#[test]
fn a_restart_keeps_orders_and_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cmms.db");
    let open = || Cmms::open(Some(&file), DEMO_SEED, Clock::Fixed(today())).unwrap();
    let new = json!({ "externalrefid": "IMP1", "wo": { "description": "Bucket tooth missing",
        "siteid": "1200", "sector": "HALL-1", "worktype": "CM", "wopriority": 2, "wonum": "",
        "status": "APPR" } });
    let (status, created) = at_cmms(&mut open(), "POST", "/os/wo", &new);
    assert_eq!((status, &created["wonum"]), (201, &json!("4190001")));
    let (_, found) = at_cmms(&mut open(), "GET", "/os/wo?externalrefid=IMP1", &json!({}));
    assert_eq!(found["member"][0], created);
    let since = created["_rowstamp"]
        .as_str()
        .unwrap()
        .parse::<i64>()
        .unwrap()
        - 1;
    let target = format!("/os/wo?changedsince={since}");
    let (_, changed) = at_cmms(&mut open(), "GET", &target, &json!({}));
    assert_eq!(changed["member"].as_array().unwrap().len(), 1);
}
