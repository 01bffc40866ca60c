//! Search over own orders and assets: words with prefixes, numbers with and without their dashes.

use fettle_domain::asset::Asset;
use fettle_domain::work_order::WorkOrderContent;
use fettle_domain::{AssetId, WorkOrderId};

use crate::fault::Fault;
use crate::line::OrderLine;
use crate::replica::Replica;
use crate::table::{master, order_list};

/// Most words of a query that are looked for.
const WORDS_MAX: usize = 8;

impl Replica {
    /// Orders whose number or words begin like every word of the query, then open orders of the
    /// assets that do.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn search_orders(&self, query: &str, limit: u32) -> Result<Vec<OrderLine>, Fault> {
        let Some(expression) = expression(query) else {
            return Ok(Vec::new());
        };
        let assets = self.assets_like(&expression, limit)?;
        let reader = self.reader();
        let mut lines = order_list::search(&reader, &expression, limit)?;
        for asset in assets {
            for line in order_list::of_asset(&reader, asset.id, limit)? {
                if !has(&lines, line.id) {
                    lines.push(line);
                }
            }
        }
        lines.truncate(limit as usize);
        crate::read::count_changes(&reader, &mut lines)?;
        Ok(lines)
    }

    /// Orders of an asset that are on this laptop: open ones first, then the latest finished.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn orders_of_asset(&self, asset: AssetId, limit: u32) -> Result<Vec<OrderLine>, Fault> {
        let reader = self.reader();
        let mut lines = order_list::every_of_asset(&reader, asset, limit)?;
        crate::read::count_changes(&reader, &mut lines)?;
        Ok(lines)
    }

    /// Assets whose tag, name or maker begin like every word of the query, with their open orders.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn search_assets(&self, query: &str, limit: u32) -> Result<Vec<(Asset, u32)>, Fault> {
        let Some(expression) = expression(query) else {
            return Ok(Vec::new());
        };
        let assets = self.assets_like(&expression, limit)?;
        let reader = self.reader();
        assets
            .into_iter()
            .map(|asset| {
                let open = order_list::count_of_asset(&reader, asset.id)?;
                Ok((asset, open))
            })
            .collect()
    }
}

impl Replica {
    fn assets_like(&self, expression: &str, limit: u32) -> Result<Vec<Asset>, Fault> {
        self.in_catalogue(|catalogue| master::search_assets(catalogue, expression, limit))
    }
}

fn has(lines: &[OrderLine], id: WorkOrderId) -> bool {
    lines.iter().any(|line| line.id == id)
}

/// What a search looks through: words as written, and numbers without anything but letters and digits.
pub(crate) struct Indexed {
    pub(crate) words: String,
    pub(crate) plain: String,
}

impl Indexed {
    pub(crate) fn of_order(line: &OrderLine, content: &WorkOrderContent) -> Self {
        Self {
            words: [&line.number, &line.title, &content.description]
                .map(String::as_str)
                .join(" "),
            plain: plain(&line.number),
        }
    }

    pub(crate) fn of_asset(asset: &Asset) -> Self {
        let words = [
            &asset.tag,
            &asset.name,
            &asset.manufacturer,
            &asset.model,
            &asset.serial,
        ];
        Self {
            words: words.map(String::as_str).join(" "),
            plain: [&asset.tag, &asset.model, &asset.serial]
                .map(|number| plain(number))
                .join(" "),
        }
    }
}

/// A number without its dashes, dots and spaces.
fn plain(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The query in the search's own language, every word quoted; `None` when it holds no word.
fn expression(query: &str) -> Option<String> {
    let words: Vec<String> = query
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(WORDS_MAX)
        .map(|word| {
            let quoted = word.replace('"', "\"\"");
            format!("(\"{quoted}\" * OR plain : \"{}\" *)", plain(word))
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}
