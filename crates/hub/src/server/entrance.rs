//! Enrolment and sign-in. Passwords are verified outside the store's transaction: it takes long.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use fettle_domain::Refusal;
use fettle_sync::limits::CREDENTIAL_MAX_BYTES;
use fettle_sync::request::{Credentials, EnrolAnswer, EnrolRequest, Session, SignInRequest};

use super::Shared;
use super::problem::Refused;
use crate::clock::{Clock, random};
use crate::core::{SecretBytes, is_password};

pub(super) async fn enrol(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    request: Result<Json<EnrolRequest>, JsonRejection>,
) -> Result<Json<EnrolAnswer>, Refused> {
    let Json(request) = request.map_err(Refused::body)?;
    let is_right = check_password(&shared, &request.credentials).await?;
    let secrets = [SecretBytes(random()?), SecretBytes(random()?)];
    let now = clock.now();
    let answer = shared.store.enrol(request, is_right, secrets, now).await?;
    answer.map(Json).map_err(Refused::rule)
}

pub(super) async fn sign_in(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    request: Result<Json<SignInRequest>, JsonRejection>,
) -> Result<Json<Session>, Refused> {
    let Json(request) = request.map_err(Refused::body)?;
    let is_right = check_password(&shared, &request.credentials).await?;
    let token = SecretBytes(random()?);
    let now = clock.now();
    let answer = shared.store.sign_in(request, is_right, token, now).await?;
    answer.map(Json).map_err(Refused::rule)
}

/// Whether the password is right; an unknown account takes as long as a known one.
async fn check_password(shared: &Shared, credentials: &Credentials) -> Result<bool, Refused> {
    let Credentials { account, password } = credentials.clone();
    if account.len() > CREDENTIAL_MAX_BYTES || password.len() > CREDENTIAL_MAX_BYTES {
        let refusal = Refusal::new("sign_in.too_long").with("limit", CREDENTIAL_MAX_BYTES);
        return Err(Refused::rule(refusal));
    }
    // One verification takes about 19 MB: a burst of sign-ins waits instead of filling memory.
    let _turn = shared
        .password_checks
        .acquire()
        .await
        .map_err(Refused::fault)?;
    let hash = shared.store.password_hash(account).await?;
    tokio::task::spawn_blocking(move || is_password(&password, hash.as_deref()))
        .await
        .map_err(Refused::fault)
}
