//! The demo systems at the size of a company, in this process: what the benchmark reads masters
//! and orders from.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::ensure;
use fettle_connectors::{Answer, Cut, Inline, Method, Request};
use fettle_demo::world::{DEMO_SEED, Size};
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_domain::Timestamp;
use fettle_hub::systems::Systems;

/// Both systems on their files.
pub struct Company {
    erp: Arc<Mutex<Erp>>,
    systems: Systems,
}

impl Company {
    /// Opens both on files of a folder, filled with the world of a day and a size where they are
    /// new.
    ///
    /// # Errors
    /// When a file cannot be opened or filled.
    pub fn open(folder: &Path, today: Timestamp, size: Size) -> anyhow::Result<Self> {
        let clock = Clock::Fixed(today);
        let file = |name: &str| folder.join(name);
        let cmms = Cmms::open_grown(Some(&file("cmms.db")), DEMO_SEED, size, clock)?;
        let erp = Erp::open_grown(Some(&file("erp.db")), DEMO_SEED, size, clock)?;
        let (cmms, erp) = (Mutex::new(cmms), Arc::new(Mutex::new(erp)));
        let asked = erp.clone();
        Ok(Self {
            erp,
            systems: Systems::demo_over(
                Arc::new(Inline::new(move |request| {
                    answer(&cmms, request, Cmms::handle)
                })),
                Arc::new(Inline::new(move |request| {
                    answer(&asked, request, Erp::handle)
                })),
            ),
        })
    }

    /// The systems as the hub speaks to them: `Poller::new(store, company.systems())` reads all of
    /// it, page by page.
    #[must_use]
    pub fn systems(&self) -> Systems {
        self.systems.clone()
    }

    /// Moves stock in so many bins of a plant; the next poll reads them as "a stock update".
    ///
    /// # Errors
    /// When the ERP refuses.
    pub fn move_stock(&self, plant: &str, bins: u32) -> anyhow::Result<()> {
        let body = serde_json::json!({ "Plant": plant, "Bins": bins });
        let request = Request {
            method: Method::Post,
            path: "/admin/movements".to_owned(),
            headers: Vec::new(),
            body: serde_json::to_vec(&body)?,
        };
        let answer = answer(&self.erp, &request, Erp::handle)?;
        ensure!(answer.status == 200, "the ERP answered {}", answer.status);
        Ok(())
    }
}

fn answer<S>(
    system: &Mutex<S>,
    request: &Request,
    handle: fn(&mut S, &Call<'_>) -> fettle_demo::Answer,
) -> Result<Answer, Cut> {
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
    let mut system = system.lock().unwrap_or_else(PoisonError::into_inner);
    let answer = handle(&mut system, &call);
    Ok(Answer {
        status: answer.status,
        body: answer.body,
    })
}
