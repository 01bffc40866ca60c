//! Two write one order of the CMMS at the same time, over the wire.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use fettle_connectors::{
    Answer, Cut, DemoCmms, Http, Method, Posting, Request, StatusChange, Transport, WorkOrders,
};
use fettle_demo::System;
use fettle_domain::effect::RejectionClass;
use fettle_domain::work_order::Status;

use crate::demo_systems::{Served, reference, served, today};

const ORDER: &str = "4182207";
const REFERENCE: &str = "finish";

/// A line on which somebody of the office writes just before each of our postings.
struct Crossed {
    inner: Arc<Http>,
    office: Mutex<VecDeque<Vec<&'static str>>>,
    posts: Mutex<usize>,
}

#[async_trait]
impl Transport for Crossed {
    async fn call(&self, request: Request) -> Result<Answer, Cut> {
        if request.method == Method::Post {
            *self.posts.lock().unwrap() += 1;
            let written = self.office.lock().unwrap().pop_front().unwrap_or_default();
            for status in written {
                set(&self.inner, status).await;
            }
        }
        self.inner.call(request).await
    }
}

/// Sets the status as the system's own people do.
async fn set(cmms: &Http, status: &str) {
    let request = Request {
        method: Method::Post,
        path: format!("/os/wo/{ORDER}/status"),
        headers: Vec::new(),
        body: format!("{{\"status\":\"{status}\"}}").into_bytes(),
    };
    let answer = cmms.call(request).await.unwrap();
    assert_eq!(answer.status, 201, "{status}");
}

struct Race {
    cmms: DemoCmms,
    line: Arc<Crossed>,
    _served: Served,
}

impl Race {
    /// The order is in progress; before each of our postings the office writes these.
    async fn new(office: Vec<Vec<&'static str>>) -> Self {
        let served = served(System::Cmms).await;
        set(&served.transport, "INPRG").await;
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

    async fn finish(&self) -> Posting {
        let change = StatusChange {
            reference: reference(REFERENCE),
            order: ORDER.to_owned(),
            to: Status::Comp,
            reason: None,
            at: today(),
            row_stamp: None,
        };
        self.cmms.set_status(&change).await
    }

    fn posts(&self) -> usize {
        *self.line.posts.lock().unwrap()
    }

    /// The status that holds, and whether ours is noted under its reference.
    async fn stands(&self) -> (Status, bool) {
        let order = self.cmms.read_order(ORDER).await.unwrap().unwrap();
        let noted = self.cmms.find_status_change(&reference(REFERENCE)).await;
        (order.status, noted.unwrap().is_some())
    }
}

#[tokio::test]
async fn a_row_changed_elsewhere_is_read_again_and_the_status_set() {
    // Away and back: the row has a new stamp and the status it had.
    let race = Race::new(vec![vec!["ONHOLD", "INPRG"]]).await;
    let posting = race.finish().await;
    assert!(matches!(posting, Posting::Posted { .. }), "{posting:?}");
    assert_eq!(
        (race.posts(), race.stands().await),
        (2, (Status::Comp, true))
    );
}

#[tokio::test]
async fn a_status_changed_meanwhile_is_a_clash_with_both_named() {
    let race = Race::new(vec![vec!["ONHOLD"]]).await;
    let Posting::Rejected(rejection) = race.finish().await else {
        panic!("not refused");
    };
    assert_eq!(
        (rejection.class, rejection.code.as_str()),
        (RejectionClass::ProcessState, "STATUS_CHANGED")
    );
    assert!(rejection.message.contains("INPRG") && rejection.message.contains("ONHOLD"));
    assert_eq!(
        (race.posts(), race.stands().await),
        (1, (Status::Hold, false))
    );
}

#[tokio::test]
async fn the_same_status_set_by_somebody_else_is_noted_under_our_reference() {
    let race = Race::new(vec![vec!["COMP"]]).await;
    let posting = race.finish().await;
    assert!(matches!(posting, Posting::Posted { .. }), "{posting:?}");
    assert_eq!(race.stands().await, (Status::Comp, true));
}

#[tokio::test]
async fn a_row_that_never_rests_is_left_for_later() {
    let race = Race::new(vec![vec!["ONHOLD", "INPRG"]; 8]).await;
    let posting = race.finish().await;
    // Refused by a fault of the moment: the hub tries again by its schedule, then a person has it.
    assert!(
        matches!(&posting, Posting::Rejected(rejection)
            if rejection.class == RejectionClass::Software && rejection.code == "ROW_BUSY"),
        "{posting:?}"
    );
    assert_eq!(
        (race.posts(), race.stands().await),
        (3, (Status::Inprg, false))
    );
    // Once it rests, the next try is the first that counts.
    race.line.office.lock().unwrap().clear();
    assert!(matches!(race.finish().await, Posting::Posted { .. }));
}
