//! Tables `<noun>_search` and `<noun>_word`: the words of a noun's rows by their place, and the
//! distinct ones, which typos are compared with.
//!
//! A word that no row holds any more stays in the list; whoever is led to it finds nothing, as before.

use rusqlite::{Connection, params};

use super::count;
use crate::fault::Fault;
use crate::words::{Words, beginning, typo_max};

/// The index of one noun.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WordIndex {
    search: &'static str,
    word: &'static str,
}

pub(crate) const ITEMS: WordIndex = WordIndex {
    search: "item_search",
    word: "item_word",
};
pub(crate) const ASSETS: WordIndex = WordIndex {
    search: "asset_search",
    word: "asset_word",
};
pub(crate) const ORDERS: WordIndex = WordIndex {
    search: "order_search",
    word: "order_word",
};

/// Most words a typo is compared with.
const COMPARED_MAX: i64 = 200_000;

impl WordIndex {
    /// Writes the words of a place over those it had. Many at once go fastest by ascending place.
    pub(crate) fn write(
        self,
        connection: &Connection,
        place: i64,
        words: &Words,
    ) -> Result<(), Fault> {
        let Self { search, word } = self;
        connection
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO {search} (rowid, words) VALUES (?1, ?2)"
            ))?
            .execute(params![place, words.text()])?;
        let mut insert = connection.prepare_cached(&format!(
            "INSERT OR IGNORE INTO {word} (length, word) VALUES (?1, ?2)"
        ))?;
        for spelt in words.spelt() {
            insert.execute(params![length(spelt), spelt])?;
        }
        Ok(())
    }

    pub(crate) fn remove(self, connection: &Connection, place: i64) -> Result<(), Fault> {
        let search = self.search;
        connection
            .prepare_cached(&format!("DELETE FROM {search} WHERE rowid = ?1"))?
            .execute([place])?;
        Ok(())
    }

    pub(crate) fn clear(self, connection: &Connection) -> Result<(), Fault> {
        let Self { search, word } = self;
        connection.execute(
            &format!("INSERT INTO {search} ({search}) VALUES ('delete-all')"),
            [],
        )?;
        connection.execute(&format!("DELETE FROM {word}"), [])?;
        Ok(())
    }

    /// Places that match behind one, in their order.
    pub(crate) fn places(
        self,
        connection: &Connection,
        expression: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<i64>, Fault> {
        let search = self.search;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT rowid FROM {search} WHERE {search} MATCH ?1 AND rowid > ?2
             ORDER BY rowid LIMIT ?3"
        ))?;
        let places = statement.query_map(params![expression, after, limit], |row| row.get(0))?;
        Ok(places.collect::<Result<_, _>>()?)
    }

    /// How many places match, counted no further than `limit`.
    pub(crate) fn count(
        self,
        connection: &Connection,
        expression: &str,
        limit: u32,
    ) -> Result<u32, Fault> {
        let search = self.search;
        let counted: i64 = connection
            .prepare_cached(&format!(
                "SELECT count(*) FROM
                 (SELECT 1 FROM {search} WHERE {search} MATCH ?1 LIMIT ?2)"
            ))?
            .query_row(params![expression, limit], |row| row.get(0))?;
        Ok(count(counted))
    }

    /// True when a word of some row begins like this one.
    pub(crate) fn knows(self, connection: &Connection, word: &str) -> Result<bool, Fault> {
        Ok(self.count(connection, &beginning(word), 1)? > 0)
    }

    /// Words about as long as this one.
    pub(crate) fn about_as_long(
        self,
        connection: &Connection,
        word: &str,
    ) -> Result<Vec<String>, Fault> {
        let (length, reach) = (length(word), i64::try_from(typo_max(word)).unwrap_or(0));
        let table = self.word;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT word FROM {table} WHERE length BETWEEN ?1 AND ?2 LIMIT ?3"
        ))?;
        let words = statement.query_map(
            params![length - reach, length + reach, COMPARED_MAX],
            |row| row.get(0),
        )?;
        Ok(words.collect::<Result<_, _>>()?)
    }
}

fn length(word: &str) -> i64 {
    i64::try_from(word.chars().count()).unwrap_or(i64::MAX)
}
