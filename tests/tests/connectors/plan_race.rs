//! The office and we change the plan of one order at the same time, over the wire.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use fettle_connectors::plan::PLAN_CHANGED;
use fettle_connectors::{
    Answer, Cut, DemoCmms, Http, Method, OrderPlans, PlanFieldUpdate, PlanUpdate, Posting, Request,
    Transport, WorkOrders,
};
use fettle_demo::System;
use fettle_domain::effect::RejectionClass;
use fettle_domain::work_order::Priority;

use crate::demo_systems::{Served, reference, served};

const ORDER: &str = "4182207";
const REFERENCE: &str = "plan";

/// A line on which the office writes just before each of our postings.
struct Crossed {
    inner: Arc<Http>,
    office: Mutex<VecDeque<&'static str>>,
    posts: Mutex<usize>,
}

#[async_trait]
impl Transport for Crossed {
    async fn call(&self, request: Request) -> Result<Answer, Cut> {
        if request.method == Method::Post {
            *self.posts.lock().unwrap() += 1;
            let written = self.office.lock().unwrap().pop_front();
            if let Some(fields) = written {
                write(&self.inner, fields).await;
            }
        }
        self.inner.call(request).await
    }
}

/// Changes fields as the system's own people do.
async fn write(cmms: &Http, fields: &str) {
    let request = Request {
        method: Method::Post,
        path: format!("/admin/wo/{ORDER}"),
        headers: Vec::new(),
        body: fields.as_bytes().to_vec(),
    };
    assert_eq!(cmms.call(request).await.unwrap().status, 200, "{fields}");
}

struct Race {
    cmms: DemoCmms,
    line: Arc<Crossed>,
    _served: Served,
}

impl Race {
    /// The order has priority 3; before each of our postings the office writes one of these.
    async fn new(office: Vec<&'static str>) -> Self {
        let served = served(System::Cmms).await;
        write(&served.transport, r#"{"wopriority":3}"#).await;
        let line = Arc::new(Crossed {
            inner: served.transport.clone(),
            office: Mutex::new(office.into()),
            posts: Mutex::default(),
        });
        Self {
            cmms: DemoCmms::new(line.clone()),
            line,
            _served: served,
        }
    }

    async fn rate(&self) -> Posting {
        let (from, to) = (Priority::clamped(3), Priority::clamped(1));
        self.cmms
            .change_plan(&PlanUpdate {
                reference: reference(REFERENCE),
                order: ORDER.to_owned(),
                fields: vec![PlanFieldUpdate::Priority(Some(from), to)],
            })
            .await
    }

    fn posts(&self) -> usize {
        *self.line.posts.lock().unwrap()
    }

    /// The priority that stands, and whether our change is noted.
    async fn stands(&self) -> (u8, bool) {
        let order = self.cmms.read_order(ORDER).await.unwrap().unwrap();
        let found = self.cmms.find_plan_change(&reference(REFERENCE)).await;
        (order.priority.unwrap().number(), found.unwrap().is_some())
    }
}

#[tokio::test]
async fn another_field_changed_meanwhile_only_makes_us_read_again() {
    let race = Race::new(vec![r#"{"crewid":"MEC-A"}"#]).await;
    let posting = race.rate().await;
    assert!(matches!(posting, Posting::Posted { .. }), "{posting:?}");
    assert_eq!((race.posts(), race.stands().await), (2, (1, true)));
}

#[tokio::test]
async fn who_changed_the_same_field_first_has_won() {
    let race = Race::new(vec![r#"{"wopriority":2}"#]).await;
    let posting = race.rate().await;
    assert!(
        matches!(&posting, Posting::Rejected(rejection) if rejection.code == PLAN_CHANGED),
        "{posting:?}"
    );
    assert_eq!(race.stands().await, (2, false));
}

#[tokio::test]
async fn a_row_that_never_rests_is_tried_three_times_and_left_to_the_schedule() {
    let office = [r#"{"crewid":"MEC-A"}"#, r#"{"crewid":"MEC-B"}"#];
    let race = Race::new(office.repeat(3)).await;
    let posting = race.rate().await;
    assert!(
        matches!(&posting, Posting::Rejected(rejection)
            if rejection.class == RejectionClass::Software && rejection.code == "ROW_BUSY"),
        "{posting:?}"
    );
    assert_eq!((race.posts(), race.stands().await), (3, (3, false)));
    race.line.office.lock().unwrap().clear();
    assert!(matches!(race.rate().await, Posting::Posted { .. }));
    assert_eq!(race.stands().await, (1, true));
}

#[tokio::test]
async fn a_closed_order_refuses_a_plan() {
    let race = Race::new(vec![r#"{"status":"CLOSE"}"#]).await;
    let posting = race.rate().await;
    assert!(
        matches!(&posting, Posting::Rejected(rejection)
            if rejection.class == RejectionClass::ProcessState && rejection.code == "CLOSED_ORDER"),
        "{posting:?}"
    );
    assert_eq!(race.stands().await, (3, false));
}
