//! The sync loop: what the pill says without a hub. Exchanges with one are tested end to end.

use fettle_desk::view::{LinkState, TickStepInput};

use crate::build::{Bench, order_id, step_id};

#[tokio::test]
async fn without_a_hub_the_pill_says_so_and_is_raised_when_changes_wait() {
    let bench = Bench::at_work().await;
    let tick = TickStepInput {
        order_id: order_id(),
        step_id: step_id(1),
        is_done: true,
    };
    bench.desk.tick_step(tick).await.unwrap();
    let mut changes = bench.desk.changes();
    let desk = bench.desk.clone();
    let run = tokio::spawn(async move { desk.run().await });
    while bench.desk.shell().await.unwrap().link.state != LinkState::NoConnection {
        changes.recv().await.unwrap();
    }
    run.abort();
    let link = bench.desk.shell().await.unwrap().link;
    assert_eq!((link.unsent, link.is_raised), (1, false));
    bench.clock.pass_ms(5 * 60_000);
    assert!(bench.desk.shell().await.unwrap().link.is_raised);
}
