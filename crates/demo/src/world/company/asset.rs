//! Lines, units and what stands in them, until a plant has the machines its orders come from.

use super::super::{Asset, Dice, Location, Sector};
use super::class::{Class, TRAINS, class};
use super::job::YEARS;
use super::plant::{Place, sectors};

/// Machines of a unit: the trains that fit into it.
const TRAINS_OF_UNIT: u64 = 3;
/// Units of a line.
const UNITS_OF_LINE: u64 = 4;
/// Lines of the demonstration in every area.
const LINES_BEFORE: u64 = 2;
/// Of a hundred grown orders so many are planned ahead.
const PREVENTIVE_SHARE: u64 = 55;

/// An asset with what the generator knows of it.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) asset: Asset,
    pub(super) class: &'static Class,
    /// How often it fails beside others of its class, in hundredths: age, duty, care.
    pub(super) frailty: u64,
    pub(super) cost_centre: String,
    pub(super) place: Place,
}

/// Machines and locations of a plant.
pub(super) fn machines(
    seed: u64,
    place: &Place,
    known: &[Location],
) -> (Vec<Machine>, Vec<Location>) {
    let mut ground = Ground {
        place,
        sectors: sectors(),
        locations: areas(place, known),
        machines: Vec::new(),
        planned: 0,
        dice: Dice::of(seed, "machines", place.serial),
    };
    let wanted = u64::from(place.orders) * PREVENTIVE_SHARE / 100;
    let mut unit = 0;
    while ground.planned < wanted {
        ground.unit(unit);
        unit += 1;
    }
    (ground.machines, ground.locations)
}

/// The areas that are not there yet.
fn areas(place: &Place, known: &[Location]) -> Vec<Location> {
    let is_known = |code: &str| known.iter().any(|location| location.location == code);
    let areas = (1..).zip(sectors()).map(|(serial, sector)| Location {
        location: format!("{}-{}", place.site, sector.sector),
        description: sector.description,
        siteid: place.site.to_owned(),
        sector: sector.sector,
        parent: None,
        level: "AREA".to_owned(),
        criticality: "B".to_owned(),
        glaccount: format!("{}{}", place.site, 100 * serial),
    });
    areas.filter(|area| !is_known(&area.location)).collect()
}

struct Ground<'a> {
    place: &'a Place,
    sectors: Vec<Sector>,
    locations: Vec<Location>,
    machines: Vec<Machine>,
    /// Orders the plans of the machines come to.
    planned: u64,
    dice: Dice,
}

impl Ground<'_> {
    /// Adds a unit, with its line when it is the first of it.
    fn unit(&mut self, serial: u64) {
        let areas = u64::try_from(self.sectors.len()).unwrap_or(1);
        let sector = &self.sectors[usize::try_from(serial % areas).unwrap_or(0)];
        let in_area = serial / areas;
        let (line, unit) = (
            LINES_BEFORE + 1 + in_area / UNITS_OF_LINE,
            1 + in_area % UNITS_OF_LINE,
        );
        let area = format!("{}-{}", self.place.site, sector.sector);
        let code = format!("{area}-L{line}");
        let location = Location {
            location: code.clone(),
            description: format!("Line {line}"),
            siteid: self.place.site.to_owned(),
            sector: sector.sector.clone(),
            parent: Some(area),
            level: "LINE".to_owned(),
            criticality: Dice::at(&["A", "B", "B", "C"], line).to_owned(),
            glaccount: format!("{}{}", self.place.site, 100 * (1 + serial % areas)),
        };
        if unit == 1 {
            self.locations.push(location.clone());
        }
        let unit = Location {
            location: format!("{code}-U{unit}"),
            description: format!("Line {line}, level {}", unit - 1),
            parent: Some(code),
            level: "UNIT".to_owned(),
            ..location
        };
        for _ in 0..TRAINS_OF_UNIT {
            self.train(&unit);
        }
        self.locations.push(unit);
    }

    fn train(&mut self, unit: &Location) {
        let (codes, _) = self.dice.weighted(TRAINS, |train| train.1);
        let mut head: Option<Asset> = None;
        for code in *codes {
            let machine = self.machine(class(code), unit, head.as_ref());
            self.planned += machine.class.plans.iter().map(orders_of).sum::<u64>();
            if head.is_none() {
                head = Some(machine.asset.clone());
            }
            self.machines.push(machine);
        }
    }

    fn machine(&mut self, class: &'static Class, unit: &Location, head: Option<&Asset>) -> Machine {
        let serial = self.machines.len();
        let dice = &mut self.dice;
        let (maker, models) = dice.pick(class.makers);
        // Four digits keep the tags apart from the demonstration's.
        let tag = format!("{}-{}", class.tag, 1001 + serial);
        let name = *dice.pick(class.names);
        let description = match head {
            Some(head) => format!("{name} of {}", head.tag),
            None => name.to_owned(),
        };
        let criticality = match head {
            Some(head) => head.criticality.clone(),
            None => dice
                .weighted(&[("A", 20), ("B", 45), ("C", 35)], |share| share.1)
                .0
                .to_owned(),
        };
        let asset = Asset {
            assetnum: format!("{}-{tag}", self.place.site),
            tag,
            description,
            siteid: self.place.site.to_owned(),
            sector: unit.sector.clone(),
            classcode: class.code.to_owned(),
            location: unit.location.clone(),
            parent: head.map(|head| head.assetnum.clone()),
            manufacturer: (*maker).to_owned(),
            model: (*dice.pick(models)).to_owned(),
            serialnum: format!("{}{:07}", &class.code[..1], dice.below(10_000_000)),
            criticality,
            status: (if dice.chance(40) {
                "STANDBY"
            } else {
                "OPERATING"
            })
            .to_owned(),
        };
        Machine {
            asset,
            class,
            // A few bad actors make much of the work.
            frailty: dice.quarters([20, 50, 80, 130, 600]),
            cost_centre: unit.glaccount.clone(),
            place: *self.place,
        }
    }
}

/// Orders of a plan within the years of the world.
pub(super) fn orders_of(plan: &super::class::Plan) -> u64 {
    YEARS * 365 / plan.days
}
