//! Through the server over TLS: enrolment, sign-in, sessions, and what people are told.

use ed25519_dalek::SigningKey;
use fettle_domain::work_order::Status;
use fettle_hub::clock::now;
use fettle_hub::core::{LOCK_MS, WRONG_PASSWORDS_MAX};
use fettle_sync::exchange::PushItem;
use fettle_sync::request::{
    Credentials, ENROL_PATH, EnrolAnswer, EnrolRequest, EnrolmentCode, HexKey, SIGN_IN_PATH,
    SYNC_MEDIA_TYPE, SYNC_PATH, Session, SignInRequest,
};

use crate::desk::{Desk, request};
use crate::served::{Served, Told};
use crate::world::PASSWORD;

/// Ten years: clocks of laptops without a battery are wrong by that much.
const YEARS_MS: i64 = 10 * 365 * 24 * 3_600_000;

fn credentials(password: &str) -> Credentials {
    Credentials {
        account: "kowalska".to_owned(),
        password: password.to_owned(),
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn enrolment(code: &EnrolmentCode, password: &str) -> EnrolRequest {
    EnrolRequest {
        code: code.clone(),
        credentials: credentials(password),
        person_key: HexKey(key().verifying_key().to_bytes()),
    }
}

async fn enrol(served: &Served) -> EnrolAnswer {
    let code = served.world.code("HW-1", "1200", 1).await;
    let told = served.post(ENROL_PATH, &enrolment(&code, PASSWORD)).await;
    serde_json::from_value(told.json()).unwrap()
}

async fn sign_in(served: &Served, enrolled: &EnrolAnswer, password: &str) -> Told {
    let request = SignInRequest {
        device: enrolled.device.id,
        device_secret: enrolled.device_secret.clone(),
        credentials: credentials(password),
        person_key: HexKey(key().verifying_key().to_bytes()),
    };
    served.post(SIGN_IN_PATH, &request).await
}

/// The desk of an enrolment, which speaks through the server from now on.
async fn desk(served: &Served, enrolled: EnrolAnswer) -> Desk {
    use fettle_hub::store::Store;
    let token = enrolled.session.token.clone();
    let info = served.world.store.authenticate(token, now()).await;
    Desk::new(enrolled, info.unwrap().unwrap(), key())
}

async fn exchange(served: &Served, desk: &Desk) -> Told {
    served
        .exchange(&desk.token, request(desk.head(), Vec::new()))
        .await
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_laptop_enrols_signs_in_again_and_exchanges_with_either_token() {
    let served = Served::new().await;
    let enrolled = enrol(&served).await;
    let again: Session =
        serde_json::from_value(sign_in(&served, &enrolled, PASSWORD).await.json()).unwrap();
    assert_eq!(again.actor, enrolled.session.actor);
    assert_ne!(again.token, enrolled.session.token);
    let desk = desk(&served, enrolled).await;
    for token in [&desk.token, &again.token] {
        let told = served
            .exchange(token, request(desk.head(), Vec::new()))
            .await;
        assert!(told.head().fill_remaining > 0);
    }
    served.stop().await;
}

#[tokio::test]
async fn codes_that_are_unknown_used_or_old_enrol_nobody() {
    let served = Served::new().await;
    let code = served.world.code("HW-1", "1200", 1).await;
    // A wrong password does not use the code up.
    let wrong = served.post(ENROL_PATH, &enrolment(&code, "wrong")).await;
    assert_eq!(wrong.refused(), refused(401, "sign_in.wrong_password"));
    let right = served.post(ENROL_PATH, &enrolment(&code, PASSWORD)).await;
    assert_eq!(right.status, 200);
    let old = served.world.code("HW-2", "1200", 2).await;
    served.forward(25 * 3_600_000);
    let unknown = EnrolmentCode::new([3; 8], &[9; 32]);
    for code in [code, old, unknown] {
        let told = served.post(ENROL_PATH, &enrolment(&code, PASSWORD)).await;
        assert_eq!(told.refused(), refused(401, "sign_in.bad_code"));
    }
    let typed = serde_json::json!({ "code": "no code", "credentials": credentials("x"),
        "person_key": HexKey([1; 32]) });
    let told = served.post(ENROL_PATH, &typed).await;
    assert_eq!(told.refused(), refused(400, "request.bad"));
    served.stop().await;
}

#[tokio::test]
async fn wrong_passwords_lock_the_account_until_time_has_passed() {
    let served = Served::new().await;
    let enrolled = enrol(&served).await;
    for _ in 1..WRONG_PASSWORDS_MAX {
        let told = sign_in(&served, &enrolled, "wrong").await;
        assert_eq!(told.refused(), refused(401, "sign_in.wrong_password"));
    }
    for password in ["wrong", PASSWORD] {
        let told = sign_in(&served, &enrolled, password).await;
        assert_eq!(told.refused(), refused(429, "sign_in.locked"));
        assert_eq!(told.problem()["arguments"][0]["name"], "until");
    }
    served.forward(LOCK_MS);
    assert_eq!(sign_in(&served, &enrolled, PASSWORD).await.status, 200);
    served.stop().await;
}

#[tokio::test]
async fn whoever_uses_a_revoked_laptop_is_told_so() {
    let served = Served::new().await;
    let enrolled = enrol(&served).await;
    let desk = desk(&served, enrolled.clone()).await;
    let revoke = |core: fettle_hub::core::Core<'_>| core.revoke_device("HW-1", now());
    served.world.store.write(revoke).await.unwrap().unwrap();
    let expected = refused(403, "device.revoked");
    assert_eq!(exchange(&served, &desk).await.refused(), expected);
    // Also when the token would have ended by now.
    served.forward(48 * 3_600_000);
    assert_eq!(exchange(&served, &desk).await.refused(), expected);
    let told = sign_in(&served, &enrolled, PASSWORD).await;
    assert_eq!(told.refused(), expected);
    served.stop().await;
}

#[tokio::test]
async fn a_disabled_person_is_told_so_and_comes_back_once_enabled() {
    let served = Served::new().await;
    let enrolled = enrol(&served).await;
    let desk = desk(&served, enrolled.clone()).await;
    let disable = |disabled| {
        move |core: fettle_hub::core::Core<'_>| {
            core.set_person_disabled("kowalska", disabled, now())
        }
    };
    let store = &served.world.store;
    store.write(disable(true)).await.unwrap().unwrap();
    let expected = refused(403, "sign_in.disabled");
    assert_eq!(exchange(&served, &desk).await.refused(), expected);
    let told = sign_in(&served, &enrolled, PASSWORD).await;
    assert_eq!(told.refused(), expected);
    store.write(disable(false)).await.unwrap().unwrap();
    assert_eq!(exchange(&served, &desk).await.status, 200);
    served.stop().await;
}

#[tokio::test]
async fn a_session_that_ended_or_never_was_asks_for_sign_in() {
    let served = Served::new().await;
    let enrolled = enrol(&served).await;
    let mut desk = desk(&served, enrolled).await;
    let expected = refused(401, "sign_in.expired");
    served.forward(12 * 3_600_000);
    assert_eq!(exchange(&served, &desk).await.refused(), expected);
    desk.token = HexKey([7; 32]);
    assert_eq!(exchange(&served, &desk).await.refused(), expected);
    let bare = served.client.post(served.url(SYNC_PATH));
    let bare = bare.header("content-type", SYNC_MEDIA_TYPE);
    for request in [
        bare.try_clone().unwrap(),
        bare.try_clone().unwrap().bearer_auth("not hexadecimal"),
        bare.header("authorization", "Basic abc"),
    ] {
        assert_eq!(Told::of(request).await.refused(), expected);
    }
    served.stop().await;
}

#[tokio::test]
async fn an_unknown_laptop_or_account_learns_nothing() {
    let served = Served::new().await;
    let mut enrolled = enrol(&served).await;
    enrolled.device_secret = HexKey([0; 32]);
    let told = sign_in(&served, &enrolled, PASSWORD).await;
    assert_eq!(told.refused(), refused(401, "device.unknown"));
    served.stop().await;
}

#[tokio::test]
async fn a_clock_that_is_years_off_is_answered_with_the_time_and_its_work_is_taken() {
    let served = Served::new().await;
    let mut desk = desk(&served, enrol(&served).await).await;
    desk.sync(&served.world).await;
    let order = desk.mine(Status::Disp);
    let edit = fettle_document::Edit::SetDescription("Written by a wrong clock.".to_owned());
    let items: Vec<PushItem> = vec![desk.edit(order.id, &[edit])];
    let push = desk.push(items);
    for ahead_ms in [-YEARS_MS, YEARS_MS] {
        let mut head = desk.head();
        head.device_time = now().plus_ms(ahead_ms);
        let begun = now();
        let told = served
            .exchange(&desk.token, request(head, vec![push.clone()]))
            .await
            .head();
        // What the desk takes its offset from, and nothing else hangs on the clock.
        assert!((begun..=now()).contains(&told.hub_time));
        assert_eq!(told.acknowledged[0].through, 1);
        assert_eq!(told.acknowledged[0].quarantined, []);
    }
    served.stop().await;
}
