//! The store on SQLite: one writer thread with group commit, and connections that read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use fettle_document::RecentDocuments;
use fettle_domain::{ContentHash, EffectId, Timestamp};
use fettle_sync::epoch::{EpochAnswer, EpochRequest};
use fettle_sync::exchange::UpExchange;
use fettle_sync::request::{EnrolAnswer, EnrolRequest, HexKey, Session, SignInRequest};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{ReadOn, Store};
use crate::core::{
    Answer, Arrived, BundleReport, Core, Masters, Policy, SecretBytes, SessionInfo, StoreFault,
    Totals, open, open_again,
};
use crate::effect::{Claimed, Outcome};

/// Jobs that may wait for the writer; more wait in their request.
const QUEUE_MAX: usize = 1024;
/// Most jobs that share one commit: bounds how long the first of them waits.
const GROUP_MAX: usize = 64;
/// Connections that read at the same time.
const READERS: usize = 4;

/// Tells the caller, once the group is committed or not.
type Done = Box<dyn FnOnce(Result<(), StoreFault>) + Send>;
/// Does its work and says whether it is to be kept.
type Job = Box<dyn FnOnce(Core<'_>) -> (bool, Done) + Send>;

/// The store on one SQLite file.
pub struct SqliteStore {
    file: PathBuf,
    policy: Arc<Policy>,
    jobs: mpsc::Sender<Job>,
    recent: Arc<RecentDocuments>,
    readers: Arc<Mutex<Vec<Connection>>>,
    free_readers: Arc<Semaphore>,
}

impl SqliteStore {
    /// Opens a file, brings it to the newest schema and starts the writer.
    ///
    /// # Errors
    /// [`StoreFault`] when the file cannot be used.
    pub fn open(file: &Path, policy: Arc<Policy>) -> Result<Self, StoreFault> {
        let connection = open(Some(file))?;
        let (jobs, queue) = mpsc::channel(QUEUE_MAX);
        let recent = Arc::new(RecentDocuments::default());
        let (writer_policy, writer_recent) = (policy.clone(), recent.clone());
        std::thread::Builder::new()
            .name("hub-writer".to_owned())
            .spawn(move || write_all(connection, (&writer_policy, &writer_recent), queue))?;
        Ok(Self {
            file: file.to_owned(),
            policy,
            jobs,
            recent,
            readers: Arc::new(Mutex::new(Vec::new())),
            free_readers: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Does something in a transaction that others may share; answered once it is durable.
    ///
    /// # Errors
    /// What `work` answers, and [`StoreFault`] when it cannot be committed.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(Core<'_>) -> Result<T, StoreFault> + Send + 'static,
    ) -> Result<T, StoreFault> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |core| {
            let result = work(core);
            let is_kept = result.is_ok();
            let done: Done = Box::new(move |committed| {
                // Nobody listens any more when the request was dropped; the work stands.
                let _ = answer.send(committed.and(result));
            });
            (is_kept, done)
        });
        self.jobs.send(job).await.map_err(|_| StoreFault::Closed)?;
        answered.await.map_err(|_| StoreFault::Closed)?
    }

    /// Reads something from one snapshot.
    ///
    /// # Errors
    /// What `work` answers.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(Core<'_>) -> Result<T, StoreFault> + Send + 'static,
    ) -> Result<T, StoreFault> {
        let permit = self.free_readers.clone().acquire_owned().await;
        let permit = permit.map_err(|_| StoreFault::Closed)?;
        let (readers, file) = (self.readers.clone(), self.file.clone());
        let (policy, recent) = (self.policy.clone(), self.recent.clone());
        let read = move || {
            let _permit = permit;
            let kept = lock(&readers).pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => open_again(&file)?,
            };
            let snapshot = connection.transaction()?;
            let result = work(Core {
                connection: &snapshot,
                policy: &policy,
                recent: &recent,
            });
            snapshot.finish()?;
            lock(&readers).push(connection);
            result
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| StoreFault::Closed)?
    }
}

fn lock(readers: &Mutex<Vec<Connection>>) -> std::sync::MutexGuard<'_, Vec<Connection>> {
    readers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is the same for every job.
type Beside<'a> = (&'a Policy, &'a RecentDocuments);

fn write_all(mut connection: Connection, beside: Beside<'_>, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP_MAX
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        write_group(&mut connection, beside, group);
    }
}

/// Runs each job in a savepoint of one transaction and answers all of them after its commit.
fn write_group(connection: &mut Connection, beside: Beside<'_>, group: Vec<Job>) {
    let mut transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate)
    {
        Ok(transaction) => transaction,
        Err(error) => {
            // The jobs are dropped, which their callers see.
            tracing::error!(%error, "failed to begin a transaction");
            return;
        }
    };
    let mut answers = Vec::with_capacity(group.len());
    for job in group {
        match write_one(&mut transaction, beside, job) {
            Ok(Some(done)) => answers.push(done),
            Ok(None) => tracing::error!("a job of the store panicked and was taken back"),
            Err(error) => tracing::error!(%error, "failed to end a savepoint"),
        }
    }
    let committed = transaction.commit().map_err(|error| {
        tracing::error!(%error, "failed to commit");
        error.to_string()
    });
    for done in answers {
        done(committed.clone().map_err(StoreFault::Content));
    }
}

fn write_one(
    transaction: &mut rusqlite::Transaction<'_>,
    (policy, recent): Beside<'_>,
    job: Job,
) -> Result<Option<Done>, rusqlite::Error> {
    let mut savepoint = transaction.savepoint()?;
    let core = Core {
        connection: &savepoint,
        policy,
        recent,
    };
    let ran = catch_unwind(AssertUnwindSafe(|| job(core)));
    match ran {
        Ok((true, done)) => {
            savepoint.commit()?;
            Ok(Some(done))
        }
        Ok((false, done)) => {
            savepoint.rollback()?;
            Ok(Some(done))
        }
        Err(_) => {
            savepoint.rollback()?;
            Ok(None)
        }
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn password_hash(&self, account: String) -> Result<Option<String>, StoreFault> {
        self.read(move |core| core.password_hash(&account)).await
    }

    async fn enrol(
        &self,
        request: EnrolRequest,
        is_right: bool,
        secrets: [SecretBytes; 2],
        now: Timestamp,
    ) -> Answer<EnrolAnswer> {
        self.write(move |core| core.enrol(&request, is_right, secrets, now))
            .await
    }

    async fn sign_in(
        &self,
        request: SignInRequest,
        is_right: bool,
        token: SecretBytes,
        now: Timestamp,
    ) -> Answer<Session> {
        self.write(move |core| core.sign_in(&request, is_right, token, now))
            .await
    }

    async fn begin_epoch(
        &self,
        session: SessionInfo,
        request: EpochRequest,
        now: Timestamp,
    ) -> Answer<EpochAnswer> {
        self.write(move |core| core.begin_epoch(&session, &request, now))
            .await
    }

    async fn authenticate(&self, token: HexKey, now: Timestamp) -> Answer<SessionInfo> {
        self.read(move |core| core.authenticate(&token, now)).await
    }

    async fn exchange(
        &self,
        session: SessionInfo,
        exchange: UpExchange,
        now: Timestamp,
    ) -> Result<Vec<u8>, StoreFault> {
        let exchange = Arc::new(exchange);
        // A desk that only asks whether there is anything new costs one read and no write.
        if exchange.pushes.is_empty() {
            let (session, exchange) = (session.clone(), exchange.clone());
            let idle = self.read(move |core| {
                if core.brings_news(&session, &exchange)? {
                    return Ok(None);
                }
                core.answer(&session, &exchange, &Arrived::default(), now)
                    .map(Some)
            });
            if let Some(answer) = idle.await? {
                return Ok(answer);
            }
        }
        let (by, brought) = (session.clone(), exchange.clone());
        let arrived = self
            .write(move |core| core.accept(&by, &brought, now))
            .await?;
        self.read(move |core| core.answer(&session, &exchange, &arrived, now))
            .await
    }

    async fn attachments_taken(
        &self,
        session: SessionInfo,
        contents: Vec<ContentHash>,
    ) -> Result<Vec<bool>, StoreFault> {
        self.read(move |core| core.attachments_taken(&session, &contents))
            .await
    }

    async fn is_attachment_served(
        &self,
        session: SessionInfo,
        content: ContentHash,
    ) -> Result<bool, StoreFault> {
        self.read(move |core| core.is_attachment_served(&session, content))
            .await
    }

    async fn attachment_whole(
        &self,
        content: ContentHash,
        size: u64,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        self.write(move |core| core.attachment_whole(content, size, now))
            .await
    }

    async fn bundle(
        &self,
        session: SessionInfo,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Answer<BundleReport> {
        // Opened beside the writer, which only ever waits for the disk.
        let opened = self.read(move |core| Ok(core.open_bundle(&bytes))).await?;
        let bundle = match opened {
            Ok(bundle) => bundle,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.write(move |core| core.accept_bundle(&bundle, &session.device.name, now))
            .await
            .map(Ok)
    }

    async fn ingest(
        &self,
        masters: Masters,
        next: Option<ReadOn>,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        self.write(move |core| {
            let next = next
                .as_ref()
                .map(|next| (next.list.as_str(), next.cursor.as_str()));
            core.ingest(&masters, next, read_at, now)
        })
        .await
    }

    async fn poll_cursor(&self, list: &'static str) -> Result<Option<String>, StoreFault> {
        self.read(move |core| core.poll_cursor(list)).await
    }

    async fn orders_to_reread(&self, limit: u32) -> Result<Vec<String>, StoreFault> {
        self.read(move |core| core.orders_to_reread(limit)).await
    }

    async fn recover_effects(&self, now: Timestamp) -> Result<(), StoreFault> {
        self.write(move |core| core.recover_effects(now)).await
    }

    async fn claim_effects(&self, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, StoreFault> {
        self.write(move |core| core.claim_effects(now, limit)).await
    }

    async fn next_effect_due(&self) -> Result<Option<Timestamp>, StoreFault> {
        self.read(move |core| core.next_effect_due()).await
    }

    async fn effect_answered(
        &self,
        effect: EffectId,
        attempt: u32,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        self.write(move |core| core.effect_answered(effect, attempt, &outcome, now))
            .await
    }

    async fn compact(&self, now: Timestamp) -> Result<bool, StoreFault> {
        self.write(move |core| core.compact(now)).await
    }

    async fn totals(&self) -> Result<Totals, StoreFault> {
        self.read(|core| core.totals()).await
    }
}
