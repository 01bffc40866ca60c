//! What people do on a laptop, through the replica's one commit path.

use fettle_document::{Edit, StepEntry, may_write};
use fettle_domain::intent::{Claim, Dependency, Intent, Transition};
use fettle_domain::work_order::official::OfficialStatus;
use fettle_domain::work_order::status::LIFE_CYCLE;
use fettle_domain::work_order::transition::{Outcome, TransitionState, decide_transition};
use fettle_domain::work_order::{LabourEntry, LabourKind, Note, PartUsed, Reading, StepKind};
use fettle_domain::{
    ChangeHash, CorrelationId, Decimal, DocumentId, EntryId, IntentId, Quantity, Timestamp, Unit,
    WorkOrderId,
};
use fettle_replica::{Commit, Made, MadeKind, MadeSubject, StoredOrder};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use uuid::Uuid;

use super::bug::Bug;
use super::laptop::Laptop;

/// What people of one laptop did: the promises are held against this.
#[derive(Debug, Clone, Default)]
pub(super) struct Done {
    /// Changes of documents written.
    pub(super) changes: Vec<Written>,
    /// Claims made.
    pub(super) intents: Vec<Claimed>,
    /// Commits of any kind.
    pub(super) commits: u32,
}

/// A change somebody was told is saved.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) document: DocumentId,
    pub(super) hash: ChangeHash,
    /// The entry it made.
    pub(super) entry: Option<EntryId>,
    /// The laptop lost it with its disk.
    pub(super) only_at_hub: bool,
}

/// A claim somebody was told is saved.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub(super) order: WorkOrderId,
    pub(super) id: IntentId,
    /// The laptop lost it with its disk.
    pub(super) only_at_hub: bool,
}

impl Done {
    /// Notes under which hashes changes stand that were made again.
    pub(super) fn made_again(&mut self, changes: &[(ChangeHash, ChangeHash)]) {
        for (old, new) in changes {
            for written in self.changes.iter_mut().filter(|made| made.hash == *old) {
                written.hash = *new;
            }
        }
    }

    pub(super) fn writes(&mut self, order: WorkOrderId, hash: ChangeHash, entry: Option<EntryId>) {
        self.changes.push(Written {
            document: order.into(),
            hash,
            entry,
            only_at_hub: false,
        });
    }
}

/// Orders people meet on: few, so that they meet often.
const ORDERS: usize = 4;

/// One wish of a person, before it is committed.
struct Wish {
    edits: Vec<Edit>,
    intent: Option<Intent>,
    made: Vec<Made>,
    entry: Option<EntryId>,
}

impl Wish {
    fn edit(edit: Edit, kind: MadeKind, subject: MadeSubject) -> Self {
        let made = Made {
            kind,
            subject,
            words: "words".to_owned(),
        };
        let entry = match subject {
            MadeSubject::Entry(id) => Some(id),
            MadeSubject::Step(_) | MadeSubject::Intent(_) | MadeSubject::Plan(_) => None,
        };
        Self {
            edits: vec![edit],
            intent: None,
            made: vec![made],
            entry,
        }
    }
}

/// Does one thing on an order of the laptop, nothing where nothing fits; false when the disk did
/// not take it, which the person is told.
pub(super) fn act(
    laptop: &Laptop,
    dice: &mut StdRng,
    done: &mut Done,
    now: Timestamp,
    bug: Option<Bug>,
) -> bool {
    let Some(order) = choose_order(laptop, dice) else {
        return true;
    };
    let wish = match dice.random_range(0..10) {
        0..3 => tick(laptop, &order, dice, now),
        3 => Some(write_note(laptop, dice, now)),
        4..6 => work(laptop, &order, dice, now),
        6 => take_part(laptop, &order, dice, now),
        7 => Some(read_meter(laptop, dice, now)),
        8 => Some(describe(dice)),
        _ => claim(laptop, &order, dice, now),
    };
    let Some(wish) = wish else {
        return true;
    };
    let roles = &laptop.who.person.roles;
    if wish
        .edits
        .iter()
        .any(|edit| may_write(edit, roles).is_err())
    {
        return true;
    }
    let entry = wish.entry;
    let is_taken = commit(laptop, order.line.id, wish, done, now);
    if !is_taken && bug == Some(Bug::SaysSavedOnFullDisk) {
        done.writes(order.line.id, ChangeHash([0; 32]), entry);
    }
    is_taken
}

fn commit(
    laptop: &Laptop,
    order: WorkOrderId,
    wish: Wish,
    done: &mut Done,
    now: Timestamp,
) -> bool {
    let intent = wish.intent.as_ref().map(|intent| intent.id);
    let committed = laptop.replica.commit(&Commit {
        actor: laptop.who.actor,
        person: laptop.who.person.id,
        sign: &|position| position.sign(&laptop.who.key),
        now: laptop.wall(now),
        order: Some(order),
        edits: wish.edits,
        intent: wish.intent,
        records: Vec::new(),
        made: wish.made,
    });
    let committed = match committed {
        Ok(committed) => committed,
        Err(fault) if laptop.is_excused(&fault) => return false,
        Err(fault) => panic!("{fault:?}"),
    };
    done.commits += u32::from(committed.change.is_some() || committed.intent.is_some());
    if let Some(hash) = committed.change {
        done.writes(order, hash, wish.entry);
    }
    done.intents.extend(intent.map(|id| Claimed {
        order,
        id,
        only_at_hub: false,
    }));
    true
}

fn choose_order(laptop: &Laptop, dice: &mut StdRng) -> Option<StoredOrder> {
    let orders = laptop.replica.all_orders().unwrap();
    let open: Vec<WorkOrderId> = orders
        .iter()
        .filter(|line| line.official.takes_facts() && line.status.takes_facts())
        .map(|line| line.id)
        .take(ORDERS)
        .collect();
    let order = laptop.replica.order(*open.choose(dice)?).unwrap()?;
    order.has_document.then_some(order)
}

pub(super) fn id(dice: &mut StdRng) -> Uuid {
    let mut bytes = [0; 16];
    dice.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn tick(laptop: &Laptop, order: &StoredOrder, dice: &mut StdRng, now: Timestamp) -> Option<Wish> {
    let steps: Vec<_> = order
        .content
        .tasks
        .iter()
        .flat_map(|task| &task.steps)
        .collect();
    let step = steps.choose(dice)?;
    let (value, unit, text) = match &step.kind {
        StepKind::Tick => (None, None, None),
        StepKind::Value { unit, .. } => {
            let value = ["0.03", "0.07", "41"]
                .choose(dice)
                .map(|text| decimal(text));
            (value, Some(unit.clone()), None)
        }
        StepKind::Text => (None, None, Some("looked at".to_owned())),
    };
    let entry = StepEntry {
        is_done: dice.random_bool(0.8),
        value,
        unit,
        text,
        photos: Vec::new(),
        scanned_code: None,
        second_signature: None,
        permit_acknowledged: None,
        at: laptop.device_time(now),
    };
    let edit = Edit::RecordStep {
        step: step.id,
        entry: Box::new(entry),
    };
    Some(Wish::edit(edit, MadeKind::Step, MadeSubject::Step(step.id)))
}

fn write_note(laptop: &Laptop, dice: &mut StdRng, now: Timestamp) -> Wish {
    let id = EntryId(id(dice));
    let entry = Note {
        text: "Bearing runs warm on the drive side".to_owned(),
        at: laptop.device_time(now),
        proposes: None,
        settles: None,
    };
    Wish::edit(
        Edit::PutNote { id, entry },
        MadeKind::Note,
        MadeSubject::Entry(id),
    )
}

/// Starts labour, or ends what runs, wherever it runs.
fn work(laptop: &Laptop, order: &StoredOrder, dice: &mut StdRng, now: Timestamp) -> Option<Wish> {
    let person = laptop.who.person.id;
    let at = laptop.device_time(now);
    let running = laptop.replica.running_labour().unwrap();
    if let Some(own) = running.iter().find(|labour| labour.person == person) {
        let edit = Edit::CloseLabour {
            id: own.entry,
            end: at,
        };
        let is_here = own.order == order.line.id;
        return is_here.then(|| Wish::edit(edit, MadeKind::Labour, MadeSubject::Entry(own.entry)));
    }
    let id = EntryId(id(dice));
    let entry = LabourEntry {
        person,
        kind: LabourKind::Regular,
        task: None,
        start: at,
        end: None,
        reversal_of: None,
    };
    let edit = Edit::PutLabour {
        id,
        entry,
        is_closed: false,
    };
    Some(Wish::edit(edit, MadeKind::Labour, MadeSubject::Entry(id)))
}

fn take_part(
    laptop: &Laptop,
    order: &StoredOrder,
    dice: &mut StdRng,
    now: Timestamp,
) -> Option<Wish> {
    let line = order.content.part_lines.choose(dice)?;
    let balances = laptop.replica.stock_of(line.item).unwrap();
    let balance = balances.iter().find(|row| row.plant == order.line.plant)?;
    // Now and then more than there is: the ERP says no.
    let value = if dice.random_bool(0.1) { "9000" } else { "1" };
    let id = EntryId(id(dice));
    let entry = PartUsed {
        item: line.item,
        part_line: Some(line.id),
        storeroom: balance.storeroom.clone(),
        bin: balance.bin.clone(),
        quantity: Quantity {
            value: decimal(value),
            unit: line.quantity.unit.clone(),
        },
        reservation: None,
        lease: None,
        reversal_of: None,
        at: laptop.device_time(now),
    };
    let edit = Edit::PutPartUsed { id, entry };
    Some(Wish::edit(edit, MadeKind::Part, MadeSubject::Entry(id)))
}

fn read_meter(laptop: &Laptop, dice: &mut StdRng, now: Timestamp) -> Wish {
    let id = EntryId(id(dice));
    let entry = Reading {
        meter: "running hours".to_owned(),
        value: decimal("4187.5"),
        unit: Unit("HUR".to_owned()),
        at: laptop.device_time(now),
        reversal_of: None,
    };
    let edit = Edit::PutReading { id, entry };
    Wish::edit(edit, MadeKind::Note, MadeSubject::Entry(id))
}

fn describe(dice: &mut StdRng) -> Wish {
    let edit = Edit::SpliceDescription {
        position: 0,
        delete: 0,
        insert: ["Noise. ", "Heat. ", "Oil. "]
            .choose(dice)
            .copied()
            .unwrap_or_default()
            .to_owned(),
    };
    Wish {
        edits: vec![edit],
        intent: None,
        made: Vec::new(),
        entry: None,
    }
}

/// Claims a legal transition, decided here as the desk does.
fn claim(laptop: &Laptop, order: &StoredOrder, dice: &mut StdRng, now: Timestamp) -> Option<Wish> {
    let person = &laptop.who.person;
    let from = order.line.status;
    let legal: Vec<_> = LIFE_CYCLE
        .iter()
        .filter(|legal| legal.from == from && legal.roles.iter().any(|r| person.roles.contains(r)))
        .collect();
    let legal = legal.choose(dice)?;
    let transition = Transition {
        order: order.line.id,
        from,
        to: legal.to,
        based_on: order.row.status.revision,
        reason: legal.needs_reason.then(|| "waits for a seal".to_owned()),
    };
    let official = OfficialStatus {
        status: from,
        ..order.row.status.clone()
    };
    let state = TransitionState {
        official: &official,
        since: &[],
    };
    let decided = decide_transition(&transition, state, &person.roles, person.id);
    if decided != Ok(Outcome::Accepted) {
        return None;
    }
    let pending = order
        .claims
        .iter()
        .rfind(|claim| claim.is_pending(order.row.changed));
    let intent = Intent {
        id: IntentId(id(dice)),
        claim: Claim::Transition(transition),
        depends_on: pending
            .map(|claim| Dependency::Intent(claim.intent.id))
            .into_iter()
            .collect(),
        charter_version: 1,
        actor: laptop.who.actor,
        made: laptop.device_time(now),
        correlation_id: CorrelationId(id(dice)),
    };
    Some(Wish {
        edits: Vec::new(),
        made: vec![Made {
            kind: MadeKind::Transition,
            subject: MadeSubject::Intent(intent.id),
            words: legal.to.word().to_owned(),
        }],
        intent: Some(intent),
        entry: None,
    })
}
