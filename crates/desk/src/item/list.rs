//! The list of items, page by page, whole or by what was typed.

use fettle_replica::{Found, Paging};

use crate::core::Core;
use crate::desk::Desk;
use crate::search::{looked_at, total};
use crate::trouble::{Answer, Trouble};
use crate::view::{ItemPageView, PageInput, ProblemView};

/// Rows of a page: with their badges well under what may cross to the window at once.
const ROWS_MAX: u32 = 100;

impl Desk {
    /// A page of the list of items.
    ///
    /// # Errors
    /// `page.unknown`, `desk.locked`.
    pub async fn items(&self, input: PageInput) -> Result<ItemPageView, ProblemView> {
        self.on_disk(move |core| core.items(&input)).await
    }
}

impl Core {
    fn items(&self, input: &PageInput) -> Answer<ItemPageView> {
        self.member()?;
        let paging = paging(input, ROWS_MAX)?;
        let found = if input.query.trim().is_empty() {
            Found {
                page: self.replica.items_page(paging)?,
                total: self.replica.count_items()?,
                meant: None,
            }
        } else {
            self.replica
                .search_items(&looked_at(&input.query), paging)?
        };
        Ok(ItemPageView {
            rows: self.item_rows(found.page.rows)?,
            next: found.page.next.map(|key| key.to_string()),
            total: total(found.total),
            meant: found.meant,
            holds: self.holds()?,
        })
    }
}

/// Which page somebody asks for.
pub(crate) fn paging(input: &PageInput, limit: u32) -> Answer<Paging> {
    let after = input.after.as_deref().map(str::parse).transpose();
    Ok(Paging {
        after: after.map_err(|_| Trouble::new("page.unknown"))?,
        limit,
    })
}
