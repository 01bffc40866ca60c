//! Starting the built-in demo systems, each as a process of its own that outlives a killed hub.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fettle_connectors::{Cut, Http, HttpLimits, Method, Request, Transport};
use fettle_demo::world::Size;
use fettle_demo::{INSTANCE_PATH, Instance, System, instance_of};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a demo system may take to be ready; its first start fills its world, which at the size
/// of a company takes minutes.
const READY: Duration = Duration::from_secs(600);
/// How long one look whether one is running may take, in milliseconds.
const LOOK_MS: u64 = 2_000;
/// Most looks at one that takes the connection and says nothing.
const LOOKS_MAX: u32 = 3;
/// Largest answer read from whoever listens there.
const LOOK_BYTES_MAX: usize = 4096;

/// Ports the demo systems got at their first start and keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Ports {
    cmms: u16,
    erp: u16,
}

/// The line a demo system prints when it is ready.
#[derive(Debug, Serialize, Deserialize)]
pub struct DemoReady {
    /// Where it listens.
    pub listen: SocketAddr,
}

/// Why the demo systems do not run.
#[derive(Debug, thiserror::Error)]
pub enum DemoFault {
    /// A file of the demo's folder.
    #[error("failed to read or write {0}")]
    File(PathBuf, #[source] std::io::Error),
    /// The process could not be started.
    #[error("failed to start the demo {0}")]
    Start(&'static str, #[source] std::io::Error),
    /// It ended or said nothing in time.
    #[error("the demo {0} did not become ready")]
    NotReady(&'static str),
}

/// The running demo systems. Those this hub started end with [`DemoSystems::stop`].
#[derive(Debug)]
pub struct DemoSystems {
    /// Address of the CMMS.
    pub cmms: String,
    /// Address of the ERP.
    pub erp: String,
    ports: Ports,
    folder: PathBuf,
}

impl DemoSystems {
    /// Finds the demo systems of a data folder running, or starts what is missing at its old port.
    /// Whatever else listens there is left alone, and a port of its own is taken.
    ///
    /// # Errors
    /// [`DemoFault`].
    pub async fn start(data: &Path) -> Result<Self, DemoFault> {
        Self::start_grown(data, Size::DEMONSTRATION).await
    }

    /// As [`DemoSystems::start`]; one that starts for the first time is filled with a company of a
    /// size.
    ///
    /// # Errors
    /// [`DemoFault`].
    pub async fn start_grown(data: &Path, size: Size) -> Result<Self, DemoFault> {
        let folder = data.join("demo");
        std::fs::create_dir_all(&folder).map_err(|e| DemoFault::File(folder.clone(), e))?;
        let before = read_ports(&folder);
        let ports = Ports {
            cmms: ensure(System::Cmms, &folder, before.cmms, size).await?,
            erp: ensure(System::Erp, &folder, before.erp, size).await?,
        };
        write_ports(&folder, ports)?;
        Ok(Self {
            cmms: address(ports.cmms),
            erp: address(ports.erp),
            ports,
            folder,
        })
    }

    /// Asks both to end, whoever started them. Used at the hub's own graceful end.
    pub async fn stop(&self) {
        for (system, port) in [
            (System::Cmms, self.ports.cmms),
            (System::Erp, self.ports.erp),
        ] {
            if let Seen::Ours { pid } = look(system, &file_of(&self.folder, system), port).await {
                // The command is the system's own way to end a process; nothing here needs unsafe.
                let _ = std::process::Command::new("kill")
                    .arg(pid.to_string())
                    .status();
            }
        }
    }
}

/// Who answers at a port.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    /// The demo system that keeps this file.
    Ours { pid: u32 },
    /// Nobody: the port is free.
    Nobody,
    /// Something else, which has the port now.
    Other,
}

/// The port of the running system, or of one started now: at its old port unless that is taken.
async fn ensure(system: System, folder: &Path, before: u16, size: Size) -> Result<u16, DemoFault> {
    let file = file_of(folder, system);
    let port = match before {
        0 => 0,
        port => match look(system, &file, port).await {
            Seen::Ours { .. } => return Ok(port),
            Seen::Nobody => port,
            Seen::Other => {
                let system = system.word();
                tracing::warn!(
                    system,
                    port,
                    "the port of a demo system is taken by another"
                );
                0
            }
        },
    };
    start(system, &file, port, size).await
}

async fn look(system: System, file: &Path, port: u16) -> Seen {
    let limits = HttpLimits {
        connect_timeout_ms: LOOK_MS,
        call_timeout_ms: LOOK_MS,
        answer_bytes_max: LOOK_BYTES_MAX,
    };
    let Ok(http) = Http::new(&address(port), limits) else {
        return Seen::Other;
    };
    for _ in 0..LOOKS_MAX {
        let request = Request {
            method: Method::Get,
            path: INSTANCE_PATH.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        match http.call(request).await {
            Ok(answer) => return who(system, file, &answer.body),
            Err(Cut::NotSent(_)) => return Seen::Nobody,
            // One that is busy filling its world is asked again.
            Err(Cut::NoAnswer(_)) => {}
        }
    }
    Seen::Other
}

fn who(system: System, file: &Path, body: &[u8]) -> Seen {
    let is_ours = |said: &Instance| {
        said.system == system.word()
            && instance_of(file).is_ok_and(|instance| instance == said.instance)
    };
    match serde_json::from_slice::<Instance>(body) {
        Ok(said) if is_ours(&said) => Seen::Ours { pid: said.pid },
        Ok(_) | Err(_) => Seen::Other,
    }
}

async fn start(system: System, file: &Path, port: u16, size: Size) -> Result<u16, DemoFault> {
    let word = system.word();
    let program = std::env::current_exe().map_err(|e| DemoFault::Start(word, e))?;
    let log = file.with_extension("log");
    let errors = std::fs::File::options()
        .create(true)
        .append(true)
        .open(&log)
        .map_err(|e| DemoFault::File(log, e))?;
    let mut command = Command::new(program);
    command
        .args(["demo", word, "--listen"])
        .arg(format!("127.0.0.1:{port}"))
        .arg("--file")
        .arg(file)
        .args(["--orders", &size.orders.to_string()])
        .args(["--items", &size.items.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(errors);
    // A group of its own, so that a Ctrl-C for the hub does not cut a posting in the middle.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn().map_err(|e| DemoFault::Start(word, e))?;
    let port = ready_port(&mut child)
        .await
        .ok_or(DemoFault::NotReady(word))?;
    // Waited for, so that one that ends before the hub leaves no dead entry behind.
    tokio::spawn(async move { child.wait().await });
    Ok(port)
}

async fn ready_port(child: &mut Child) -> Option<u16> {
    let mut lines = BufReader::new(child.stdout.take()?).lines();
    let line = tokio::time::timeout(READY, lines.next_line())
        .await
        .ok()?
        .ok()??;
    serde_json::from_str::<DemoReady>(&line)
        .ok()
        .map(|ready| ready.listen.port())
}

fn address(port: u16) -> String {
    format!("http://{}", SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
}

fn ports_file(folder: &Path) -> PathBuf {
    folder.join("ports.json")
}

fn file_of(folder: &Path, system: System) -> PathBuf {
    folder.join(format!("{}.db", system.word()))
}

fn read_ports(folder: &Path) -> Ports {
    // A missing or damaged file only means new ports.
    std::fs::read(ports_file(folder))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

fn write_ports(folder: &Path, ports: Ports) -> Result<(), DemoFault> {
    let path = ports_file(folder);
    let text = serde_json::json!(ports).to_string();
    std::fs::write(&path, text).map_err(|e| DemoFault::File(path, e))
}
