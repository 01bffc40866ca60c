//! The steps of the exchange, as the peers play them: two desks, one hub, bytes counted on the wire.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use fettle_document::Edit;
use fettle_domain::{Timestamp, WorkOrderId};
use fettle_hub::clock::now;
use fettle_sync::exchange::PushItem;

use super::commit::Commits;
use super::desk::{Desk, Exchanged};
use super::fact::{Fact, Ids, packed_bytes};
use super::hub::{Hub, PLANNER, TECHNICIAN};
use super::line::Line;
use super::raw::Raw;
use super::wire::Wire;

/// Orders of which each desk edits one field.
const EDITS: usize = 500;
/// More than any push holds.
const EVERYTHING: usize = usize::MAX;
const HOUR_MS: i64 = 3_600_000;

/// The change that wrote the plan of an order.
pub(super) type Plan = (WorkOrderId, Vec<u8>);

/// Two desks on one wire to the hub; the first one has planned every order and sent nothing.
pub(super) struct Stage {
    wire: Wire,
    ana: Desk,
    ben: Desk,
    /// In the order of the facts.
    orders: Vec<WorkOrderId>,
    plans: Vec<Plan>,
    began: Timestamp,
}

/// What is measured of one step.
struct Step<'a> {
    name: &'a str,
    /// The same facts, as text.
    facts: String,
    note: &'a str,
}

impl Stage {
    pub(super) async fn set(hub: &Hub, folder: &Path, facts: &[Fact]) -> anyhow::Result<Self> {
        let wire = Wire::to(hub.address).await?;
        let ana = Desk::enrol(hub, wire.address(), folder, PLANNER).await?;
        let ben = Desk::enrol(hub, wire.address(), folder, TECHNICIAN).await?;
        ana.exchange().await?;
        let by_number: BTreeMap<String, WorkOrderId> = ana
            .replica
            .all_orders()?
            .into_iter()
            .map(|line| (line.number, line.id))
            .collect();
        let mut ids = Ids::from(now());
        let mut orders = Vec::with_capacity(facts.len());
        for fact in facts {
            let order = by_number.get(&fact.number);
            let order = *order.with_context(|| format!("{} did not come down", fact.number))?;
            let plan = Edit::CreateWorkOrder(Box::new(fact.plan(&mut ids)?));
            ana.commit(order, vec![plan])?;
            orders.push(order);
        }
        Ok(Self {
            plans: changes(&ana)?,
            wire,
            ana,
            ben,
            orders,
            began: now(),
        })
    }

    /// Plays every step; answers with what committing the edits took.
    pub(super) async fn play(
        &mut self,
        facts: &[Fact],
        raw_file: &Path,
        say: &mut dyn FnMut(&Line),
    ) -> anyhow::Result<Line> {
        let all: String = facts.iter().map(|fact| fact.line.as_str()).collect();
        self.ana.hang_up()?;
        let push_all = Step {
            name: "push_all",
            facts: all.clone(),
            note: "planned on a desk, new connection",
        };
        self.measure(&self.ana, push_all, say).await?;
        let cold = Step {
            name: "cold",
            facts: all,
            note: "new device, new connection",
        };
        self.measure(&self.ben, cold, say).await?;
        let nothing = Step {
            name: "nothing_changed",
            facts: String::new(),
            note: "kept connection",
        };
        self.measure(&self.ana, nothing, say).await?;
        let commits = self.edit(raw_file)?;
        let edited = &facts[..EDITS.min(facts.len())];
        let starts: String = edited.iter().map(|fact| self.start_text(fact)).collect();
        let push_edits = Step {
            name: "push_edits",
            facts: starts.clone(),
            note: "kept connection",
        };
        self.measure(&self.ana, push_edits, say).await?;
        let finishes = edited.iter().enumerate();
        let finishes: String = finishes
            .map(|(at, fact)| self.finish_text(at, fact))
            .collect();
        let both = Step {
            name: "push_and_pull",
            facts: starts + &finishes,
            note: "kept connection",
        };
        self.measure(&self.ben, both, say).await?;
        self.ana.exchange().await?;
        self.say_kept(say)?;
        Ok(commits)
    }

    /// What arrived at the hub while this was played: the plan of every order.
    pub(super) fn into_plans(self) -> Vec<Plan> {
        self.plans
    }

    async fn measure(
        &self,
        desk: &Desk,
        step: Step<'_>,
        say: &mut dyn FnMut(&Line),
    ) -> anyhow::Result<()> {
        let before = self.wire.carried().await;
        let Exchanged {
            round_trips,
            frame_bytes,
        } = desk.exchange().await?;
        let bytes = self.wire.carried().await.both() - before.both();
        let beside = match step.facts.is_empty() {
            true => None,
            false => Some(packed_bytes(&step.facts)?),
        };
        let mut note = step.note.to_owned();
        if beside.is_some() {
            note.push_str("; beside: the same facts as JSON, zstd");
        }
        note.push_str(&format!("; frames alone: {frame_bytes}"));
        say(&Line {
            row: format!("exchange/{}/bytes", step.name),
            ours: bytes as f64,
            beside,
            unit: "bytes",
            note,
        });
        say(&Line {
            row: format!("exchange/{}/round_trips", step.name),
            ours: f64::from(round_trips),
            beside: Some(1.0),
            unit: "round trips",
            note: "requests after the handshake".to_owned(),
        });
        Ok(())
    }

    /// One field of each of the same orders on both desks, while neither hears of the other.
    fn edit(&self, raw_file: &Path) -> anyhow::Result<Line> {
        let mut commits = Commits::beside(Raw::encrypted(raw_file)?);
        for (at, order) in self.orders.iter().take(EDITS).enumerate() {
            commits.time(&self.ana, *order, start(self.began))?;
            self.ben.commit(*order, vec![finish(self.finish_of(at))])?;
        }
        let changes = changes(&self.ana)?;
        let bytes: usize = changes.iter().map(|(_, bytes)| bytes.len()).sum();
        commits.end(bytes / changes.len().max(1))
    }

    /// The same hours the peers book: half an hour and up to eight more.
    fn finish_of(&self, at: usize) -> Timestamp {
        let hours = i64::try_from(at % 9).unwrap_or(0);
        self.began.plus_ms(hours * HOUR_MS + HOUR_MS / 2)
    }

    fn start_text(&self, fact: &Fact) -> String {
        format!(
            "{{\"number\":\"{}\",\"actual_start\":\"{}\"}}\n",
            fact.number, self.began
        )
    }

    fn finish_text(&self, at: usize, fact: &Fact) -> String {
        let finish = self.finish_of(at);
        format!(
            "{{\"number\":\"{}\",\"actual_finish\":\"{finish}\"}}\n",
            fact.number
        )
    }

    fn say_kept(&self, say: &mut dyn FnMut(&Line)) -> anyhow::Result<()> {
        let mut kept = [0, 0];
        for (at, order) in self.orders.iter().take(EDITS).enumerate() {
            for (desk, kept) in [&self.ana, &self.ben].into_iter().zip(&mut kept) {
                let content = desk
                    .replica
                    .order(*order)?
                    .context("an order is gone")?
                    .content;
                let finish = self.finish_of(at);
                if (content.actual_start, content.actual_finish) == (Some(self.began), Some(finish))
                {
                    *kept += 1;
                }
            }
        }
        say(&Line {
            row: "orders with both edits kept".to_owned(),
            ours: f64::from(kept[0].min(kept[1])),
            beside: Some(EDITS.min(self.orders.len()) as f64),
            unit: "orders",
            note: "read from both replicas at the end".to_owned(),
        });
        Ok(())
    }
}

fn start(at: Timestamp) -> Edit {
    Edit::SetTimes {
        actual_start: Some(at),
        actual_finish: None,
    }
}

fn finish(at: Timestamp) -> Edit {
    Edit::SetTimes {
        actual_start: None,
        actual_finish: Some(at),
    }
}

/// What a desk has not sent: each order's change.
fn changes(desk: &Desk) -> anyhow::Result<Vec<Plan>> {
    let pushes = desk.replica.pushes(EVERYTHING)?;
    let items = pushes.into_iter().flat_map(|push| push.items);
    Ok(items
        .filter_map(|item| match item {
            PushItem::Change(document, bytes) => Some((document.into(), bytes.into_vec())),
            PushItem::Intent(_) | PushItem::Record(_) => None,
        })
        .collect())
}
