//! The tree of locations and assets, one level at a time.

use fettle_domain::asset::Asset;
use fettle_domain::location::FunctionalLocation;

use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{ProblemView, TreeLevelView, TreeNodeKind, TreeNodeView, TreePlaceInput};

/// Most locations and most assets of a level; what is beyond is found by the search.
const LEVEL_MAX: u32 = 200;

impl Desk {
    /// One level of the tree.
    ///
    /// # Errors
    /// `location.unknown`, `asset.unknown`, `desk.locked`.
    pub async fn asset_tree(&self, place: TreePlaceInput) -> Result<TreeLevelView, ProblemView> {
        self.on_disk(move |core| core.tree_level(&place)).await
    }
}

impl Core {
    fn tree_level(&self, place: &TreePlaceInput) -> Answer<TreeLevelView> {
        self.member()?;
        let most = LEVEL_MAX + 1;
        let (mut locations, mut assets) = match place {
            TreePlaceInput::Top => (
                self.replica.locations_below(None, most)?,
                self.replica.assets_in(None, most)?,
            ),
            TreePlaceInput::Location { id } => {
                let id = id.parse().map_err(|_| Trouble::new("location.unknown"))?;
                let below = self.replica.locations_below(Some(id), most)?;
                (below, self.replica.assets_in(Some(id), most)?)
            }
            TreePlaceInput::Asset { id } => {
                let id = id.parse().map_err(|_| Trouble::new("asset.unknown"))?;
                (Vec::new(), self.replica.parts_of_asset(id, most)?)
            }
        };
        let shown = LEVEL_MAX as usize;
        let is_cut = locations.len() > shown || assets.len() > shown;
        locations.truncate(shown);
        assets.truncate(shown);
        let mut nodes = Vec::with_capacity(locations.len() + assets.len());
        for location in locations {
            nodes.push(self.location_node(location)?);
        }
        for asset in assets {
            nodes.push(self.asset_node(asset)?);
        }
        Ok(TreeLevelView { nodes, is_cut })
    }

    fn location_node(&self, location: FunctionalLocation) -> Answer<TreeNodeView> {
        let id = Some(location.id);
        let has_below = !self.replica.locations_below(id, 1)?.is_empty()
            || !self.replica.assets_in(id, 1)?.is_empty();
        Ok(TreeNodeView {
            id: location.id.to_string(),
            kind: TreeNodeKind::Location,
            code: location.code,
            name: location.name,
            has_below,
        })
    }

    fn asset_node(&self, asset: Asset) -> Answer<TreeNodeView> {
        Ok(TreeNodeView {
            id: asset.id.to_string(),
            kind: TreeNodeKind::Asset,
            has_below: !self.replica.parts_of_asset(asset.id, 1)?.is_empty(),
            code: asset.tag,
            name: asset.name,
        })
    }
}
