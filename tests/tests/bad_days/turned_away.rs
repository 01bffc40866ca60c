//! Somebody is disabled while the laptop is away, and somebody else goes on with it.

use fettle_hub::store::Store;

use crate::world::{World, now};

/// Found by seeds 138 and 194 of the simulation: what the next person had made on top stayed kept
/// aside when the first one's work was released.
#[tokio::test]
async fn what_the_next_person_made_on_top_is_released_with_it() {
    let mut world = World::new().await;
    let mut shared = world.laptop("kowalska").await;
    let mut other = world.laptop("novak").await;
    let order = shared.started(&world).await;
    shared.note(order, 1, "the first");
    shared.note(order, 2, "and the second");
    let disable =
        |core: fettle_hub::core::Core<'_>| core.set_person_disabled("kowalska", true, now());
    world.write(disable).await.unwrap();
    world.sign_in(&mut shared, "ode", 90).await;
    shared.note(order, 3, "somebody else, on top");
    shared.labour(order, 4);
    for _ in 0..3 {
        shared.exchange(&world).await;
    }
    other.settle(&world).await;
    assert_eq!(other.notes(order), [] as [String; 0]);
    let release = |core: fettle_hub::core::Core<'_>| {
        core.release("kowalska", "spoke to her, it is her work", now())
    };
    world.write(release).await.unwrap();
    other.settle(&world).await;
    assert_eq!(
        other.notes(order),
        ["and the second", "somebody else, on top", "the first"]
    );
    assert_eq!(other.content(order).labour.len(), 1);
    let totals = world.store.totals().await.unwrap();
    assert_eq!((totals.quarantined, totals.held_changes), (0, 0));
}
