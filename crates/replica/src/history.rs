//! Histories of assets, and the tree they stand in.

use fettle_domain::asset::Asset;
use fettle_domain::asset::history::HistoryLine;
use fettle_domain::import::Import;
use fettle_domain::location::FunctionalLocation;
use fettle_domain::row::Row;
use fettle_domain::work_order::failure_report::official as official_report;
use fettle_domain::work_order::settlement::is_office;
use fettle_domain::work_order::{Recorded, WorkOrderContent, WorkOrderRow};
use fettle_domain::{AssetId, Day, ImportId, LocationId, WorkOrderId};
use rusqlite::Connection;

use crate::fault::Fault;
use crate::replica::Replica;
use crate::table::{asset_tree, history};

impl Replica {
    /// What was done on an asset as far as this laptop knows, oldest day first.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn history(&self, asset: AssetId) -> Result<Vec<HistoryLine>, Fault> {
        history::of_asset(&self.reader(), asset)
    }

    /// Orders and days of the history of an asset, oldest first.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn history_days(&self, asset: AssetId) -> Result<Vec<(WorkOrderId, Day)>, Fault> {
        history::days_of_asset(&self.reader(), asset)
    }

    /// An import.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn import(&self, id: ImportId) -> Result<Option<Import>, Fault> {
        match self.master(&format!("import/{id}"))? {
            Some(Row::Import(import)) => Ok(Some(import)),
            _ => Ok(None),
        }
    }

    /// Locations right below one, the topmost ones for none; at most `limit`.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn locations_below(
        &self,
        location: Option<LocationId>,
        limit: u32,
    ) -> Result<Vec<FunctionalLocation>, Fault> {
        self.in_catalogue(|catalogue| asset_tree::locations(catalogue, location, limit))
    }

    /// Assets that stand right in a location, those without one for none; at most `limit`.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn assets_in(&self, location: Option<LocationId>, limit: u32) -> Result<Vec<Asset>, Fault> {
        self.in_catalogue(|catalogue| asset_tree::assets_in(catalogue, location, limit))
    }

    /// Assets that are part of one; at most `limit`.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn parts_of_asset(&self, asset: AssetId, limit: u32) -> Result<Vec<Asset>, Fault> {
        self.in_catalogue(|catalogue| asset_tree::parts_of(catalogue, asset, limit))
    }

    /// Assets of a class; at most `limit`.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn assets_of_class(&self, class: &str, limit: u32) -> Result<Vec<Asset>, Fault> {
        self.in_catalogue(|catalogue| asset_tree::of_class(catalogue, class, limit))
    }

    /// Projects the line of an order in the history of its asset; none while it is not over.
    pub(crate) fn project_history(
        &self,
        connection: &Connection,
        row: &WorkOrderRow,
        content: &WorkOrderContent,
        recorded: Option<&Recorded>,
    ) -> Result<(), Fault> {
        let report = self.with_authors(connection, |authors| {
            let of_office = |actor, at| {
                let author = authors.get(actor);
                author.is_some_and(|author| is_office(author.roles_at(at)))
            };
            let official = official_report(&content.failure_reports, &content.notes, of_office);
            official.map(|report| report.entry.clone())
        })?;
        let line = HistoryLine::of_order(row, content, recorded, report.as_ref());
        match (row.asset, line) {
            (Some(asset), Some(line)) => history::write(connection, asset, &line),
            (None, _) | (_, None) => history::remove(connection, row.id),
        }
    }
}
