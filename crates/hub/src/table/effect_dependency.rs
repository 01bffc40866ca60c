//! What effects rest on, and so what waits behind a refused one.

use fettle_domain::EffectId;
use fettle_domain::row::Subject;
use rusqlite::{Connection, Result};

use super::{read_json, uuid};

/// True in SQL while an effect `e` waits for one it rests on.
macro_rules! is_blocked {
    ($effect:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM effect_dependency d JOIN effect prior ON prior.id = d.depends_on
                WHERE d.effect = ",
            $effect,
            ".id AND prior.state NOT IN ('posted', 'discarded', 'taken_back'))"
        )
    };
}
pub(crate) use is_blocked;

/// Notes that an effect waits for another; said twice it is said once.
pub(crate) fn put(connection: &Connection, effect: EffectId, depends_on: EffectId) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO effect_dependency (effect, depends_on) VALUES (?1, ?2)",
        )?
        .execute((effect.0.into_bytes(), depends_on.0.into_bytes()))?;
    Ok(())
}

/// What rests on an effect directly.
pub(crate) fn children(connection: &Connection, effect: EffectId) -> Result<Vec<EffectId>> {
    connection
        .prepare_cached("SELECT effect FROM effect_dependency WHERE depends_on = ?1")?
        .query_map([effect.0.into_bytes()], |row| uuid(row, 0).map(EffectId))?
        .collect()
}

/// What waits behind an effect, directly or not, in the order it was recorded.
pub(crate) fn descendants(connection: &Connection, effect: EffectId) -> Result<Vec<Subject>> {
    connection
        .prepare_cached(
            "WITH RECURSIVE behind (id) AS (
                SELECT effect FROM effect_dependency WHERE depends_on = ?1
                UNION
                SELECT d.effect FROM effect_dependency d JOIN behind b ON d.depends_on = b.id
             )
             SELECT subject FROM effect WHERE id IN (SELECT id FROM behind)
                AND state NOT IN ('posted', 'discarded', 'taken_back') ORDER BY sequence",
        )?
        .query_map([effect.0.into_bytes()], |row| {
            read_json(&row.get::<_, String>(0)?)
        })?
        .collect()
}

/// What an effect rests on, directly or not.
pub(crate) fn ancestors(connection: &Connection, effect: EffectId) -> Result<Vec<EffectId>> {
    connection
        .prepare_cached(
            "WITH RECURSIVE ahead (id) AS (
                SELECT depends_on FROM effect_dependency WHERE effect = ?1
                UNION
                SELECT d.depends_on FROM effect_dependency d JOIN ahead b ON d.effect = b.id
             )
             SELECT id FROM ahead ORDER BY id",
        )?
        .query_map([effect.0.into_bytes()], |row| uuid(row, 0).map(EffectId))?
        .collect()
}
