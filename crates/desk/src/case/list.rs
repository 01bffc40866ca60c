//! The exceptions page: cases of the person's roles, grouped by cause, never a flat log.

use std::collections::BTreeMap;

use fettle_domain::Timestamp;
use fettle_domain::WorkOrderId;
use fettle_domain::case::{CaseState, ExceptionCase};
use fettle_domain::intent::{Claim, Decision};
use fettle_replica::StoredOrder;

use super::words::about;
use crate::core::{Core, locked};
use crate::desk::Desk;
use crate::person::shell::ms;
use crate::trouble::{Answer, problem};
use crate::view::{
    ArgumentView, CaseGroupView, CaseKind, CaseRowView, CaseStage, CasesView, ChangeState,
    ChangeView, ProblemView,
};
use crate::work_order::change::of_claim;

/// How long what is settled stays on the page: a day.
const SETTLED_MS: i64 = 24 * 3_600_000;

impl Desk {
    /// The exceptions of the person at work.
    ///
    /// # Errors
    /// `desk.locked` or a problem of the replica.
    pub async fn cases(&self) -> Result<CasesView, ProblemView> {
        self.on_disk(|core| core.cases_view()).await
    }
}

/// Orders read once for a list.
pub(super) type Orders = BTreeMap<WorkOrderId, Option<StoredOrder>>;

impl Core {
    fn cases_view(&self) -> Answer<CasesView> {
        let member = self.member()?;
        let now = self.now().corrected();
        let mut orders = Orders::new();
        let mut groups: Vec<CaseGroupView> = Vec::new();
        let mut settled = Vec::new();
        let is_mine = |case: &ExceptionCase| case.is_for(member.roles());
        for case in self.replica.open_cases()?.into_iter().filter(is_mine) {
            let row = self.case_row(&mut orders, &case, now)?;
            put(&mut groups, &case, row);
        }
        let since = now.plus_ms(-SETTLED_MS);
        for case in self
            .replica
            .settled_cases(since)?
            .into_iter()
            .filter(is_mine)
        {
            if let Some(ended) = &case.resolution {
                settled.push((ended.at, self.case_row(&mut orders, &case, now)?));
            }
        }
        settled.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let settled = settled.into_iter().map(|(_, row)| row).collect();
        let count = |of: &dyn Fn(&CaseRowView) -> bool| {
            let rows = groups.iter().flat_map(|group| &group.rows);
            u32::try_from(rows.filter(|row| of(row)).count()).unwrap_or(u32::MAX)
        };
        Ok(CasesView {
            open: count(&|_| true),
            overdue: count(&|row| row.is_overdue),
            groups,
            settled,
            as_of: locked(&self.link).last_exchange.map(ms),
        })
    }

    /// A case as lists show it.
    pub(super) fn case_row(
        &self,
        orders: &mut Orders,
        case: &ExceptionCase,
        now: Timestamp,
    ) -> Answer<CaseRowView> {
        let id = case.order;
        let order = match id {
            Some(id) => match orders.get(&id) {
                Some(_) => orders.get(&id).and_then(Option::as_ref),
                None => orders.entry(id).or_insert(self.replica.order(id)?).as_ref(),
            },
            None => None,
        };
        let about = about(self, order, case)?;
        let holder = case.holder().map(|id| self.person_name(Some(id)));
        Ok(CaseRowView {
            id: case.id.to_string(),
            order_id: id.map_or_else(String::new, |id| id.to_string()),
            order_number: order.map_or_else(String::new, |order| order.line.number.clone()),
            order_title: order.map_or_else(String::new, |order| order.line.title.clone()),
            kind: about.kind,
            text: about.text,
            minutes: about.minutes,
            by: self.person_name(case.author)?,
            owner: case.owner.word().to_owned(),
            holder: holder.transpose()?.filter(|name| !name.is_empty()),
            opened: ms(case.opened),
            due: ms(case.due),
            is_overdue: case.is_escalated(now),
            stage: stage(case),
            decided: match order {
                Some(order) => self.decided(order, case)?,
                None => None,
            },
            settled_at: case.resolution.as_ref().map(|ended| ms(ended.at)),
        })
    }

    /// Where the newest decision made here is, while the case does not show it.
    pub(super) fn decided(
        &self,
        order: &StoredOrder,
        case: &ExceptionCase,
    ) -> Answer<Option<ChangeView>> {
        let is_about = |claim: &Claim| match claim {
            Claim::Case(claim) => claim.case == case.id,
            Claim::Transition(_) => false,
        };
        let mut made = order.claims.iter().rev();
        let Some(claim) = made.find(|claim| is_about(&claim.intent.claim)) else {
            return Ok(None);
        };
        let verdict = claim.verdict.as_ref().map(|verdict| &verdict.decision);
        // Once it is carried out the case itself says so.
        if verdict == Some(&Decision::Accepted) || case.is_settled() {
            return Ok(None);
        }
        let charter = self.charter()?;
        let view = of_claim(order, &charter, claim);
        Ok(match view.state {
            ChangeState::Saved | ChangeState::Sent | ChangeState::Attention => Some(view),
            ChangeState::Accepted => None,
        })
    }
}

fn put(groups: &mut Vec<CaseGroupView>, case: &ExceptionCase, row: CaseRowView) {
    let key = format!("{}/{}", case.owner.word(), case.group());
    let overdue = u32::from(row.is_overdue);
    match groups.iter_mut().find(|group| group.key == key) {
        Some(group) => {
            // They share the outside's code and not its words about one of them.
            let own = problem(&case.cause).arguments;
            let is_shared = |told: &ArgumentView| told.name != "message" || own.contains(told);
            group.cause.arguments.retain(is_shared);
            group.oldest = group.oldest.min(row.opened);
            group.due = group.due.min(row.due);
            group.overdue += overdue;
            group.rows.push(row);
        }
        None => groups.push(CaseGroupView {
            key,
            cause: problem(&case.cause),
            owner: case.owner.word().to_owned(),
            oldest: row.opened,
            due: row.due,
            overdue,
            rows: vec![row],
        }),
    }
}

fn stage(case: &ExceptionCase) -> CaseStage {
    match case.state {
        CaseState::Open => CaseStage::Open,
        CaseState::Assigned { .. } | CaseState::Working { .. } => CaseStage::Taken,
        CaseState::WaitingOn { .. } => CaseStage::SentAgain,
        CaseState::Resolved => CaseStage::Settled,
        CaseState::Waived => CaseStage::Dropped,
    }
}

/// What a case or something that waits is about.
pub(crate) struct About {
    pub(crate) kind: CaseKind,
    pub(crate) text: String,
    pub(crate) minutes: Option<u32>,
}
