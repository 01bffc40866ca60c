//! What every verb of an order shares: load, check, commit once, tell.

use std::sync::Arc;

use fettle_document::{Edit, may_write};
use fettle_domain::intent::{Claim, Dependency, Intent, Transition};
use fettle_domain::work_order::transition::{Outcome, TransitionState, decide_transition};
use fettle_domain::work_order::{OfficialStatus, Status};
use fettle_domain::{CorrelationId, DeviceTime, IntentId, Refusal, WorkOrderId};
use fettle_replica::{Commit, Made, MadeKind, MadeSubject, StoredOrder};
use fettle_sync::link::LinkEvent;

use super::change::saved;
use crate::core::{Core, Member, locked};
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{ChangeView, ProblemView};

/// What a verb decided: edits of the document, a claim, and how lists name them.
#[derive(Debug, Default)]
pub(super) struct Wish {
    pub(super) edits: Vec<Edit>,
    pub(super) claim: Option<Wanted>,
    pub(super) made: Vec<Made>,
}

/// A status wanted.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) to: Status,
    pub(super) reason: Option<String>,
}

impl Wish {
    pub(super) fn edit(
        mut self,
        edit: Edit,
        kind: MadeKind,
        subject: MadeSubject,
        words: &str,
    ) -> Self {
        self.edits.push(edit);
        self.made.push(Made {
            kind,
            subject,
            words: words.trim().to_owned(),
        });
        self
    }
}

/// The order, the person and the clocks a verb decides on.
pub(super) struct Scene {
    pub(super) order: StoredOrder,
    pub(super) member: Arc<Member>,
    pub(super) now: DeviceTime,
}

impl Desk {
    /// Runs one verb on an order: nothing else is decided meanwhile, and it is committed once.
    pub(super) async fn act(
        &self,
        order_id: String,
        decide: impl FnOnce(&Core, &Scene) -> Answer<Wish> + Send + 'static,
    ) -> Result<ChangeView, ProblemView> {
        self.on_disk(move |core| {
            let _one_decision = locked(&core.deciding);
            let scene = core.scene(&order_id)?;
            let wish = decide(core, &scene)?;
            core.commit(&scene, wish)
        })
        .await
    }
}

impl Core {
    pub(super) fn scene(&self, order_id: &str) -> Answer<Scene> {
        let member = self.member()?;
        Ok(Scene {
            order: self.stored_order(order_id)?,
            member,
            now: self.now(),
        })
    }

    pub(super) fn stored_order(&self, order_id: &str) -> Answer<StoredOrder> {
        let unknown = || Trouble::new("order.unknown");
        let id: WorkOrderId = order_id.parse().map_err(|_| unknown())?;
        if let Some(order) = self.replica.order(id)? {
            return Ok(order);
        }
        let Some(left) = self.replica.left_order(id)? else {
            return Err(unknown());
        };
        let plant = self.replica.plant(&left.plant)?;
        let mut areas = plant.into_iter().flat_map(|plant| plant.areas);
        let area = areas.find(|area| area.id == left.area);
        let area = area.map_or_else(|| left.area.to_string(), |area| area.name);
        Err(Refusal::new("order.left")
            .with("number", left.number)
            .with("area", area)
            .into())
    }

    fn commit(&self, scene: &Scene, wish: Wish) -> Answer<ChangeView> {
        let Scene { order, member, now } = scene;
        for edit in &wish.edits {
            may_write(edit, member.roles())?;
        }
        let mut made = wish.made;
        let intent = match wish.claim {
            Some(wanted) => Some(self.intent(scene, wanted, &mut made)?),
            None => None,
        };
        let key = &member.key;
        let committed = self.replica.commit(&Commit {
            actor: member.actor,
            person: member.id(),
            sign: &|position| position.sign(key.signing()),
            now: now.at,
            order: Some(order.line.id),
            edits: wish.edits,
            intent,
            records: Vec::new(),
            made,
        })?;
        self.link_event(LinkEvent::Committed);
        self.changed(&[order.line.id]);
        Ok(saved(committed.at))
    }

    /// The claim of a transition, decided as the hub will decide it.
    fn intent(&self, scene: &Scene, wanted: Wanted, made: &mut Vec<Made>) -> Answer<Intent> {
        let Scene { order, member, now } = scene;
        let transition = Transition {
            order: order.line.id,
            from: order.line.status,
            to: wanted.to,
            based_on: order.row.status.revision,
            reason: wanted.reason,
        };
        // My own pending claims count: the hub decides them first.
        let official = OfficialStatus {
            status: order.line.status,
            ..order.row.status.clone()
        };
        let state = TransitionState {
            official: &official,
            since: &[],
        };
        match decide_transition(&transition, state, member.roles(), member.id())? {
            Outcome::Accepted => {}
            Outcome::Race(refusal) => return Err(refusal.into()),
        }
        let id = IntentId(self.new_id()?);
        made.push(Made {
            kind: MadeKind::Transition,
            subject: MadeSubject::Intent(id),
            words: wanted.to.word().to_owned(),
        });
        let pending = order
            .claims
            .iter()
            .filter(|claim| matches!(claim.intent.claim, Claim::Transition(_)))
            .rfind(|claim| claim.is_pending(order.row.changed));
        Ok(Intent {
            id,
            claim: Claim::Transition(transition),
            depends_on: pending
                .map(|claim| Dependency::Intent(claim.intent.id))
                .into_iter()
                .collect(),
            charter_version: self.charter()?.version,
            actor: member.actor,
            made: *now,
            correlation_id: CorrelationId(self.new_id()?),
        })
    }
}

/// Refuses facts for an order that takes none.
pub(super) fn check_open(order: &StoredOrder) -> Result<(), Refusal> {
    let status = order.line.status;
    if status.takes_facts() {
        Ok(())
    } else {
        Err(Refusal::new("order.not_open_for_work").with("status", status.word()))
    }
}
