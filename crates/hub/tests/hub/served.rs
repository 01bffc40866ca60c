//! The real server over real TLS on loopback, with a clock that can be moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use fettle_hub::attachments::Attachments;
use fettle_hub::clock::{Clock, now};
use fettle_hub::server::{Server, Shared};
use fettle_hub::tls::TlsFiles;
use fettle_sync::exchange::{Down, DownHead};
use fettle_sync::frame::Decoder;
use fettle_sync::problem::PROBLEM_MEDIA_TYPE;
use fettle_sync::request::{HexKey, SYNC_MEDIA_TYPE, SYNC_PATH};
use reqwest::header::CONTENT_TYPE;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore};

use crate::world::World;

pub(crate) struct Served {
    pub(crate) world: World,
    pub(crate) client: reqwest::Client,
    url: String,
    ahead_ms: Arc<AtomicI64>,
    server: Server,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    media_type: String,
    pub(crate) body: Vec<u8>,
}

impl Served {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let files = TlsFiles::in_folder(world.folder.path());
        files.make_if_missing().unwrap();
        let ahead_ms = Arc::new(AtomicI64::new(0));
        let ahead = Arc::clone(&ahead_ms);
        let clock = Clock::reading(move || now().plus_ms(ahead.load(Ordering::SeqCst)));
        let shared = Shared {
            store: world.store.clone(),
            attachments: Attachments::in_folder(world.folder.path()),
            figures: Arc::default(),
            work: Arc::new(Notify::new()),
            password_checks: Arc::new(Semaphore::new(2)),
        };
        let listen = "127.0.0.1:0".parse().unwrap();
        let tls = files.load().unwrap();
        let server = Server::start_by(clock, listen, tls, shared).await.unwrap();
        let url = format!("https://{}", server.address().await.unwrap());
        Self {
            client: client(&files),
            world,
            url,
            ahead_ms,
            server,
        }
    }

    /// Moves the hub's clock.
    pub(crate) fn forward(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        Told::of(self.client.get(self.url(path))).await
    }

    pub(crate) async fn post(&self, path: &str, body: &impl serde::Serialize) -> Told {
        Told::of(self.client.post(self.url(path)).json(body)).await
    }

    pub(crate) async fn exchange(&self, token: &HexKey, body: Vec<u8>) -> Told {
        let request = self.client.post(self.url(SYNC_PATH));
        let request = request.header(CONTENT_TYPE, SYNC_MEDIA_TYPE).body(body);
        Told::of(request.bearer_auth(String::from(token.clone()))).await
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await.unwrap();
    }
}

impl Told {
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let media_type = response.headers().get(CONTENT_TYPE);
        Self {
            status: response.status().as_u16(),
            media_type: media_type.map_or("", |v| v.to_str().unwrap()).to_owned(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem it is: with a code, one sentence and what to do.
    pub(crate) fn problem(&self) -> Value {
        assert!((400..600).contains(&self.status), "{self:?}");
        assert_eq!(self.media_type, PROBLEM_MEDIA_TYPE);
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], self.status);
        let code = problem["code"].as_str().unwrap();
        assert_eq!(problem["type"], format!("urn:fettle:problem:{code}"));
        for sentence in [&problem["title"], &problem["detail"]] {
            let sentence = sentence.as_str().unwrap();
            assert!(sentence.ends_with('.'), "{code}: {sentence}");
            assert!(
                sentence.starts_with(char::is_uppercase),
                "{code}: {sentence}"
            );
        }
        problem
    }

    /// Status and code of the problem it is.
    pub(crate) fn refused(&self) -> (u16, String) {
        let code = self.problem()["code"].as_str().unwrap().to_owned();
        (self.status, code)
    }

    /// The head of an exchange that was answered.
    pub(crate) fn head(&self) -> DownHead {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        let mut decoder = Decoder::default();
        decoder.push(&self.body);
        match decoder.next_frame().unwrap() {
            Some(Down::Head(head)) => head,
            Some(Down::Slice(_) | Down::End { .. }) | None => panic!("no head"),
        }
    }
}

/// A client that trusts the hub's certificate as any program does that is given it.
pub(crate) fn client(files: &TlsFiles) -> reqwest::Client {
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(&files.certificate).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .build()
        .unwrap()
}
