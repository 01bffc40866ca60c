//! What the rows of a file are read against: what the store knows, and what came before them.

use std::collections::HashMap;

use fettle_domain::feed::Feed;
use fettle_domain::location::Criticality;
use fettle_domain::row::Row;
use fettle_domain::{AreaId, AssetId, ImportId, LocationId, PlantId, Timestamp};

use super::intake::RowFault;
use super::mapping::Mapping;
use super::place::Places;
use crate::core::{Core, StoreFault};

/// Why a row could not be judged.
#[derive(Debug)]
pub(super) enum JudgeFault {
    Row(RowFault),
    Store(StoreFault),
}

impl From<RowFault> for JudgeFault {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl From<StoreFault> for JudgeFault {
    fn from(fault: StoreFault) -> Self {
        Self::Store(fault)
    }
}

/// An asset as rows refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) id: AssetId,
    pub(super) tag: String,
    pub(super) name: String,
    pub(super) plant: PlantId,
    pub(super) area: AreaId,
    pub(super) location: Option<LocationId>,
    pub(super) criticality: Criticality,
}

/// Of one file.
pub(super) struct Context<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) import: ImportId,
    pub(super) now: Timestamp,
    pub(super) places: Places,
    plants: HashMap<PlantId, Known>,
}

/// What the store knows of a plant when the file is read.
#[derive(Debug, Default)]
struct Known {
    machines: HashMap<String, Machine>,
    locations: HashMap<String, LocationId>,
}

impl<'a> Context<'a> {
    pub(super) fn new(mapping: &'a Mapping, import: ImportId, now: Timestamp) -> Self {
        Self {
            mapping,
            import,
            now,
            places: Places::default(),
            plants: HashMap::new(),
        }
    }

    /// The asset with a tag in a plant.
    pub(super) fn machine(
        &mut self,
        core: Core<'_>,
        plant: &PlantId,
        tag: &str,
    ) -> Result<Option<Machine>, StoreFault> {
        Ok(self.known(core, plant)?.machines.get(tag).cloned())
    }

    /// The asset with a tag, which the row needs.
    pub(super) fn needed_machine(
        &mut self,
        core: Core<'_>,
        plant: &PlantId,
        tag: String,
    ) -> Result<Machine, JudgeFault> {
        let machine = self.machine(core, plant, &tag)?;
        machine.ok_or_else(|| {
            JudgeFault::Row(RowFault::NoAsset {
                tag,
                plant: plant.clone(),
            })
        })
    }

    /// The functional location with a code in a plant.
    pub(super) fn location(
        &mut self,
        core: Core<'_>,
        plant: &PlantId,
        code: &str,
    ) -> Result<Option<LocationId>, StoreFault> {
        Ok(self.known(core, plant)?.locations.get(code).copied())
    }

    fn known(&mut self, core: Core<'_>, plant: &PlantId) -> Result<&Known, StoreFault> {
        if !self.plants.contains_key(plant) {
            let known = Known::read(core, plant)?;
            self.plants.insert(plant.clone(), known);
        }
        Ok(self.plants.entry(plant.clone()).or_default())
    }
}

impl Known {
    fn read(core: Core<'_>, plant: &PlantId) -> Result<Self, StoreFault> {
        let feed = Feed::Assets(plant.clone());
        let mut known = Self::default();
        core.each_row(&feed, "asset", |row| {
            if let Row::Asset(asset) = row {
                let machine = Machine {
                    id: asset.id,
                    tag: asset.tag.clone(),
                    name: asset.name,
                    plant: asset.plant,
                    area: asset.area,
                    location: asset.location,
                    criticality: asset.criticality,
                };
                known.machines.insert(asset.tag, machine);
            }
        })?;
        core.each_row(&feed, "location", |row| {
            if let Row::Location(location) = row {
                known.locations.insert(location.code, location.id);
            }
        })?;
        Ok(known)
    }
}
