//! The history of an asset: read as a whole, joined with costs for whoever may see them.

use std::collections::BTreeMap;

use fettle_domain::asset::Asset;
use fettle_domain::asset::fleet::MachineTotal;
use fettle_domain::asset::history::{History, HistoryLine, Tally};
use fettle_domain::feed::Feed;
use fettle_domain::money::{Currency, Money};
use fettle_domain::restricted::may_read;
use fettle_domain::{AssetId, ImportId, WorkOrderId};

use super::figures::{self, Amounts};
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{
    AssetHistoryInput, AssetHistoryView, CostState, HistoryPageInput, HistoryPageView, MachineView,
    ProblemView, RemarkView, SourceView, TallyView,
};

/// Rows of a page of lines.
const PAGE: usize = 50;
/// Most machines of a fleet that stand beside each other.
const FLEET_MAX: usize = 12;
/// Most assets of a class that are looked through for a fleet.
const CLASS_MAX: u32 = 200;
/// Most remarks about rows of a file on a page.
const REMARKS_MAX: usize = 10;

impl Desk {
    /// What the history of an asset comes to; `None` without any order that is over.
    ///
    /// # Errors
    /// `asset.unknown`, `desk.locked`.
    pub async fn asset_history(
        &self,
        input: AssetHistoryInput,
    ) -> Result<Option<AssetHistoryView>, ProblemView> {
        self.on_disk(move |core| core.asset_history(&input)).await
    }

    /// A page of the lines a figure was counted from.
    ///
    /// # Errors
    /// `asset.unknown`, `desk.locked`.
    pub async fn history_page(
        &self,
        input: HistoryPageInput,
    ) -> Result<HistoryPageView, ProblemView> {
        self.on_disk(move |core| core.history_page(&input)).await
    }
}

/// A history with what this person may see of its costs.
struct Seen {
    asset: Asset,
    history: Option<History>,
    may_see_costs: bool,
}

impl Core {
    fn asset_history(&self, input: &AssetHistoryInput) -> Answer<Option<AssetHistoryView>> {
        let Seen {
            asset,
            history,
            may_see_costs,
        } = self.seen(&input.asset_id)?;
        let Some(whole) = history else {
            return Ok(None);
        };
        let counted = if input.is_once && may_see_costs {
            whole.counted_once()
        } else {
            whole.clone()
        };
        let costs = match (may_see_costs, whole.currency()) {
            (false, _) => CostState::NotYours,
            (true, None) => CostState::NotRecorded,
            (true, Some(_)) => CostState::Shown,
        };
        let mut view = figures::view(asset.id, &whole, &counted, costs, input.system.as_deref());
        self.add_fleet(&mut view, &asset, &whole, may_see_costs)?;
        self.add_sources(&mut view, &counted)?;
        Ok(Some(view))
    }

    fn history_page(&self, input: &HistoryPageInput) -> Answer<HistoryPageView> {
        let seen = self.seen(&input.asset_id)?;
        let Some(whole) = seen.history else {
            return Ok(figures::empty_page());
        };
        let counted = if input.is_once && seen.may_see_costs {
            whole.counted_once()
        } else {
            whole.clone()
        };
        let after = input.after.as_deref().and_then(|id| id.parse().ok());
        Ok(figures::page(
            &whole,
            &counted,
            &input.selection.clone().into(),
            after,
            PAGE,
        ))
    }

    fn seen(&self, id: &str) -> Answer<Seen> {
        let member = self.member()?;
        let unknown = || Trouble::new("asset.unknown");
        let id: AssetId = id.parse().map_err(|_| unknown())?;
        let asset = self.replica.asset(id)?.ok_or_else(unknown)?;
        let person = self.replica.person(member.id())?;
        let person = person.unwrap_or_else(|| member.person.clone());
        let mut lines = self.replica.history(id)?;
        let may_see_costs = may_read(&person, &Feed::Costs(asset.plant.clone()));
        if may_see_costs {
            self.join_costs(&mut lines)?;
        }
        Ok(Seen {
            asset,
            history: History::new(lines),
            may_see_costs,
        })
    }

    fn join_costs(&self, lines: &mut [HistoryLine]) -> Answer<()> {
        let orders: Vec<WorkOrderId> = lines.iter().map(|line| line.order).collect();
        let costs = self.totals(&orders)?;
        for (line, cost) in lines.iter_mut().zip(costs) {
            line.cost = cost;
        }
        Ok(())
    }

    fn totals(&self, orders: &[WorkOrderId]) -> Answer<Vec<Option<Money>>> {
        let totals = self.read_restricted(|file| file.totals(orders).map(Some))?;
        Ok(totals.unwrap_or_default())
    }

    /// Machines of the same class, kept in the same plant and part of the same asset.
    fn add_fleet(
        &self,
        view: &mut AssetHistoryView,
        this: &Asset,
        whole: &History,
        may_see_costs: bool,
    ) -> Answer<()> {
        let alike = |other: &Asset| {
            let place = |asset: &Asset| (asset.plant.clone(), asset.parent);
            !this.class.is_empty() && place(other) == place(this)
        };
        let class = self.replica.assets_of_class(&this.class, CLASS_MAX)?;
        let fleet: Vec<Asset> = class.into_iter().filter(alike).collect();
        if !(2..=FLEET_MAX).contains(&fleet.len()) {
            return Ok(());
        }
        let amounts = Amounts::new(whole.currency());
        let mut all = Tally::default();
        for machine in fleet {
            let days = self.replica.history_days(machine.id)?;
            let (Some((_, first)), Some((_, last))) = (days.first(), days.last()) else {
                continue;
            };
            let orders: Vec<WorkOrderId> = days.iter().map(|(order, _)| *order).collect();
            let costs = match whole.currency() {
                Some(currency) if may_see_costs => sum(&self.totals(&orders)?, currency),
                Some(_) | None => None,
            };
            let total = MachineTotal {
                all: Tally {
                    lines: u32::try_from(orders.len()).unwrap_or(u32::MAX),
                    minor: costs,
                },
                first: *first,
                last: *last,
            };
            all.lines += total.all.lines;
            all.minor = match (all.minor, costs) {
                (Some(a), Some(b)) => Some(a.saturating_add(b)),
                (a, b) => a.or(b),
            };
            view.fleet.push(MachineView {
                is_this: machine.id == this.id,
                id: machine.id.to_string(),
                tag: machine.tag,
                name: machine.name,
                all: amounts.tally(total.all),
                years: f64::from(total.tenths_of_years()) / 10.0,
                cost_a_year: amounts.text(total.minor_a_year()),
            });
        }
        if view.fleet.len() < 2 {
            view.fleet.clear();
        }
        view.fleet_all = amounts.tally(all);
        Ok(())
    }

    fn add_sources(&self, view: &mut AssetHistoryView, counted: &History) -> Answer<()> {
        let mut lines: BTreeMap<Option<ImportId>, u32> = BTreeMap::new();
        for line in counted.lines() {
            *lines.entry(line.import).or_default() += 1;
        }
        for (import, lines) in lines {
            match import {
                None => view.from_cmms = lines,
                Some(id) => view.sources.push(self.source(id, lines)?),
            }
        }
        Ok(())
    }

    fn source(&self, id: ImportId, lines: u32) -> Answer<SourceView> {
        let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let import = self.replica.import(id)?;
        let remarks = import.iter().flat_map(|import| &import.remarks);
        Ok(SourceView {
            lines,
            remarks: remarks
                .take(REMARKS_MAX)
                .map(|remark| RemarkView {
                    line: number(remark.line),
                    is_repaired: remark.is_repaired,
                    why: remark.why.clone(),
                })
                .collect(),
            read: import.as_ref().map_or(0, |import| number(import.read)),
            refused: import.as_ref().map_or(0, |import| number(import.refused)),
            repaired: import.as_ref().map_or(0, |import| number(import.repaired)),
            last: import
                .as_ref()
                .and_then(|import| import.last)
                .map(|day| day.to_string()),
            file: import.map(|import| import.file),
        })
    }
}

/// The amounts of one currency together; `None` when there is none of it.
fn sum(totals: &[Option<Money>], currency: &Currency) -> Option<i64> {
    let of_it = totals
        .iter()
        .flatten()
        .filter(|cost| cost.currency == *currency);
    of_it.map(|cost| cost.minor).reduce(i64::saturating_add)
}

impl TallyView {
    pub(crate) fn none() -> Self {
        Self {
            lines: 0,
            cost: None,
        }
    }
}
