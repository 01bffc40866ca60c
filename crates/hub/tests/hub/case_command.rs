//! `fettle-hub case` beside a running hub with its demo systems, each a process of its own.

use std::path::Path;

use fettle_connectors::{Http, HttpLimits, Method, Request, Transport};
use fettle_domain::EntryId;
use fettle_domain::work_order::Status;
use fettle_hub::core::SessionInfo;
use fettle_sync::exchange::{Push, Up};
use fettle_sync::frame::encode;
use fettle_sync::reader::Challenge;
use fettle_sync::request::{SYNC_MEDIA_TYPE, SYNC_PATH};
use uuid::Uuid;

use crate::case::labour;
use crate::commands::{Running, refuse, run};
use crate::desk::{Desk, time};
use crate::served::Told;

/// A desk of Kowalska that exchanges over the wire.
async fn desk(hub: &Running) -> Desk {
    let answer = hub.enrol().await;
    let info = SessionInfo {
        device: answer.device.clone(),
        person: answer.session.person.id,
        expires: answer.session.expires,
        challenge: Challenge::of_session(&answer.session.token),
    };
    let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    Desk::new(answer, info, key)
}

async fn exchange(hub: &Running, desk: &mut Desk, pushes: Vec<Push>) -> bool {
    let mut body = encode(&Up::Head(desk.head())).unwrap();
    for push in pushes {
        body.extend(encode(&Up::Push(push)).unwrap());
    }
    let post = hub.client().post(format!("{}{SYNC_PATH}", hub.ready.url));
    let post = post
        .bearer_auth(String::from(desk.token.clone()))
        .header("content-type", SYNC_MEDIA_TYPE)
        .body(body);
    let told = Told::of(post).await;
    assert_eq!(told.status, 200);
    desk.read(&told.body).1
}

/// Posts to the demo ERP's own API, as its people do.
async fn erp(hub: &Running, method: Method, path: &str, body: &str) -> String {
    let http = Http::new(&hub.ready.demo_erp, HttpLimits::default()).unwrap();
    let request = Request {
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    };
    let answer = http.call(request).await.unwrap();
    assert_eq!(answer.status, 200);
    String::from_utf8(answer.body).unwrap()
}

async fn period(hub: &Running, is_open: bool) {
    let month: String = time(1).at.to_string().chars().take(7).collect();
    let body = format!("{{\"FiscalPeriod\":\"{month}\",\"IsOpen\":{is_open}}}");
    erp(hub, Method::Post, "/admin/period", &body).await;
}

/// Asks again until it says what is waited for: another process works meanwhile, and what is sent
/// again so soon after it was refused is believed not to be there after half a minute alone.
fn until(data: &Path, words: &[&str], is_there: impl Fn(&str) -> bool) -> String {
    let said = (0..10_000)
        .map(|_| run(data, words))
        .find(|said| is_there(said));
    said.unwrap_or_else(|| panic!("{words:?} never said it"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_listed_shown_and_sent_again_once_beside_the_running_hub() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let hub = Running::start(data);
    let mut desk = desk(&hub).await;
    // The hub reads the orders of the demo CMMS meanwhile.
    let has_order = |desk: &Desk| {
        desk.orders().any(|row| {
            row.assignees.contains(&desk.info.person)
                && row.status.status == Status::Disp
                && row.cost_centre.is_some()
                && desk.documents.contains_key(&row.id.into())
        })
    };
    for _ in 0..2_000 {
        let has_more = exchange(&hub, &mut desk, Vec::new()).await;
        if has_order(&desk) && !has_more {
            break;
        }
    }
    let order = desk.mine(Status::Disp);
    period(&hub, false).await;
    let item = labour(&mut desk, order.id, EntryId(Uuid::from_u128(1)));
    let push = desk.push(vec![item]);
    exchange(&hub, &mut desk, vec![push]).await;

    let listed = until(data, &["case", "list"], |said| !said.is_empty());
    let case = listed.split('\t').next().unwrap().to_owned();
    assert!(listed.contains("integration_owner\topen"), "{listed}");
    let shown = run(data, &["case", "show", &case]);
    assert!(shown.contains("PERIOD_CLOSED"), "{shown}");
    assert!(shown.contains("is not open"), "{shown}");

    let replay = |by: &'static str| ["case", "replay", &case, "--by", by];
    assert!(refuse(data, &replay("nobody")).contains("account.unknown"));
    assert!(refuse(data, &replay("kowalska")).contains("case.not_yours"));
    let without = ["case", "discard", &case, "--by", "okafor", "--reason", " "];
    assert!(refuse(data, &without).contains("case.reason_missing"));
    let nobody = ["case", "discard", &case, "--reason", "Not needed"];
    assert!(refuse(data, &nobody).contains("--by"));

    period(&hub, true).await;
    assert!(run(data, &replay("okafor")).contains("sent again"));
    let twice = refuse(data, &replay("okafor"));
    let is_refused = twice.contains("case.sent_again") || twice.contains("case.settled");
    assert!(is_refused, "{twice}");
    until(data, &["case", "list"], str::is_empty);
    let documents = erp(&hub, Method::Get, "/admin/documents", "").await;
    assert_eq!(documents.matches("\"Count\":1").count(), 1, "{documents}");
    let settled = run(data, &["case", "list", "--all"]);
    assert!(settled.contains("settled"), "{settled}");
    assert!(run(data, &["case", "show", &case]).contains("L. Okafor"));
}
