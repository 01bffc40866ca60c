//! The business rules in the business's words.
#![expect(clippy::unwrap_used, reason = "tests")]

mod asset_history;
mod asset_history_real;
mod attachment;
mod case;
mod charter;
mod charter_page;
mod effect;
mod failure;
mod finish;
mod life_cycle;
mod merge;
mod money;
mod posting;
mod quantity;
mod refusal_answer;
mod restricted;
mod reversal;
mod settlement;
mod step;
mod time;
mod wire;
mod wish;

use fettle_domain::DeviceTime;
use fettle_domain::Timestamp;
use uuid::Uuid;

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn at(minute: i64) -> DeviceTime {
    DeviceTime {
        at: Timestamp::from_ms(1_764_000_000_000 + minute * 60_000),
        offset_ms: Some(0),
        boot_id: 7,
        boot_ms: u64::try_from(minute * 60_000).unwrap(),
    }
}
