//! The published interface against the hub itself: paths, methods, contracts.

use std::collections::BTreeMap;

use fettle_domain::row::Row;
use fettle_domain::work_order::Status;
use fettle_hub::server::interface::openapi;
use fettle_sync::request::{Credentials, ENROL_PATH, EnrolRequest, HexKey};
use reqwest::Method;
use serde_json::Value;

use crate::schema::breaches;
use crate::served::{Served, Told};
use crate::world::PASSWORD;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Where a path of the description can be asked.
fn asked(path: &str) -> String {
    path.replace("{name}", "asset")
        .replace("{content}", &"0".repeat(64))
}

async fn ask(served: &Served, method: &str, path: &str, media_type: &str) -> Told {
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let request = served.client.request(method, served.url(path));
    Told::of(request.header("content-type", media_type)).await
}

#[tokio::test]
async fn every_described_path_answers_and_takes_no_other_method() {
    let served = Served::new().await;
    let described = served.get("/v1/openapi.json").await.json();
    assert_eq!(described, openapi());
    for (path, operations) in described["paths"].as_object().unwrap() {
        let asked = asked(path);
        for method in METHODS {
            let Some(operation) = operations.get(method) else {
                let told = ask(&served, method, &asked, "text/plain").await;
                let expected = (405, "request.unknown_method".to_owned());
                assert_eq!(told.refused(), expected, "{method} {path}");
                continue;
            };
            let takes = operation["requestBody"]["content"].as_object();
            let takes = takes.and_then(|content| content.keys().next().cloned());
            let told = ask(&served, method, &asked, &takes.clone().unwrap_or_default()).await;
            match takes {
                // Without a body, what takes one refuses with a problem of its own.
                Some(_) => {
                    let (status, code) = told.refused();
                    let is_open = operation.get("security").is_none();
                    let expected = if is_open {
                        "request.bad"
                    } else {
                        "sign_in.expired"
                    };
                    assert_eq!(
                        (status == 401, code.as_str()),
                        (!is_open, expected),
                        "{path}"
                    );
                }
                None if operation.get("security").is_some() => {
                    let expected = (401, "sign_in.expired".to_owned());
                    assert_eq!(told.refused(), expected, "{method} {path}");
                }
                None => assert_eq!(told.status, 200, "{method} {path}"),
            }
        }
    }
    served.stop().await;
}

#[tokio::test]
async fn what_is_not_described_is_not_there() {
    let served = Served::new().await;
    for path in [
        "/",
        "/v1",
        "/v1/sync/",
        "/v1/syncs",
        "/v2/sync",
        "/admin",
        "/v1/contracts/a/b",
    ] {
        for method in METHODS {
            let told = ask(&served, method, path, "application/json").await;
            let expected = (404, "request.unknown_path".to_owned());
            assert_eq!(told.refused(), expected, "{method} {path}");
        }
    }
    served.stop().await;
}

/// The router is made of the table that OpenAPI is made of; a route added elsewhere would escape.
#[test]
fn routes_are_added_in_one_place() {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if std::fs::read_to_string(&path).unwrap().contains(".route(") {
                found.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    walk(std::path::Path::new(source), &mut found);
    assert_eq!(found, ["interface.rs"]);
}

/// Every published contract by its name.
async fn contracts(served: &Served) -> BTreeMap<String, Value> {
    let names: Vec<String> =
        serde_json::from_value(served.get("/v1/contracts").await.json()).unwrap();
    let mut contracts = BTreeMap::new();
    for name in names {
        let schema = served.get(&format!("/v1/contracts/{name}")).await.json();
        contracts.insert(name, schema);
    }
    contracts
}

/// Name of a row's contract and its content, where it is published.
fn published(row: &Row) -> Option<(&'static str, Value)> {
    let (name, content) = match row {
        Row::Person(person) => ("person", serde_json::to_value(person)),
        Row::Plant(plant) => ("plant", serde_json::to_value(plant)),
        Row::Location(location) => ("functional-location", serde_json::to_value(location)),
        Row::Asset(asset) => ("asset", serde_json::to_value(asset)),
        Row::Item(item) => ("item", serde_json::to_value(item)),
        Row::Stock(balance) => ("stock-balance", serde_json::to_value(balance)),
        Row::Outcome(outcome) => ("outcome", serde_json::to_value(outcome)),
        Row::Verdict(verdict) => ("verdict", serde_json::to_value(verdict)),
        _ => return None,
    };
    Some((name, content.unwrap()))
}

#[tokio::test]
async fn what_the_hub_answers_is_what_its_contracts_say() {
    let served = Served::new().await;
    let contracts = contracts(&served).await;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut check = |name: &'static str, content: &Value| {
        let wrong = breaches(&contracts[name], content);
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        *seen.entry(name).or_default() += 1;
    };

    let request = EnrolRequest {
        code: served.world.code("HW-9", "1200", 9).await,
        credentials: Credentials {
            account: "ode".to_owned(),
            password: PASSWORD.to_owned(),
        },
        person_key: HexKey([9; 32]),
    };
    let enrolled = served.post(ENROL_PATH, &request).await.json();
    check("device", &enrolled["device"]);
    check("plant", &enrolled["plant"]);
    check("person", &enrolled["session"]["person"]);

    let mut desk = served.world.desk("kowalska", 1).await;
    desk.sync(&served.world).await;
    let order = desk.mine(Status::Disp);
    let claim = desk.intent(&order, Status::Inprg, 1);
    check("intent", &serde_json::to_value(&claim).unwrap());
    let claim = fettle_sync::exchange::PushItem::Intent(claim);
    desk.send(&served.world, vec![claim]).await;
    served.world.carry().await;
    desk.sync(&served.world).await;
    for (_, row) in desk.rows.values() {
        if let Some((name, content)) = published(row) {
            check(name, &content);
        }
    }
    let read = served
        .world
        .store
        .read(move |core| core.work_order(order.id));
    check(
        "work-order",
        &serde_json::to_value(read.await.unwrap().unwrap()).unwrap(),
    );

    let wanted = [
        "asset",
        "device",
        "functional-location",
        "intent",
        "item",
        "outcome",
        "person",
        "plant",
        "stock-balance",
        "verdict",
        "work-order",
    ];
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), wanted);
    served.stop().await;
}

#[tokio::test]
async fn problems_are_what_the_description_says_they_are() {
    let served = Served::new().await;
    let schema = &openapi()["components"]["schemas"]["problem"];
    for path in ["/nowhere", "/v1/sync", "/v1/contracts/none"] {
        let problem = served.get(path).await.problem();
        assert_eq!(breaches(schema, &problem), Vec::<String>::new());
    }
    served.stop().await;
}
