//! Carrying a file from another laptop: kept here until the hub has taken it.

use fettle_domain::Refusal;
use fettle_sync::bundle::{Ending, is_for};
use fettle_sync::limits::BUNDLE_MAX_BYTES;
use fettle_sync::link::LinkEvent;

use super::{Carried, file_trouble, keep, key};
use crate::core::Core;
use crate::desk::Desk;
use crate::laptop;
use crate::person::shell::ms;
use crate::trouble::{Answer, Trouble, problem};
use crate::view::{CarriedState, CarriedView, CarryInput, ProblemView};

/// Files remembered after the hub has taken them.
const REMEMBERED_MAX: usize = 50;

impl Desk {
    /// Takes a file from another laptop to carry it to the hub.
    ///
    /// # Errors
    /// A problem: another file, a later version's, another hub's.
    pub async fn carry_file(&self, input: CarryInput) -> Result<Vec<CarriedView>, ProblemView> {
        self.on_disk(move |core| {
            core.carry_file(&input)?;
            core.carried()
        })
        .await
    }

    /// Files this laptop carries or has carried, the newest first.
    ///
    /// # Errors
    /// A problem of the replica.
    pub async fn carried(&self) -> Result<Vec<CarriedView>, ProblemView> {
        self.on_disk(|core| core.carried()).await
    }
}

impl Core {
    fn carry_file(&self, input: &CarryInput) -> Answer<()> {
        let too_large = || Refusal::new("bundle.too_large").with("limit", "BUNDLE_MAX_BYTES");
        // Four characters for three bytes.
        if input.base64.len() > BUNDLE_MAX_BYTES / 3 * 4 + 4 {
            return Err(too_large().into());
        }
        let bytes = data_encoding::BASE64
            .decode(input.base64.as_bytes())
            .map_err(|_| Refusal::new("bundle.not_one"))?;
        let is_ours = is_for(&bytes, key(&self.replica)?);
        if !is_ours.map_err(|bad| Trouble(bad.refusal()))? {
            return Err(Refusal::new("bundle.other_hub").into());
        }
        let id = keep(&self.data_dir, &bytes).map_err(|error| file_trouble(&error))?;
        let mut list = laptop::carried(&self.replica)?;
        list.retain(|carried| carried.id != id);
        list.insert(
            0,
            Carried {
                id,
                name: input.name.clone(),
                at: self.wall_clock(),
                answer: None,
                refusal: None,
            },
        );
        list.truncate(REMEMBERED_MAX);
        laptop::put_carried(&self.replica, &list)?;
        self.link_event(LinkEvent::Asked);
        Ok(())
    }

    fn carried(&self) -> Answer<Vec<CarriedView>> {
        let list = laptop::carried(&self.replica)?;
        Ok(list.iter().map(view).collect())
    }
}

fn view(carried: &Carried) -> CarriedView {
    let answer = carried.answer.as_ref();
    let stopped = answer.and_then(|answer| answer.stopped.clone());
    let reason = carried.refusal.clone().or(stopped).or_else(|| {
        let ending = answer.map(|answer| answer.ending);
        match ending {
            Some(Ending::Cut) => Some(Refusal::new("bundle.ends_early")),
            Some(Ending::Damaged) => Some(Refusal::new("bundle.ends_damaged")),
            Some(Ending::Whole) | None => None,
        }
    });
    let count = |number: fn(&fettle_sync::bundle::BundleAnswer) -> u64| {
        answer.map_or(0, |answer| {
            u32::try_from(number(answer)).unwrap_or(u32::MAX)
        })
    };
    CarriedView {
        name: carried.name.clone(),
        at: ms(carried.at),
        state: match (&reason, answer) {
            (Some(_), _) => CarriedState::Attention,
            (None, Some(_)) => CarriedState::Sent,
            (None, None) => CarriedState::Saved,
        },
        items: count(|answer| answer.items),
        set_aside: count(|answer| answer.set_aside),
        lost: count(|answer| answer.lost),
        reason: reason.as_ref().map(problem),
    }
}
