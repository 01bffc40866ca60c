//! Everything JSON around sign-in and enrolment, and the code people type.

use fettle_sync::problem::Problem;
use fettle_sync::request::{EnrolAnswer, EnrolRequest, EnrolmentCode, Session, SignInRequest};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is read of a request, an answer or a code is written and read the same again.
pub(super) fn sign_in(bytes: &[u8]) {
    again::<SignInRequest>(bytes);
    again::<EnrolRequest>(bytes);
    again::<EnrolAnswer>(bytes);
    again::<Session>(bytes);
    again::<Problem>(bytes);
    let text = std::str::from_utf8(bytes).ok();
    if let Some(code) = text.and_then(|text| text.parse::<EnrolmentCode>().ok()) {
        let read = code.to_string().parse();
        assert_eq!(read, Ok(code), "a code reads as printed");
    }
}

fn again<T: Serialize + DeserializeOwned>(bytes: &[u8]) {
    let Ok(read) = serde_json::from_slice::<T>(bytes) else {
        return;
    };
    let written = serde_json::to_vec(&read).expect("what is read is written");
    let read: T = serde_json::from_slice(&written).expect("what is written is read");
    assert_eq!(serde_json::to_vec(&read).ok(), Some(written));
}
