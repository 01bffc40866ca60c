//! Bytes from outside: whatever arrives is refused with a problem and leaves the hub at work.

use fettle_sync::exchange::{Up, UpHead};
use fettle_sync::frame::encode;
use fettle_sync::limits::REQUEST_MAX_BYTES;
use fettle_sync::request::{ENROL_PATH, HexKey, SIGN_IN_PATH, SYNC_MEDIA_TYPE, SYNC_PATH};

use crate::desk::{Desk, request};
use crate::served::{Served, Told};

/// Repeatable chance: SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.roll().to_le_bytes()[0]).collect()
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap()
    }
}

async fn served() -> (Served, Desk) {
    let served = Served::new().await;
    let desk = served.world.desk("kowalska", 1).await;
    (served, desk)
}

/// An exchange with one push.
fn whole(desk: &mut Desk) -> (UpHead, Vec<u8>) {
    let head = desk.head();
    let record = fettle_domain::record::Record {
        id: fettle_domain::RecordId(uuid::Uuid::from_u128(1)),
        plant: desk.info.device.plant.clone(),
        kind: "hand_over_note".to_owned(),
        content: "{}".to_owned(),
        actor: desk.actor,
        written: crate::desk::time(1),
        correlation_id: fettle_domain::CorrelationId(uuid::Uuid::from_u128(2)),
    };
    let push = desk.push(vec![fettle_sync::exchange::PushItem::Record(record)]);
    (head.clone(), request(head, vec![push]))
}

async fn is_ready(served: &Served) {
    assert_eq!(served.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn random_bytes_are_no_exchange() {
    let (served, desk) = served().await;
    let mut dice = Dice(1);
    for length in [0, 1, 10, 11, 12, 64, 1000, 70_000] {
        let mut body = dice.bytes(length);
        let told = served.exchange(&desk.token, body.clone()).await;
        assert_eq!(told.refused(), (400, "exchange.bad".to_owned()));
        // The same behind a first byte that is a frame's, with lengths that lie.
        if let Some(first) = body.first_mut() {
            *first = b'F';
        }
        let told = served.exchange(&desk.token, body).await;
        assert!((400..500).contains(&told.status), "{told:?}");
        told.problem();
    }
    is_ready(&served).await;
    served.stop().await;
}

#[tokio::test]
async fn a_cut_exchange_is_refused_or_loses_its_last_frame() {
    let (served, mut desk) = served().await;
    let (head, body) = whole(&mut desk);
    let head_bytes = encode(&Up::Head(head)).unwrap().len();
    for end in (0..body.len()).step_by(7) {
        let told = served.exchange(&desk.token, body[..end].to_vec()).await;
        if end < head_bytes {
            assert_eq!(told.refused(), (400, "exchange.bad".to_owned()));
        } else {
            assert!(told.head().acknowledged.is_empty());
        }
    }
    let told = served.exchange(&desk.token, body).await;
    assert_eq!(told.head().acknowledged[0].through, 1);
    served.stop().await;
}

#[tokio::test]
async fn turned_bits_never_break_the_hub() {
    let (served, mut desk) = served().await;
    let (_, body) = whole(&mut desk);
    let mut dice = Dice(2);
    for _ in 0..150 {
        let mut turned = body.clone();
        let (at, bit) = (dice.below(turned.len()), dice.below(8));
        turned[at] ^= 1 << bit;
        let told = served.exchange(&desk.token, turned).await;
        assert!(told.status < 500, "{told:?}");
        if told.status != 200 {
            told.problem();
        }
    }
    is_ready(&served).await;
    served.stop().await;
}

#[tokio::test]
async fn another_protocol_version_is_named() {
    let (served, desk) = served().await;
    let mut body = request(desk.head(), Vec::new());
    body[2] = 9;
    let told = served.exchange(&desk.token, body).await;
    assert_eq!(told.refused(), (426, "hub.too_old".to_owned()));
    assert_eq!(told.problem()["arguments"][0]["value"], "9");
    served.stop().await;
}

#[tokio::test]
async fn another_media_type_is_refused_before_it_is_read() {
    let (served, desk) = served().await;
    let body = request(desk.head(), Vec::new());
    for media_type in ["application/json", "text/plain", "multipart/form-data", ""] {
        let post = served.client.post(served.url(SYNC_PATH));
        let post = post.bearer_auth(String::from(desk.token.clone()));
        let post = post.header("content-type", media_type).body(body.clone());
        let told = Told::of(post).await;
        assert_eq!(told.refused(), (415, "request.media_type".to_owned()));
        assert_eq!(told.problem()["arguments"][0]["value"], SYNC_MEDIA_TYPE);
    }
    for path in [ENROL_PATH, SIGN_IN_PATH] {
        let post = served.client.post(served.url(path)).body("{}");
        let told = Told::of(post).await;
        assert_eq!(told.refused(), (415, "request.media_type".to_owned()));
    }
    served.stop().await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_the_limits_name() {
    let (served, desk) = served().await;
    let told = served
        .exchange(&desk.token, vec![0; REQUEST_MAX_BYTES + 1])
        .await;
    assert_eq!(told.refused(), (413, "request.too_large".to_owned()));
    let argument = &told.problem()["arguments"][0];
    assert_eq!(
        (&argument["name"], &argument["value"]),
        (&"limit".into(), &"REQUEST_MAX_BYTES".into())
    );
    is_ready(&served).await;
    served.stop().await;
}

#[tokio::test]
async fn frames_that_swell_are_refused_before_they_do() {
    let (served, mut desk) = served().await;
    let zeros = fettle_sync::exchange::PushItem::Change(
        fettle_domain::DocumentId(uuid::Uuid::nil()),
        serde_bytes::ByteBuf::from(vec![0; 500_000]),
    );
    let push = fettle_sync::exchange::Push {
        actor: desk.actor,
        first: 1,
        items: vec![zeros.clone(), zeros],
        signature: fettle_sync::chain::LinkSignature([0; 64]),
    };
    let frame = encode(&Up::Push(push)).unwrap();
    let mut body = request(desk.head(), Vec::new());
    for _ in 0..100 {
        body.extend_from_slice(&frame);
    }
    assert!(body.len() < 100_000, "small on the wire");
    let told = served.exchange(&desk.token, body).await;
    assert_eq!(told.refused(), (422, "exchange.too_much".to_owned()));
    let argument = &told.problem()["arguments"][0];
    assert_eq!(argument["value"], "EXCHANGE_RAW_MAX_BYTES");
    // The desk that did it is heard again when it behaves.
    let (_, body) = whole(&mut desk);
    let told = served.exchange(&desk.token, body).await;
    assert_eq!(told.head().acknowledged[0].through, 1);
    served.stop().await;
}

#[tokio::test]
async fn what_is_no_enrolment_is_refused_with_the_reason() {
    let (served, _) = served().await;
    let long = "x".repeat(10_000);
    let cases = [
        (String::new(), 400),
        ("{".to_owned(), 400),
        ("[]".to_owned(), 400),
        ("{\"code\": 7}".to_owned(), 400),
        ("[".repeat(50_000), 400),
        (
            format!(
                "{{\"device\":\"{}\",\"device_secret\":\"{}\",\"person_key\":\"{}\",\
                 \"credentials\":{{\"account\":\"{long}\",\"password\":\"x\"}}}}",
                uuid::Uuid::nil(),
                String::from(HexKey([0; 32])),
                String::from(HexKey([0; 32])),
            ),
            422,
        ),
    ];
    for (body, status) in cases {
        let post = served.client.post(served.url(SIGN_IN_PATH));
        let post = post.header("content-type", "application/json").body(body);
        let told = Told::of(post).await;
        assert_eq!(told.status, status, "{told:?}");
        told.problem();
    }
    is_ready(&served).await;
    served.stop().await;
}
