//! Reading: lists and orders from projections, people and masters from official rows.

use std::collections::BTreeMap;

use fettle_domain::asset::Asset;
use fettle_domain::case::ExceptionCase;
use fettle_domain::feed::Feed;
use fettle_domain::item::Item;
use fettle_domain::location::FunctionalLocation;
use fettle_domain::person::{ActorRow, Person};
use fettle_domain::plant::Plant;
use fettle_domain::row::Row;
use fettle_domain::stock::StockBalance;
use fettle_domain::{
    ActorId, AreaId, AssetId, CaseId, CrewId, ItemId, LocationId, PersonId, PlantId, Timestamp,
    WorkOrderId,
};
use rusqlite::Connection;

use crate::fault::Fault;
use crate::line::{ChangeRow, LeftOrder, OrderLine, RunningLabour, StoredOrder};
use crate::replica::Replica;
use crate::table::{
    claim, document, feed, item, left_order, made, master, official, order_list, stock,
};

impl Replica {
    /// Where an order was before it went to another area; `None` when it is here or never was.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn left_order(&self, id: WorkOrderId) -> Result<Option<LeftOrder>, Fault> {
        left_order::read(&self.reader(), id)
    }

    /// One order, when its official row is on this laptop.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn order(&self, id: WorkOrderId) -> Result<Option<StoredOrder>, Fault> {
        let mut reader = self.reader();
        // One moment for all of it: a commit may come between two reads.
        let moment = reader.transaction()?;
        let Some(line) = order_list::line(&moment, id)? else {
            return Ok(None);
        };
        let Some(row) = official::work_order(&moment, id)? else {
            return Ok(None);
        };
        let mut lines = [line];
        count_changes(&moment, &mut lines)?;
        let [line] = lines;
        let cases = official::cases(&moment, id)?;
        Ok(Some(StoredOrder {
            line,
            row,
            content: order_list::content(&moment, id)?.unwrap_or_default(),
            has_document: document::is_here(&moment, id.into())?,
            claims: claim::of_order(&moment, id)?,
            changes: made::of_order(&moment, id)?,
            outcomes: official::outcomes(&moment, id)?,
            case_people: case_people(&moment, &cases)?,
            cases,
        }))
    }

    /// Exception cases that are not settled, the one due first on top.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn open_cases(&self) -> Result<Vec<ExceptionCase>, Fault> {
        official::open_cases(&self.reader())
    }

    /// Exception cases settled since a moment.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn settled_cases(&self, since: Timestamp) -> Result<Vec<ExceptionCase>, Fault> {
        official::settled_cases(&self.reader(), since)
    }

    /// Exception cases that count as needing attention on this laptop, the one due first on top.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn attention_cases(&self) -> Result<Vec<ExceptionCase>, Fault> {
        official::attention_cases(&self.reader())
    }

    /// One exception case, settled or not.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn case(&self, id: CaseId) -> Result<Option<ExceptionCase>, Fault> {
        match official::read(&self.reader(), &format!("case/{id}"))? {
            Some(Row::Case(case)) => Ok(Some(case)),
            _ => Ok(None),
        }
    }

    /// One order as lists show it.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn order_line(&self, id: WorkOrderId) -> Result<Option<OrderLine>, Fault> {
        let reader = self.reader();
        let mut lines: Vec<OrderLine> = order_list::line(&reader, id)?.into_iter().collect();
        count_changes(&reader, &mut lines)?;
        Ok(lines.pop())
    }

    /// Orders of a person: assigned, of the crew and nobody's, or with labour running. Finished
    /// ones since a moment.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn my_orders(
        &self,
        person: PersonId,
        crew: Option<CrewId>,
        finished_since: Timestamp,
    ) -> Result<Vec<OrderLine>, Fault> {
        let reader = self.reader();
        let mut lines = order_list::mine(&reader, person, crew, finished_since)?;
        count_changes(&reader, &mut lines)?;
        Ok(lines)
    }

    /// Changes that are unsent or need attention, oldest first.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn open_changes(&self) -> Result<Vec<ChangeRow>, Fault> {
        made::open(&self.reader())
    }

    /// Labour that runs, of anybody.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn running_labour(&self) -> Result<Vec<RunningLabour>, Fault> {
        order_list::running(&self.reader())
    }

    /// Number of changes not sent.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn unsent(&self) -> Result<u32, Fault> {
        made::count_unsent(&self.reader())
    }

    /// Number of changes not sent, by person.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn unsent_by_person(&self) -> Result<BTreeMap<PersonId, u32>, Fault> {
        made::unsent_by_person(&self.reader())
    }

    /// When the change that has waited longest was made.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn oldest_unsent(&self) -> Result<Option<Timestamp>, Fault> {
        made::oldest_unsent(&self.reader())
    }

    /// Number of changes that need attention.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn attention(&self) -> Result<u32, Fault> {
        Ok(made::attention_by_order(&self.reader())?.values().sum())
    }

    /// A person.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn person(&self, id: PersonId) -> Result<Option<Person>, Fault> {
        match official::read(&self.reader(), &format!("person/{id}"))? {
            Some(Row::Person(person)) => Ok(Some(person)),
            _ => Ok(None),
        }
    }

    /// Every person known here.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn people(&self) -> Result<Vec<Person>, Fault> {
        let rows = official::of_noun(&self.reader(), "person")?;
        Ok(rows
            .into_iter()
            .filter_map(|row| match row {
                Row::Person(person) => Some(person),
                _ => None,
            })
            .collect())
    }

    /// Who stands behind an actor.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn actor(&self, id: ActorId) -> Result<Option<ActorRow>, Fault> {
        official::actor(&self.reader(), id)
    }

    /// A plant.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn plant(&self, id: &PlantId) -> Result<Option<Plant>, Fault> {
        match official::read(&self.reader(), &format!("plant/{id}"))? {
            Some(Row::Plant(plant)) => Ok(Some(plant)),
            _ => Ok(None),
        }
    }

    /// The company's charter overlay.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn charter_overlay(&self) -> Result<Option<String>, Fault> {
        match official::read(&self.reader(), "charter")? {
            Some(Row::Charter(overlay)) => Ok(Some(overlay)),
            _ => Ok(None),
        }
    }

    /// An asset.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn asset(&self, id: AssetId) -> Result<Option<Asset>, Fault> {
        match self.master(&format!("asset/{id}"))? {
            Some(Row::Asset(asset)) => Ok(Some(asset)),
            _ => Ok(None),
        }
    }

    /// A location.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn location(&self, id: LocationId) -> Result<Option<FunctionalLocation>, Fault> {
        match self.master(&format!("location/{id}"))? {
            Some(Row::Location(location)) => Ok(Some(location)),
            _ => Ok(None),
        }
    }

    /// An item.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn item(&self, id: ItemId) -> Result<Option<Item>, Fault> {
        let found = self.read_catalogue(|catalogue| item::read(catalogue, id))?;
        Ok(found.map(|(_, item)| item))
    }

    /// Balances of an item in every plant this laptop follows.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn stock_of(&self, item: ItemId) -> Result<Vec<StockBalance>, Fault> {
        self.read_catalogue(|catalogue| stock::of_item(catalogue, item))
    }

    pub(crate) fn master(&self, key: &str) -> Result<Option<Row>, Fault> {
        let found = self.read_catalogue(|catalogue| master::read(catalogue, key))?;
        Ok(found.map(|(_, row)| row))
    }

    /// Areas whose work this laptop holds.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn work_areas(&self) -> Result<Vec<(PlantId, AreaId)>, Fault> {
        let feeds = feed::names(&self.reader())?;
        Ok(feeds
            .into_values()
            .filter_map(|feed| match feed {
                Feed::Work(plant, area) => Some((plant, area)),
                Feed::People
                | Feed::Actors
                | Feed::Plants
                | Feed::Charter
                | Feed::Vendors
                | Feed::Assets(_)
                | Feed::Items(_)
                | Feed::Stock(_)
                | Feed::Prices(_)
                | Feed::Costs(_)
                | Feed::Device(_)
                | Feed::Person(_) => None,
            })
            .collect())
    }
}

/// Names of the people who have or settled a case.
fn case_people(
    connection: &Connection,
    cases: &[ExceptionCase],
) -> Result<BTreeMap<PersonId, String>, Fault> {
    let people = cases.iter().flat_map(|case| {
        let by = case.resolution.as_ref().and_then(|ended| ended.by);
        case.holder().into_iter().chain(by)
    });
    let mut names = BTreeMap::new();
    for id in people {
        if let Some(Row::Person(person)) = official::read(connection, &format!("person/{id}"))? {
            names.insert(id, person.name);
        }
    }
    Ok(names)
}

/// Counts what is unsent and what needs attention of each line.
pub(crate) fn count_changes(connection: &Connection, lines: &mut [OrderLine]) -> Result<(), Fault> {
    let unsent = made::unsent_by_order(connection)?;
    let attention = made::attention_by_order(connection)?;
    for line in lines {
        line.unsent = unsent.get(&line.id).copied().unwrap_or(0);
        line.attention = attention.get(&line.id).copied().unwrap_or(0);
    }
    Ok(())
}
