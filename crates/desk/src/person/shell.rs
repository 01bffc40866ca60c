//! The frame around every screen: stage, people, sync pill, first copy, look.

use std::collections::BTreeMap;

use fettle_domain::person::Person;
use fettle_domain::time::{DeviceTime, elapsed};
use fettle_domain::{PersonId, Timestamp};
use fettle_replica::RunningLabour;

use crate::attachment::bytes_of;
use crate::core::{AtWork, Core, locked};
use crate::desk::Desk;
use crate::exchange::{Waiting, link_view};
use crate::laptop::{self, KnownPerson, Look};
use crate::trouble::{Answer, problem};
use crate::view::{
    DiskView, FillView, LinkState, LinkView, LockPersonView, PersonView, PlantView, ProblemView,
    Shell, Stage, UnsentPhotosView,
};

impl Desk {
    /// The frame. Trouble is a stage of it, never an error.
    ///
    /// # Errors
    /// None; the type is that of every other use case.
    pub async fn shell(&self) -> Result<Shell, ProblemView> {
        if let Err(refusal) = self.core() {
            return Ok(trouble_shell(problem(&refusal)));
        }
        let answer = self.on_disk(|core| core.shell()).await;
        Ok(answer.unwrap_or_else(trouble_shell))
    }
}

impl Core {
    pub(crate) fn shell(&self) -> Answer<Shell> {
        let laptop = laptop::laptop(&self.replica)?;
        let at_work = self.at_work();
        let stage = match (&laptop, &at_work) {
            (None, _) => Stage::Enrol,
            (Some(_), AtWork::NeedsPin(_)) => Stage::SetPin,
            (Some(_), AtWork::Person(_)) => Stage::Open,
            (Some(_), AtWork::Nobody) => Stage::Locked,
        };
        let member = match at_work {
            AtWork::Person(member) | AtWork::NeedsPin(member) => Some(member),
            AtWork::Nobody => None,
        };
        let Look { theme, density } =
            laptop::look(&self.replica, member.as_ref().map(|member| member.id()))?;
        let link = self.link_view()?;
        Ok(Shell {
            stage,
            plant: self.plant()?.map(|plant| PlantView {
                code: plant.id.to_string(),
                name: plant.name,
                time_zone: plant.time_zone,
            }),
            person: member.map(|member| person_view(&member.person)),
            people: self.lock_people()?,
            unsent: link.unsent,
            photos_unsent: self.photos_unsent()?,
            link,
            fill: match &laptop {
                Some(_) => self.fill_view()?,
                None => None,
            },
            laptop: laptop.map(|laptop| laptop.device.name),
            theme,
            density,
            cases: self.open_cases()?,
            trouble: None,
            rescued: self.rescued_view()?,
        })
    }

    fn link_view(&self) -> Answer<LinkView> {
        let link = locked(&self.link).clone();
        let waiting = Waiting {
            is_hub_restored: self.replica.is_hub_restored()?,
            unsent: self.replica.unsent()?,
            oldest: self.replica.oldest_unsent()?,
            attention: self.replica.attention()?,
        };
        let mut view = link_view(&link, waiting, self.wall_clock());
        view.disk = self.replica.disk_trouble().map(|trouble| DiskView {
            free_mb: mb(trouble.free_bytes),
            needed_mb: mb(trouble.needed_bytes),
            has_reserve: trouble.has_reserve,
        });
        Ok(view)
    }

    fn photos_unsent(&self) -> Answer<Option<UnsentPhotosView>> {
        let unsent = self.replica.unsent_photos()?;
        Ok((unsent.count > 0).then(|| UnsentPhotosView {
            count: unsent.count,
            size_bytes: bytes_of(unsent.bytes),
        }))
    }

    fn fill_view(&self) -> Answer<Option<FillView>> {
        let fill = self.replica.fill()?;
        Ok((!fill.is_complete).then_some(FillView {
            done: fill.done,
            total: fill.total,
            is_usable: fill.is_usable,
            is_complete: fill.is_complete,
        }))
    }

    fn lock_people(&self) -> Answer<Vec<LockPersonView>> {
        let unsent = self.replica.unsent_by_person()?;
        let running = self.replica.running_labour()?;
        let now = self.now();
        laptop::people(&self.replica)?
            .iter()
            .map(|known| self.lock_person(known, &unsent, &running, now))
            .collect()
    }

    fn lock_person(
        &self,
        known: &KnownPerson,
        unsent: &BTreeMap<PersonId, u32>,
        running: &[RunningLabour],
        now: DeviceTime,
    ) -> Answer<LockPersonView> {
        let id = known.person.id;
        let labour = running.iter().find(|labour| labour.person == id);
        let tries = laptop::attempts(&self.replica, id)?;
        Ok(LockPersonView {
            id: id.to_string(),
            name: known.person.name.clone(),
            initials: known.person.initials(),
            unsent: unsent.get(&id).copied().unwrap_or(0),
            labour_since: labour.map(|labour| ms(running_since(labour.start, now))),
            wait_until: tries.wait_until(now).map(ms),
            offline_until: Some(ms(known.grace.until())),
        })
    }
}

/// Start of something that runs, such that device wall clock minus start is what has passed.
pub(crate) fn running_since(start: DeviceTime, now: DeviceTime) -> Timestamp {
    now.at.plus_ms(-elapsed(start, now).ms)
}

/// A moment as it crosses to screens.
#[expect(
    clippy::cast_precision_loss,
    reason = "a moment ends at the year 9999, which f64 holds exactly"
)]
pub(crate) fn ms(moment: Timestamp) -> f64 {
    moment.as_ms() as f64
}

fn mb(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1_000_000)).unwrap_or(u32::MAX)
}

fn person_view(person: &Person) -> PersonView {
    PersonView {
        id: person.id.to_string(),
        name: person.name.clone(),
        initials: person.initials(),
        craft: person.craft.clone(),
    }
}

fn trouble_shell(trouble: ProblemView) -> Shell {
    let Look { theme, density } = Look::default();
    Shell {
        stage: Stage::Trouble,
        laptop: None,
        plant: None,
        person: None,
        people: Vec::new(),
        link: LinkView {
            state: LinkState::NoConnection,
            since: 0.0,
            last_exchange: None,
            reason: None,
            unsent: 0,
            is_raised: false,
            attention: 0,
            notice: None,
            disk: None,
        },
        fill: None,
        theme,
        density,
        unsent: 0,
        cases: None,
        photos_unsent: None,
        trouble: Some(trouble),
        rescued: None,
    }
}
