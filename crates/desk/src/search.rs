//! Search over orders, assets and items of this laptop.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fettle_domain::asset::Asset;
use fettle_replica::{Paging, Total};

use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::Answer;
use crate::view::{AssetRowView, ProblemView, SearchView, TotalView};
use crate::work_order::row::Rows;

/// Most rows of each kind in one answer: what a popover shows.
const FOUND_MAX: u32 = 12;
/// Longest query looked at, in characters: longer than any label.
const QUERY_MAX: usize = 200;

/// Which search is the newest, so that one that was typed over is given up.
#[derive(Debug, Default)]
pub(crate) struct Turns(AtomicU64);

impl Turns {
    fn begin(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn is_newest(&self, turn: u64) -> bool {
        self.0.load(Ordering::Relaxed) == turn
    }
}

impl Desk {
    /// Searches orders, assets and items. A search that another one follows before it is done is
    /// given up and says so.
    ///
    /// # Errors
    /// `desk.locked`.
    pub async fn search(&self, query: String) -> Result<SearchView, ProblemView> {
        let turn = self.searches.begin();
        let searches = Arc::clone(&self.searches);
        self.on_disk(move |core| core.search(query, &|| searches.is_newest(turn)))
            .await
    }
}

impl Core {
    fn search(&self, query: String, is_wanted: &dyn Fn() -> bool) -> Answer<SearchView> {
        let member = self.member()?;
        let words = looked_at(&query);
        let paging = Paging::first(FOUND_MAX);
        let mut view = SearchView {
            query,
            is_superseded: true,
            orders: Vec::new(),
            orders_total: TotalView::default(),
            assets: Vec::new(),
            assets_total: TotalView::default(),
            items: Vec::new(),
            items_total: TotalView::default(),
            meant: None,
            holds: String::new(),
        };
        if !is_wanted() {
            return Ok(view);
        }
        let orders = self.replica.search_orders(&words, paging)?;
        if !is_wanted() {
            return Ok(view);
        }
        let assets = self.replica.search_assets(&words, paging)?;
        if !is_wanted() {
            return Ok(view);
        }
        let items = self.replica.search_items(&words, paging)?;
        if !is_wanted() {
            return Ok(view);
        }
        // What was found as it was typed is the answer; what may have been meant only when nothing was.
        let is_found = |total: Total, meant: &Option<String>| total.count > 0 && meant.is_none();
        let is_exact = is_found(orders.total, &orders.meant)
            || is_found(assets.total, &assets.meant)
            || is_found(items.total, &items.meant);
        let rows = Rows::new(self, member.id())?;
        if !(is_exact && orders.meant.is_some()) {
            view.orders = rows.all(&orders.page.rows)?;
            view.orders_total = total(orders.total);
        }
        if !(is_exact && assets.meant.is_some()) {
            let found = assets.page.rows.into_iter();
            view.assets = found
                .map(|(asset, open_orders)| self.asset_row(asset, open_orders))
                .collect::<Answer<_>>()?;
            view.assets_total = total(assets.total);
        }
        if !(is_exact && items.meant.is_some()) {
            view.items = self.item_rows(items.page.rows)?;
            view.items_total = total(items.total);
        }
        if !is_exact {
            view.meant = items.meant.or(assets.meant).or(orders.meant);
        }
        view.holds = self.holds()?;
        view.is_superseded = false;
        Ok(view)
    }

    fn asset_row(&self, asset: Asset, open_orders: u32) -> Answer<AssetRowView> {
        Ok(AssetRowView {
            id: asset.id.to_string(),
            location: self.location_name(asset.location)?,
            tag: asset.tag,
            name: asset.name,
            open_orders,
        })
    }

    /// Names of the areas whose work is here.
    pub(crate) fn holds(&self) -> Answer<String> {
        let mut names = BTreeMap::new();
        for (plant, area) in self.replica.work_areas()? {
            let known = self.replica.plant(&plant)?;
            let name = known
                .into_iter()
                .flat_map(|plant| plant.areas)
                .find(|known| known.id == area)
                .map_or_else(|| area.to_string(), |known| known.name);
            names.insert((plant, area), name);
        }
        let names: Vec<String> = names.into_values().collect();
        Ok(names.join(", "))
    }
}

/// As much of a query as is looked at.
pub(crate) fn looked_at(query: &str) -> String {
    query.chars().take(QUERY_MAX).collect()
}

pub(crate) fn total(total: Total) -> TotalView {
    TotalView {
        count: total.count,
        is_more: total.is_more,
    }
}
