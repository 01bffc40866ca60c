//! Take back labour or a part: a reversing entry, and the right one in its place where it is given.

use fettle_document::Edit;
use fettle_domain::work_order::reversal::check_reversal;
use fettle_domain::work_order::{Authored, LabourEntry, PartUsed};
use fettle_domain::{DeviceTime, EntryId, Refusal};
use fettle_replica::{MadeKind, MadeSubject};

use super::commit::{Scene, Wish, check_open};
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{ChangeView, ProblemView, TakeBackInput};

/// Most minutes of one labour entry: a day.
const MINUTES_MAX: u32 = 24 * 60;

impl Desk {
    /// Takes back labour or a part of the person at work.
    ///
    /// # Errors
    /// `entry.unknown`, `entry.not_yours`, `entry.open`, `entry.is_reversal`, `entry.taken_back`,
    /// `labour.minutes_not_possible`, `order.not_open_for_work`.
    pub async fn take_back(&self, input: TakeBackInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id.clone(), move |core, scene| {
            core.take_back(scene, &input)
        })
        .await
    }
}

impl Core {
    fn take_back(&self, scene: &Scene, input: &TakeBackInput) -> Answer<Wish> {
        let id: EntryId = input
            .entry_id
            .parse()
            .map_err(|_| Trouble::new("entry.unknown"))?;
        check_open(&scene.order)?;
        let author = (scene.member.actor, scene.member.id());
        let content = &scene.order.content;
        if content.parts_used.iter().any(|part| part.id == id) {
            let part = check_reversal(&content.parts_used, id, author)?;
            self.take_part_back(scene, part)
        } else {
            let labour = check_reversal(&content.labour, id, author)?;
            self.take_labour_back(scene, labour, input.minutes.as_deref())
        }
    }

    fn take_part_back(&self, scene: &Scene, part: &Authored<PartUsed>) -> Answer<Wish> {
        let id = EntryId(self.new_id()?);
        let entry = PartUsed {
            reversal_of: Some(part.id),
            at: scene.now,
            ..part.entry.clone()
        };
        let words = match self.replica.item(entry.item)? {
            Some(item) => format!("{} {}", item.number, item.description),
            None => entry.item.to_string(),
        };
        let words = format!("−{} × {words}", entry.quantity.value);
        let subject = MadeSubject::Entry(id);
        let edit = Edit::PutPartUsed { id, entry };
        Ok(Wish::default().edit(edit, MadeKind::Part, subject, &words))
    }

    fn take_labour_back(
        &self,
        scene: &Scene,
        labour: &Authored<LabourEntry>,
        minutes: Option<&str>,
    ) -> Answer<Wish> {
        let right = minutes.map(minutes_of).transpose()?;
        // A reversal lasts no time of its own: it says what it takes back, and when that was.
        let back = LabourEntry {
            start: scene.now,
            end: Some(scene.now),
            reversal_of: Some(labour.id),
            ..labour.entry.clone()
        };
        let wish = self.put_labour(Wish::default(), scene, back)?;
        let Some(minutes) = right else {
            return Ok(wish);
        };
        let instead = LabourEntry {
            end: Some(after(labour.entry.start, minutes)),
            ..labour.entry.clone()
        };
        self.put_labour(wish, scene, instead)
    }

    fn put_labour(&self, wish: Wish, scene: &Scene, entry: LabourEntry) -> Answer<Wish> {
        let id = EntryId(self.new_id()?);
        let edit = Edit::PutLabour {
            id,
            entry,
            is_closed: true,
        };
        let subject = MadeSubject::Entry(id);
        let name = &scene.member.person.name;
        Ok(wish.edit(edit, MadeKind::Labour, subject, name))
    }
}

fn minutes_of(typed: &str) -> Result<u32, Refusal> {
    let minutes = typed.trim().parse().ok();
    minutes
        .filter(|minutes| (1..=MINUTES_MAX).contains(minutes))
        .ok_or_else(|| {
            Refusal::new("labour.minutes_not_possible")
                .with("minutes", typed)
                .with("limit", MINUTES_MAX)
        })
}

fn after(start: DeviceTime, minutes: u32) -> DeviceTime {
    let ms = u64::from(minutes) * 60_000;
    DeviceTime {
        at: start.at.plus_ms(ms.cast_signed()),
        boot_ms: start.boot_ms.saturating_add(ms),
        ..start
    }
}
