//! A company's size: the whole way from demo systems of that size through the hub onto a laptop,
//! and what a person then waits for.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use fettle_demo::world::Size as World;
use fettle_document::Edit;
use fettle_domain::{DeviceTime, EntryId, WorkOrderId};
use fettle_hub::clock::{now, random};
use fettle_hub::masters::Poller;
use fettle_replica::{Paging, Replica, ReplicaKey};
use uuid::Uuid;

use super::desk::{Desk, Exchanged};
use super::hub::{Hub, HubProcess};
use super::line::{Line, at_percent, median};
use super::process;
use super::wire::Wire;
use crate::company::Company;

/// The plant whose laptop is filled, and who works there.
const PLANT: &str = "1200";
const PERSON: &str = "kowalska";
/// Most exchanges of a first copy: bounds a hub that always has more.
const EXCHANGES_MAX: u32 = 1_000;
/// How often each question is asked.
const TIMES: usize = 40;
/// How often the replica is opened.
const OPENED: usize = 10;
/// Rows of a page, as lists ask for them.
const PAGE: u32 = 100;
/// Pages that are turned.
const PAGES: usize = 50;
/// Bins that move in a stock update.
const MOVED_BINS: u32 = 50_000;
/// Saves of a person with nothing else going on.
const SAVES: usize = 60;
/// Pause between two saves: a person who types fast.
const BETWEEN_SAVES: Duration = Duration::from_millis(40);
/// Changes one device sends at once.
const PUSHED: usize = 500;
/// A link of 10 Mbit/s, in bytes a second.
const LINK_BYTES_A_SECOND: f64 = 1_250_000.0;
const MB: f64 = 1_000_000.0;

/// What a search is asked for, and why that is hard.
const ITEM_QUERIES: [(&str, &str); 5] = [
    ("common word", "bearing"),
    ("two letters", "be"),
    ("number without its dashes", "10016310"),
    ("typo", "baering"),
    ("nothing like it", "zzyzxq"),
];
const ORDER_QUERIES: [(&str, &str); 3] = [
    ("common word", "pump"),
    ("rare words", "seal leaking coupling"),
    ("typo", "coupilng"),
];

/// Plays it at a size.
pub(super) async fn measure(
    program: &Path,
    folder: &Path,
    size: World,
    say: &mut dyn FnMut(&Line),
) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let begun = Instant::now();
    let company = Company::open(folder, now(), size)?;
    let what = format!("{} orders and {} items", size.orders, size.items);
    say(&line(
        "company made and put into the demo systems",
        begun.elapsed().as_secs_f64(),
        None,
        "s",
        &format!("{what} of plant {PLANT}, and seven more plants"),
    ));
    let place = folder.join("hub");
    let hub = Hub::open(&place).await?;
    read_company(&hub, &company, say).await?;
    let wire = Wire::to(hub.address).await?;
    let key = ReplicaKey::new(random()?);
    let laptop = folder.join("laptop");
    let desk = Desk::enrol_at(&hub, wire.address(), (&laptop, &key), (PLANT, PERSON)).await?;
    fill(&desk, &wire, say).await?;
    search(&desk.replica, say)?;
    pages(&desk.replica, say)?;
    let desk = Arc::new(desk);
    save_during_stock_update(&hub, &company, &desk, say).await?;
    push(&desk, say).await?;
    drop(desk);
    launch(&laptop.join(PERSON), &key, say)?;
    for (what, file) in [
        ("hub's store", place.join("hub.db")),
        ("laptop's work file", laptop.join(PERSON).join("work.db")),
        (
            "laptop's catalogue",
            laptop.join(PERSON).join("catalogue.db"),
        ),
    ] {
        let bytes = std::fs::metadata(&file)?.len() as f64;
        say(&line(
            &format!("size of the {what}"),
            bytes / MB,
            None,
            "MB",
            "",
        ));
    }
    hub.stop().await?;
    let hub = HubProcess::start(program, &place).await?;
    let memory = hub.memory_bytes()? as f64;
    hub.stop().await?;
    say(&line(
        "memory of the hub after its start",
        memory / MB,
        None,
        "MB",
        "",
    ));
    Ok(())
}

fn line(row: &str, ours: f64, beside: Option<f64>, unit: &'static str, note: &str) -> Line {
    Line {
        row: row.to_owned(),
        ours,
        beside,
        unit,
        note: note.to_owned(),
    }
}

async fn read_company(
    hub: &Hub,
    company: &Company,
    say: &mut dyn FnMut(&Line),
) -> anyhow::Result<()> {
    let begun = Instant::now();
    Poller::new(Arc::clone(&hub.store) as _, company.systems())
        .poll()
        .await?;
    let seconds = begun.elapsed().as_secs_f64();
    let rows: i64 = hub
        .look()?
        .query_row("SELECT count(*) FROM official_row", [], |row| row.get(0))?;
    say(&line(
        "hub reads the company",
        seconds,
        None,
        "s",
        &format!("{rows} rows of feeds"),
    ));
    say(&line(
        "hub reads rows",
        rows as f64 / seconds,
        None,
        "rows/s",
        "",
    ));
    Ok(())
}

/// The first copy, as the desk makes it: exchange after exchange.
async fn fill(desk: &Desk, wire: &Wire, say: &mut dyn FnMut(&Line)) -> anyhow::Result<()> {
    let before = wire.carried().await.both();
    let (begun, mut usable) = (Instant::now(), None);
    let mut exchanged = Exchanged::default();
    let mut count = 0;
    loop {
        count += 1;
        ensure!(count <= EXCHANGES_MAX, "the first copy does not end");
        let has_more = desk.once(&mut exchanged).await?;
        if usable.is_none() && desk.replica.fill()?.is_usable {
            usable = Some((
                begun.elapsed().as_secs_f64(),
                wire.carried_now().both() - before,
            ));
        }
        if !has_more {
            break;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let bytes = (wire.carried().await.both() - before) as f64;
    let Some((usable_seconds, usable_bytes)) = usable else {
        bail!("the laptop never became usable");
    };
    // One after the other, which is the worst: a desk applies one frame while the next one comes.
    let on_link = |seconds: f64, bytes: f64| seconds + bytes / LINK_BYTES_A_SECOND;
    say(&line(
        "first copy, bytes",
        bytes / MB,
        None,
        "MB",
        &format!("{count} exchanges"),
    ));
    say(&line(
        "first copy, until the work is usable at 10 Mbit/s",
        on_link(usable_seconds, usable_bytes as f64),
        Some(60.0),
        "s",
        &format!("beside: the budget; {usable_seconds:.1} s of it on loopback"),
    ));
    say(&line(
        "first copy, until everything is here at 10 Mbit/s",
        on_link(seconds, bytes),
        Some(600.0),
        "s",
        &format!("beside: the budget; {seconds:.1} s of it on loopback"),
    ));
    Ok(())
}

fn timed<T>(times: usize, mut work: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<Vec<f64>> {
    let mut seconds = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        work()?;
        seconds.push(begun.elapsed().as_secs_f64());
    }
    Ok(seconds)
}

/// Middle and slow end in milliseconds.
fn milliseconds(seconds: Vec<f64>) -> (f64, f64) {
    let p95 = at_percent(seconds.clone(), 95);
    (median(seconds) * 1_000.0, p95 * 1_000.0)
}

fn search(replica: &Replica, say: &mut dyn FnMut(&Line)) -> anyhow::Result<()> {
    let limit = Paging::first(20);
    for (what, query) in ITEM_QUERIES {
        let ours = timed(TIMES, || Ok(replica.search_items(query, limit)?))?;
        let raw = timed(TIMES, || Ok(replica.raw_item_hits(query, 20)?))?;
        let ((p50, p95), (raw, _)) = (milliseconds(ours), milliseconds(raw));
        let found = replica.search_items(query, limit)?.page.rows.len();
        say(&line(
            &format!("search items, {what}"),
            p50,
            Some(raw),
            "ms",
            &format!("p95 {p95:.1} ms; {found} rows; beside: the bare query of the index"),
        ));
        say(&line(
            &format!("search items, {what}, p95"),
            p95,
            Some(60.0),
            "ms",
            "beside: the budget",
        ));
    }
    for (what, query) in ORDER_QUERIES {
        let (p50, p95) = milliseconds(timed(TIMES, || Ok(replica.search_orders(query, limit)?))?);
        let found = replica.search_orders(query, limit)?.page.rows.len();
        say(&line(
            &format!("search orders, {what}, p95"),
            p95,
            Some(60.0),
            "ms",
            &format!("p50 {p50:.1} ms; {found} rows; beside: the budget"),
        ));
    }
    Ok(())
}

fn pages(replica: &Replica, say: &mut dyn FnMut(&Line)) -> anyhow::Result<()> {
    let mut paging = Paging::first(PAGE);
    let mut seconds = Vec::new();
    for _ in 0..PAGES {
        let begun = Instant::now();
        let page = replica.items_page(paging)?;
        seconds.push(begun.elapsed().as_secs_f64());
        let Some(next) = page.next else { break };
        paging.after = Some(next);
    }
    let (p50, p95) = milliseconds(seconds);
    say(&line(
        "a page of all items",
        p50,
        None,
        "ms",
        &format!("{PAGE} rows, p95 {p95:.1} ms"),
    ));
    let mut paging = Paging::first(PAGE);
    let mut seconds = Vec::new();
    for _ in 0..PAGES {
        let begun = Instant::now();
        let page = replica.orders_page(paging)?;
        seconds.push(begun.elapsed().as_secs_f64());
        let Some(next) = page.next else { break };
        paging.after = Some(next);
    }
    let (p50, p95) = milliseconds(seconds);
    say(&line(
        "a page of all orders",
        p50,
        None,
        "ms",
        &format!("{PAGE} rows, p95 {p95:.1} ms"),
    ));
    Ok(())
}

/// Opening the files and reading the first list, as every start of the desk does.
fn launch(folder: &Path, key: &ReplicaKey, say: &mut dyn FnMut(&Line)) -> anyhow::Result<()> {
    let before = process::memory_bytes(std::process::id())?;
    let mut held = 0;
    let mut seconds = Vec::with_capacity(OPENED);
    for _ in 0..OPENED {
        let begun = Instant::now();
        let replica = Replica::open(folder, key)?;
        let page = replica.orders_page(Paging::first(PAGE))?;
        seconds.push(begun.elapsed().as_secs_f64());
        ensure!(!page.rows.is_empty(), "the laptop has no orders");
        held = process::memory_bytes(std::process::id())?.saturating_sub(before);
    }
    let (p50, p95) = milliseconds(seconds);
    say(&line(
        "launch: files opened and the first list read, p95",
        p95,
        Some(800.0),
        "ms",
        &format!("p50 {p50:.0} ms; beside: the budget of a warm start with its window"),
    ));
    say(&line(
        "memory of the open files",
        held as f64 / MB,
        None,
        "MB",
        "more than before",
    ));
    Ok(())
}

fn note() -> anyhow::Result<Vec<Edit>> {
    let entry = fettle_domain::work_order::Note {
        text: "bearing warm, grease renewed".to_owned(),
        at: DeviceTime {
            at: now(),
            offset_ms: Some(0),
            boot_id: 1,
            boot_ms: 1,
        },
        proposes: None,
        settles: None,
    };
    let id = EntryId(Uuid::from_bytes(random()?));
    Ok(vec![Edit::PutNote { id, entry }])
}

fn save(desk: &Desk, order: WorkOrderId) -> anyhow::Result<f64> {
    let edits = note()?;
    let begun = Instant::now();
    desk.commit(order, edits)?;
    Ok(begun.elapsed().as_secs_f64())
}

fn open_order(desk: &Desk) -> anyhow::Result<WorkOrderId> {
    let page = desk.replica.orders_page(Paging::first(1))?;
    Ok(page.rows.first().context("the laptop has no orders")?.id)
}

/// A person saves while the stock of half the store comes down.
async fn save_during_stock_update(
    hub: &Hub,
    company: &Company,
    desk: &Arc<Desk>,
    say: &mut dyn FnMut(&Line),
) -> anyhow::Result<()> {
    let order = open_order(desk)?;
    let alone = timed(SAVES, || save(desk, order))?;
    company.move_stock(PLANT, MOVED_BINS)?;
    Poller::new(Arc::clone(&hub.store) as _, company.systems())
        .poll()
        .await?;
    let (ended, is_ended) = tokio::sync::watch::channel(false);
    let saver = {
        let desk = Arc::clone(desk);
        tokio::spawn(async move {
            let mut seconds = Vec::new();
            while !*is_ended.borrow() {
                let desk = Arc::clone(&desk);
                seconds.push(tokio::task::spawn_blocking(move || save(&desk, order)).await??);
                tokio::time::sleep(BETWEEN_SAVES).await;
            }
            anyhow::Ok(seconds)
        })
    };
    let begun = Instant::now();
    let exchanged = desk.pull().await;
    let seconds = begun.elapsed().as_secs_f64();
    ended.send_replace(true);
    let busy = saver.await??;
    exchanged?;
    let (rate, count) = (f64::from(MOVED_BINS) / seconds, busy.len());
    let ((_, alone), (p50, p95)) = (milliseconds(alone), milliseconds(busy));
    say(&line(
        "save during a stock update, p95",
        p95,
        Some(40.0),
        "ms",
        &format!("p50 {p50:.1} ms, {count} saves; beside: the budget"),
    ));
    say(&line(
        "save during a stock update, p95, beside one alone",
        p95,
        Some(alone),
        "ms",
        &format!("{MOVED_BINS} bins moved, {rate:.0} a second came down"),
    ));
    Ok(())
}

/// What one device brings at once, at this size of the hub.
async fn push(desk: &Desk, say: &mut dyn FnMut(&Line)) -> anyhow::Result<()> {
    desk.exchange().await?;
    let page = desk.replica.orders_page(Paging::first(PAGE))?;
    let orders: Vec<WorkOrderId> = page.rows.iter().map(|row| row.id).collect();
    for number in 0..PUSHED {
        save(desk, orders[number % orders.len()])?;
    }
    let begun = Instant::now();
    desk.exchange().await?;
    let seconds = begun.elapsed().as_secs_f64();
    say(&line(
        "hub at this size, one device with 500 changes at once",
        PUSHED as f64 / seconds,
        None,
        "changes/s",
        "from the request to the end of the answer, over TLS",
    ));
    Ok(())
}
