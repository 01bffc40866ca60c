//! What was taken back, with the entry that did it.

use fettle_domain::charter::Domain;
use fettle_domain::work_order::Authored;
use fettle_domain::work_order::reversal::{Reversible, check_reversal, reversal};
use fettle_domain::{DeviceTime, EntryId};

use super::change;
use super::order::Reader;
use crate::person::shell::ms;
use crate::view::TakenBackView;

/// The reversing entry of an entry; `when` reads its time.
pub(super) fn taken_back<T: Reversible>(
    reader: &Reader<'_>,
    domain: Domain,
    entries: &[Authored<T>],
    of: &Authored<T>,
    when: impl Fn(&T) -> DeviceTime,
) -> Option<TakenBackView> {
    let reversal = reversal(entries, of)?;
    let all: Vec<EntryId> = entries
        .iter()
        .filter(|entry| entry.entry.reversal_of() == Some(of.id))
        .map(|entry| entry.id)
        .collect();
    let at = when(&reversal.entry);
    Some(TakenBackView {
        id: reversal.id.to_string(),
        at: ms(at.corrected()),
        change: change::of_reversal(
            reader.order,
            reader.charter,
            domain,
            (reversal.id, &all),
            at.at,
        ),
    })
}

/// Whether the person at work may take an entry back.
pub(super) fn may_take_back<T: Reversible>(
    reader: &Reader<'_>,
    entries: &[Authored<T>],
    of: EntryId,
) -> bool {
    let author = (reader.member.actor, reader.member.id());
    reader.order.line.status.takes_facts() && check_reversal(entries, of, author).is_ok()
}
