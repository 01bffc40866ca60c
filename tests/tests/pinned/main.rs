//! The desk's own connection against the real hub: one certificate, and never another.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use fettle_connectors::{PersonRecord, PlantRecord};
use fettle_desk::pinning::Fingerprint;
use fettle_desk::transport::{Enrolled, HubAddress, Transport, TransportError};
use fettle_domain::charter::Charter;
use fettle_domain::person::Role;
use fettle_domain::plant::Area;
use fettle_domain::{AreaId, CorrelationId, PlantId, Refusal, Timestamp};
use fettle_hub::attachments::Attachments;
use fettle_hub::clock::now;
use fettle_hub::core::{Masters, NewCode, Policy, Rows, hash_password};
use fettle_hub::server::{Server, Shared};
use fettle_hub::store::SqliteStore;
use fettle_hub::tls::TlsFiles;
use fettle_sync::exchange::{Up, UpHead};
use fettle_sync::request::{
    Credentials, EnrolRequest, EnrolmentCode, HexKey, Session, SignInRequest,
};
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

const PASSWORD: &str = "a long demo password";

/// A hub with one plant and one technician.
struct Hub {
    store: Arc<SqliteStore>,
    folder: tempfile::TempDir,
}

impl Hub {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let policy = Policy {
            demo_password_hash: Some(hash_password(PASSWORD).unwrap()),
            ..Policy::new(Charter::embedded().unwrap())
        };
        let file = folder.path().join("hub.db");
        let store = Arc::new(SqliteStore::open(&file, Arc::new(policy)).unwrap());
        for rows in [
            Rows::Plants(vec![plant()]),
            Rows::People(vec![technician()]),
        ] {
            let masters = Masters {
                system: "demo-cmms".to_owned(),
                rows,
            };
            store
                .write(move |core| core.ingest(&masters, None, now(), now()))
                .await
                .unwrap();
        }
        Self { store, folder }
    }

    /// Certificate and key in a folder of this name, made the first time.
    fn certificate(&self, name: &str) -> TlsFiles {
        let folder: &Path = &self.folder.path().join(name);
        let files = TlsFiles::in_folder(folder);
        files.make_if_missing().unwrap();
        files
    }

    /// Serves with a certificate; where it listens stays when it is told.
    async fn serve(&self, files: &TlsFiles, port: u16) -> (Server, SocketAddr) {
        let shared = Shared {
            store: self.store.clone(),
            attachments: Attachments::in_folder(self.folder.path()),
            figures: Arc::default(),
            work: Arc::new(Notify::new()),
            password_checks: Arc::new(Semaphore::new(2)),
        };
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        let server = Server::start(listen, files.load().unwrap(), shared)
            .await
            .unwrap();
        let address = server.address().await.unwrap();
        (server, address)
    }

    /// A code that is printed for a certificate.
    async fn code(&self, files: &TlsFiles, random: u8) -> EnrolmentCode {
        let new = NewCode {
            name: format!("HW-{random}"),
            plant: PlantId::new("1200").unwrap(),
            areas: Vec::new(),
            random: [random; 8],
            fingerprint: files.fingerprint().unwrap(),
        };
        let made = self.store.write(move |core| core.make_code(&new, now()));
        made.await.unwrap().unwrap()
    }
}

fn plant() -> PlantRecord {
    PlantRecord {
        code: PlantId::new("1200").unwrap(),
        name: "Havel Works".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        areas: vec![Area {
            id: AreaId::new("HALL-3").unwrap(),
            name: "Hall 3".to_owned(),
        }],
        neighbours: Vec::new(),
    }
}

fn technician() -> PersonRecord {
    PersonRecord {
        employee_number: "104417".to_owned(),
        account: "kowalska".to_owned(),
        name: "J. Kowalska".to_owned(),
        craft: "Mechanical 2".to_owned(),
        plant: PlantId::new("1200").unwrap(),
        crew: None,
        roles: vec![Role::Technician],
        is_disabled: false,
    }
}

fn credentials(password: &str) -> Credentials {
    Credentials {
        account: "kowalska".to_owned(),
        password: password.to_owned(),
    }
}

fn person_key() -> HexKey {
    HexKey(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes())
}

async fn enrol(address: SocketAddr, code: &EnrolmentCode) -> Result<Enrolled, TransportError> {
    let request = EnrolRequest {
        code: code.clone(),
        credentials: credentials(PASSWORD),
        person_key: person_key(),
    };
    let transport = Transport::by_code(hub_at(address), code).unwrap();
    transport.enrol(&request).await
}

fn hub_at(address: SocketAddr) -> HubAddress {
    HubAddress::new(&address.to_string()).unwrap()
}

async fn sign_in(
    transport: &Transport,
    enrolled: &Enrolled,
    password: &str,
) -> Result<Session, TransportError> {
    let request = SignInRequest {
        device: enrolled.answer.device.id,
        device_secret: enrolled.answer.device_secret.clone(),
        credentials: credentials(password),
        person_key: person_key(),
    };
    transport.sign_in(&request).await
}

/// Exchanges nothing; answers with the hub's time.
async fn exchange(transport: &Transport, token: &HexKey) -> Result<Timestamp, TransportError> {
    let head = UpHead {
        log_epoch: None,
        device_time: now(),
        cursors: std::collections::BTreeMap::new(),
        budget_bytes: 100_000,
        reader: None,
        asks_sums: false,
    };
    let correlation = CorrelationId(Uuid::from_u128(1));
    let mut answer = transport
        .exchange(token, correlation, &[Up::Head(head)])
        .await?;
    let head = answer.head().await?;
    while answer.next().await?.is_some() {}
    Ok(head.hub_time)
}

#[tokio::test]
async fn a_desk_enrols_by_code_signs_in_and_exchanges_over_the_pinned_certificate() {
    let hub = Hub::new().await;
    let files = hub.certificate("first");
    let (server, address) = hub.serve(&files, 0).await;
    let enrolled = enrol(address, &hub.code(&files, 1).await).await.unwrap();
    assert_eq!(
        enrolled.fingerprint,
        Fingerprint(files.fingerprint().unwrap())
    );
    let transport = Transport::pinned(hub_at(address), enrolled.fingerprint).unwrap();
    let session = sign_in(&transport, &enrolled, PASSWORD).await.unwrap();
    for token in [&enrolled.answer.session.token, &session.token] {
        exchange(&transport, token).await.unwrap();
    }
    let wrong = sign_in(&transport, &enrolled, "wrong").await.unwrap_err();
    assert_eq!(
        wrong.refusal(transport.hub()),
        Refusal::new("sign_in.wrong_password")
    );
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_code_printed_for_another_certificate_enrols_nobody() {
    let hub = Hub::new().await;
    let (first, second) = (hub.certificate("first"), hub.certificate("second"));
    let (server, address) = hub.serve(&second, 0).await;
    let code = hub.code(&first, 1).await;
    let refused = enrol(address, &code).await.unwrap_err();
    assert_eq!(
        refused.refusal(&hub_at(address)),
        Refusal::new("sign_in.bad_code")
    );
    server.stop().await.unwrap();
    // Nothing of it reached the hub: the code still enrols where it was printed for.
    let (server, address) = hub.serve(&first, 0).await;
    enrol(address, &code).await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_hub_with_another_certificate_is_refused_until_the_pinned_one_is_back() {
    let hub = Hub::new().await;
    let (first, second) = (hub.certificate("first"), hub.certificate("second"));
    let (server, address) = hub.serve(&first, 0).await;
    let enrolled = enrol(address, &hub.code(&first, 1).await).await.unwrap();
    server.stop().await.unwrap();
    let token = &enrolled.answer.session.token;
    let transport = || Transport::pinned(hub_at(address), enrolled.fingerprint).unwrap();

    let (server, _) = hub.serve(&second, address.port()).await;
    let impostor = transport();
    let refused = exchange(&impostor, token).await.unwrap_err();
    assert!(
        matches!(refused, TransportError::CertificateChanged),
        "{refused:?}"
    );
    assert_eq!(
        refused.refusal(impostor.hub()).code,
        "hub.certificate_changed"
    );
    let refused = sign_in(&impostor, &enrolled, PASSWORD).await.unwrap_err();
    assert!(matches!(refused, TransportError::CertificateChanged));
    server.stop().await.unwrap();

    let (server, _) = hub.serve(&first, address.port()).await;
    exchange(&transport(), token).await.unwrap();
    server.stop().await.unwrap();
}
