//! The page of an item: what the ERP says of it, its stock by bin, and the orders that need it.

use fettle_domain::item::{AbcClass, Item, ItemCriticality};
use fettle_domain::price::ItemPrice;
use fettle_domain::work_order::reversal::standing;
use fettle_domain::{Decimal, ItemId};
use fettle_replica::OrderLine;

use super::stock::{item_row, stock_row};
use crate::core::Core;
use crate::desk::Desk;
use crate::person::shell::ms;
use crate::trouble::{Answer, Trouble};
use crate::view::{ItemOrderView, ItemRowView, ItemView, PriceView, ProblemView};
use crate::work_order::row::Rows;

/// Most orders of each kind, and most substitutes and bins, a page shows.
const ORDERS_MAX: u32 = 20;
const SUBSTITUTES_MAX: usize = 20;
const BINS_MAX: usize = 50;

impl Desk {
    /// One item.
    ///
    /// # Errors
    /// `item.unknown`, `desk.locked`.
    pub async fn item(&self, id: String) -> Result<ItemView, ProblemView> {
        self.on_disk(move |core| core.item_view(&id)).await
    }
}

impl Core {
    fn item_view(&self, id: &str) -> Answer<ItemView> {
        let member = self.member()?;
        let unknown = || Trouble::new("item.unknown");
        let id: ItemId = id.parse().map_err(|_| unknown())?;
        let item = self.replica.item(id)?.ok_or_else(unknown)?;
        let freshness = self.stock_freshness()?;
        let balances = self.replica.stock_of(id)?;
        let substitutes = self.known_items(&item.substitutes)?;
        let missing = item.substitutes.len() - substitutes.len();
        let superseded_by = item.superseded_by.as_slice();
        let superseded_by = self.item_rows(self.known_items(superseded_by)?)?.pop();
        let (open, ended) = self.replica.orders_of_item(id, ORDERS_MAX)?;
        let rows = Rows::new(self, member.id())?;
        let orders = |lines: Vec<OrderLine>| -> Answer<Vec<ItemOrderView>> {
            let order = |line: &OrderLine| self.item_order(&rows, line, id);
            lines.iter().map(order).collect()
        };
        Ok(ItemView {
            manufacturer: told(&item.manufacturer),
            part_number: told(&item.part_number),
            unit: item.unit.symbol().to_owned(),
            unit_code: item.unit.0.clone(),
            class: told(&item.class),
            criticality: item.criticality.map(|rated| criticality(rated).to_owned()),
            abc: item.abc.map(|class| abc(class).to_owned()),
            lead_time_days: item.lead_time_days,
            bins: balances
                .iter()
                .take(BINS_MAX)
                .map(|balance| stock_row(balance, freshness))
                .collect(),
            substitutes: self.shown(substitutes)?,
            substitutes_elsewhere: u32::try_from(missing).unwrap_or(u32::MAX),
            superseded_by,
            open_orders: orders(open)?,
            past_orders: orders(ended)?,
            price: self
                .read_restricted(|file| file.price(id))?
                .map(|price| price_view(&price)),
            holds: self.holds()?,
            row: item_row(item, &balances, freshness),
        })
    }

    fn known_items(&self, ids: &[ItemId]) -> Answer<Vec<Item>> {
        let mut items = Vec::new();
        for id in ids {
            items.extend(self.replica.item(*id)?);
        }
        Ok(items)
    }

    fn shown(&self, mut substitutes: Vec<Item>) -> Answer<Vec<ItemRowView>> {
        substitutes.truncate(SUBSTITUTES_MAX);
        self.item_rows(substitutes)
    }

    fn item_order(&self, rows: &Rows<'_>, line: &OrderLine, item: ItemId) -> Answer<ItemOrderView> {
        let content = self.replica.order(line.id)?.map(|order| order.content);
        let content = content.unwrap_or_default();
        let planned: Vec<Decimal> = content
            .part_lines
            .iter()
            .filter(|part| part.item == item)
            .map(|part| part.quantity.value)
            .collect();
        let used: Decimal = standing(&content.parts_used)
            .filter(|used| used.entry.item == item)
            .map(|used| used.entry.quantity.value)
            .sum();
        let is_planned = !planned.is_empty();
        let planned: Decimal = planned.into_iter().sum();
        Ok(ItemOrderView {
            order: rows.row(line)?,
            planned: is_planned.then(|| planned.to_string()),
            used: used.to_string(),
        })
    }
}

fn price_view(price: &ItemPrice) -> PriceView {
    PriceView {
        amount: price.price.amount.to_string(),
        currency: price.price.currency.as_str().to_owned(),
        per: price.price.per.value.to_string(),
        unit: price.price.per.unit.symbol().to_owned(),
        as_of: ms(price.as_of),
    }
}

/// A text of the ERP; an empty one says nothing.
fn told(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn criticality(criticality: ItemCriticality) -> &'static str {
    match criticality {
        ItemCriticality::Vital => "vital",
        ItemCriticality::Essential => "essential",
        ItemCriticality::Desirable => "desirable",
    }
}

fn abc(class: AbcClass) -> &'static str {
    match class {
        AbcClass::A => "A",
        AbcClass::B => "B",
        AbcClass::C => "C",
    }
}
