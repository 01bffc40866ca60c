//! PIN and key: what opens, what does not, and how tries count.

use fettle_desk::identity::{IdentityFault, OfflineGrace, OpenKey, Pin, PinAttempts, WrappedKey};
use fettle_domain::time::DeviceTime;
use fettle_domain::{ActorId, PersonId, Timestamp};
use fettle_sync::chain::Position;
use uuid::Uuid;

const NOON_MS: i64 = 1_762_430_400_000;
const PIN_SECRET: [u8; 32] = [7; 32];

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

fn pin(digits: &str) -> Pin {
    Pin::new(digits).unwrap()
}

/// The wall clock and the boot clock `wall_ms` and `boot_ms` after noon.
fn at(wall_ms: i64, boot_ms: u64) -> DeviceTime {
    DeviceTime {
        at: Timestamp::from_ms(NOON_MS + wall_ms),
        offset_ms: Some(0),
        boot_id: 1,
        boot_ms: 1_000_000 + boot_ms,
    }
}

fn tried(attempts: PinAttempts, now: DeviceTime) -> PinAttempts {
    attempts.begin(now).unwrap()
}

/// So many wrong tries, each as soon as it may be.
fn wrong_tries(count: u32) -> (PinAttempts, DeviceTime) {
    let (mut attempts, mut now) = (PinAttempts::default(), at(0, 0));
    for _ in 0..count {
        if let Some(until) = attempts.wait_until(now) {
            let wait_ms = until.ms_since(now.at);
            now.at = until;
            now.boot_ms += u64::try_from(wait_ms).unwrap();
        }
        attempts = tried(attempts, now);
    }
    (attempts, now)
}

#[test]
fn only_six_digits_are_a_pin() {
    for text in ["", "12345", "1234567", "12345a", " 12345", "１２３４５６"] {
        assert_eq!(Pin::new(text).unwrap_err().code, "pin.not_six_digits");
    }
    assert!(Pin::new("000000").is_ok());
}

#[test]
fn pin_and_keyring_secret_together_open_the_key_that_was_wrapped() {
    let key = OpenKey::generate().unwrap();
    let wrapped = WrappedKey::wrap(&key, person(1), &pin("204518"), &PIN_SECRET).unwrap();
    let stored = serde_json::to_string(&wrapped).unwrap();
    let read: WrappedKey = serde_json::from_str(&stored).unwrap();

    let open = read.open(person(1), &pin("204518"), &PIN_SECRET).unwrap();
    let position = Position::start(ActorId([3; 16]));
    let signature = position.sign(open.signing());
    assert!(position.is_signed_by(key.public(), &signature));
}

#[test]
fn neither_another_pin_nor_another_keyring_nor_another_person_opens_it() {
    let key = OpenKey::generate().unwrap();
    let wrapped = WrappedKey::wrap(&key, person(1), &pin("204518"), &PIN_SECRET).unwrap();
    for (who, digits, secret) in [
        (1, "204519", PIN_SECRET),
        (1, "204518", [8; 32]),
        (2, "204518", PIN_SECRET),
    ] {
        let answer = wrapped.open(person(who), &pin(digits), &secret);
        assert_eq!(answer.unwrap_err(), IdentityFault::WrongPin);
    }
}

#[test]
fn a_damaged_key_is_told_from_a_wrong_pin() {
    let key = OpenKey::generate().unwrap();
    let wrapped = WrappedKey::wrap(&key, person(1), &pin("204518"), &PIN_SECRET).unwrap();
    let mut stored = serde_json::to_value(&wrapped).unwrap();
    let first = stored["inner"]["bytes"][0].as_u64().unwrap();
    stored["inner"]["bytes"][0] = (first ^ 1).into();
    let damaged: WrappedKey = serde_json::from_value(stored).unwrap();
    assert_eq!(
        damaged
            .open(person(1), &pin("204518"), &PIN_SECRET)
            .unwrap_err(),
        IdentityFault::Damaged
    );
}

#[test]
fn a_stored_cost_beyond_all_bounds_is_damage() {
    let key = OpenKey::generate().unwrap();
    let wrapped = WrappedKey::wrap(&key, person(1), &pin("204518"), &PIN_SECRET).unwrap();
    let mut stored = serde_json::to_value(&wrapped).unwrap();
    stored["cost"]["memory_kib"] = u32::MAX.into();
    let damaged: WrappedKey = serde_json::from_value(stored).unwrap();
    assert_eq!(
        damaged
            .open(person(1), &pin("204518"), &PIN_SECRET)
            .unwrap_err(),
        IdentityFault::Damaged
    );
}

#[test]
fn secrets_are_not_printed() {
    let key = OpenKey::generate().unwrap();
    assert_eq!(format!("{:?}", pin("204518")), "Pin(…)");
    let seed = format!("{:?}", key.signing().to_bytes());
    assert!(!format!("{key:?}").contains(&seed));
}

#[test]
fn three_wrong_tries_cost_no_wait_and_the_next_ones_twice_as_much_each() {
    let waits: Vec<i64> = (1..10)
        .map(|count| {
            let (attempts, now) = wrong_tries(count);
            attempts
                .wait_until(now)
                .map_or(0, |until| until.ms_since(now.at) / 1000)
        })
        .collect();
    assert_eq!(waits, [0, 0, 0, 30, 60, 120, 240, 480, 960]);
}

#[test]
fn a_try_during_the_wait_is_refused_with_its_end_and_does_not_count() {
    let (attempts, now) = wrong_tries(4);
    let refusal = attempts.begin(now).unwrap_err();
    assert_eq!(refusal.code, "pin.wait");
    assert_eq!(
        refusal.arguments[0].value,
        (now.at.as_ms() + 30_000).to_string()
    );
}

#[test]
fn a_wrong_try_says_how_many_are_left() {
    let (attempts, _) = wrong_tries(2);
    assert_eq!(attempts.wrong().to_string(), "pin.wrong left=8");
}

#[test]
fn after_ten_wrong_tries_only_signing_in_helps() {
    let (attempts, now) = wrong_tries(10);
    assert!(attempts.is_void());
    assert_eq!(attempts.begin(now).unwrap_err().code, "pin.forgotten");
}

#[test]
fn setting_the_wall_clock_forward_does_not_shorten_the_wait() {
    let (attempts, now) = wrong_tries(4);
    let set_forward = DeviceTime {
        at: now.at.plus_ms(365 * 86_400_000),
        boot_ms: now.boot_ms + 1_000,
        ..now
    };
    let until = attempts.wait_until(set_forward).unwrap();
    assert_eq!(until.ms_since(set_forward.at), 29_000);
}

#[test]
fn a_restart_with_the_wall_clock_set_back_begins_the_wait_again() {
    let (attempts, now) = wrong_tries(4);
    let restarted = DeviceTime {
        at: now.at.plus_ms(-365 * 86_400_000),
        boot_id: 2,
        boot_ms: 5,
        ..now
    };
    let until = attempts.wait_until(restarted).unwrap();
    assert_eq!(until.ms_since(restarted.at), 30_000);
}

#[test]
fn offline_days_count_by_the_hubs_clock() {
    let grace = OfflineGrace {
        confirmed_at: Timestamp::from_ms(NOON_MS),
        days: 14,
    };
    let last_ms = 14 * 86_400_000;
    assert!(grace.check(at(last_ms, 0)).is_ok());
    assert_eq!(
        grace.check(at(last_ms + 1, 0)).unwrap_err().code,
        "pin.offline_expired"
    );
    // This laptop runs a day late; its offset was measured.
    let late = DeviceTime {
        offset_ms: Some(86_400_000),
        ..at(last_ms - 86_400_000 + 1, 0)
    };
    assert_eq!(grace.check(late).unwrap_err().code, "pin.offline_expired");
}
