//! Who may read prices, costs and what concerns one person alone.

use fettle_domain::feed::Feed;
use fettle_domain::person::{Person, Role};
use fettle_domain::restricted::{feeds_of, may_read, sees_amounts};
use fettle_domain::{PersonId, PlantId};

fn plant(code: &str) -> PlantId {
    PlantId::new(code).unwrap()
}

fn person(roles: &[Role]) -> Person {
    Person {
        id: PersonId(crate::id(1)),
        external_ids: vec![],
        name: "A. Brandt".to_owned(),
        craft: "Planning".to_owned(),
        plant: plant("1200"),
        crew: None,
        roles: roles.to_vec(),
        is_disabled: false,
    }
}

fn check(roles: &[Role], prices: bool, costs: bool) {
    let person = person(roles);
    let here = plant("1200");
    assert_eq!(
        may_read(&person, &Feed::Prices(here.clone())),
        prices,
        "{roles:?}"
    );
    assert_eq!(
        may_read(&person, &Feed::Costs(here.clone())),
        costs,
        "{roles:?}"
    );
    assert_eq!(sees_amounts(&person, &here), prices || costs, "{roles:?}");
}

#[test]
fn a_role_sees_what_it_decides_by() {
    check(&[], false, false);
    check(&[Role::Technician], false, false);
    check(&[Role::Planner], true, true);
    check(&[Role::Supervisor], true, true);
    check(&[Role::Storekeeper], true, false);
    check(&[Role::IntegrationOwner], false, false);
    check(&[Role::Administrator], false, false);
    check(&[Role::Cmms], false, false);
    check(&[Role::Technician, Role::Storekeeper], true, false);
}

#[test]
fn a_role_counts_in_the_own_plant_alone() {
    let planner = person(&[Role::Planner]);
    let other = plant("1300");
    assert!(!may_read(&planner, &Feed::Prices(other.clone())));
    assert!(!may_read(&planner, &Feed::Costs(other.clone())));
    assert_eq!(feeds_of(&planner, &other), [Feed::Person(planner.id)]);
}

#[test]
fn a_person_feed_is_read_by_that_person_alone() {
    let planner = person(&[Role::Planner]);
    assert!(may_read(&planner, &Feed::Person(planner.id)));
    assert!(!may_read(&planner, &Feed::Person(PersonId(crate::id(2)))));
}

#[test]
fn a_disabled_person_reads_nothing() {
    let mut planner = person(&[Role::Planner, Role::Supervisor]);
    planner.is_disabled = true;
    assert!(feeds_of(&planner, &plant("1200")).is_empty());
    assert!(!may_read(&planner, &Feed::Plants));
}
