//! My work: the orders of the person at work, in groups, most urgent first.

use fettle_domain::work_order::Status;
use fettle_replica::OrderLine;

use super::day::start_of_day;
use super::row::Rows;
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::Answer;
use crate::view::{MyWorkView, ProblemView, WorkGroup, WorkGroupView};

const GROUPS: [WorkGroup; 5] = [
    WorkGroup::InProgress,
    WorkGroup::Next,
    WorkGroup::OnHold,
    WorkGroup::WaitingForParts,
    WorkGroup::Finished,
];

impl Desk {
    /// The orders of the person at work.
    ///
    /// # Errors
    /// `desk.locked`.
    pub async fn my_work(&self) -> Result<MyWorkView, ProblemView> {
        self.on_disk(|core| core.my_work()).await
    }
}

impl Core {
    fn my_work(&self) -> Answer<MyWorkView> {
        let member = self.member()?;
        let zone = self.plant()?.map(|plant| plant.time_zone);
        // Finished orders stay for the rest of the plant's day.
        let since = start_of_day(self.now().corrected(), zone.as_deref().unwrap_or("UTC"));
        let crew = member.person.crew;
        let mut lines = self.replica.my_orders(member.id(), crew, since)?;
        lines.sort_by(|a, b| urgency(a).cmp(&urgency(b)));
        let rows = Rows::new(self, member.id())?;
        let mut groups = Vec::new();
        for kind in GROUPS {
            let own = lines.iter().filter(|line| group(line.status) == Some(kind));
            let orders = own.map(|line| rows.row(line)).collect::<Answer<Vec<_>>>()?;
            if !orders.is_empty() {
                groups.push(WorkGroupView { kind, orders });
            }
        }
        Ok(MyWorkView { groups })
    }
}

fn urgency(line: &OrderLine) -> (u8, i64, i64, &str) {
    (
        line.priority.map_or(u8::MAX, |priority| priority.number()),
        line.due.map_or(i64::MAX, |due| due.as_ms()),
        line.scheduled_start.map_or(i64::MAX, |start| start.as_ms()),
        &line.number,
    )
}

/// The group an order is listed in; orders not yet approved and history are in none.
fn group(status: Status) -> Option<WorkGroup> {
    match status {
        Status::Inprg => Some(WorkGroup::InProgress),
        Status::Appr | Status::Wpcond | Status::Wsch | Status::Sched | Status::Disp => {
            Some(WorkGroup::Next)
        }
        Status::Hold => Some(WorkGroup::OnHold),
        Status::Wmatl => Some(WorkGroup::WaitingForParts),
        Status::Comp => Some(WorkGroup::Finished),
        Status::Draft | Status::Wappr | Status::Close | Status::Can => None,
    }
}
