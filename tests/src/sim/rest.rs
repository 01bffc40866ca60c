//! The promises: what must be so once the faults have stopped.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use fettle_domain::case::ExceptionCase;
use fettle_domain::intent::{Decision, Verdict};
use fettle_domain::refusal_answer::{RefusalAnswer, refusal_answer};
use fettle_domain::row::{Outcome, OutcomeRow, Subject};
use fettle_domain::work_order::posting::{postings, transition_reference};
use fettle_domain::{EntryId, IntentId, Refusal, WorkOrderId};
use fettle_replica::{ClaimRow, OrderLine, Replica, StoredOrder};

use super::exchange::exchange_until_quiet;
use super::laptop::Laptop;
use super::person::Claimed;
use super::run::Play;

mod log;

/// Exchanges of one laptop after which it must have come to rest.
const EXCHANGES_MAX: u32 = 8;
/// Rounds of exchanges and effects after which everything must have come to rest.
const ROUNDS_MAX: u32 = 12;
/// Steps of effects in one round: every effect a few attempts.
const EFFECT_STEPS_MAX: u32 = 3_000;
/// Time after which it must have come to rest: a retry waits for hours at most.
const REST_MAX_MS: i64 = 24 * 3_600_000;
/// Bytes above the transport of an exchange in which nothing changed, both ways.
const QUIET_MAX_BYTES: usize = 300;

type Held = Result<(), String>;

/// Comes to rest and holds every promise.
pub(super) fn hold(play: &mut Play) -> Held {
    play.heal();
    play.everything_is_brought()?;
    come_to_rest(play)?;
    let cases = play.replay_every_case();
    come_to_rest(play)?;
    log::cases_are_one_each(play, cases)?;
    for (index, laptop) in in_service(play) {
        let at = |what: String| format!("laptop {index}: {what}");
        nothing_waits(&laptop.replica).map_err(at)?;
        in_scope(laptop).map_err(at)?;
        rebuilds(&laptop.replica).map_err(at)?;
        same_rows(laptop).map_err(at)?;
        if let Some(intent) = laptop.changed_verdict {
            return Err(at(format!("{intent} has two verdicts")));
        }
    }
    replicas_agree(play)?;
    log::holds_every_change(play)?;
    for (index, _) in in_service(play) {
        log::is_what_laptops_hold(play, index)?;
    }
    for index in 0..play.laptops.len() {
        everything_arrived(play, index).map_err(|what| format!("laptop {index}: {what}"))?;
        claims_are_decided(play, index).map_err(|what| format!("laptop {index}: {what}"))?;
    }
    posted_once(play)
}

/// The laptops that may still exchange.
fn in_service(play: &Play) -> impl Iterator<Item = (usize, &Laptop)> {
    let laptops = play.laptops.iter().enumerate();
    laptops.filter(|(index, _)| !play.is_revoked(*index))
}

/// Exchanges and carries effects until nothing moves, within the bounds.
fn come_to_rest(play: &mut Play) -> Held {
    let latest = play.now.plus_ms(REST_MAX_MS);
    for _ in 0..ROUNDS_MAX {
        let mut is_quiet = true;
        play.hub.poll(false, play.now);
        for index in 0..play.laptops.len() {
            if play.is_revoked(index) {
                continue;
            }
            let (laptop, done) = (&mut play.laptops[index], &mut play.done[index]);
            let count = exchange_until_quiet((laptop, done), &mut play.hub, play.now, play.bug)
                .filter(|count| *count <= EXCHANGES_MAX)
                .ok_or_else(|| format!("laptop {index} does not come to rest"))?;
            is_quiet &= count == 1;
            let bytes = laptop.last_bytes;
            if bytes > QUIET_MAX_BYTES {
                return Err(format!(
                    "laptop {index}: {bytes} bytes though nothing changed"
                ));
            }
        }
        is_quiet &= carry_effects(play)?;
        if play.now > latest {
            return Err("an effect waits for longer than a day".to_owned());
        }
        if is_quiet {
            return Ok(());
        }
    }
    Err("the effects and exchanges do not come to rest".to_owned())
}

/// Carries effects until none is due; true when there was none.
fn carry_effects(play: &mut Play) -> Result<bool, String> {
    for step in 0..EFFECT_STEPS_MAX {
        if play.hub.is_idle() {
            match play.hub.next_effect_due() {
                None => return Ok(step == 0),
                Some(due) => play.advance_to(due),
            }
        }
        play.hub.step_effects(play.now);
    }
    Err("an effect is sent again and again".to_owned())
}

fn same_rows(laptop: &Laptop) -> Held {
    match laptop.differing.as_slice() {
        [] => Ok(()),
        feeds => Err(format!("rows of the feeds {feeds:?} were not the hub's")),
    }
}

fn nothing_waits(replica: &Replica) -> Held {
    let unsent = replica.unsent().unwrap();
    if unsent > 0 {
        return Err(format!("{unsent} changes were never sent"));
    }
    for row in replica.open_changes().unwrap() {
        let awaits = |refusal: &Refusal| refusal_answer(refusal) == RefusalAnswer::AwaitRelease;
        // What is released stands at the hub, as every change must; claims are not released.
        if let Some(refusal) = row.quarantined.filter(|refusal| !awaits(refusal)) {
            return Err(format!("{:?} is in quarantine: {refusal}", row.subject));
        }
        if row.is_waiting {
            return Err(format!("{:?} waits for ever", row.subject));
        }
    }
    Ok(())
}

fn in_scope(laptop: &Laptop) -> Held {
    let orders = laptop.replica.all_orders().unwrap();
    match orders.iter().find(|line| !is_in_scope(laptop, line)) {
        Some(line) => Err(format!(
            "{} belongs to plant {}, area {}",
            line.number, line.plant, line.area
        )),
        None => Ok(()),
    }
}

fn is_in_scope(laptop: &Laptop, line: &OrderLine) -> bool {
    let device = &laptop.who.device;
    line.plant == device.plant && device.areas.contains(&line.area)
}

fn rebuilds(replica: &Replica) -> Held {
    let before = replica.all_orders().unwrap();
    replica.rebuild().unwrap();
    let after = replica.all_orders().unwrap();
    first_difference(
        &before,
        &after,
        "before the projections were rebuilt",
        "afterwards",
    )
}

fn first_difference(a: &[OrderLine], b: &[OrderLine], in_a: &str, in_b: &str) -> Held {
    if a.len() != b.len() {
        return Err(format!(
            "there are {} orders {in_a} and {} {in_b}",
            a.len(),
            b.len()
        ));
    }
    match a.iter().zip(b).find(|(a, b)| a != b) {
        Some((a, b)) if a.status != b.status => Err(format!(
            "order {} is {} {in_a} and {} {in_b}",
            a.number,
            a.status.word(),
            b.status.word()
        )),
        Some((a, _)) => Err(format!("order {} differs {in_a} and {in_b}", a.number)),
        None => Ok(()),
    }
}

/// The orders of a laptop's scope without what only this laptop has to say of it.
fn shared(replica: &Replica, laptop: &Laptop) -> Vec<OrderLine> {
    let lines = replica.all_orders().unwrap().into_iter();
    lines
        .filter(|line| is_in_scope(laptop, line))
        .map(|line| OrderLine {
            unsent: 0,
            attention: 0,
            ..line
        })
        .collect()
}

/// Index of the laptop of a plant on which nobody works: it holds what the hub has.
fn witness(play: &Play, index: usize) -> usize {
    let plant = &play.laptops[index].who.device.plant;
    let found = play
        .laptops
        .iter()
        .position(|laptop| !laptop.who.works && &laptop.who.device.plant == plant);
    found.expect("every plant has a laptop that only reads")
}

fn replicas_agree(play: &Play) -> Held {
    for (index, laptop) in in_service(play) {
        let witness = witness(play, index);
        let other = &play.laptops[witness].replica;
        let (here, there) = (format!("on laptop {index}"), format!("on laptop {witness}"));
        let lines = shared(other, laptop);
        first_difference(&shared(&laptop.replica, laptop), &lines, &here, &there)?;
        let (heads, mut others) = (laptop.replica.heads().unwrap(), other.heads().unwrap());
        others.retain(|id, _| lines.iter().any(|line| line.id == (*id).into()));
        if let Some((id, _)) = heads
            .iter()
            .find(|(id, heads)| others.get(id) != Some(heads))
        {
            return Err(format!("{id} has other content {here} than {there}"));
        }
        if heads.len() != others.len() {
            return Err(format!("there are other documents {there} than {here}"));
        }
    }
    Ok(())
}

fn order(replica: &Replica, id: WorkOrderId) -> Result<StoredOrder, String> {
    replica
        .order(id)
        .unwrap()
        .ok_or_else(|| format!("order {id} is gone"))
}

/// Entries of an order.
fn entries(order: &StoredOrder) -> BTreeSet<EntryId> {
    let content = &order.content;
    let labour = content.labour.iter().map(|entry| entry.id);
    let parts = content.parts_used.iter().map(|entry| entry.id);
    let notes = content.notes.iter().map(|entry| entry.id);
    let readings = content.readings.iter().map(|entry| entry.id);
    labour.chain(parts).chain(notes).chain(readings).collect()
}

/// An order on a laptop that only reads, wherever it belongs now.
fn read(play: &Play, id: WorkOrderId) -> Result<StoredOrder, String> {
    let readers = play.laptops.iter().filter(|laptop| !laptop.who.works);
    let found = readers
        .filter_map(|laptop| laptop.replica.order(id).unwrap())
        .next();
    found.ok_or_else(|| format!("order {id} is gone"))
}

/// Whatever a person was told is saved has reached the hub.
fn everything_arrived(play: &Play, index: usize) -> Held {
    let mut held: BTreeMap<WorkOrderId, BTreeSet<EntryId>> = BTreeMap::new();
    for made in &play.done[index].changes {
        let id = WorkOrderId::from(made.document);
        let Some(entry) = made.entry else { continue };
        let held = match held.entry(id) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(entries(&read(play, id)?)),
        };
        if !held.contains(&entry) {
            return Err(format!("entry {entry} was saved and is not at the hub"));
        }
    }
    Ok(())
}

/// Every claim has its verdict, and an accepted one stands in the CMMS once or was refused there.
fn claims_are_decided(play: &Play, index: usize) -> Held {
    let hub = play.hub.look();
    for Claimed {
        order: id,
        id: intent,
        ..
    } in &play.done[index].intents
    {
        let verdict = match log::verdict(&hub, *intent) {
            Some(verdict) => verdict,
            // Claims of somebody who was turned away are not released.
            None if log::is_kept_aside(&hub, *intent) => continue,
            None => return Err(format!("claim {intent} has no verdict")),
        };
        let held = play.laptops[index].replica.order(*id).unwrap();
        if let Some(order) = held.filter(|_| !play.is_revoked(index)) {
            told_of(&order, &verdict)?;
        }
        let order = read(play, *id)?;
        let is_accepted = verdict.decision == Decision::Accepted;
        let outcome = outcome_of(&order, Subject::Intent(*intent))?;
        let is_due = matches!(outcome, Some(Outcome::Accepted { .. }));
        let waits = |case: &ExceptionCase| case.blocks.contains(&Subject::Intent(*intent));
        // What rests on something refused waits with it, and the case names it.
        let is_kept_back = outcome.is_none() && order.cases.iter().any(waits);
        if is_accepted != (outcome.is_some() || is_kept_back) {
            return Err(format!(
                "claim {intent}: {:?}, {outcome:?}",
                verdict.decision
            ));
        }
        let count = play
            .outside
            .status_changes(&transition_reference(IntentId(intent.0)).0);
        // What a hub decided that was set back afterwards may have taken effect unknown to anybody.
        let is_at_most_once = play.are_set_back && !is_due && count <= 1;
        if count != usize::from(is_due) && !is_at_most_once {
            return Err(format!("claim {intent} stands {count} times in the CMMS"));
        }
    }
    Ok(())
}

/// Where the claim is here it says what the hub decided.
fn told_of(order: &StoredOrder, verdict: &Verdict) -> Held {
    let own = |claim: &&ClaimRow| claim.intent.id == verdict.intent;
    match order.claims.iter().find(own).map(|claim| &claim.verdict) {
        None => Ok(()),
        Some(Some(told)) if told.decision == verdict.decision => Ok(()),
        Some(told) => Err(format!("claim {}: told {told:?}", verdict.intent)),
    }
}

fn outcome_of(order: &StoredOrder, subject: Subject) -> Result<Option<&Outcome>, String> {
    let own = |row: &&OutcomeRow| row.subject == subject;
    let mut found = order.outcomes.iter().filter(own);
    let outcome = found.next().map(|row| &row.outcome);
    match found.next() {
        Some(_) => Err(format!("{subject:?} has two outcomes")),
        None => Ok(outcome),
    }
}

/// Every closed fact is one document of the ERP, or refused and none; nothing else is there.
fn posted_once(play: &mut Play) -> Held {
    let mut expected: BTreeMap<String, EntryId> = BTreeMap::new();
    for index in 0..play.laptops.len() {
        if play.laptops[index].who.works {
            continue;
        }
        let replica = &play.laptops[index].replica;
        for line in replica.all_orders().unwrap() {
            let order = order(replica, line.id)?;
            for posting in postings(&order.content) {
                let entry = posting.entry();
                match outcome_of(&order, Subject::Entry(entry))? {
                    None => return Err(format!("entry {entry} was never posted")),
                    Some(
                        Outcome::Refused { .. } | Outcome::Discarded { .. } | Outcome::TakenBack,
                    ) => {
                        play.tally.refusals += 1;
                    }
                    Some(Outcome::Accepted { .. }) => {
                        expected.insert(posting.reference().0, entry);
                    }
                }
            }
        }
    }
    for (reference, count) in play.outside.erp_documents() {
        match expected.remove(&reference) {
            None if play.is_gone(&reference) => {}
            None => {
                return Err(format!(
                    "the ERP holds {reference}, which nobody is told of"
                ));
            }
            Some(entry) if count != 1 => {
                return Err(format!("entry {entry} stands {count} times in the ERP"));
            }
            Some(_) => play.tally.documents += 1,
        }
    }
    match expected.into_values().next() {
        Some(entry) => Err(format!(
            "entry {entry} counts as posted and is not in the ERP"
        )),
        None => Ok(()),
    }
}
