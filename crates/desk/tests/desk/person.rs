//! People: stages, PIN, lock, and what survives a restart.

use fettle_desk::view::{LinkState, LookInput, ProblemView, SignInInput, Stage, WriteNoteInput};

use crate::build::{Bench, PIN, admission, order_id};

fn argument(problem: &ProblemView, name: &str) -> String {
    let found = problem.arguments.iter().find(|a| a.name == name);
    found.unwrap().value.clone()
}

#[tokio::test]
async fn the_stages_lead_from_enrolment_to_work_and_back_to_the_lock() {
    let mut bench = Bench::empty().await;
    assert_eq!(bench.desk.shell().await.unwrap().stage, Stage::Enrol);
    let shell = bench.desk.admit(admission()).await.unwrap();
    assert_eq!(shell.stage, Stage::SetPin);
    assert_eq!(shell.laptop.as_deref(), Some("HW-14"));
    let refused = bench.desk.set_pin("12345".to_owned()).await.unwrap_err();
    assert_eq!(refused.code, "pin.not_six_digits");
    let shell = bench.desk.set_pin(PIN.to_owned()).await.unwrap();
    assert_eq!(shell.stage, Stage::Open);
    assert_eq!(shell.person.unwrap().initials, "AR");
    assert_eq!(bench.desk.lock().await.unwrap().stage, Stage::Locked);
    let locked = bench.desk.my_work().await.unwrap_err();
    assert_eq!(locked.code, "desk.locked");
    bench.reopen().await;
    let shell = bench.desk.shell().await.unwrap();
    assert_eq!(shell.stage, Stage::Locked);
    assert_eq!(shell.people[0].name, "Ana Ruiz");
    assert_eq!(bench.unlock(PIN).await.unwrap().stage, Stage::Open);
}

#[tokio::test]
async fn wrong_pins_make_a_person_wait_across_a_restart_and_a_moved_clock() {
    let mut bench = Bench::at_work().await;
    for left in [9, 8, 7, 6] {
        let wrong = bench.unlock("111111").await.unwrap_err();
        assert_eq!(wrong.code, "pin.wrong");
        assert_eq!(argument(&wrong, "left"), left.to_string());
    }
    bench.reopen().await;
    bench.clock.jump_ms(3_600_000);
    let waiting = bench.unlock(PIN).await.unwrap_err();
    assert_eq!(waiting.code, "pin.wait");
    assert_eq!(argument(&waiting, "until").len(), 13);
    assert!(
        bench.desk.shell().await.unwrap().people[0]
            .wait_until
            .is_some()
    );
    bench.clock.pass_ms(31_000);
    assert_eq!(bench.unlock(PIN).await.unwrap().stage, Stage::Open);
}

#[tokio::test]
async fn a_pin_works_offline_for_the_days_the_hub_grants() {
    let bench = Bench::at_work().await;
    bench.clock.pass_ms(8 * 24 * 3_600_000);
    let expired = bench.unlock(PIN).await.unwrap_err();
    assert_eq!(expired.code, "pin.offline_expired");
}

#[tokio::test]
async fn unsent_work_stays_when_the_desk_ends_without_notice() {
    let mut bench = Bench::at_work().await;
    let note = WriteNoteInput {
        order_id: order_id(),
        text: "Bearing is warm.".to_owned(),
    };
    bench.desk.write_note(note).await.unwrap();
    bench.reopen().await;
    let shell = bench.desk.shell().await.unwrap();
    assert_eq!((shell.unsent, shell.people[0].unsent), (1, 1));
    bench.unlock(PIN).await.unwrap();
    assert_eq!(bench.order().await.notes[0].text, "Bearing is warm.");
}

#[tokio::test]
async fn a_missing_key_is_trouble_and_makes_no_new_one() {
    let mut bench = Bench::at_work().await;
    let aside = bench.key_file().with_extension("aside");
    std::fs::rename(bench.key_file(), &aside).unwrap();
    bench.reopen().await;
    let shell = bench.desk.shell().await.unwrap();
    assert_eq!(shell.stage, Stage::Trouble);
    assert_eq!(shell.trouble.unwrap().code, "replica.key_missing");
    let again = bench.desk.try_again().await.unwrap();
    assert_eq!(again.stage, Stage::Trouble);
    assert!(!bench.key_file().exists());
    std::fs::rename(&aside, bench.key_file()).unwrap();
    let again = bench.desk.try_again().await.unwrap();
    assert_eq!(again.stage, Stage::Locked);
    assert_eq!(again.people[0].name, "Ana Ruiz");
}

#[tokio::test]
async fn a_desk_that_was_in_trouble_exchanges_once_it_is_open() {
    let mut bench = Bench::at_work().await;
    let aside = bench.key_file().with_extension("aside");
    std::fs::rename(bench.key_file(), &aside).unwrap();
    bench.reopen().await;
    let desk = bench.desk.clone();
    let run = tokio::spawn(async move { desk.run().await });
    std::fs::rename(&aside, bench.key_file()).unwrap();
    let mut changes = bench.desk.changes();
    bench.desk.try_again().await.unwrap();
    while bench.desk.shell().await.unwrap().link.state != LinkState::NoConnection {
        changes.recv().await.unwrap();
    }
    run.abort();
}

#[tokio::test]
async fn signing_in_checks_code_and_address_before_anything_is_sent() {
    let bench = Bench::empty().await;
    let input = |hub: &str, code: &str| SignInInput {
        hub: Some(hub.to_owned()),
        code: Some(code.to_owned()),
        account: "ana".to_owned(),
        password: "secret".to_owned(),
    };
    let bad = bench.desk.sign_in(input("http://x", "y")).await;
    assert_eq!(bad.unwrap_err().code, "hub.bad_address");
    let bad = bench.desk.sign_in(input("https://127.0.0.1:9", "y")).await;
    assert_eq!(bad.unwrap_err().code, "sign_in.bad_code");
    let code = "AAAAA-AAAAA-AAAAA-AAAAA";
    let lost = bench.desk.sign_in(input("https://127.0.0.1:9", code)).await;
    assert_eq!(lost.unwrap_err().code, "sign_in.no_connection");
}

#[tokio::test]
async fn the_look_is_kept_and_other_words_are_refused() {
    let mut bench = Bench::at_work().await;
    let look = |theme: &str| LookInput {
        theme: theme.to_owned(),
        density: "glove".to_owned(),
    };
    bench.desk.set_look(look("night")).await.unwrap();
    let refused = bench.desk.set_look(look("neon")).await.unwrap_err();
    assert_eq!(refused.code, "look.unknown");
    bench.reopen().await;
    let shell = bench.desk.shell().await.unwrap();
    assert_eq!((&*shell.theme, &*shell.density), ("night", "glove"));
}
