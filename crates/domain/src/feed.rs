//! Feeds: the units of scope. Every subscriber of a feed gets the same items in the same order.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AreaId, DeviceId, PersonId, PlantId};

/// Name of a feed. Its text form is what crosses the wire and stands in tables.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub enum Feed {
    /// Persons and their roles, `company/people`.
    People,
    /// Actors, `company/actors`.
    Actors,
    /// Plants and their areas, `company/plants`.
    Plants,
    /// The company's charter, `company/charter`.
    Charter,
    /// Vendors, `company/vendors`.
    Vendors,
    /// Document changes and official rows of an area's orders, `plant/<id>/work/<area>`.
    Work(PlantId, AreaId),
    /// Functional locations, assets, maintenance plans and imports of a plant, `plant/<id>/assets`.
    Assets(PlantId),
    /// Items stocked or planned in a plant, `plant/<id>/items`.
    Items(PlantId),
    /// Stock balances of a plant, `plant/<id>/stock`.
    Stock(PlantId),
    /// Prices of a plant, `plant/<id>/prices`; restricted.
    Prices(PlantId),
    /// Costs of a plant's orders, `plant/<id>/costs`; restricted.
    Costs(PlantId),
    /// Verdicts for a device, `device/<id>`.
    Device(DeviceId),
    /// What concerns one person alone, `person/<id>`; restricted.
    Person(PersonId),
}

/// Order in which feeds are served: A before B before C.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Class {
    /// Work stops without it.
    A,
    /// Work suffers without it.
    B,
    /// Needed some time.
    C,
}

impl Feed {
    /// Criticality class, which decides the order of an exchange.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Device(_) | Self::Person(_) | Self::Actors | Self::Plants | Self::People => {
                Class::A
            }
            Self::Work(..) | Self::Charter => Class::A,
            Self::Assets(_) | Self::Stock(_) => Class::B,
            Self::Items(_) | Self::Prices(_) | Self::Costs(_) | Self::Vendors => Class::C,
        }
    }

    /// True when it is served only to an exchange that proves who reads, see [`crate::restricted`].
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        match self {
            Self::Prices(_) | Self::Costs(_) | Self::Person(_) => true,
            Self::People
            | Self::Actors
            | Self::Plants
            | Self::Charter
            | Self::Vendors
            | Self::Work(..)
            | Self::Assets(_)
            | Self::Items(_)
            | Self::Stock(_)
            | Self::Device(_) => false,
        }
    }
}

impl fmt::Display for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::People => f.write_str("company/people"),
            Self::Actors => f.write_str("company/actors"),
            Self::Plants => f.write_str("company/plants"),
            Self::Charter => f.write_str("company/charter"),
            Self::Vendors => f.write_str("company/vendors"),
            Self::Work(plant, area) => write!(f, "plant/{plant}/work/{area}"),
            Self::Assets(plant) => write!(f, "plant/{plant}/assets"),
            Self::Items(plant) => write!(f, "plant/{plant}/items"),
            Self::Stock(plant) => write!(f, "plant/{plant}/stock"),
            Self::Prices(plant) => write!(f, "plant/{plant}/prices"),
            Self::Costs(plant) => write!(f, "plant/{plant}/costs"),
            Self::Device(device) => write!(f, "device/{device}"),
            Self::Person(person) => write!(f, "person/{person}"),
        }
    }
}

impl From<Feed> for String {
    fn from(feed: Feed) -> Self {
        feed.to_string()
    }
}

/// A text that names no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no feed")]
pub struct UnknownFeed(pub String);

impl TryFrom<String> for Feed {
    type Error = UnknownFeed;

    fn try_from(text: String) -> Result<Self, UnknownFeed> {
        text.parse()
    }
}

impl FromStr for Feed {
    type Err = UnknownFeed;

    fn from_str(text: &str) -> Result<Self, UnknownFeed> {
        let unknown = || UnknownFeed(text.chars().take(80).collect());
        let plant = |code: &str| PlantId::new(code).map_err(|_| unknown());
        let parts: Vec<&str> = text.splitn(5, '/').collect();
        match parts.as_slice() {
            ["company", "people"] => Ok(Self::People),
            ["company", "actors"] => Ok(Self::Actors),
            ["company", "plants"] => Ok(Self::Plants),
            ["company", "charter"] => Ok(Self::Charter),
            ["company", "vendors"] => Ok(Self::Vendors),
            ["plant", id, "work", area] => Ok(Self::Work(
                plant(id)?,
                AreaId::new(*area).map_err(|_| unknown())?,
            )),
            ["plant", id, "assets"] => Ok(Self::Assets(plant(id)?)),
            ["plant", id, "items"] => Ok(Self::Items(plant(id)?)),
            ["plant", id, "stock"] => Ok(Self::Stock(plant(id)?)),
            ["plant", id, "prices"] => Ok(Self::Prices(plant(id)?)),
            ["plant", id, "costs"] => Ok(Self::Costs(plant(id)?)),
            ["device", id] => id.parse().map(Self::Device).map_err(|_| unknown()),
            ["person", id] => id.parse().map(Self::Person).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }
}
