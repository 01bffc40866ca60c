//! A hub on a file with both demo systems, and laptops with replicas of their own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ed25519_dalek::SigningKey;
use fettle_connectors::{Answer, Inline, Request};
use fettle_demo::world::DEMO_SEED;
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_domain::charter::Charter;
use fettle_domain::{PlantId, Timestamp};
use fettle_hub::core::{
    Core, Hub, NewCode, Policy, SecretBytes, StoreFault, hash_password, restore,
};
use fettle_hub::effects::perform;
use fettle_hub::masters::Poller;
use fettle_hub::store::{SqliteStore, Store};
use fettle_hub::systems::Systems;
use fettle_sync::request::{Credentials, EnrolRequest, EnrolmentCode, HexKey, SignInRequest};
use tempfile::TempDir;

use crate::laptop::{Laptop, Who};

/// The password of everybody's account.
pub(crate) const PASSWORD: &str = "a long demo password";

/// The plant everybody works in.
pub(crate) const PLANT: &str = "1200";

pub(crate) struct World {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) systems: Systems,
    erp: Arc<Mutex<Erp>>,
    folder: TempDir,
    file: PathBuf,
    backups: u32,
    enrolled: u8,
}

fn inline(
    handle: impl Fn(&Call<'_>) -> fettle_demo::Answer + Send + Sync + 'static,
) -> Arc<Inline> {
    Arc::new(Inline::new(move |request: &Request| {
        let if_match = request
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("if-match"));
        let answer = handle(&Call {
            method: request.method.word(),
            target: &request.path,
            if_match: if_match.map(|(_, value)| value.as_str()),
            body: &request.body,
        });
        Ok(Answer {
            status: answer.status,
            body: answer.body,
        })
    }))
}

fn policy() -> Arc<Policy> {
    Arc::new(Policy {
        settle_ms: 0,
        demo_password_hash: Some(hash_password(PASSWORD).unwrap()),
        ..Policy::new(Charter::embedded().unwrap())
    })
}

pub(crate) fn now() -> Timestamp {
    fettle_hub::clock::now()
}

impl World {
    /// A hub that has read everything once.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cmms = Mutex::new(Cmms::open(None, DEMO_SEED, Clock::System).unwrap());
        let erp = Arc::new(Mutex::new(
            Erp::open(None, DEMO_SEED, Clock::System).unwrap(),
        ));
        let inside = Arc::clone(&erp);
        let systems = Systems::demo_over(
            inline(move |call| cmms.lock().unwrap().handle(call)),
            inline(move |call| inside.lock().unwrap().handle(call)),
        );
        let file = folder.path().join("hub.db");
        let world = Self {
            store: Arc::new(SqliteStore::open(&file, policy()).unwrap()),
            systems,
            erp,
            folder,
            file,
            backups: 0,
            enrolled: 0,
        };
        world.poll().await;
        world
    }

    pub(crate) async fn poll(&self) {
        let poller = Poller::new(self.store.clone(), self.systems.clone());
        poller.poll().await.unwrap();
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(Core<'_>) -> Result<T, StoreFault> + Send + 'static,
    ) -> T {
        self.store.write(work).await.unwrap()
    }

    /// Copies the store.
    pub(crate) fn back_up(&mut self) -> PathBuf {
        self.backups += 1;
        let copy = self.folder.path().join(format!("copy-{}.db", self.backups));
        // A command beside the running hub has a connection of its own.
        let hub = Hub::open(Some(&self.file), policy()).unwrap();
        hub.read(|core| core.back_up(&copy)).unwrap();
        copy
    }

    /// Puts a copy in the place of the store, as if everything since were lost.
    pub(crate) async fn restore(&mut self, copy: &Path) {
        self.backups += 1;
        let file = self.folder.path().join(format!("hub-{}.db", self.backups));
        // An epoch is a second at least: two restores of one copy have two.
        let at = now().plus_ms(i64::from(self.backups) * 1000);
        restore(copy, &file, at).unwrap();
        self.store = Arc::new(SqliteStore::open(&file, policy()).unwrap());
        self.file = file;
        self.store.recover_effects(at).await.unwrap();
        self.poll().await;
    }

    /// Carries every effect until none is left, at times after every wait.
    pub(crate) async fn carry(&self) {
        let mut at = now().plus_ms(60_000);
        for _ in 0..64 {
            let claimed = self.store.claim_effects(at, 8).await.unwrap();
            if claimed.is_empty() && self.store.next_effect_due().await.unwrap().is_none() {
                return;
            }
            for effect in claimed {
                let outcome = perform(&self.systems, &effect).await;
                self.store
                    .effect_answered(effect.id, effect.attempt, outcome, at)
                    .await
                    .unwrap();
            }
            at = at.plus_ms(70_000);
        }
        panic!("effects did not come to rest");
    }

    /// How often the ERP holds each reference of ours.
    pub(crate) fn erp_documents(&self) -> Vec<u64> {
        let answer = self.erp.lock().unwrap().handle(&Call {
            method: "GET",
            target: "/admin/documents",
            if_match: None,
            body: b"",
        });
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let rows = json["value"].as_array().unwrap();
        rows.iter()
            .map(|row| row["Count"].as_u64().unwrap())
            .collect()
    }

    /// A code for one laptop.
    pub(crate) async fn code(&self, number: u8, fingerprint: [u8; 32]) -> EnrolmentCode {
        let new = NewCode {
            name: format!("HW-{number}"),
            plant: PlantId::new(PLANT).unwrap(),
            areas: Vec::new(),
            random: [number; 8],
            fingerprint,
        };
        self.write(move |core| core.make_code(&new, now()))
            .await
            .unwrap()
    }

    /// Enrols a laptop anew with its person, as the desk does at a hub that does not know it.
    pub(crate) async fn enrol_again(&self, laptop: &mut Laptop, account: &'static str, number: u8) {
        laptop.who = self.enrol(account, number).await;
        laptop.know();
    }

    /// Enrols a laptop on which an account signs in, and copies everything to it.
    pub(crate) async fn laptop(&mut self, account: &'static str) -> Laptop {
        self.enrolled += 1;
        let number = self.enrolled;
        let who = self.enrol(account, number).await;
        let mut laptop = Laptop::open(&self.folder.path().join(format!("laptop-{number}")), who);
        laptop.settle(self).await;
        laptop
    }

    async fn enrol(&self, account: &'static str, number: u8) -> Who {
        let key = SigningKey::from_bytes(&[number; 32]);
        let request = EnrolRequest {
            code: self.code(number, [9; 32]).await,
            credentials: credentials(account),
            person_key: HexKey(key.verifying_key().to_bytes()),
        };
        let secrets = [SecretBytes([number; 32]), SecretBytes([!number; 32])];
        let enrolled = self.store.enrol(request, true, secrets, now()).await;
        let answer = enrolled.unwrap().unwrap();
        Who {
            device: answer.device,
            secret: answer.device_secret,
            token: answer.session.token,
            actor: answer.session.actor,
            person: answer.session.person,
            key,
        }
    }

    /// Signs somebody in on a laptop with a new key, as the desk does.
    pub(crate) async fn sign_in(&self, laptop: &mut Laptop, account: &'static str, number: u8) {
        let key = SigningKey::from_bytes(&[number; 32]);
        let request = SignInRequest {
            device: laptop.who.device.id,
            device_secret: laptop.who.secret.clone(),
            credentials: credentials(account),
            person_key: HexKey(key.verifying_key().to_bytes()),
        };
        let token = SecretBytes([number ^ 0x55; 32]);
        let signed = self.store.sign_in(request, true, token, now()).await;
        let session = signed.unwrap().unwrap();
        laptop.who.token = session.token;
        laptop.who.actor = session.actor;
        laptop.who.person = session.person;
        laptop.who.key = key;
        laptop.know();
    }
}

fn credentials(account: &str) -> Credentials {
    Credentials {
        account: account.to_owned(),
        password: PASSWORD.to_owned(),
    }
}
