//! The outside systems on a bad line: requests and answers are lost, come late, or nobody is there.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use fettle_connectors::{Answer, Cut, Method, Request, Transport};
use fettle_demo::world::DEMO_SEED;
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_domain::Timestamp;
use fettle_hub::systems::Systems;
use serde_json::Value;

use super::template::leave_behind;

/// What happens to a posting on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It arrives and is answered.
    Fine,
    /// It never leaves.
    NotSent,
    /// It leaves and is lost; so is any answer.
    Lost,
    /// It takes effect and the system dies before it answers.
    Dies,
    /// The caller has given up when it takes effect, so many milliseconds later.
    Late(i64),
}

enum System {
    Cmms(Cmms),
    Erp(Erp),
}

/// A demo system on its file.
struct Inside {
    system: System,
    file: PathBuf,
    today: Timestamp,
    deaths: u32,
}

impl Inside {
    fn cmms(file: &Path, today: Timestamp) -> System {
        System::Cmms(Cmms::open(Some(file), DEMO_SEED, Clock::Fixed(today)).unwrap())
    }

    fn erp(file: &Path, today: Timestamp) -> System {
        System::Erp(Erp::open(Some(file), DEMO_SEED, Clock::Fixed(today)).unwrap())
    }

    /// Dies and starts again on what was durable.
    fn kill(&mut self) {
        self.deaths += 1;
        let left = self.file.with_extension(self.deaths.to_string());
        leave_behind(&self.file, &left, |file| std::fs::read(file).ok());
        self.system = match self.system {
            System::Cmms(_) => Self::cmms(&left, self.today),
            System::Erp(_) => Self::erp(&left, self.today),
        };
        std::fs::remove_file(&self.file).unwrap();
        self.file = left;
    }

    fn handle(&mut self, request: &Request) -> Answer {
        let if_match = request
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("if-match"));
        let call = Call {
            method: request.method.word(),
            target: &request.path,
            if_match: if_match.map(|(_, value)| value.as_str()),
            body: &request.body,
        };
        let answer = match &mut self.system {
            System::Cmms(cmms) => cmms.handle(&call),
            System::Erp(erp) => erp.handle(&call),
        };
        Answer {
            status: answer.status,
            body: answer.body,
        }
    }
}

struct Line {
    inside: Inside,
    /// Fate of the next posting.
    next: Fate,
    is_down: bool,
    now: Timestamp,
    late: Vec<(Timestamp, Request)>,
}

struct Wire(Arc<Mutex<Line>>);

#[async_trait]
impl Transport for Wire {
    async fn call(&self, request: Request) -> Result<Answer, Cut> {
        let mut line = self.0.lock().unwrap();
        if line.is_down {
            return Err(Cut::NotSent("nobody listens".to_owned()));
        }
        if request.method == Method::Get {
            return Ok(line.inside.handle(&request));
        }
        match std::mem::replace(&mut line.next, Fate::Fine) {
            Fate::Fine => Ok(line.inside.handle(&request)),
            Fate::NotSent => Err(Cut::NotSent("refused".to_owned())),
            Fate::Lost => Err(Cut::NoAnswer("timed out".to_owned())),
            Fate::Dies => {
                line.inside.handle(&request);
                line.inside.kill();
                Err(Cut::NoAnswer("reset".to_owned()))
            }
            Fate::Late(ms) => {
                let due = line.now.plus_ms(ms);
                line.late.push((due, request));
                Err(Cut::NoAnswer("timed out".to_owned()))
            }
        }
    }
}

/// Both systems and the lines to them.
pub(super) struct Outside {
    cmms: Arc<Mutex<Line>>,
    erp: Arc<Mutex<Line>>,
    pub(super) systems: Systems,
}

impl Outside {
    /// Opens both on files of a folder; new ones are filled with the demo world of the day.
    pub(super) fn open(folder: &Path, today: Timestamp) -> Self {
        let line = |name, open: fn(&Path, Timestamp) -> System| {
            let file = folder.join(name);
            let inside = Inside {
                system: open(&file, today),
                file,
                today,
                deaths: 0,
            };
            Arc::new(Mutex::new(Line {
                inside,
                next: Fate::Fine,
                is_down: false,
                now: today,
                late: Vec::new(),
            }))
        };
        let (cmms, erp) = (line("cmms.db", Inside::cmms), line("erp.db", Inside::erp));
        let systems = Systems::demo_over(Arc::new(Wire(cmms.clone())), Arc::new(Wire(erp.clone())));
        Self { cmms, erp, systems }
    }

    /// Lets time pass: what was late arrives.
    pub(super) fn advance(&self, now: Timestamp) {
        for line in [&self.cmms, &self.erp] {
            let mut line = line.lock().unwrap();
            line.now = now;
            let (due, late) = std::mem::take(&mut line.late)
                .into_iter()
                .partition::<Vec<_>, _>(|(at, _)| *at <= now);
            line.late = late;
            for (_, request) in due {
                line.inside.handle(&request);
            }
        }
    }

    /// Decides what happens to the next posting.
    pub(super) fn set_fate(&self, fate: Fate) {
        for line in [&self.cmms, &self.erp] {
            line.lock().unwrap().next = fate;
        }
    }

    /// Nobody listens, or somebody does again.
    pub(super) fn set_down(&self, is_down: bool) {
        for line in [&self.cmms, &self.erp] {
            line.lock().unwrap().is_down = is_down;
        }
    }

    /// Opens or closes the posting period of the day.
    pub(super) fn set_period(&self, today: Timestamp, is_open: bool) {
        let month = &today.to_string()[..7];
        let body = serde_json::json!({ "FiscalPeriod": month, "IsOpen": is_open });
        ask(&self.erp, Method::Post, "/admin/period", &body.to_string());
    }

    /// The office gives an order to another area, or another plant.
    pub(super) fn move_order(&self, number: &str, to: &Value) {
        let target = format!("/admin/wo/{number}");
        ask(&self.cmms, Method::Post, &target, &to.to_string());
    }

    /// How many documents the ERP holds, by our reference.
    pub(super) fn erp_documents(&self) -> Vec<(String, u64)> {
        let answer = ask(&self.erp, Method::Get, "/admin/documents", "");
        let rows = answer["value"].as_array().unwrap().clone();
        let text = |row: &Value| row["ReferenceDocument"].as_str().unwrap().to_owned();
        let count = |row: &Value| row["Count"].as_u64().unwrap();
        rows.iter().map(|row| (text(row), count(row))).collect()
    }

    /// How many changes of status the CMMS holds under a reference.
    pub(super) fn status_changes(&self, reference: &str) -> usize {
        let target = format!("/os/statuschange?externalrefid={reference}");
        let answer = ask(&self.cmms, Method::Get, &target, "");
        answer["member"].as_array().unwrap().len()
    }
}

fn ask(line: &Mutex<Line>, method: Method, path: &str, body: &str) -> Value {
    let answer = line.lock().unwrap().inside.handle(&Request {
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    });
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}
