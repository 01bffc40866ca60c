//! The words of every problem: its status, one sentence that says what is wrong, one what to do.
//!
//! For whoever reads an answer raw. A desk has its own sentences, in its reader's language.

use axum::http::StatusCode;

/// What is said with a code.
pub(super) struct Words {
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    pub(super) to_do: &'static str,
}

/// The status says who must do something else: the person, the device or nobody.
const WORDS: &[(&str, StatusCode, &str, &str)] = &[
    (
        "sign_in.wrong_password",
        StatusCode::UNAUTHORIZED,
        "The account or the password is not right.",
        "Type both again; after five wrong ones the account is locked for a quarter of an hour.",
    ),
    (
        "sign_in.locked",
        StatusCode::TOO_MANY_REQUESTS,
        "The account is locked after too many wrong passwords.",
        "Wait until the time given, or have an administrator set a new password.",
    ),
    (
        "sign_in.disabled",
        StatusCode::FORBIDDEN,
        "The account is switched off.",
        "Ask an administrator; unsent work stays on the laptop.",
    ),
    (
        "sign_in.bad_code",
        StatusCode::UNAUTHORIZED,
        "The enrolment code is unknown, used or too old.",
        "Ask an administrator for a new code.",
    ),
    (
        "sign_in.expired",
        StatusCode::UNAUTHORIZED,
        "The session has ended or was never opened.",
        "Sign in again; unsent work stays on the laptop.",
    ),
    (
        "sign_in.too_long",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The account or the password is longer than either can be.",
        "Type both again.",
    ),
    (
        "device.unknown",
        StatusCode::UNAUTHORIZED,
        "The hub does not know this laptop.",
        "Enrol it with a code of an administrator.",
    ),
    (
        "device.revoked",
        StatusCode::FORBIDDEN,
        "This laptop may no longer exchange with the hub.",
        "Ask an administrator; unsent work stays on the laptop.",
    ),
    (
        "actor.unknown",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The hub does not know the key of this person on this laptop.",
        "Sign in again; unsent work stays on the laptop.",
    ),
    (
        "epoch.signature",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The wish for a new epoch is not signed with the person's key.",
        "Sign in again; unsent work stays on the laptop.",
    ),
    (
        "plant.unknown",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The plant the code was made for is not known.",
        "Ask an administrator for a code of a plant the CMMS has.",
    ),
    (
        "contract.unknown",
        StatusCode::NOT_FOUND,
        "There is no contract of this name.",
        "Read the names at /v1/contracts.",
    ),
    (
        "request.unknown_path",
        StatusCode::NOT_FOUND,
        "There is nothing at this path.",
        "Read the paths at /v1/openapi.json.",
    ),
    (
        "request.unknown_method",
        StatusCode::METHOD_NOT_ALLOWED,
        "This path does not know the method.",
        "Read the methods at /v1/openapi.json.",
    ),
    (
        "request.media_type",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "The body is not of the media type this path takes.",
        "Send the media type that is expected.",
    ),
    (
        "request.too_large",
        StatusCode::PAYLOAD_TOO_LARGE,
        "The body is larger than a request may be.",
        "Send it in parts, each below the limit.",
    ),
    (
        "request.bad",
        StatusCode::BAD_REQUEST,
        "The request cannot be read.",
        "Send what /v1/openapi.json describes.",
    ),
    (
        "exchange.bad",
        StatusCode::BAD_REQUEST,
        "The exchange cannot be read.",
        "Send it again; when it stays so, update the desk. Unsent work stays on the laptop.",
    ),
    (
        "exchange.too_much",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The exchange holds more than the limit allows.",
        "Send it in smaller parts; unsent work stays on the laptop.",
    ),
    (
        "attachment.not_named",
        StatusCode::CONFLICT,
        "No document of this plant names this content yet.",
        "Send the document first; what waits stays on the laptop.",
    ),
    (
        "attachment.unknown",
        StatusCode::NOT_FOUND,
        "No document this laptop follows names this content.",
        "Ask for contents of documents that are on the laptop.",
    ),
    (
        "attachment.not_here",
        StatusCode::NOT_FOUND,
        "The hub does not have this content, or it ends before the range.",
        "Ask again once the laptop it was added on was connected.",
    ),
    (
        "attachment.kind",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The content is no photo and no document that may be attached.",
        "Attach JPEG, PNG, WebP or PDF.",
    ),
    (
        "hub.disk_full",
        StatusCode::INSUFFICIENT_STORAGE,
        "The hub has no room left.",
        "Tell an administrator; what waits stays on the laptop.",
    ),
    (
        "bundle.not_one",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The file holds no work of a laptop.",
        "Choose the file that was saved on the other laptop; its name ends in .fettle.",
    ),
    (
        "bundle.too_new",
        StatusCode::UNPROCESSABLE_ENTITY,
        "A later version wrote the file.",
        "Update the hub and hand the file in again; keep it until then.",
    ),
    (
        "bundle.other_hub",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The file is sealed for another hub.",
        "Hand it in at the hub its laptop belongs to.",
    ),
    (
        "bundle.cut",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The file ends before its first item.",
        "Copy it again, or save it once more on its laptop.",
    ),
    (
        "bundle.damaged",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The file is damaged from its beginning.",
        "Copy it again, or save it once more on its laptop.",
    ),
    (
        "bundle.too_large",
        StatusCode::PAYLOAD_TOO_LARGE,
        "The file is larger than a laptop makes one.",
        "Save the work once more on its laptop.",
    ),
    (
        "bundle.unreadable",
        StatusCode::UNPROCESSABLE_ENTITY,
        "The file holds something this hub does not know.",
        "Update the hub and hand the file in again; keep it until then.",
    ),
    (
        "bundle.no_key",
        StatusCode::SERVICE_UNAVAILABLE,
        "This hub has no key for such files.",
        "Start the hub once so that it makes its key; keep the file until then.",
    ),
    (
        "hub.too_old",
        StatusCode::UPGRADE_REQUIRED,
        "This version of the protocol is not spoken here.",
        "Update the hub; unsent work stays on the laptop.",
    ),
    (
        "hub.fault",
        StatusCode::SERVICE_UNAVAILABLE,
        "The hub cannot do this now; nothing was changed.",
        "Try again in a minute; when it stays so, read the hub's log.",
    ),
];

/// The words of a code. One that has none of its own is a rule's no.
pub(super) fn words_of(code: &str) -> Words {
    let found = WORDS.iter().find(|(known, ..)| *known == code);
    let (_, status, title, to_do) = found.copied().unwrap_or((
        "",
        StatusCode::UNPROCESSABLE_ENTITY,
        "A rule of the hub does not allow this.",
        "Tell an administrator the code.",
    ));
    Words {
        status,
        title,
        to_do,
    }
}
