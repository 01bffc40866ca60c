//! Starting the built-in demo systems, each as a process of its own that outlives a killed hub.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fettle_demo::System;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a demo system may take to be ready; its first start fills its world.
const READY: Duration = Duration::from_secs(60);
/// How long a look whether one is running may take.
const LOOK: Duration = Duration::from_secs(2);

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
    folder: PathBuf,
}

impl DemoSystems {
    /// Finds the demo systems of a data folder running, or starts what is missing at its old port.
    ///
    /// # Errors
    /// [`DemoFault`].
    pub async fn start(data: &Path) -> Result<Self, DemoFault> {
        let folder = data.join("demo");
        std::fs::create_dir_all(&folder).map_err(|e| DemoFault::File(folder.clone(), e))?;
        let before = read_ports(&folder);
        let ports = Ports {
            cmms: ensure(System::Cmms, &folder, before.cmms).await?,
            erp: ensure(System::Erp, &folder, before.erp).await?,
        };
        write_ports(&folder, ports)?;
        Ok(Self {
            cmms: format!("http://127.0.0.1:{}", ports.cmms),
            erp: format!("http://127.0.0.1:{}", ports.erp),
            folder,
        })
    }

    /// Asks both to end, whoever started them. Used at the hub's own graceful end.
    pub fn stop(&self) {
        for system in [System::Cmms, System::Erp] {
            let Ok(text) = std::fs::read_to_string(pid_file(&self.folder, system)) else {
                continue;
            };
            if let Ok(pid) = text.trim().parse::<u32>() {
                // The command is the system's own way to end a process; nothing here needs unsafe.
                let _ = std::process::Command::new("kill")
                    .arg(pid.to_string())
                    .status();
            }
        }
    }
}

async fn ensure(system: System, folder: &Path, port: u16) -> Result<u16, DemoFault> {
    if port != 0 && is_listening(port).await {
        return Ok(port);
    }
    let word = system.word();
    let program = std::env::current_exe().map_err(|e| DemoFault::Start(word, e))?;
    let log = folder.join(format!("{word}.log"));
    let errors = std::fs::File::options()
        .create(true)
        .append(true)
        .open(&log)
        .map_err(|e| DemoFault::File(log, e))?;
    let mut command = Command::new(program);
    command
        .args([
            "demo",
            word,
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--file",
        ])
        .arg(folder.join(format!("{word}.db")))
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
    if let Some(pid) = child.id() {
        let path = pid_file(folder, system);
        std::fs::write(&path, pid.to_string()).map_err(|e| DemoFault::File(path, e))?;
    }
    let pid_file = pid_file(folder, system);
    tokio::spawn(async move {
        // Once it has ended its number may become another process's.
        let _ = child.wait().await;
        let _ = std::fs::remove_file(pid_file);
    });
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

async fn is_listening(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let look = tokio::net::TcpStream::connect(address);
    matches!(tokio::time::timeout(LOOK, look).await, Ok(Ok(_)))
}

fn ports_file(folder: &Path) -> PathBuf {
    folder.join("ports.json")
}

fn pid_file(folder: &Path, system: System) -> PathBuf {
    folder.join(format!("{}.pid", system.word()))
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
