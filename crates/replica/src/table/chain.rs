//! Table `chain`: where each actor's chain of signed links stands.

use fettle_domain::{ActorId, Refusal};
use fettle_sync::chain::{Link, Position};
use rusqlite::{Connection, OptionalExtension, params};

use super::stored;
use crate::fault::Fault;

pub(crate) fn position(connection: &Connection, actor: ActorId) -> Result<Position, Fault> {
    let found = connection
        .prepare_cached("SELECT count, link FROM chain WHERE actor = ?1")?
        .query_row([actor.0], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?))
        })
        .optional()?;
    match found {
        None => Ok(Position::start(actor)),
        Some((count, link)) => Ok(Position {
            count: stored(u64::try_from(count).ok(), "chain")?,
            link: Link(link),
        }),
    }
}

pub(crate) fn write(
    connection: &Connection,
    actor: ActorId,
    position: Position,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO chain (actor, count, link) VALUES (?1, ?2, ?3)
             ON CONFLICT (actor) DO UPDATE SET count = excluded.count, link = excluded.link",
        )?
        .execute(params![
            actor.0,
            position.count.cast_signed(),
            position.link.0
        ])?;
    Ok(())
}

/// Every actor that committed here, with why the hub takes nothing more of it.
pub(crate) fn all(connection: &Connection) -> Result<Vec<(ActorId, Option<Refusal>)>, Fault> {
    let mut statement = connection.prepare_cached("SELECT actor, stopped FROM chain")?;
    let mut rows = statement.query([])?;
    let mut chains = Vec::new();
    while let Some(row) = rows.next()? {
        let stopped: Option<String> = row.get(1)?;
        let stopped = stopped
            .map(|text| serde_json::from_str(&text))
            .transpose()?;
        chains.push((ActorId(row.get(0)?), stopped));
    }
    Ok(chains)
}

/// Lets every actor go on: the hub is another one than the one that stopped it.
pub(crate) fn forget_stopped(connection: &Connection) -> Result<(), Fault> {
    connection.execute("UPDATE chain SET stopped = NULL", [])?;
    Ok(())
}

/// Why the hub takes nothing more of an actor, or that it does again.
pub(crate) fn set_stopped(
    connection: &Connection,
    actor: ActorId,
    stopped: Option<&Refusal>,
) -> Result<(), Fault> {
    let stopped = stopped.map(serde_json::to_string).transpose()?;
    connection
        .prepare_cached("UPDATE chain SET stopped = ?2 WHERE actor = ?1")?
        .execute(params![actor.0, stopped])?;
    Ok(())
}
