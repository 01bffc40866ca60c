//! Bytes of attachments across the border: chosen files come in raw, pictures go out by address.
//!
//! Neither fits the typed calls, whose payloads are JSON. What may be seen is the desk's decision.

use fettle_desk::view::{ArgumentView, DraftView, ProblemView};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::ipc::{Invoke, InvokeBody};
use tauri::{Manager, State, UriSchemeContext, UriSchemeResponder, Wry};

use crate::commands::OpeningDesk;

/// Scheme of the addresses of attachments; the content policy names it.
pub(crate) const SCHEME: &str = "attachment";
/// Name of the one command that takes bytes.
const DRAFT: &str = "draft_photo";

/// Takes a file somebody chose.
#[tauri::command]
async fn draft_photo(
    opening: State<'_, OpeningDesk>,
    request: tauri::ipc::Request<'_>,
) -> Result<DraftView, ProblemView> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ProblemView {
            code: "desk.unexpected".to_owned(),
            arguments: vec![ArgumentView {
                name: "detail".to_owned(),
                value: "a file did not come as bytes".to_owned(),
            }],
        });
    };
    opening.desk().await.draft_photo(bytes.clone()).await
}

/// Puts the command that takes bytes beside the typed ones.
pub(crate) fn beside(
    typed: impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static,
) -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    let raw: fn(Invoke<Wry>) -> bool = tauri::generate_handler![draft_photo];
    move |invoke| {
        if invoke.message.command() == DRAFT {
            raw(invoke)
        } else {
            typed(invoke)
        }
    }
}

/// Answers for the address of an attachment: `attachment://localhost/<content>`.
pub(crate) fn serve(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let opening = context.app_handle().state::<OpeningDesk>().inner().clone();
    let content = request.uri().path().trim_start_matches('/').to_owned();
    tauri::async_runtime::spawn(async move {
        let answer = opening.desk().await.attachment(content).await;
        responder.respond(match answer {
            Ok(file) => response(StatusCode::OK, file.media_type, file.bytes),
            Err(problem) => {
                tracing::debug!(code = problem.code, "a picture is not shown");
                response(StatusCode::NOT_FOUND, "text/plain", Vec::new())
            }
        });
    });
}

fn response(status: StatusCode, media_type: &str, bytes: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    let kept = [
        (header::CONTENT_TYPE, media_type),
        // Locking takes pictures away as it takes everything else.
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    for (name, value) in kept {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
