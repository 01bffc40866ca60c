//! What a call that fails on the way is said to be.

use std::net::SocketAddr;
use std::sync::Arc;

use fettle_connectors::{
    Answer, ConfirmLabour, Cut, DemoErp, Fault, Http, HttpLimits, Inline, LabourConfirmation,
    MaterialMasters, Posting,
};
use fettle_domain::effect::{Reference, RejectionClass};
use fettle_domain::work_order::LabourKind;
use fettle_domain::{PlantId, Timestamp};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn cut_reference() -> Reference {
    Reference::of_fact("test", b"cut")
}

fn labour() -> LabourConfirmation {
    LabourConfirmation {
        reference: cut_reference(),
        reversal_of: None,
        order: "4182207".to_owned(),
        plant: PlantId::new("1200").unwrap(),
        task: None,
        person: "104417".to_owned(),
        kind: LabourKind::Regular,
        minutes: 42,
        cost_centre: "1200300".to_owned(),
        at: Timestamp::from_ms(1_794_816_000_000),
    }
}

fn erp_at(address: SocketAddr) -> DemoErp {
    let http = Http::new(&format!("http://{address}"), HttpLimits::default()).unwrap();
    DemoErp::new(Arc::new(http))
}

/// Reads one whole request, then writes `answer` and closes.
async fn answers_once(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        // The second connection, if anybody repeated by themselves, is refused.
        let (mut socket, _) = listener.accept().await.unwrap();
        drop(listener);
        let mut seen = Vec::new();
        while !is_whole(&seen) {
            if socket.read_buf(&mut seen).await.unwrap() == 0 {
                return;
            }
        }
        socket.write_all(answer).await.unwrap();
    });
    address
}

/// A request whose body is JSON ends with its last brace; one without a body with the blank line.
fn is_whole(seen: &[u8]) -> bool {
    seen.ends_with(b"}") || seen.starts_with(b"GET") && seen.ends_with(b"\r\n\r\n")
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let erp = erp_at(address);
    let posting = erp.confirm_labour(&labour()).await;
    assert!(matches!(posting, Posting::NotSent { .. }), "{posting:?}");
    let read = erp.find_confirmation(&cut_reference()).await;
    assert!(matches!(read, Err(Fault::Unreachable { .. })), "{read:?}");
}

#[tokio::test]
async fn a_request_read_and_not_answered_is_unknown() {
    let posting = erp_at(answers_once(b"").await)
        .confirm_labour(&labour())
        .await;
    assert!(matches!(posting, Posting::Unknown { .. }), "{posting:?}");
    let read = erp_at(answers_once(b"").await).items(None).await;
    assert!(matches!(read, Err(Fault::NoAnswer { .. })), "{read:?}");
}

#[tokio::test]
async fn an_answer_cut_in_the_middle_is_unknown() {
    let half = b"HTTP/1.1 201 Created\r\ncontent-length: 90\r\n\r\n{\"ConfirmationDoc";
    let posting = erp_at(answers_once(half).await)
        .confirm_labour(&labour())
        .await;
    assert!(matches!(posting, Posting::Unknown { .. }), "{posting:?}");
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_unknown() {
    let limits = HttpLimits {
        answer_bytes_max: 10,
        ..HttpLimits::default()
    };
    let address =
        answers_once(b"HTTP/1.1 201 Created\r\ncontent-length: 11\r\n\r\n{\"a\":\"bcd\"}").await;
    let http = Http::new(&format!("http://{address}"), limits).unwrap();
    let posting = DemoErp::new(Arc::new(http)).confirm_labour(&labour()).await;
    assert!(matches!(posting, Posting::Unknown { .. }), "{posting:?}");
}

#[tokio::test]
async fn an_answer_that_says_neither_yes_nor_no_is_unknown() {
    for (status, body) in [
        (500, "{}"),
        (503, ""),
        (408, ""),
        (302, ""),
        (201, "nonsense"),
        (200, "{}"),
    ] {
        let posting = erp_that_answers(status, body)
            .confirm_labour(&labour())
            .await;
        assert!(
            matches!(posting, Posting::Unknown { .. }),
            "{status}: {posting:?}"
        );
    }
}

#[tokio::test]
async fn being_asked_to_wait_is_not_sent() {
    let posting = erp_that_answers(429, "").confirm_labour(&labour()).await;
    assert!(matches!(posting, Posting::NotSent { .. }), "{posting:?}");
}

#[tokio::test]
async fn a_refusal_without_a_code_is_classed_by_its_status() {
    let cases = [
        (401, RejectionClass::Authorisation),
        (403, RejectionClass::Authorisation),
        (404, RejectionClass::SchemaDrift),
        (409, RejectionClass::ProcessState),
        (400, RejectionClass::Software),
    ];
    for (status, class) in cases {
        let posting = erp_that_answers(status, "<html>")
            .confirm_labour(&labour())
            .await;
        let Posting::Rejected(rejection) = posting else {
            panic!("{status}: {posting:?}");
        };
        assert_eq!(
            (rejection.class, rejection.code),
            (class, format!("HTTP_{status}"))
        );
    }
}

fn erp_that_answers(status: u16, body: &'static str) -> DemoErp {
    DemoErp::new(Arc::new(Inline::new(move |_| {
        Ok(Answer {
            status,
            body: body.as_bytes().to_vec(),
        })
    })))
}

#[tokio::test]
async fn an_inline_cut_is_what_it_says() {
    let cut = |cut: Cut| DemoErp::new(Arc::new(Inline::new(move |_| Err(cut.clone()))));
    let posting = cut(Cut::NotSent("down".to_owned()))
        .confirm_labour(&labour())
        .await;
    assert!(matches!(posting, Posting::NotSent { .. }), "{posting:?}");
    let posting = cut(Cut::NoAnswer("cut".to_owned()))
        .confirm_labour(&labour())
        .await;
    assert!(matches!(posting, Posting::Unknown { .. }), "{posting:?}");
}
