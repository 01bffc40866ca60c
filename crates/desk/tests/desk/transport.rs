//! The wire: pinning, refusals and cut answers, against a TLS server of HTTP/2 on loopback.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum_server::tls_rustls::RustlsConfig;
use fettle_desk::pinning::Fingerprint;
use fettle_desk::transport::{HubAddress, Step, Transport, TransportError};
use fettle_domain::device::Device;
use fettle_domain::person::Person;
use fettle_domain::plant::Plant;
use fettle_domain::{ActorId, CorrelationId, DeviceId, PersonId, PlantId, Refusal, Timestamp};
use fettle_sync::exchange::{Cursor, Down, DownHead, Slice, Up, UpHead};
use fettle_sync::frame;
use fettle_sync::problem::{PROBLEM_MEDIA_TYPE, Problem};
use fettle_sync::request::{
    Credentials, EnrolAnswer, EnrolRequest, EnrolmentCode, HexKey, Session, SignInRequest,
};
use uuid::Uuid;

/// A server with a certificate of its own that answers everything with the same.
struct Server {
    address: SocketAddr,
    certificate: Fingerprint,
    requests: Arc<AtomicUsize>,
}

impl Server {
    async fn answering(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Self {
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let answer = move |version: Version, headers: HeaderMap| async move {
            counted.fetch_add(1, Ordering::SeqCst);
            assert_eq!(version, Version::HTTP_2);
            assert!(!headers.contains_key(header::COOKIE));
            (status, [(header::CONTENT_TYPE, media_type)], body).into_response() as Response
        };
        let router = Router::new().route("/v1/{*rest}", post(answer));
        let made = rcgen::generate_simple_self_signed(vec!["elsewhere.example".to_owned()]);
        let made = made.unwrap();
        let certificate = Fingerprint::of(made.cert.der());
        let key = made.signing_key.serialize_der();
        let tls = RustlsConfig::from_der(vec![made.cert.der().to_vec()], key)
            .await
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let server = axum_server::from_tcp_rustls(listener, tls).unwrap();
        tokio::spawn(server.serve(router.into_make_service()));
        Self {
            address,
            certificate,
            requests,
        }
    }

    async fn syncing(body: Vec<u8>) -> Self {
        Self::answering(StatusCode::OK, "application/vnd.fettle.sync", body).await
    }

    async fn refusing(status: StatusCode, refusal: Refusal) -> Self {
        let problem = Problem::new(status.as_u16(), refusal, "no");
        let body = serde_json::to_vec(&problem).unwrap();
        Self::answering(status, PROBLEM_MEDIA_TYPE, body).await
    }

    fn hub(&self) -> HubAddress {
        HubAddress::new(&self.address.to_string()).unwrap()
    }

    fn pinned(&self) -> Transport {
        Transport::pinned(self.hub(), self.certificate).unwrap()
    }

    fn seen(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn credentials() -> Credentials {
    Credentials {
        account: "mia".to_owned(),
        password: "a long password".to_owned(),
    }
}

fn enrolment(code: &EnrolmentCode) -> EnrolRequest {
    EnrolRequest {
        code: code.clone(),
        credentials: credentials(),
        person_key: HexKey([1; 32]),
    }
}

fn enrol_answer() -> EnrolAnswer {
    let plant = PlantId::new("1200").unwrap();
    let noon = Timestamp::from_ms(1_762_430_400_000);
    EnrolAnswer {
        device: Device {
            id: DeviceId(Uuid::from_u128(14)),
            name: "HW-14".to_owned(),
            code: "A1".to_owned(),
            epoch: 1,
            plant: plant.clone(),
            areas: Vec::new(),
            enrolled_by: None,
            enrolled_at: noon,
            revoked_at: None,
        },
        plant: Plant {
            id: plant.clone(),
            external_ids: Vec::new(),
            name: "Havel Works".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            areas: Vec::new(),
            neighbours: Vec::new(),
        },
        device_secret: HexKey([2; 32]),
        session: Session {
            token: HexKey([3; 32]),
            expires: noon,
            person: Person {
                id: PersonId(Uuid::from_u128(1)),
                external_ids: Vec::new(),
                name: "Mia Brandt".to_owned(),
                craft: "Mechanical 2".to_owned(),
                plant,
                crew: None,
                roles: Vec::new(),
                is_disabled: false,
            },
            actor: ActorId([4; 16]),
            chain_count: 0,
            offline_days: 14,
            hub_time: noon,
            bundle_key: None,
        },
    }
}

fn sign_in() -> SignInRequest {
    SignInRequest {
        device: DeviceId(Uuid::from_u128(14)),
        device_secret: HexKey([2; 32]),
        credentials: credentials(),
        person_key: HexKey([1; 32]),
    }
}

fn up() -> [Up; 1] {
    [Up::Head(UpHead {
        log_epoch: None,
        device_time: Timestamp::from_ms(0),
        cursors: [].into(),
        budget_bytes: 4_000_000,
        reader: None,
        asks_sums: false,
    })]
}

fn head() -> Down {
    Down::Head(DownHead {
        log_epoch: 1,
        hub_time: Timestamp::from_ms(0),
        feeds: None,
        acknowledged: Vec::new(),
        fill_remaining: 0,
        backed_up_through: None,
        reader: None,
        keeps_position: false,
        offers_taken: 0,
        anew: Vec::new(),
        sums: std::collections::BTreeMap::new(),
        ended_since: None,
    })
}

fn slice(number: u64) -> Down {
    Down::Slice(Slice {
        feed: 1,
        items: Vec::new(),
        cursor: Cursor::At(number),
        proof: None,
    })
}

fn bytes(frames: &[Down]) -> Vec<u8> {
    let encoded = frames.iter().map(|frame| frame::encode(frame).unwrap());
    encoded.flatten().collect()
}

/// Cursors of the slices that arrive, and how the answer ends.
async fn exchange(transport: &Transport) -> (Vec<u64>, Result<bool, TransportError>) {
    let mut cursors = Vec::new();
    let end = async {
        let correlation = CorrelationId(Uuid::from_u128(1));
        let mut answer = transport
            .exchange(&HexKey([9; 32]), correlation, &up())
            .await?;
        answer.head().await?;
        loop {
            match answer.slice().await? {
                Step::Slice(slice) => match slice.cursor {
                    Cursor::At(number) => cursors.push(number),
                    Cursor::Fill { .. } => panic!("no fill was sent"),
                },
                Step::Ended { has_more } => return Ok(has_more),
            }
        }
    }
    .await;
    (cursors, end)
}

#[tokio::test]
async fn an_answer_comes_frame_by_frame_and_says_whether_there_is_more() {
    let server = Server::syncing(bytes(&[
        head(),
        slice(3),
        slice(5),
        Down::End { has_more: true },
    ]))
    .await;
    let (cursors, end) = exchange(&server.pinned()).await;
    assert_eq!(cursors, [3, 5]);
    assert!(end.unwrap());
}

#[tokio::test]
async fn what_came_before_a_cut_counts() {
    let mut cut = bytes(&[head(), slice(3), slice(5)]);
    cut.truncate(cut.len() - 1);
    let server = Server::syncing(cut).await;
    let (cursors, end) = exchange(&server.pinned()).await;
    assert_eq!(cursors, [3]);
    assert!(matches!(end, Err(TransportError::Lost(_))));
}

#[tokio::test]
async fn an_answer_without_its_last_frame_was_cut() {
    let server = Server::syncing(bytes(&[head(), slice(3)])).await;
    let (cursors, end) = exchange(&server.pinned()).await;
    assert_eq!(cursors, [3]);
    assert!(matches!(end, Err(TransportError::Lost(_))));
}

#[tokio::test]
async fn frames_out_of_order_are_not_taken() {
    for frames in [
        vec![slice(3), head()],
        vec![head(), head()],
        vec![Down::End { has_more: false }],
    ] {
        let server = Server::syncing(bytes(&frames)).await;
        let (cursors, end) = exchange(&server.pinned()).await;
        assert!(cursors.is_empty());
        assert!(matches!(end, Err(TransportError::Lost(_))));
    }
}

#[tokio::test]
async fn anything_else_than_frames_is_a_lost_exchange() {
    let server = Server::syncing(b"<html>Log in to the guest network</html>".to_vec()).await;
    let (_, end) = exchange(&server.pinned()).await;
    assert!(matches!(end, Err(TransportError::Lost(_))));
}

#[tokio::test]
async fn a_hub_of_another_protocol_is_told_apart() {
    let mut other = bytes(&[head()]);
    other[2] ^= 0x40;
    let server = Server::syncing(other).await;
    let (_, end) = exchange(&server.pinned()).await;
    match end {
        Err(TransportError::Refused(refusal)) => assert_eq!(refusal.code, "hub.too_old"),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[tokio::test]
async fn a_refusal_keeps_its_code_and_facts() {
    let refusal = Refusal::new("sign_in.locked").with("until", 1_762_430_400_000_i64);
    let server = Server::refusing(StatusCode::FORBIDDEN, refusal.clone()).await;
    match server.pinned().sign_in(&sign_in()).await {
        Err(TransportError::Refused(told)) => assert_eq!(told, refusal),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[tokio::test]
async fn an_error_page_of_something_between_is_no_refusal() {
    let server = Server::answering(StatusCode::BAD_GATEWAY, "text/html", b"oops".to_vec()).await;
    let error = server.pinned().sign_in(&sign_in()).await.unwrap_err();
    assert!(matches!(error, TransportError::Lost(_)));
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_the_end() {
    let server =
        Server::answering(StatusCode::OK, "application/json", vec![b' '; 10_000_000]).await;
    let error = server.pinned().sign_in(&sign_in()).await.unwrap_err();
    assert!(matches!(error, TransportError::Lost(_)));
}

#[tokio::test]
async fn another_certificate_than_the_pinned_one_is_a_finding_of_its_own() {
    let server = Server::syncing(bytes(&[head(), Down::End { has_more: false }])).await;
    let changed = Fingerprint([0; 32]);
    let transport = Transport::pinned(server.hub(), changed).unwrap();
    let error = transport.sign_in(&sign_in()).await.unwrap_err();
    assert!(
        matches!(error, TransportError::CertificateChanged),
        "{error:?}"
    );
    assert_eq!(
        error.refusal(transport.hub()).code,
        "hub.certificate_changed"
    );
    let (_, end) = exchange(&transport).await;
    assert!(matches!(end, Err(TransportError::CertificateChanged)));
    assert_eq!(server.seen(), 0);
}

#[tokio::test]
async fn a_code_printed_for_another_certificate_sends_no_password() {
    let server = Server::syncing(Vec::new()).await;
    let code = EnrolmentCode::new([5; 8], &[0; 32]);
    let transport = Transport::by_code(server.hub(), &code).unwrap();
    match transport.enrol(&enrolment(&code)).await {
        Err(TransportError::Refused(refusal)) => assert_eq!(refusal.code, "sign_in.bad_code"),
        other => panic!("expected a refusal, got {other:?}"),
    }
    assert_eq!(server.seen(), 0);
}

#[tokio::test]
async fn enrolment_pins_the_certificate_its_code_was_printed_for() {
    let body = serde_json::to_vec(&enrol_answer()).unwrap();
    let server = Server::answering(StatusCode::OK, "application/json", body).await;
    let code = EnrolmentCode::new([5; 8], &server.certificate.0);
    let transport = Transport::by_code(server.hub(), &code).unwrap();
    let enrolled = transport.enrol(&enrolment(&code)).await.unwrap();
    assert_eq!(enrolled.fingerprint, server.certificate);
    assert_eq!(enrolled.answer.device.name, "HW-14");
}

#[tokio::test]
async fn a_hub_that_does_not_listen_is_not_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let hub = HubAddress::new(&address.to_string()).unwrap();
    let transport = Transport::pinned(hub, Fingerprint([0; 32])).unwrap();
    let error = transport.sign_in(&sign_in()).await.unwrap_err();
    assert!(matches!(error, TransportError::Lost(_)));
    assert_eq!(
        error.refusal(transport.hub()).to_string(),
        format!("sign_in.no_connection hub=https://{address}")
    );
}

#[test]
fn an_address_is_a_host_over_tls_and_nothing_else() {
    for (typed, taken) in [
        ("hub.example:8443", "https://hub.example:8443"),
        (" https://hub.example/ ", "https://hub.example"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ] {
        assert_eq!(HubAddress::new(typed).unwrap().to_string(), taken);
    }
    let long = "h".repeat(10_000);
    for typed in [
        "",
        "http://hub.example",
        "ftp://hub.example",
        "https://me:secret@hub.example",
        "https://hub.example/path",
        "https://hub.example?x=1",
        "not an address",
        long.as_str(),
    ] {
        assert_eq!(
            HubAddress::new(typed).unwrap_err().code,
            "hub.bad_address",
            "{typed}"
        );
    }
}
