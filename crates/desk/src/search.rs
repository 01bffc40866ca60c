//! Search over orders and assets of this laptop.

use std::collections::BTreeMap;

use fettle_domain::asset::Asset;

use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::Answer;
use crate::view::{AssetRowView, ProblemView, SearchView};
use crate::work_order::row::Rows;

/// Most orders and most assets of one answer: what a popover shows.
const FOUND_MAX: u32 = 20;
/// Longest query looked at, in characters: longer than any label.
const QUERY_MAX: usize = 200;

impl Desk {
    /// Searches orders and assets.
    ///
    /// # Errors
    /// `desk.locked`.
    pub async fn search(&self, query: String) -> Result<SearchView, ProblemView> {
        self.on_disk(move |core| core.search(query)).await
    }
}

impl Core {
    fn search(&self, query: String) -> Answer<SearchView> {
        let member = self.member()?;
        let words: String = query.chars().take(QUERY_MAX).collect();
        let rows = Rows::new(self, member.id())?;
        let orders = self.replica.search_orders(&words, FOUND_MAX)?;
        let assets = self.replica.search_assets(&words, FOUND_MAX)?;
        Ok(SearchView {
            query,
            orders: orders
                .iter()
                .map(|line| rows.row(line))
                .collect::<Answer<_>>()?,
            assets: assets
                .into_iter()
                .map(|(asset, open_orders)| self.asset_row(asset, open_orders))
                .collect::<Answer<_>>()?,
            holds: self.holds()?,
        })
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
    fn holds(&self) -> Answer<String> {
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
