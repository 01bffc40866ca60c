//! Take a part: a fact, closed at once. It is recorded whatever the stock figures say: the part is gone.

use fettle_document::Edit;
use fettle_domain::work_order::PartUsed;
use fettle_domain::{Decimal, EntryId, ItemId, PartLineId, PlantId, Quantity, Refusal, Unit};
use fettle_replica::{MadeKind, MadeSubject, StoredOrder};

use super::commit::{Scene, Wish, check_open};
use super::part::bin_label;
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{ChangeView, ProblemView, TakePartInput};

impl Desk {
    /// Takes a part.
    ///
    /// # Errors
    /// `part.quantity_not_a_number`, `part.quantity_not_positive`, `part.bin_missing`,
    /// `part.item_unknown`, `order.not_open_for_work`.
    pub async fn take_part(&self, input: TakePartInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id.clone(), move |core, scene| {
            core.take_part(scene, &input)
        })
        .await
    }
}

impl Core {
    fn take_part(&self, scene: &Scene, input: &TakePartInput) -> Answer<Wish> {
        let typed = &input.quantity;
        let value = Decimal::from_typed(typed)
            .map_err(|_| Refusal::new("part.quantity_not_a_number").with("quantity", typed))?;
        if !value.is_positive() {
            return Err(Refusal::new("part.quantity_not_positive")
                .with("quantity", typed)
                .into());
        }
        // Nothing can be posted without the place it came from.
        if input.bin.trim().is_empty() {
            return Err(Trouble::new("part.bin_missing"));
        }
        check_open(&scene.order)?;
        let unknown = || Trouble::new("part.item_unknown");
        let item: ItemId = input.item_id.parse().map_err(|_| unknown())?;
        let part_line = part_line(&scene.order, input, item)?;
        let master = self.replica.item(item)?;
        let unit = self.unit_of(&scene.order, item, part_line)?;
        let unit = unit.ok_or_else(unknown)?;
        let place = self.place(&scene.order.row.plant, item, &input.bin)?;
        let words = match master {
            Some(item) => format!("{} {}", item.number, item.description),
            None => input.item_id.clone(),
        };
        let id = EntryId(self.new_id()?);
        let entry = PartUsed {
            item,
            part_line,
            storeroom: place.storeroom,
            bin: place.bin,
            quantity: Quantity { value, unit },
            reservation: None,
            lease: None,
            reversal_of: None,
            at: scene.now,
        };
        let words = format!("{value} × {words}");
        let subject = MadeSubject::Entry(id);
        Ok(Wish::default().edit(
            Edit::PutPartUsed { id, entry },
            MadeKind::Part,
            subject,
            &words,
        ))
    }

    /// The unit of a part: the line's, else the item's; `None` when neither is known.
    fn unit_of(
        &self,
        order: &StoredOrder,
        item: ItemId,
        part_line: Option<PartLineId>,
    ) -> Answer<Option<Unit>> {
        let line = order
            .content
            .part_lines
            .iter()
            .find(|line| Some(line.id) == part_line);
        match line {
            Some(line) => Ok(Some(line.quantity.unit.clone())),
            None => Ok(self.replica.item(item)?.map(|item| item.unit)),
        }
    }

    /// Storeroom and bin of what screens show as one label; as typed when no balance has it.
    fn place(&self, plant: &PlantId, item: ItemId, label: &str) -> Answer<Place> {
        let balances = self.replica.stock_of(item)?;
        let mut own = balances.iter().filter(|balance| &balance.plant == plant);
        let found = own.clone().find(|balance| {
            bin_label(balance, &balances) == label.trim() || balance.bin == label.trim()
        });
        Ok(match found.or_else(|| own.next()) {
            Some(balance) => Place {
                storeroom: balance.storeroom.clone(),
                bin: found.map_or_else(|| label.trim().to_owned(), |found| found.bin.clone()),
            },
            None => Place {
                storeroom: String::new(),
                bin: label.trim().to_owned(),
            },
        })
    }
}

struct Place {
    storeroom: String,
    bin: String,
}

/// The part line named, which must be of this order and item.
fn part_line(
    order: &StoredOrder,
    input: &TakePartInput,
    item: ItemId,
) -> Answer<Option<PartLineId>> {
    let Some(text) = &input.part_line_id else {
        return Ok(None);
    };
    let unknown = || Trouble::new("part.item_unknown");
    let id: PartLineId = text.parse().map_err(|_| unknown())?;
    let lines = &order.content.part_lines;
    match lines.iter().find(|line| line.id == id && line.item == item) {
        Some(line) => Ok(Some(line.id)),
        None => Err(unknown()),
    }
}
