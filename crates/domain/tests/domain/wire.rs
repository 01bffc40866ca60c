//! Names and codes that cross borders.

use fettle_domain::contract::contracts;
use fettle_domain::feed::Feed;
use fettle_domain::{AreaId, PlantId};
use proptest::prelude::*;

#[test]
fn a_feed_reads_back_as_it_prints() {
    let plant = PlantId::new("1200").unwrap();
    let feeds = [
        Feed::People,
        Feed::Actors,
        Feed::Plants,
        Feed::Charter,
        Feed::Work(plant.clone(), AreaId::new("HALL-3").unwrap()),
        Feed::Assets(plant.clone()),
        Feed::Items(plant.clone()),
        Feed::Stock(plant.clone()),
        Feed::Prices(plant.clone()),
        Feed::Costs(plant),
        Feed::Device(fettle_domain::DeviceId(crate::id(3))),
        Feed::Person(fettle_domain::PersonId(crate::id(4))),
    ];
    for feed in feeds {
        assert_eq!(feed.to_string().parse::<Feed>(), Ok(feed));
    }
}

#[test]
fn a_code_that_could_name_another_feed_is_refused() {
    for code in ["", "1200/work", "../1200", "a b", "ü", &"x".repeat(33)] {
        assert!(PlantId::new(code).is_err(), "{code}");
    }
}

#[test]
fn every_contract_is_published_once() {
    let mut names: Vec<&str> = contracts().into_iter().map(|(name, _)| name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(names.contains(&"work-order"));
}

proptest! {
    #[test]
    fn any_text_names_a_feed_or_is_refused(text in ".{0,80}") {
        if let Ok(feed) = text.parse::<Feed>() {
            prop_assert_eq!(feed.to_string().parse::<Feed>(), Ok(feed));
        }
    }
}
