//! The program itself: its commands, its demo systems, and the way from a backup back to a hub.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use axum::Router;
use fettle_connectors::{Http, HttpLimits, Method, Request, Transport};
use fettle_demo::{INSTANCE_PATH, Instance};
use fettle_hub::clock::now;
use fettle_hub::tls::TlsFiles;
use fettle_sync::exchange::{Up, UpHead};
use fettle_sync::frame::encode;
use fettle_sync::request::{
    Credentials, ENROL_PATH, EnrolAnswer, EnrolRequest, EnrolmentCode, HexKey, SYNC_MEDIA_TYPE,
    SYNC_PATH,
};
use serde::Deserialize;

use crate::served::{Told, client};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fettle-hub");
/// The page that names the commands.
const PAGE: &str = include_str!("../../../../docs/ARCHITECTURE.md");

/// The line a hub prints when it is ready.
#[derive(Deserialize)]
pub(crate) struct Ready {
    pub(crate) url: String,
    pub(crate) demo_cmms: String,
    pub(crate) demo_erp: String,
}

/// A hub in a process of its own; asked to end when it is dropped, demo systems included.
pub(crate) struct Running {
    child: Child,
    pub(crate) ready: Ready,
    data: PathBuf,
}

impl Running {
    pub(crate) fn start(data: &Path) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let said = child.stdout.take().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        Self {
            ready: serde_json::from_str(&line).unwrap(),
            child,
            data: data.to_owned(),
        }
    }

    /// Ends it as a power cut does; the demo systems go on.
    fn kill(mut self) -> Ready {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Ready {
            url: self.ready.url.clone(),
            demo_cmms: self.ready.demo_cmms.clone(),
            demo_erp: self.ready.demo_erp.clone(),
        }
    }

    pub(crate) fn client(&self) -> reqwest::Client {
        client(&TlsFiles::in_folder(&self.data))
    }

    pub(crate) async fn enrol(&self) -> EnrolAnswer {
        let said = run(
            &self.data,
            &["device", "code", "--plant", "1200", "--name", "HW-1"],
        );
        let code = said.split_whitespace().last().unwrap().to_owned();
        let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
        let request = EnrolRequest {
            code: EnrolmentCode::try_from(code).unwrap(),
            credentials: Credentials {
                account: "kowalska".to_owned(),
                password: "fettle-demo".to_owned(),
            },
            person_key: HexKey(key.verifying_key().to_bytes()),
        };
        let post = self
            .client()
            .post(format!("{}{ENROL_PATH}", self.ready.url));
        let told = Told::of(post.json(&request)).await;
        serde_json::from_value(told.json()).unwrap()
    }

    /// Asks for nothing, as a desk that knows an epoch of the log.
    async fn ask(&self, token: &HexKey, log_epoch: Option<u64>) -> fettle_sync::exchange::DownHead {
        let head = UpHead {
            log_epoch,
            device_time: now(),
            cursors: std::collections::BTreeMap::new(),
            budget_bytes: 10_000,
            reader: None,
            asks_sums: false,
        };
        let post = self.client().post(format!("{}{SYNC_PATH}", self.ready.url));
        let post = post
            .bearer_auth(String::from(token.clone()))
            .header("content-type", SYNC_MEDIA_TYPE)
            .body(encode(&Up::Head(head)).unwrap());
        Told::of(post).await.head()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let pid = self.child.id().to_string();
            let _ = Command::new("kill").arg(pid).status();
            let _ = self.child.wait();
        }
    }
}

fn command(data: &Path, words: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(words)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What a command says that does what it was told.
pub(crate) fn run(data: &Path, words: &[&str]) -> String {
    let output = command(data, words);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a command says that does not.
pub(crate) fn refuse(data: &Path, words: &[&str]) -> String {
    let output = command(data, words);
    assert!(!output.status.success(), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// The commands below a command, as its help lists them.
fn listed(words: &[&str]) -> Vec<String> {
    let output = Command::new(PROGRAM)
        .args(words)
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success(), "{words:?}");
    let help = String::from_utf8(output.stdout).unwrap();
    let after = help.split("Commands:\n").nth(1).unwrap_or_default();
    after
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Every command with its verb, as the program knows them.
fn known() -> Vec<String> {
    let mut known = Vec::new();
    for command in listed(&[]) {
        let verbs = listed(&[&command]);
        known.extend(verbs.iter().map(|verb| format!("{command} {verb}")));
        // A file may be imported, and imports may be listed and undone.
        if verbs.is_empty() || command == "import" {
            known.push(command);
        }
    }
    known.sort();
    known
}

/// Every command with its verb, as the page names them: `fettle-hub`, then the words in lower case.
fn named() -> Vec<String> {
    let mut named: Vec<String> = PAGE
        .split("`fettle-hub ")
        .skip(1)
        .filter_map(|rest| rest.split('`').next())
        .map(|call| {
            let words = call.split(' ');
            let words = words.take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()));
            words.collect::<Vec<_>>().join(" ")
        })
        .collect();
    named.sort();
    named.dedup();
    named
}

#[test]
fn the_page_names_the_commands_the_program_has() {
    assert_eq!(named(), known());
}

#[test]
fn a_configuration_is_printed_checked_and_a_wrong_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.toml");
    let printed = run(folder.path(), &["config", "print"]);
    std::fs::write(&file, &printed).unwrap();
    let words = ["config", "check", "--config", file.to_str().unwrap()];
    assert!(run(folder.path(), &words).contains("are right"));
    std::fs::write(&file, format!("colour = 1\n{printed}")).unwrap();
    assert!(refuse(folder.path(), &words).contains("colour"));
}

#[test]
fn a_command_without_a_hub_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    assert!(refuse(folder.path(), &["device", "list"]).contains("start it once"));
    let words = ["verify", "no such file"];
    assert!(!refuse(folder.path(), &words).is_empty());
}

#[tokio::test]
async fn a_backup_is_restored_under_a_raised_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("hub");
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    let hub = Running::start(&data);
    let token = hub.enrol().await.session.token;
    let before = hub.ask(&token, None).await;
    assert_eq!((before.log_epoch, before.backed_up_through), (1, None));

    assert!(run(&data, &["backup", copy]).contains("log epoch 1"));
    assert!(hub.ask(&token, Some(1)).await.backed_up_through.is_some());
    assert!(refuse(&data, &["backup", copy]).contains("exists already"));
    assert!(run(&data, &["verify", copy]).contains("is whole"));
    assert!(run(&data, &["device", "list"]).starts_with("HW-1\t1200\t"));
    drop(hub);

    assert!(refuse(&data, &["restore", copy]).contains("exists already"));
    for file in ["hub.db", "hub.db-wal", "hub.db-shm"] {
        let file = data.join(file);
        if file.exists() {
            std::fs::rename(&file, file.with_extension("lost")).unwrap();
        }
    }
    assert!(run(&data, &["restore", copy]).contains("restored"));

    let hub = Running::start(&data);
    let after = hub.ask(&token, Some(1)).await;
    assert!(after.log_epoch > 1);
    // A desk that knows the old log is told so and nothing else.
    assert_eq!(after.feeds, None);
    let told = Told::of(hub.client().get(format!("{}/metrics", hub.ready.url))).await;
    let figures = String::from_utf8(told.body).unwrap();
    assert!(figures.contains(&format!("fettle_hub_log_epoch {}", after.log_epoch)));
}

/// A program that has the port and answers everybody.
async fn squatter() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let router = Router::new().fallback(|| async { "{\"system\":\"cmms\",\"pid\":1}" });
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn instance(address: &str) -> Instance {
    let http = Http::new(address, HttpLimits::default()).unwrap();
    let request = Request {
        method: Method::Get,
        path: INSTANCE_PATH.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let answer = http.call(request).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_else_listens_at_a_demo_systems_port_is_not_taken_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let demo = folder.path().join("demo");
    std::fs::create_dir(&demo).unwrap();
    let taken = squatter().await.port();
    let ports = format!("{{\"cmms\":{taken},\"erp\":0}}");
    std::fs::write(demo.join("ports.json"), ports).unwrap();
    let hub = Running::start(folder.path());
    assert!(!hub.ready.demo_cmms.ends_with(&format!(":{taken}")));
    let (cmms, erp) = (
        instance(&hub.ready.demo_cmms).await,
        instance(&hub.ready.demo_erp).await,
    );
    assert_eq!((cmms.system.as_str(), erp.system.as_str()), ("cmms", "erp"));

    // A hub that is started again after a power cut finds the ones that run.
    let before = hub.kill();
    let hub = Running::start(folder.path());
    assert_eq!(hub.ready.demo_cmms, before.demo_cmms);
    assert_eq!(instance(&hub.ready.demo_cmms).await.pid, cmms.pid);
    assert_eq!(instance(&hub.ready.demo_erp).await.pid, erp.pid);

    // And ends them when it is asked to end.
    let address = hub.ready.demo_cmms.trim_start_matches("http://").to_owned();
    drop(hub);
    let is_gone = (0..200).any(|_| match std::net::TcpStream::connect(&address) {
        Ok(mut open) => {
            // Resolves when the other side closes, which is what is waited for.
            let _ = open.read(&mut [0; 1]);
            false
        }
        Err(_) => true,
    });
    assert!(is_gone);
}
