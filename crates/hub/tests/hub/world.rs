//! A hub on a file of its own with both demo systems in this process.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use fettle_connectors::{Answer, Cut, Inline, Method, Request, Transport};
use fettle_demo::world::DEMO_SEED;
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_domain::WorkOrderId;
use fettle_domain::charter::Charter;
use fettle_domain::work_order::{WorkOrder, WorkOrderRow};
use fettle_hub::clock::now;
use fettle_hub::core::{NewCode, Policy, SecretBytes, hash_password};
use fettle_hub::effects::perform;
use fettle_hub::masters::Poller;
use fettle_hub::store::{SqliteStore, Store};
use fettle_hub::systems::Systems;
use fettle_sync::bundle::BundleSecret;
use fettle_sync::request::{Credentials, EnrolRequest, HexKey};

use crate::desk::Desk;

pub(crate) const PASSWORD: &str = "a long demo password";

/// What happens to the next posting.
#[derive(Clone, Copy)]
pub(crate) enum Trouble {
    /// It does not get there.
    NotSent,
    /// It gets there and its answer is lost.
    LostAnswer,
}

/// A transport on which postings meet trouble.
pub(crate) struct Line {
    inner: Inline,
    troubles: Mutex<VecDeque<Trouble>>,
    posts: Mutex<usize>,
}

impl Line {
    fn new(call: impl Fn(&Request) -> Result<Answer, Cut> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            inner: Inline::new(call),
            troubles: Mutex::default(),
            posts: Mutex::default(),
        })
    }

    pub(crate) fn trouble(&self, trouble: Trouble) {
        self.troubles.lock().unwrap().push_back(trouble);
    }

    /// Postings that were tried.
    pub(crate) fn posts(&self) -> usize {
        *self.posts.lock().unwrap()
    }
}

#[async_trait]
impl Transport for Line {
    async fn call(&self, request: Request) -> Result<Answer, Cut> {
        if request.method == Method::Get {
            return self.inner.call(request).await;
        }
        *self.posts.lock().unwrap() += 1;
        let trouble = self.troubles.lock().unwrap().pop_front();
        match trouble {
            None => self.inner.call(request).await,
            Some(Trouble::NotSent) => Err(Cut::NotSent("refused".to_owned())),
            Some(Trouble::LostAnswer) => {
                self.inner.call(request).await?;
                Err(Cut::NoAnswer("reset".to_owned()))
            }
        }
    }
}

pub(crate) struct World {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) systems: Systems,
    pub(crate) cmms: Arc<Line>,
    pub(crate) erp: Arc<Line>,
    cmms_inside: Arc<Mutex<Cmms>>,
    erp_inside: Arc<Mutex<Erp>>,
    pub(crate) file: PathBuf,
    pub(crate) folder: tempfile::TempDir,
}

fn call(request: &Request) -> Call<'_> {
    let if_match = request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("if-match"));
    Call {
        method: request.method.word(),
        target: &request.path,
        if_match: if_match.map(|(_, value)| value.as_str()),
        body: &request.body,
    }
}

/// The key bundles of this world are sealed to.
pub(crate) fn bundle_secret() -> BundleSecret {
    BundleSecret::from_seed(&[3; 32])
}

pub(crate) fn policy() -> Arc<Policy> {
    Arc::new(Policy {
        settle_ms: 0,
        bundle: Some(Arc::new(bundle_secret())),
        demo_password_hash: Some(hash_password(PASSWORD).unwrap()),
        ..Policy::new(Charter::embedded().unwrap())
    })
}

impl World {
    /// A hub that has read everything once and believes a search at once.
    pub(crate) async fn new() -> Self {
        Self::settling(0).await
    }

    /// A hub that takes a request for under way so many milliseconds after it was given up.
    pub(crate) async fn settling(settle_ms: i64) -> Self {
        Self::with(Policy {
            settle_ms,
            ..Arc::unwrap_or_clone(policy())
        })
        .await
    }

    /// A hub whose laptops keep orders that are over for so many years.
    pub(crate) async fn keeping_years(closed_years: Option<u16>) -> Self {
        Self::with(Policy {
            closed_years,
            ..Arc::unwrap_or_clone(policy())
        })
        .await
    }

    async fn with(policy: Policy) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hub.db");
        let cmms_inside = Arc::new(Mutex::new(
            Cmms::open(None, DEMO_SEED, Clock::System).unwrap(),
        ));
        let erp_inside = Arc::new(Mutex::new(
            Erp::open(None, DEMO_SEED, Clock::System).unwrap(),
        ));
        let inside = cmms_inside.clone();
        let cmms = Line::new(move |request| {
            let answer = inside.lock().unwrap().handle(&call(request));
            Ok(Answer {
                status: answer.status,
                body: answer.body,
            })
        });
        let inside = erp_inside.clone();
        let erp = Line::new(move |request| {
            let answer = inside.lock().unwrap().handle(&call(request));
            Ok(Answer {
                status: answer.status,
                body: answer.body,
            })
        });
        let policy = Arc::new(policy);
        let world = Self {
            store: Arc::new(SqliteStore::open(&file, policy).unwrap()),
            systems: Systems::demo_over(cmms.clone(), erp.clone()),
            cmms,
            erp,
            cmms_inside,
            erp_inside,
            file,
            folder,
        };
        world.poll().await;
        world
    }

    pub(crate) async fn poll(&self) {
        Poller::new(self.store.clone(), self.systems.clone())
            .poll()
            .await
            .unwrap();
    }

    /// Asks the CMMS itself, past the line: as its people do when there is a body.
    pub(crate) fn at_cmms(&self, target: &str, body: &serde_json::Value) -> serde_json::Value {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let call = Call {
            method: if body.is_empty() { "GET" } else { "POST" },
            target,
            if_match: None,
            body: body.as_bytes(),
        };
        let answer = self.cmms_inside.lock().unwrap().handle(&call);
        let text = String::from_utf8(answer.body).unwrap();
        assert!(answer.status < 300, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The office changes fields of an order in the CMMS.
    pub(crate) fn office(&self, order: &WorkOrderRow, fields: serde_json::Value) {
        let number = order.number.as_deref().unwrap();
        self.at_cmms(&format!("/admin/wo/{number}"), &fields);
    }

    /// An order as the CMMS holds it.
    pub(crate) fn in_cmms(&self, order: &WorkOrderRow) -> serde_json::Value {
        let number = order.number.as_deref().unwrap();
        self.at_cmms(&format!("/os/wo/{number}"), &serde_json::Value::Null)
    }

    /// An order as the hub's rules see it.
    pub(crate) async fn held(&self, id: WorkOrderId) -> WorkOrder {
        let read = self.store.read(move |core| core.work_order(id));
        read.await.unwrap().unwrap()
    }

    /// Posts to the ERP's own API, as its people do.
    pub(crate) fn erp_admin(&self, target: &str, body: &str) -> String {
        let call = Call {
            method: if body.is_empty() { "GET" } else { "POST" },
            target,
            if_match: None,
            body: body.as_bytes(),
        };
        let answer = self.erp_inside.lock().unwrap().handle(&call);
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        String::from_utf8(answer.body).unwrap()
    }

    /// How many documents the ERP holds under references of ours.
    pub(crate) fn erp_documents(&self) -> Vec<u64> {
        let text = self.erp_admin("/admin/documents", "");
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let rows = json["value"].as_array().unwrap();
        rows.iter()
            .map(|row| row["Count"].as_u64().unwrap())
            .collect()
    }

    /// Carries every effect until none is left, at times after every wait.
    pub(crate) async fn carry(&self) {
        let mut at = now();
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

    pub(crate) async fn code(
        &self,
        name: &str,
        plant: &str,
        random: u8,
    ) -> fettle_sync::request::EnrolmentCode {
        self.code_in(name, plant, random, Vec::new()).await
    }

    async fn code_in(
        &self,
        name: &str,
        plant: &str,
        random: u8,
        areas: Vec<fettle_domain::AreaId>,
    ) -> fettle_sync::request::EnrolmentCode {
        let new = NewCode {
            name: name.to_owned(),
            plant: fettle_domain::PlantId::new(plant).unwrap(),
            areas,
            random: [random; 8],
            fingerprint: [9; 32],
        };
        self.store
            .write(move |core| core.make_code(&new, now()))
            .await
            .unwrap()
            .unwrap()
    }

    /// Enrols a device on which an account signs in.
    pub(crate) async fn desk(&self, account: &str, number: u8) -> Desk {
        self.desk_in(account, number, Vec::new()).await
    }

    /// Enrols a device that follows these areas alone.
    pub(crate) async fn desk_in(
        &self,
        account: &str,
        number: u8,
        areas: Vec<fettle_domain::AreaId>,
    ) -> Desk {
        self.desk_at(account, number, "1200", areas).await
    }

    /// Enrols a device of a plant that follows these areas alone, all when none is named.
    pub(crate) async fn desk_at(
        &self,
        account: &str,
        number: u8,
        plant: &str,
        areas: Vec<fettle_domain::AreaId>,
    ) -> Desk {
        let key = ed25519_dalek::SigningKey::from_bytes(&[number; 32]);
        let request = EnrolRequest {
            code: self
                .code_in(&format!("HW-{number}"), plant, number, areas)
                .await,
            credentials: Credentials {
                account: account.to_owned(),
                password: PASSWORD.to_owned(),
            },
            person_key: HexKey(key.verifying_key().to_bytes()),
        };
        let secrets = [SecretBytes([number; 32]), SecretBytes([number ^ 0xff; 32])];
        let answer = self
            .store
            .enrol(request, true, secrets, now())
            .await
            .unwrap()
            .unwrap();
        let info = self
            .store
            .authenticate(answer.session.token.clone(), now())
            .await
            .unwrap()
            .unwrap();
        Desk::new(answer, info, key)
    }
}
