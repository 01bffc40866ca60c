//! Accounts, devices and sessions.

use fettle_hub::clock::now;
use fettle_hub::core::{SecretBytes, WRONG_PASSWORDS_MAX, hash_password, is_password};
use fettle_hub::store::Store;
use fettle_sync::request::{Credentials, EnrolRequest, HexKey, SignInRequest};

use crate::desk::Desk;
use crate::world::{PASSWORD, World};

fn sign_in(desk: &Desk) -> SignInRequest {
    SignInRequest {
        device: desk.info.device.id,
        device_secret: desk.secret.clone(),
        credentials: Credentials {
            account: "Kowalska".to_owned(),
            password: PASSWORD.to_owned(),
        },
        person_key: HexKey(desk.key.verifying_key().to_bytes()),
    }
}

#[test]
fn a_password_fits_its_own_hash_alone() {
    let hash = hash_password("correct horse").unwrap();
    assert!(is_password("correct horse", Some(&hash)));
    assert!(!is_password("wrong horse", Some(&hash)));
    assert!(!is_password("correct horse", None));
    assert_ne!(hash, hash_password("correct horse").unwrap());
}

#[tokio::test]
async fn wrong_passwords_lock_the_account_for_a_while() {
    let world = World::new().await;
    let desk = world.desk("kowalska", 1).await;
    let at = now();
    for attempt in 1..=WRONG_PASSWORDS_MAX {
        let answer = world
            .store
            .sign_in(sign_in(&desk), false, SecretBytes([5; 32]), at)
            .await
            .unwrap();
        let code = answer.unwrap_err().code;
        let is_last = attempt == WRONG_PASSWORDS_MAX;
        let expected = if is_last {
            "sign_in.locked"
        } else {
            "sign_in.wrong_password"
        };
        assert_eq!(code, expected);
    }
    let locked = world
        .store
        .sign_in(sign_in(&desk), true, SecretBytes([5; 32]), at)
        .await;
    let refusal = locked.unwrap().unwrap_err();
    assert_eq!(refusal.code, "sign_in.locked");
    assert_eq!(refusal.arguments[0].name, "until");
    let later = at.plus_ms(fettle_hub::core::LOCK_MS);
    let session = world
        .store
        .sign_in(sign_in(&desk), true, SecretBytes([5; 32]), later)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.actor, desk.actor);
}

#[tokio::test]
async fn unknown_accounts_and_devices_learn_nothing() {
    let world = World::new().await;
    let desk = world.desk("kowalska", 1).await;
    let mut nobody = sign_in(&desk);
    nobody.credentials.account = "nobody".to_owned();
    let answer = world
        .store
        .sign_in(nobody, false, SecretBytes([5; 32]), now())
        .await;
    assert_eq!(answer.unwrap().unwrap_err().code, "sign_in.wrong_password");
    let mut forged = sign_in(&desk);
    forged.device_secret = HexKey([0; 32]);
    let answer = world
        .store
        .sign_in(forged, true, SecretBytes([5; 32]), now())
        .await;
    assert_eq!(answer.unwrap().unwrap_err().code, "device.unknown");
}

#[tokio::test]
async fn a_code_enrols_one_device() {
    let world = World::new().await;
    let code = world.code("HW-9", "1200", 9).await;
    let request = EnrolRequest {
        code,
        credentials: Credentials {
            account: "kowalska".to_owned(),
            password: PASSWORD.to_owned(),
        },
        person_key: HexKey([1; 32]),
    };
    let secrets = |n| [SecretBytes([n; 32]), SecretBytes([n + 1; 32])];
    let first = world
        .store
        .enrol(request.clone(), true, secrets(1), now())
        .await;
    assert_eq!(first.unwrap().unwrap().device.name, "HW-9");
    let again = world.store.enrol(request, true, secrets(3), now()).await;
    assert_eq!(again.unwrap().unwrap_err().code, "sign_in.bad_code");
}

#[tokio::test]
async fn sessions_end_with_time_revocation_and_disabling() {
    let world = World::new().await;
    let desk = world.desk("kowalska", 1).await;
    let refused = async |at| {
        let answer = world.store.authenticate(desk.token.clone(), at).await;
        answer.unwrap().unwrap_err().code
    };
    let expires = desk.info.expires;
    assert_eq!(refused(expires).await, "sign_in.expired");
    let at = now();
    let disable = |disabled| {
        world
            .store
            .write(move |core| core.set_person_disabled("kowalska", disabled, at))
    };
    disable(true).await.unwrap().unwrap();
    assert_eq!(refused(at).await, "sign_in.disabled");
    disable(false).await.unwrap().unwrap();
    assert!(
        world
            .store
            .authenticate(desk.token.clone(), at)
            .await
            .unwrap()
            .is_ok()
    );
    let revoked = world
        .store
        .write(move |core| core.revoke_device("HW-1", at))
        .await;
    assert!(revoked.unwrap().is_ok());
    for later in [at, expires] {
        assert_eq!(refused(later).await, "device.revoked");
    }
    let answer = world
        .store
        .sign_in(sign_in(&desk), true, SecretBytes([5; 32]), at)
        .await;
    assert_eq!(answer.unwrap().unwrap_err().code, "device.revoked");
}

#[tokio::test]
async fn who_signed_in_and_who_failed_stands_in_the_audit_log() {
    let world = World::new().await;
    let desk = world.desk("kowalska", 1).await;
    for is_right in [false, true] {
        let token = SecretBytes([5; 32]);
        let answer = world.store.sign_in(sign_in(&desk), is_right, token, now());
        assert_eq!(answer.await.unwrap().is_ok(), is_right);
    }
    let file = rusqlite::Connection::open(&world.file).unwrap();
    let mut lines = file
        .prepare("SELECT what, subject FROM audit ORDER BY number DESC LIMIT 2")
        .unwrap();
    let lines: Vec<(String, String)> = lines
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let person = desk.info.person.to_string();
    assert_eq!(
        lines,
        [
            ("signed in".to_owned(), person),
            ("wrong password".to_owned(), "kowalska".to_owned())
        ]
    );
}
