//! `case`: what waits for a person, and what a person decides about it.

use anyhow::anyhow;
use clap::Subcommand;
use fettle_domain::case::{CaseAction, CaseState, CaseSubject, ExceptionCase};
use fettle_domain::row::Subject;
use fettle_domain::{CaseId, PersonId, Timestamp};

use super::Place;
use crate::clock::now;

/// What to do with exception cases. Whoever decides about one is named and must hold the role.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists cases that are not settled, the one due first on top.
    List {
        /// Settled ones too, the newest on top.
        #[arg(long)]
        all: bool,
    },
    /// Shows one case with what happened.
    Show {
        /// Id.
        case: CaseId,
    },
    /// Sends it again under the same reference; what stands already is found and not sent twice.
    Replay {
        /// Id.
        case: CaseId,
        /// Account of the person who decides.
        #[arg(long)]
        by: String,
    },
    /// Gives it up for ever.
    Discard {
        /// Id.
        case: CaseId,
        /// Account of the person who decides.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Brings a claim that raced onto the order as it is now.
    Accept {
        /// Id.
        case: CaseId,
        /// Account of the person who decides.
        #[arg(long)]
        by: String,
    },
    /// Lets a claim that raced fall; facts stay.
    Reject {
        /// Id.
        case: CaseId,
        /// Account of the person who decides.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

pub(super) fn run(place: &Place, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List { all } => list(place, all),
        Command::Show { case } => show(place, case),
        Command::Replay { case, by } => act(place, case, &by, &CaseAction::Replay),
        Command::Discard { case, by, reason } => {
            act(place, case, &by, &CaseAction::Discard { reason })
        }
        Command::Accept { case, by } => act(place, case, &by, &CaseAction::Accept),
        Command::Reject { case, by, reason } => {
            act(place, case, &by, &CaseAction::Reject { reason })
        }
    }
}

fn list(place: &Place, all: bool) -> anyhow::Result<()> {
    let cases = place.hub()?.read(|core| {
        if all {
            core.all_cases()
        } else {
            core.open_cases()
        }
    })?;
    let now = now();
    for case in cases {
        println!(
            "{}\t{}\t{}\t{}\t{}",
            case.id,
            case.owner.word(),
            standing(&case, now),
            case.order
                .map_or_else(String::new, |order| order.to_string()),
            case.cause
        );
    }
    Ok(())
}

fn show(place: &Place, id: CaseId) -> anyhow::Result<()> {
    let hub = place.hub()?;
    let case = hub.read(|core| core.case(id))?;
    let case = case.ok_or_else(|| anyhow!("there is no case {id}"))?;
    let names = |person: PersonId| hub.read(|core| core.person_name(person));
    println!("case\t{}\nplant\t{}", case.id, case.plant);
    println!("about\t{}", about(&case.subject));
    if let Some(order) = case.order {
        println!("order\t{order}");
    }
    println!("cause\t{}", case.cause);
    println!("owner\t{}", case.owner.word());
    if let Some(person) = case.holder() {
        println!("person\t{}", names(person)?);
    }
    println!("state\t{}\ndue\t{}", standing(&case, now()), case.due);
    println!("attempts\t{}", case.attempts);
    for subject in &case.blocks {
        println!("waits\t{}", word(*subject));
    }
    for event in &case.events {
        let by = event.by.map(names).transpose()?.unwrap_or_default();
        let words = event.words.clone().unwrap_or_default();
        println!("{}\t{:?}\t{by}\t{words}", event.at, event.what);
    }
    Ok(())
}

fn act(place: &Place, id: CaseId, account: &str, action: &CaseAction) -> anyhow::Result<()> {
    let case = place.write(|core| {
        let person = match core.person_of_account(account)? {
            Ok(person) => person,
            Err(refusal) => return Ok(Err(refusal)),
        };
        core.act_on_case(id, action, (person.id, &person.roles), now())
    })?;
    println!("case {id} is {}", standing(&case, now()));
    Ok(())
}

fn standing(case: &ExceptionCase, now: Timestamp) -> String {
    let state = match case.state {
        CaseState::Open => "open",
        CaseState::Assigned { .. } => "assigned",
        CaseState::Working { .. } => "in work",
        CaseState::WaitingOn { .. } => "sent again",
        CaseState::Resolved => "settled",
        CaseState::Waived => "dropped",
    };
    if case.is_escalated(now) {
        format!("{state}, overdue since {}", case.due)
    } else {
        state.to_owned()
    }
}

fn about(subject: &CaseSubject) -> String {
    match subject {
        CaseSubject::Effect { effect, subject } => format!("effect {effect} of {}", word(*subject)),
        CaseSubject::Intent(id) => format!("claim {id}"),
        CaseSubject::Entry(id) => format!("entry {id}"),
        CaseSubject::Step(id) => format!("step {id}"),
        CaseSubject::Field(name) => format!("field {name}"),
        CaseSubject::Item { actor, position } => format!("item {position} of {actor}"),
    }
}

fn word(subject: Subject) -> String {
    match subject {
        Subject::Entry(id) => format!("entry {id}"),
        Subject::Intent(id) => format!("claim {id}"),
        Subject::Plan(id) => format!("plan of order {id}"),
    }
}
