//! The page of an asset: what the CMMS says of it, and its orders on this laptop.

mod figures;
mod history;
mod tree;

use fettle_domain::asset::{Asset, AssetStatus};
use fettle_domain::location::Criticality;
use fettle_domain::{AssetId, LocationId};
use fettle_replica::Paging;

use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{AssetView, ProblemView};
use crate::work_order::row::Rows;

/// Most orders a page shows; older ones are found by the search.
const ORDERS_MAX: u32 = 50;

impl Desk {
    /// One asset.
    ///
    /// # Errors
    /// `asset.unknown`, `desk.locked`.
    pub async fn asset(&self, id: String) -> Result<AssetView, ProblemView> {
        self.on_disk(move |core| core.asset_view(&id)).await
    }
}

impl Core {
    fn asset_view(&self, id: &str) -> Answer<AssetView> {
        let member = self.member()?;
        let unknown = || Trouble::new("asset.unknown");
        let id: AssetId = id.parse().map_err(|_| unknown())?;
        let asset = self.replica.asset(id)?.ok_or_else(unknown)?;
        let rows = Rows::new(self, member.id())?;
        let orders = self
            .replica
            .orders_of_asset(id, Paging::first(ORDERS_MAX))?;
        Ok(AssetView {
            id: id.to_string(),
            location: self.location_line(asset.location)?,
            part_of: self.asset_line(asset.parent)?,
            criticality: criticality(asset.criticality).to_owned(),
            status: asset.status.map(|status| word(status).to_owned()),
            manufacturer: told(asset.manufacturer),
            model: told(asset.model),
            serial: told(asset.serial),
            tag: asset.tag,
            name: asset.name,
            orders: orders
                .rows
                .iter()
                .map(|line| rows.row(line))
                .collect::<Answer<_>>()?,
        })
    }

    fn location_line(&self, id: Option<LocationId>) -> Answer<Option<String>> {
        let Some(id) = id else {
            return Ok(None);
        };
        let location = self.replica.location(id)?;
        Ok(location.map(|location| format!("{} {}", location.code, location.name)))
    }

    fn asset_line(&self, id: Option<AssetId>) -> Answer<Option<String>> {
        let Some(id) = id else {
            return Ok(None);
        };
        let line = |asset: Asset| format!("{} {}", asset.tag, asset.name);
        Ok(self.replica.asset(id)?.map(line))
    }
}

/// A text of the CMMS; an empty one says nothing.
fn told(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

fn criticality(criticality: Criticality) -> &'static str {
    match criticality {
        Criticality::A => "A",
        Criticality::B => "B",
        Criticality::C => "C",
    }
}

fn word(status: AssetStatus) -> &'static str {
    match status {
        AssetStatus::Operating => "operating",
        AssetStatus::Standby => "standby",
        AssetStatus::Down => "down",
        AssetStatus::OutOfService => "out_of_service",
        AssetStatus::Retired => "retired",
    }
}
