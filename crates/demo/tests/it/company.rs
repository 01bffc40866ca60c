//! The world at the size of a company: the same each time, and like a real one where it matters.

use std::collections::{BTreeMap, BTreeSet};

use fettle_demo::world::{Company, DEMO_SEED, Material, Size, WorkOrder, company, world};
use fettle_domain::Timestamp;

fn today() -> Timestamp {
    "2026-11-16T08:00:00Z".parse().unwrap()
}

fn grown() -> Company {
    let size = Size {
        orders: 4_000,
        items: 20_000,
    };
    company(DEMO_SEED, today(), size)
}

/// How many of a hundred.
fn percent<T>(all: &[T], is_one: impl Fn(&T) -> bool) -> usize {
    100 * all.iter().filter(|one| is_one(one)).count() / all.len()
}

fn is_in(orders: &[WorkOrder], kinds: &[&str]) -> usize {
    percent(orders, |order| kinds.contains(&order.worktype.as_str()))
}

#[test]
fn the_same_seed_day_and_size_make_the_same_company() {
    let size = Size {
        orders: 400,
        items: 2_000,
    };
    let company = company(DEMO_SEED, today(), size);
    let mut hasher = blake3::Hasher::new();
    let mut take = |row: Vec<u8>| {
        hasher.update(&row);
    };
    company
        .sites()
        .for_each(|row| take(serde_json::to_vec(&row).unwrap()));
    company
        .locations()
        .for_each(|row| take(serde_json::to_vec(&row).unwrap()));
    company
        .assets()
        .for_each(|row| take(serde_json::to_vec(&row).unwrap()));
    company
        .people()
        .for_each(|row| take(serde_json::to_vec(&row).unwrap()));
    company
        .orders()
        .for_each(|row| take(serde_json::to_vec(&row).unwrap()));
    company
        .materials()
        .for_each(|row| take(serde_json::to_vec(&row).unwrap()));
    company
        .prices()
        .for_each(|row| take(serde_json::to_vec(&row).unwrap()));
    company
        .bins()
        .for_each(|row| take(serde_json::to_vec(&row).unwrap()));
    assert_eq!(hasher.finalize().to_hex().as_str(), GROWN);
}

const GROWN: &str = "a987c321c74f30ac975ef36997fc6af4aa494247bd8568675f015b04327b54f1";

#[test]
fn the_company_begins_with_the_demonstration() {
    let (small, company) = (world(DEMO_SEED, today()), grown());
    let first = |count: usize| company.materials().take(count).collect::<Vec<_>>();
    assert_eq!(first(small.materials.len()), small.materials);
    let orders: Vec<_> = company.orders().take(small.orders.len()).collect();
    assert_eq!(orders, small.orders);
    let assets: Vec<_> = company.assets().take(small.assets.len()).collect();
    assert_eq!(assets, small.assets);
    let nothing = fettle_demo::world::company(DEMO_SEED, today(), Size::DEMONSTRATION);
    assert_eq!(nothing.orders().count(), small.orders.len());
    assert_eq!(nothing.sites().count(), 3);
}

#[test]
fn it_has_the_orders_and_items_asked_for_and_a_quarter_of_the_items_in_stock() {
    let company = grown();
    let own = company
        .orders()
        .filter(|order| order.siteid == "1200")
        .count();
    assert_eq!(own, 4_000);
    assert_eq!(company.sites().count(), 8);
    let materials: Vec<_> = company.materials().collect();
    assert_eq!(materials.len(), 20_000);
    let numbers: BTreeSet<_> = materials.iter().map(|m| &m.material).collect();
    assert_eq!(numbers.len(), materials.len(), "no number twice");
    let bins = company.bins().filter(|bin| bin.plant == "1200");
    let stocked: BTreeSet<_> = bins.map(|bin| bin.material).collect();
    assert!(
        (4_900..=5_200).contains(&stocked.len()),
        "{}",
        stocked.len()
    );
}

#[test]
fn a_sixth_of_the_items_makes_four_fifths_of_the_consumption() {
    let company = grown();
    let prices: BTreeMap<_, _> = company
        .prices()
        .filter(|price| price.plant == "1200")
        .map(|price| (price.material.clone(), price.price))
        .collect();
    let (mut of_a, mut all, mut items_of_a, mut items) = (0.0, 0.0, 0, 0);
    for material in company.materials() {
        let (Some(moves), Some(price)) = (
            company.consumption(&material.material),
            prices.get(&material.material),
        ) else {
            continue;
        };
        let price: f64 = price.to_string().parse().unwrap();
        let value = f64::from(moves.iter().sum::<u32>()) * price;
        all += value;
        items += 1;
        if material.abc_indicator == "A" {
            of_a += value;
            items_of_a += 1;
        }
    }
    let share = 100.0 * of_a / all;
    assert!(
        (70.0..=95.0).contains(&share),
        "A makes {share:.0} % of the value"
    );
    // Among what is in stock there is more of A than among all.
    let share = 100 * items_of_a / items;
    assert!(
        (20..=40).contains(&share),
        "A is {share} % of what is in stock"
    );
    let materials: Vec<_> = company.materials().skip(300).collect();
    let is = |class: &'static str| move |m: &Material| m.abc_indicator == class;
    let shares = ["A", "B", "C"].map(|class| percent(&materials, is(class)));
    assert!((13..=17).contains(&shares[0]), "{shares:?}");
    assert!((27..=33).contains(&shares[1]), "{shares:?}");
}

#[test]
fn most_items_move_now_and_then_and_a_items_often() {
    let company = grown();
    let moves: Vec<_> = company
        .materials()
        .filter_map(|m| Some((company.consumption(&m.material)?, m.abc_indicator)))
        .collect();
    let months = |moves: &[u32; 24]| moves.iter().filter(|taken| **taken > 0).count();
    // Intermittent: nothing taken in more than a quarter of the months.
    let intermittent = percent(&moves, |(moves, _)| months(moves) < 18);
    assert!(
        (70..=95).contains(&intermittent),
        "{intermittent} % intermittent"
    );
    let of = |class: &str| {
        let of_class = moves.iter().filter(|(_, abc)| abc == class);
        let all: Vec<_> = of_class.map(|(moves, _)| months(moves)).collect();
        all.iter().sum::<usize>() * 10 / all.len()
    };
    assert!(of("A") > 2 * of("C"), "{} {}", of("A"), of("C"));
}

#[test]
fn work_is_half_planned_and_mostly_done() {
    let orders: Vec<_> = grown().orders().skip(150).collect();
    let preventive = is_in(&orders, &["PM", "CBM", "INSP"]);
    assert!((50..=60).contains(&preventive), "{preventive} % preventive");
    let closed = percent(&orders, |order| order.status == "CLOSE");
    assert!((88..=97).contains(&closed), "{closed} % closed");
    for order in orders.iter().filter(|order| order.status == "CLOSE") {
        assert!(
            order.failurereport.is_some(),
            "{} tells nothing",
            order.wonum
        );
        assert!(order.actstart < order.actfinish, "{}", order.wonum);
        assert!(order.actfinish < Some(today()), "{}", order.wonum);
    }
    let raised: Vec<_> = orders.iter().map(|order| &order.wonum).collect();
    assert!(raised.is_sorted(), "numbers rise with time");
}

#[test]
fn each_class_of_machine_fails_in_its_own_way() {
    let company = grown();
    let classes: BTreeMap<_, _> = company
        .assets()
        .map(|asset| (asset.assetnum, asset.classcode))
        .collect();
    let mut failures: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for order in company.orders() {
        let Some(mode) = order.failurereport.and_then(|report| report.failuremode) else {
            continue;
        };
        let class = classes[&order.assetnum.unwrap()].clone();
        *failures.entry(class).or_default().entry(mode).or_default() += 1;
    }
    let first = |class: &str| {
        let modes = failures[class].iter();
        modes.max_by_key(|(_, count)| **count).unwrap().0.as_str()
    };
    assert_eq!(first("PU"), "External leakage");
    assert_eq!(first("FN"), "Vibration");
    assert_eq!(first("GB"), "External leakage");
    assert_eq!(first("ME"), "External leakage");
    assert_eq!(first("CV"), "Structural deficiency");
}

#[test]
fn people_write_thousands_of_different_texts() {
    let orders: Vec<_> = grown().orders().skip(150).collect();
    let failures = orders.iter().filter(|order| order.jpnum.is_none());
    let texts: Vec<_> = failures.map(|order| order.description.as_str()).collect();
    let different: BTreeSet<_> = texts.iter().collect();
    assert!(
        different.len() * 100 > texts.len() * 85,
        "{} of {}",
        different.len(),
        texts.len()
    );
    assert!(
        texts
            .iter()
            .all(|text| (4..=60).contains(&text.chars().count()))
    );
    let capitals = percent(&texts, |text| **text == text.to_uppercase());
    assert!((30..=50).contains(&capitals), "{capitals} % in capitals");
}

#[test]
fn what_names_another_thing_names_one_that_is_there() {
    let company = grown();
    let materials: BTreeSet<_> = company.materials().map(|m| m.material).collect();
    let locations: BTreeSet<_> = company.locations().map(|l| l.location).collect();
    let assets: BTreeSet<_> = company.assets().map(|a| a.assetnum).collect();
    let people: BTreeSet<_> = company.people().map(|p| p.laborcode).collect();
    for material in company.materials() {
        let others = material.substitutes.iter().chain(&material.superseded_by);
        for other in others {
            assert!(
                materials.contains(other) && *other != material.material,
                "{other}"
            );
        }
    }
    for asset in company.assets() {
        assert!(locations.contains(&asset.location), "{}", asset.assetnum);
        assert!(asset.parent.iter().all(|parent| assets.contains(parent)));
    }
    for order in company.orders() {
        assert!(order.assetnum.iter().all(|asset| assets.contains(asset)));
        assert!(
            order
                .wpmaterial
                .iter()
                .all(|part| materials.contains(&part.itemnum))
        );
        let named = order.assignments.iter().chain(&order.planner);
        assert!(
            named.into_iter().all(|person| people.contains(person)),
            "{}",
            order.wonum
        );
    }
}
