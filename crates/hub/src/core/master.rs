//! Masters: what the systems of record state becomes rows of feeds under our own ids.

use fettle_connectors::{
    AssetRecord, CostRecord, ItemRecord, LocationRecord, OrderRecord, PersonRecord, PlantRecord,
    PriceRecord, StockRecord,
};
use fettle_domain::asset::Asset;
use fettle_domain::feed::Feed;
use fettle_domain::item::Item;
use fettle_domain::location::FunctionalLocation;
use fettle_domain::person::Person;
use fettle_domain::plant::Plant;
use fettle_domain::price::{ItemPrice, OrderCost};
use fettle_domain::row::Row;
use fettle_domain::stock::StockBalance;
use fettle_domain::{
    AssetId, CrewId, ExternalId, ItemId, LocationId, PersonId, PlantId, Timestamp, WorkOrderId,
};
use uuid::Uuid;

use super::{Core, StoreFault, lasting_id};
use crate::table;

/// One page of a list of an outside system.
#[derive(Debug, Clone)]
pub struct Masters {
    /// Name of the system, such as `demo-cmms`.
    pub system: String,
    /// The rows.
    pub rows: Rows,
}

/// The rows of a page.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Plants.
    Plants(Vec<PlantRecord>),
    /// Functional locations.
    Locations(Vec<LocationRecord>),
    /// Assets.
    Assets(Vec<AssetRecord>),
    /// People.
    People(Vec<PersonRecord>),
    /// Items.
    Items(Vec<ItemRecord>),
    /// Stock balances.
    Stock(Vec<StockRecord>),
    /// Prices.
    Prices(Vec<PriceRecord>),
    /// Costs of orders; the system is the one whose order numbers they name.
    Costs(Vec<CostRecord>),
    /// Orders.
    Orders(Vec<OrderRecord>),
}

/// Our ids of one outside system's records, as of one moment.
pub(crate) struct Outside<'a> {
    core: Core<'a>,
    pub(crate) system: &'a str,
    now: Timestamp,
}

impl Outside<'_> {
    /// Our id of something outside, made when there is none yet.
    pub(crate) fn id(&self, kind: &str, value: &str) -> Result<Uuid, StoreFault> {
        let connection = self.core.connection;
        if let Some(id) = table::external_id::find(connection, self.system, kind, value)? {
            return Ok(id);
        }
        let of = format!("{}/{kind}/{value}", self.system);
        // Read again after a restore, it is the same thing.
        let id = lasting_id("external", of.as_bytes());
        table::external_id::put(connection, self.system, kind, value, id)?;
        Ok(id)
    }

    pub(crate) fn maybe<T>(
        &self,
        kind: &str,
        value: Option<&String>,
        wrap: fn(Uuid) -> T,
    ) -> Result<Option<T>, StoreFault> {
        value
            .map(|value| self.id(kind, value).map(wrap))
            .transpose()
    }

    pub(crate) fn external(&self, kind: &str, value: &str) -> Vec<ExternalId> {
        vec![ExternalId {
            system: self.system.to_owned(),
            kind: kind.to_owned(),
            value: value.to_owned(),
        }]
    }
}

/// System name under which item numbers are kept: the ERP's, whoever mentions them.
pub(crate) const ITEMS: &str = "items";

impl Core<'_> {
    /// Takes one page and, with it, where to read on.
    ///
    /// # Errors
    /// [`StoreFault`]; nothing of the page is kept then.
    pub fn ingest(
        &self,
        masters: &Masters,
        next: Option<(&str, &str)>,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let outside = Outside {
            core: *self,
            system: &masters.system,
            now,
        };
        match &masters.rows {
            Rows::Plants(rows) => rows.iter().try_for_each(|row| self.take_plant(row)),
            Rows::Locations(rows) => rows
                .iter()
                .try_for_each(|row| self.take_location(&outside, row)),
            Rows::Assets(rows) => rows
                .iter()
                .try_for_each(|row| self.take_asset(&outside, row)),
            Rows::People(rows) => rows
                .iter()
                .try_for_each(|row| self.take_person(&outside, row, now)),
            Rows::Items(rows) => rows
                .iter()
                .try_for_each(|row| self.take_item(&outside, row)),
            Rows::Stock(rows) => rows
                .iter()
                .try_for_each(|row| self.take_stock(&outside, row)),
            Rows::Prices(rows) => rows
                .iter()
                .try_for_each(|row| self.take_price(&outside, row)),
            Rows::Costs(rows) => rows
                .iter()
                .try_for_each(|row| self.take_cost(&outside, row)),
            Rows::Orders(rows) => rows
                .iter()
                .try_for_each(|row| self.take_order(&outside, row, read_at, now)),
        }?;
        if let Some((list, cursor)) = next {
            table::poll_cursor::set(self.connection, list, cursor, read_at)?;
        }
        Ok(())
    }

    /// Where to read on in a list.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn poll_cursor(&self, list: &str) -> Result<Option<String>, StoreFault> {
        Ok(table::poll_cursor::get(self.connection, list)?)
    }

    fn take_plant(&self, row: &PlantRecord) -> Result<(), StoreFault> {
        // Work feeds exist from the moment their area does, so that devices learn their numbers.
        for area in &row.areas {
            let feed = Feed::Work(row.code.clone(), area.id.clone());
            table::feed::number(self.connection, &feed)?;
        }
        let plant = Plant {
            id: row.code.clone(),
            external_ids: Vec::new(),
            name: row.name.clone(),
            currency: row.currency.clone(),
            time_zone: row.time_zone.clone(),
            areas: row.areas.clone(),
            neighbours: row.neighbours.clone(),
        };
        self.put_row(&Feed::Plants, &Row::Plant(plant))
    }

    fn take_location(&self, outside: &Outside<'_>, row: &LocationRecord) -> Result<(), StoreFault> {
        let location = FunctionalLocation {
            id: LocationId(outside.id("location", &row.key)?),
            external_ids: outside.external("location", &row.key),
            plant: row.plant.clone(),
            area: row.area.clone(),
            code: row.key.clone(),
            name: row.name.clone(),
            parent: outside.maybe("location", row.parent.as_ref(), LocationId)?,
            criticality: row.criticality,
            cost_centre: row.cost_centre.clone(),
        };
        self.put_row(&Feed::Assets(row.plant.clone()), &Row::Location(location))
    }

    fn take_asset(&self, outside: &Outside<'_>, row: &AssetRecord) -> Result<(), StoreFault> {
        let asset = Asset {
            id: AssetId(outside.id("asset", &row.key)?),
            external_ids: outside.external("asset", &row.key),
            plant: row.plant.clone(),
            area: row.area.clone(),
            tag: row.tag.clone(),
            name: row.name.clone(),
            class: row.class.clone(),
            location: outside.maybe("location", row.location.as_ref(), LocationId)?,
            parent: outside.maybe("asset", row.parent.as_ref(), AssetId)?,
            manufacturer: row.manufacturer.clone(),
            model: row.model.clone(),
            serial: row.serial.clone(),
            criticality: row.criticality,
            status: row.status,
        };
        self.put_row(&Feed::Assets(row.plant.clone()), &Row::Asset(asset))
    }

    fn take_person(
        &self,
        outside: &Outside<'_>,
        row: &PersonRecord,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let id = PersonId(outside.id("person", &row.employee_number)?);
        let person = Person {
            id,
            external_ids: outside.external("person", &row.employee_number),
            name: row.name.clone(),
            craft: row.craft.clone(),
            plant: row.plant.clone(),
            crew: outside.maybe("crew", row.crew.as_ref(), CrewId)?,
            roles: row.roles.clone(),
            is_disabled: row.is_disabled,
        };
        self.put_person(&person, now)?;
        self.make_demo_account(id, &row.account)
    }

    /// Makes an account for a demo person who has none: the demonstration's way in.
    fn make_demo_account(&self, person: PersonId, account: &str) -> Result<(), StoreFault> {
        let Some(password_hash) = &self.policy.demo_password_hash else {
            return Ok(());
        };
        let account = account.to_lowercase();
        if table::account::get(self.connection, &account)?.is_none() {
            table::account::put(self.connection, &account, person, password_hash)?;
            tracing::warn!(account, "made a demo account with the demo password");
        }
        Ok(())
    }

    /// Our id of an item number of the ERP.
    pub(crate) fn item_id(&self, number: &str, now: Timestamp) -> Result<ItemId, StoreFault> {
        let outside = Outside {
            core: *self,
            system: ITEMS,
            now,
        };
        outside.id("item", number).map(ItemId)
    }

    fn take_item(&self, outside: &Outside<'_>, row: &ItemRecord) -> Result<(), StoreFault> {
        let item = Item {
            id: self.item_id(&row.number, outside.now)?,
            external_ids: outside.external("item", &row.number),
            number: row.number.clone(),
            description: row.description.clone(),
            manufacturer: row.manufacturer.clone(),
            part_number: row.part_number.clone(),
            unit: row.unit.clone(),
            class: row.class.clone(),
            criticality: row.criticality,
            lead_time_days: row.lead_time_days,
            is_inactive: row.is_inactive,
            abc: row.abc,
            substitutes: row
                .substitutes
                .iter()
                .map(|number| self.item_id(number, outside.now))
                .collect::<Result<_, _>>()?,
            superseded_by: row
                .superseded_by
                .as_ref()
                .map(|number| self.item_id(number, outside.now))
                .transpose()?,
        };
        table::item::put(self.connection, &item)?;
        for plant in &row.plants {
            table::item::link(self.connection, item.id, plant)?;
        }
        for plant in table::item::plants(self.connection, item.id)? {
            self.put_row(&Feed::Items(plant), &Row::Item(item.clone()))?;
        }
        Ok(())
    }

    /// Notes that a plant stocks or plans an item, and tells its feed.
    pub(crate) fn link_item(&self, id: ItemId, plant: &PlantId) -> Result<(), StoreFault> {
        if table::item::link(self.connection, id, plant)?
            && let Some(item) = table::item::get(self.connection, id)?
        {
            self.put_row(&Feed::Items(plant.clone()), &Row::Item(item))?;
        }
        Ok(())
    }

    fn take_price(&self, outside: &Outside<'_>, row: &PriceRecord) -> Result<(), StoreFault> {
        let price = ItemPrice {
            item: self.item_id(&row.item, outside.now)?,
            plant: row.plant.clone(),
            price: row.price.clone(),
            source: row.source,
            as_of: row.as_of,
        };
        self.put_row(&Feed::Prices(row.plant.clone()), &Row::Price(price))
    }

    /// An order nobody has read yet gets its id here, and the same one once it is read.
    fn take_cost(&self, outside: &Outside<'_>, row: &CostRecord) -> Result<(), StoreFault> {
        let cost = OrderCost {
            order: WorkOrderId(outside.id("work_order", &row.order)?),
            plant: row.plant.clone(),
            elements: row.elements.clone(),
            as_of: row.as_of,
        };
        self.put_row(&Feed::Costs(row.plant.clone()), &Row::Cost(cost))
    }

    fn take_stock(&self, outside: &Outside<'_>, row: &StockRecord) -> Result<(), StoreFault> {
        let item = self.item_id(&row.item, outside.now)?;
        self.link_item(item, &row.plant)?;
        let mut includes = Vec::new();
        for reference in &row.includes {
            includes.extend(table::effect::find_reference(self.connection, reference)?);
        }
        let balance = StockBalance {
            item,
            plant: row.plant.clone(),
            storeroom: row.storeroom.clone(),
            bin: row.bin.clone(),
            unit: row.unit.clone(),
            on_hand: row.on_hand,
            hard_reserved: row.hard_reserved,
            soft_reserved: row.soft_reserved,
            reorder_point: row.reorder_point,
            as_of: row.as_of,
            includes,
        };
        self.put_row(&Feed::Stock(row.plant.clone()), &Row::Stock(balance))
    }
}
