//! The list of every order on this laptop, page by page, whole or by what was typed.

use fettle_replica::Found;

use super::row::Rows;
use crate::core::Core;
use crate::desk::Desk;
use crate::item::paging;
use crate::search::{looked_at, total};
use crate::trouble::Answer;
use crate::view::{OrderPageView, PageInput, ProblemView};

/// Rows of a page: well under what may cross to the window at once.
const ROWS_MAX: u32 = 50;

impl Desk {
    /// A page of the list of orders.
    ///
    /// # Errors
    /// `page.unknown`, `desk.locked`.
    pub async fn orders(&self, input: PageInput) -> Result<OrderPageView, ProblemView> {
        self.on_disk(move |core| core.orders(&input)).await
    }
}

impl Core {
    fn orders(&self, input: &PageInput) -> Answer<OrderPageView> {
        let member = self.member()?;
        let paging = paging(input, ROWS_MAX)?;
        let found = if input.query.trim().is_empty() {
            Found {
                page: self.replica.orders_page(paging)?,
                total: self.replica.count_orders()?,
                meant: None,
            }
        } else {
            self.replica
                .search_orders(&looked_at(&input.query), paging)?
        };
        let rows = Rows::new(self, member.id())?;
        Ok(OrderPageView {
            rows: rows.all(&found.page.rows)?,
            next: found.page.next.map(|key| key.to_string()),
            total: total(found.total),
            meant: found.meant,
            holds: self.holds()?,
        })
    }
}
