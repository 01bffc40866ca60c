//! The built-in systems for the tests: served on loopback or called inline.

use std::sync::{Arc, Mutex};

use fettle_connectors::{Answer, DemoCmms, DemoErp, Http, HttpLimits, Inline, Request, Transport};
use fettle_demo::world::{DEMO_SEED, Size};
use fettle_demo::{Call, Clock, Cmms, DemoConfig, Erp, System, bind};
use fettle_domain::Timestamp;
use fettle_domain::effect::Reference;
use tokio::sync::oneshot;

/// The day the tests live in.
pub(crate) fn today() -> Timestamp {
    "2026-11-16T08:00:00Z".parse().unwrap()
}

pub(crate) fn reference(text: &str) -> Reference {
    Reference::of_fact("test", text.as_bytes())
}

/// A demo system behind HTTP, ended with the value.
pub(crate) struct Served {
    pub(crate) transport: Arc<Http>,
    _shutdown: oneshot::Sender<()>,
    _folder: tempfile::TempDir,
}

pub(crate) async fn served(system: System) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let config = DemoConfig {
        system,
        file: folder.path().join("demo.db"),
        listen: "127.0.0.1:0".parse().unwrap(),
        seed: DEMO_SEED,
        size: Size::DEMONSTRATION,
        clock: Clock::Fixed(today()),
    };
    let bound = bind(&config).await.unwrap();
    let address = bound.address();
    let (shutdown, ended) = oneshot::channel::<()>();
    tokio::spawn(bound.run(async {
        // Ends when the sender is dropped, which is what is waited for.
        let _ = ended.await;
    }));
    let transport = Http::new(&format!("http://{address}"), HttpLimits::default()).unwrap();
    Served {
        transport: Arc::new(transport),
        _shutdown: shutdown,
        _folder: folder,
    }
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

/// The ERP in this process, and a function that posts to its own API.
pub(crate) fn inline_erp() -> (DemoErp, impl Fn(&str, &str)) {
    let erp = Erp::open(None, DEMO_SEED, Clock::Fixed(today())).unwrap();
    let erp = Arc::new(Mutex::new(erp));
    let inside = Arc::clone(&erp);
    let transport: Arc<dyn Transport> = Arc::new(Inline::new(move |request| {
        let answer = inside.lock().unwrap().handle(&call(request));
        Ok(Answer {
            status: answer.status,
            body: answer.body,
        })
    }));
    let admin = move |target: &str, body: &str| {
        let call = Call {
            method: "POST",
            target,
            if_match: None,
            body: body.as_bytes(),
        };
        assert_eq!(erp.lock().unwrap().handle(&call).status, 200);
    };
    (DemoErp::new(transport), admin)
}

/// The CMMS in this process, and a function that posts to its own API.
pub(crate) fn inline_cmms() -> (DemoCmms, impl Fn(&str, &str)) {
    let cmms = Cmms::open(None, DEMO_SEED, Clock::Fixed(today())).unwrap();
    let cmms = Arc::new(Mutex::new(cmms));
    let inside = Arc::clone(&cmms);
    let transport: Arc<dyn Transport> = Arc::new(Inline::new(move |request| {
        let answer = inside.lock().unwrap().handle(&call(request));
        Ok(Answer {
            status: answer.status,
            body: answer.body,
        })
    }));
    let admin = move |target: &str, body: &str| {
        let call = Call {
            method: "POST",
            target,
            if_match: None,
            body: body.as_bytes(),
        };
        assert_eq!(cmms.lock().unwrap().handle(&call).status, 200);
    };
    (DemoCmms::new(transport), admin)
}
